//! Which advisories name a package, whatever its version.

use linchpin_model::{Ecosystem, FindingKind, Severity, Timestamp};

use crate::DatabaseError;
use crate::database::{Database, End, Interval};

/// An advisory that names the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The package's ecosystem.
    pub ecosystem: Ecosystem,
    /// The release of the distribution for which it holds.
    pub release: Option<String>,
    /// The advisory's id.
    pub id: String,
    /// Other names of the same flaw.
    pub aliases: Vec<String>,
    /// What it is about.
    pub kind: FindingKind,
    /// How bad it is.
    pub severity: Severity,
    /// The CVSS base score in tenths.
    pub cvss_tenths: Option<u8>,
    /// Whether it is known to be used in attacks.
    pub exploited: bool,
    /// The affected ranges, such as `>= 1.0, < 1.2`.
    pub ranges: Vec<String>,
    /// Affected versions outside of the ranges.
    pub versions: Vec<String>,
    /// One sentence.
    pub summary: String,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
}

/// All advisories that name a package, by ecosystem, release and id. The name is taken in any
/// spelling of the ecosystem; none given means all ecosystems.
pub fn search(
    database: &Database,
    name: &str,
    only: Option<Ecosystem>,
) -> Result<Vec<Named>, DatabaseError> {
    let covered = database.facts().records;
    let mut summaries = database.summaries();
    let mut found = Vec::new();
    for (ecosystem, _) in covered {
        if only.is_some_and(|only| only != ecosystem) {
            continue;
        }
        let mut releases: Vec<Option<&str>> = vec![None];
        releases.extend(
            database
                .releases()
                .filter(|(of, release, _)| *of == ecosystem && !release.is_empty())
                .map(|(_, release, _)| Some(release)),
        );
        for release in releases {
            for affected in database.lookup(ecosystem, release, name)? {
                let advisory = database.advisory(&affected)?;
                let rating = affected.rating.as_ref().unwrap_or(&advisory.rating);
                let kind = advisory.kind();
                found.push(Named {
                    ecosystem,
                    release: release.map(str::to_owned),
                    id: advisory.id.to_owned(),
                    aliases: advisory
                        .aliases
                        .iter()
                        .chain(&advisory.upstream)
                        .map(|&alias| alias.to_owned())
                        .collect(),
                    kind,
                    severity: match kind {
                        FindingKind::Malicious => Severity::Critical,
                        FindingKind::Notice => Severity::None,
                        _ => rating.severity(),
                    },
                    cvss_tenths: rating.tenths,
                    exploited: !advisory.exploited.is_empty(),
                    ranges: affected.intervals.iter().map(range).collect(),
                    versions: affected
                        .versions
                        .iter()
                        .map(|&version| version.to_owned())
                        .collect(),
                    summary: summaries.get(&advisory)?,
                    modified: advisory.modified(),
                });
            }
        }
    }
    found.sort_by(|left, right| {
        (left.ecosystem, &left.release, &left.id).cmp(&(right.ecosystem, &right.release, &right.id))
    });
    Ok(found)
}

/// A range in the notation that most ecosystems know.
fn range(interval: &Interval<&str>) -> String {
    let mut parts = Vec::new();
    if let Some(introduced) = interval.introduced {
        parts.push(format!(">= {introduced}"));
    }
    match interval.end {
        End::Open => {}
        End::Fixed(version) => parts.push(format!("< {version}")),
        End::LastAffected(version) => parts.push(format!("<= {version}")),
    }
    if let Some(limit) = interval.limit {
        parts.push(format!("< {limit}"));
    }
    if parts.is_empty() {
        "all versions".to_owned()
    } else {
        parts.join(", ")
    }
}
