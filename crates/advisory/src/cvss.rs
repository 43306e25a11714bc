//! Scores of CVSS vectors, versions 2.0, 3.0, 3.1 and 4.0: <https://www.first.org/cvss/>.
//!
//! The equations and the table of version 4.0 are those of the crate `cvss`. What is added here
//! is what advisories need: the forms in which vectors of version 2.0 are found, a bound on what
//! is read, and a score in tenths, which compares and sorts without the surprises of fractions.
//!
//! What is not here: temporal and environmental scores of versions 2 and 3. They speak of one
//! moment or one place, and an advisory knows neither.

use cvss::Cvss;

/// The longest vector that is read, in bytes. One of version 4.0 with every metric has about 250.
const LONGEST: usize = 512;

/// A version of CVSS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CvssVersion {
    /// 2.0.
    V2,
    /// 3.0.
    V3_0,
    /// 3.1.
    V3_1,
    /// 4.0.
    V4,
}

impl CvssVersion {
    /// The number as people write it: `3.1`.
    pub fn label(self) -> &'static str {
        match self {
            Self::V2 => "2.0",
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
            Self::V4 => "4.0",
        }
    }
}

/// The score of a vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseScore {
    /// The score in tenths: 98 is 9.8. From 0 to 100.
    pub tenths: u8,
    /// The version of CVSS that it is from.
    pub version: CvssVersion,
}

/// A text is no CVSS vector that has a score.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{vector}` is no CVSS vector that has a score")]
pub struct InvalidVector {
    /// The text, cut off where it is long.
    pub vector: String,
    /// What is wrong with it.
    #[source]
    pub problem: VectorProblem,
}

/// What is wrong with a vector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VectorProblem {
    /// It is longer than any vector.
    #[error("it is longer than {LONGEST} bytes")]
    TooLong,
    /// A metric of the base is not stated.
    #[error("it does not state `{0}`")]
    Missing(&'static str),
    /// The vector's grammar, or a word of it, is wrong.
    #[error("it can not be read")]
    Unreadable(#[source] cvss::Error),
}

/// The base score of a vector: `CVSS:3.1/AV:N/…`, or for version 2.0 also `AV:N/…` and
/// `(AV:N/…)`.
///
/// Version 4.0 knows one score only, which takes in the threat and the environment where the
/// vector states them; it is what everyone shows for such a vector.
pub fn base_score(vector: &str) -> Result<BaseScore, InvalidVector> {
    score(vector).map_err(|problem| InvalidVector {
        vector: vector.chars().take(100).collect(),
        problem,
    })
}

fn score(vector: &str) -> Result<BaseScore, VectorProblem> {
    if vector.len() > LONGEST {
        return Err(VectorProblem::TooLong);
    }
    let parsed: Cvss = bare(vector).parse().map_err(VectorProblem::Unreadable)?;
    let version = match &parsed {
        Cvss::CvssV20(_) => CvssVersion::V2,
        Cvss::CvssV30(vector) => complete(vector).map(|()| CvssVersion::V3_0)?,
        Cvss::CvssV31(vector) => complete(vector).map(|()| CvssVersion::V3_1)?,
        Cvss::CvssV40(_) => CvssVersion::V4,
        other => {
            return Err(VectorProblem::Unreadable(cvss::Error::UnsupportedVersion {
                version: other.to_string(),
            }));
        }
    };
    #[expect(clippy::cast_sign_loss, reason = "it is clamped to what fits")]
    let tenths = (parsed.score() * 10.0).round().clamp(0.0, 100.0) as u8;
    Ok(BaseScore { tenths, version })
}

/// Whether a vector of version 3 states the whole base. The crate checks this for the other
/// versions, but here counts a missing metric as the mildest, which the specification does not.
fn complete(vector: &cvss::v3::Vector) -> Result<(), VectorProblem> {
    let stated = [
        ("AV", vector.av.is_some()),
        ("AC", vector.ac.is_some()),
        ("PR", vector.pr.is_some()),
        ("UI", vector.ui.is_some()),
        ("S", vector.s.is_some()),
        ("C", vector.c.is_some()),
        ("I", vector.i.is_some()),
        ("A", vector.a.is_some()),
    ];
    match stated.iter().find(|(_, stated)| !stated) {
        Some((metric, _)) => Err(VectorProblem::Missing(metric)),
        None => Ok(()),
    }
}

/// The vector without what people put around it. Version 2.0 has no prefix of its own, but is
/// found with one, and its specification writes it in parentheses.
fn bare(vector: &str) -> &str {
    let vector = vector.trim_ascii();
    let vector = vector
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
        .unwrap_or(vector);
    vector.strip_prefix("CVSS:2.0/").unwrap_or(vector)
}
