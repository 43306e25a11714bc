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
#[error("`{vector}` is no CVSS vector")]
pub struct InvalidVector {
    /// The text, cut off where it is long.
    pub vector: String,
    /// What is wrong with it, where the text could be read that far.
    #[source]
    pub source: Option<cvss::Error>,
}

/// The base score of a vector: `CVSS:3.1/AV:N/…`, or for version 2.0 also `AV:N/…` and
/// `(AV:N/…)`.
///
/// Version 4.0 knows one score only, which takes in the threat and the environment where the
/// vector states them; it is what everyone shows for such a vector.
pub fn base_score(vector: &str) -> Result<BaseScore, InvalidVector> {
    let invalid = |source| InvalidVector {
        vector: vector.chars().take(100).collect(),
        source,
    };
    if vector.len() > LONGEST {
        return Err(invalid(None));
    }
    let parsed: Cvss = bare(vector).parse().map_err(|error| invalid(Some(error)))?;
    let version = match parsed {
        Cvss::CvssV20(_) => CvssVersion::V2,
        Cvss::CvssV30(_) => CvssVersion::V3_0,
        Cvss::CvssV31(_) => CvssVersion::V3_1,
        Cvss::CvssV40(_) => CvssVersion::V4,
        _ => return Err(invalid(None)),
    };
    let tenths = (parsed.score() * 10.0).round();
    if !(0.0..=100.0).contains(&tenths) {
        return Err(invalid(None));
    }
    #[expect(clippy::cast_sign_loss, reason = "it is 0 or more")]
    let tenths = tenths as u8;
    Ok(BaseScore { tenths, version })
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
