//! The sentences that the formats for people have in common. Texts of targets in them are as they
//! came: each format makes them harmless in its own way.

use std::fmt::Write as _;

use linchpin_model::{AdvisoryOrigin, FindingKind};

use super::super::{
    Changes, Direction, PackageChanges, RaisedFinding, Side, SideOrigin, WhyFixed, WhyIntroduced,
};
use crate::ExplainableFinding;
use crate::text::{counted, grouped};

/// How bad a finding is, in one word; what cannot wait in capitals.
pub(super) fn severity(finding: &ExplainableFinding) -> &'static str {
    match (finding.kind, &finding.exploited) {
        (FindingKind::Malicious, _) => "MALICIOUS",
        (_, Some(_)) => "EXPLOITED",
        (FindingKind::Notice, _) => "notice",
        (_, None) => finding.severity.label(),
    }
}

/// How bad a finding was before it was rated higher.
pub(super) fn severity_before(raised: &RaisedFinding) -> &'static str {
    if raised.exploited_before {
        "EXPLOITED"
    } else {
        raised.severity_before.label()
    }
}

/// The name of what a finding is about.
pub(super) fn subject(finding: &ExplainableFinding) -> &str {
    match (&finding.package, finding.locations.first()) {
        (Some(package), _) => &package.name,
        (None, Some(place)) => &place.path,
        (None, None) => "-",
    }
}

/// The version of what a finding is about.
pub(super) fn version(finding: &ExplainableFinding) -> &str {
    let version = finding
        .package
        .as_ref()
        .and_then(|package| package.version.as_deref());
    version.unwrap_or("-")
}

/// `1 introduced, 7 fixed, 23 remain`.
pub(super) fn findings_line(changes: &Changes<'_>) -> String {
    let findings = &changes.findings;
    if findings.is_empty() && findings.remaining == 0 {
        return "No findings before or after".to_owned();
    }
    let mut line = format!(
        "{} introduced, {} fixed, {} remaining",
        counted(findings.introduced.len(), "finding"),
        grouped(findings.fixed.len() as u64),
        grouped(findings.remaining as u64)
    );
    if !findings.raised.is_empty() {
        let _ = write!(
            line,
            ", of which {} rated higher",
            grouped(findings.raised.len() as u64)
        );
    }
    line
}

/// `2 packages added, 1 removed, 4 up, 1 down`.
pub(super) fn packages_line(packages: &PackageChanges) -> String {
    let mut parts = vec![
        format!("{} added", counted(packages.added.len(), "package")),
        format!("{} removed", grouped(packages.removed.len() as u64)),
    ];
    let licenses = packages
        .changed
        .iter()
        .filter(|changed| changed.licenses.is_some());
    let contents = packages
        .changed
        .iter()
        .filter(|changed| changed.contents.is_some());
    for (count, words) in [
        (packages.count(Direction::Up), "to a later version"),
        (packages.count(Direction::Down), "to an earlier version"),
        (packages.count(Direction::Sideways), "to another version"),
        (licenses.count(), "with another licence"),
        (
            contents.count(),
            "with other contents under the same version",
        ),
    ] {
        if count > 0 {
            parts.push(format!("{} {words}", grouped(count as u64)));
        }
    }
    parts.join(", ")
}

/// Why a finding came, with the other version where there is one.
pub(super) fn why_introduced(why: &WhyIntroduced) -> (&'static str, Option<&str>) {
    match why {
        WhyIntroduced::PackageAdded => ("package added", None),
        WhyIntroduced::VersionChanged(from) => {
            ("was", Some(from.as_deref().unwrap_or("without version")))
        }
        WhyIntroduced::NewlyKnown => ("newly known", None),
        WhyIntroduced::Unknown => ("-", None),
    }
}

/// Why a finding went, with the other version where there is one.
pub(super) fn why_fixed(why: &WhyFixed) -> (&'static str, Option<&str>) {
    match why {
        WhyFixed::PackageRemoved => ("package removed", None),
        WhyFixed::VersionChanged(to) => ("now", Some(to.as_deref().unwrap_or("without version"))),
        WhyFixed::NoLongerReported => ("no longer reported", None),
        WhyFixed::Unknown => ("-", None),
    }
}

/// What a side is and has: `directory, 289 packages, 30 findings`.
pub(super) fn side_facts(side: &Side<'_>) -> String {
    let packages = side.packages.map(|count| counted(count, "package"));
    let mut facts = vec![side.kind.label().to_owned()];
    facts.extend(packages);
    facts.push(counted(side.findings.len(), "finding"));
    if side.origin == SideOrigin::Report {
        facts.push("from a report".to_owned());
    }
    facts.join(", ")
}

/// By which advisories the findings of the two sides were found.
pub(super) fn advisories_line(changes: &Changes<'_>) -> String {
    let (before, after) = (&changes.before, &changes.after);
    match (before.origin, after.origin) {
        (SideOrigin::Scanned, SideOrigin::Scanned) => {
            format!("Both compared with {}.", advisories(before))
        }
        _ => format!(
            "Before: {} {}. After: {} {}.",
            compared(before),
            advisories(before),
            compared(after),
            advisories(after)
        ),
    }
}

fn compared(side: &Side<'_>) -> &'static str {
    match side.origin {
        SideOrigin::Scanned => "compared now with",
        SideOrigin::Report => "as a report has it, by",
    }
}

fn advisories(side: &Side<'_>) -> String {
    let facts = side.advisories;
    let origin = match &facts.origin {
        AdvisoryOrigin::StarterSet => "the starter set",
        AdvisoryOrigin::File(_) => "a database",
    };
    let newest = facts.newest.map(|newest| {
        let text = newest.to_string();
        let day = text.get(..10).unwrap_or(&text);
        format!(", the newest of {day}")
    });
    format!(
        "{origin} of {}{}",
        match facts.total() {
            1 => "1 advisory".to_owned(),
            count => format!("{} advisories", grouped(count)),
        },
        newest.unwrap_or_default()
    )
}
