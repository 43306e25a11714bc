//! Findings as rows: everything already in words, and safe to show.
//!
//! A distribution builds many binary packages from one source package, and a flaw of the source
//! is a finding in each of them. The page says it once, as `libc6 +4`. A package with very many
//! flaws (kernel headers have thousands) must not push everything else off the page: after the
//! first few, one line stands for the others.

use std::collections::HashMap;
use std::fmt::Write as _;

use linchpin_model::{
    About, Finding, FindingKind, LayerIndex, Occurrence, OccurrenceKind, Package, Remedy, Routes,
    Severity,
};

use crate::Report;
use crate::text::{sentence, visible};

/// How many lines a package gets for flaws that nobody is known to exploit.
const MAX_LINES: usize = 5;

/// One line of the list.
pub(super) struct Row {
    /// How many findings it stands for.
    pub(super) findings: usize,
    pub(super) stands_for: StandsFor,
    pub(super) severity: Severity,
    /// `EXPLOITED`, `MALICIOUS`.
    pub(super) flag: Option<&'static str>,
    pub(super) package: String,
    /// The number of further packages of the same source with the same flaw.
    pub(super) more_packages: usize,
    pub(super) installed: String,
    pub(super) fixed: Fixed,
    pub(super) id: String,
    /// A name of the same flaw, where the id is no CVE.
    pub(super) alias: Option<String>,
    pub(super) path: String,
    pub(super) layer: Option<LayerIndex>,
    /// The number of further places.
    pub(super) more_places: usize,
    pub(super) via: Via,
    pub(super) summary: String,
}

/// What a line is about.
pub(super) enum StandsFor {
    /// One flaw.
    Flaw,
    /// So many further flaws of the same package, the worst of them by its severity.
    MoreFlaws(usize),
}

/// What removes a finding, as a cell.
#[derive(PartialEq)]
pub(super) enum Fixed {
    Version(String),
    Remove,
    Nothing,
    /// The findings that the line stands for differ in it.
    Several,
}

/// How a package came in, as a cell.
pub(super) enum Via {
    /// Through this direct dependency.
    Dependency(String),
    /// It is a direct dependency.
    Direct,
    /// No project asks for it.
    Unknown,
}

/// What makes two findings the same line: the flaw, the source package and its version, the fix.
#[derive(PartialEq, Eq, Hash)]
struct SameFlaw<'a> {
    id: &'a str,
    source: &'a str,
    source_version: &'a str,
    version: Option<&'a str>,
    fixed: Option<&'a str>,
    severity: Severity,
}

impl<'a> SameFlaw<'a> {
    fn new(finding: &'a Finding, package: &'a Package) -> Option<Self> {
        let source = package.source.as_ref()?;
        Some(Self {
            id: &finding.rule.0,
            source: &source.name,
            source_version: &source.version,
            version: package.version(),
            fixed: finding.fixed(),
            severity: finding.severity,
        })
    }
}

/// The rows of some findings of a report, in their order.
pub(super) fn rows(report: &Report<'_>, findings: &[&Finding], each_package: bool) -> Vec<Row> {
    let routes = Routes::new(report.inventory);
    let mut rows: Vec<Row> = Vec::new();
    let mut same: HashMap<SameFlaw<'_>, usize> = HashMap::new();
    for &finding in findings {
        let package = match &finding.about {
            About::Package(id) => Some(report.inventory.package(*id)),
            About::Place(_) => None,
        };
        let key = package
            .filter(|_| !each_package)
            .and_then(|package| SameFlaw::new(finding, package));
        if let Some(key) = key {
            if let Some(row) = same.get(&key).and_then(|&place| rows.get_mut(place)) {
                row.findings += 1;
                row.more_packages += 1;
                continue;
            }
            same.insert(key, rows.len());
        }
        rows.push(row(report, &routes, finding));
    }
    if each_package { rows } else { collapse(rows) }
}

/// Puts what a package has beyond its first lines into one line, at the place of the first of
/// these: the order by risk stays true.
fn collapse(rows: Vec<Row>) -> Vec<Row> {
    let key = |row: &Row| (row.package.clone(), row.installed.clone(), row.path.clone());
    let countable = |row: &Row| row.flag.is_none() && !row.package.is_empty();
    let mut totals: HashMap<_, usize> = HashMap::new();
    for row in rows.iter().filter(|row| countable(row)) {
        *totals.entry(key(row)).or_default() += 1;
    }
    let mut seen: HashMap<_, (usize, usize)> = HashMap::new();
    let mut kept: Vec<Row> = Vec::new();
    for mut row in rows {
        let key = key(&row);
        // A line that stands for a single flaw would save nothing.
        if !countable(&row) || totals.get(&key).is_none_or(|total| *total <= MAX_LINES + 1) {
            kept.push(row);
            continue;
        }
        let (count, place) = seen.entry(key).or_default();
        *count += 1;
        match (*count).cmp(&(MAX_LINES + 1)) {
            std::cmp::Ordering::Less => kept.push(row),
            std::cmp::Ordering::Equal => {
                *place = kept.len();
                row.stands_for = StandsFor::MoreFlaws(1);
                row.alias = None;
                row.summary.clear();
                kept.push(row);
            }
            std::cmp::Ordering::Greater => {
                if let Some(line) = kept.get_mut(*place) {
                    line.stands_for = StandsFor::MoreFlaws(*count - MAX_LINES);
                    line.findings += row.findings;
                    line.more_packages = line.more_packages.max(row.more_packages);
                    line.severity = line.severity.max(row.severity);
                    if line.fixed != row.fixed {
                        line.fixed = Fixed::Several;
                    }
                }
            }
        }
    }
    kept
}

fn row(report: &Report<'_>, routes: &Routes, finding: &Finding) -> Row {
    let mut row = Row {
        findings: 1,
        stands_for: StandsFor::Flaw,
        severity: finding.severity,
        flag: match (finding.exploited.is_some(), finding.kind) {
            (_, FindingKind::Malicious) => Some("MALICIOUS"),
            (true, _) => Some("EXPLOITED"),
            (false, _) => None,
        },
        package: String::new(),
        more_packages: 0,
        installed: String::new(),
        fixed: match &finding.remedy {
            Some(Remedy::Upgrade { version }) => Fixed::Version(visible(version).into_owned()),
            Some(Remedy::Remove) => Fixed::Remove,
            None => Fixed::Nothing,
        },
        id: visible(&finding.rule.0).into_owned(),
        alias: alias(finding),
        path: String::new(),
        layer: None,
        more_places: 0,
        via: Via::Unknown,
        summary: sentence(&finding.summary),
    };
    let shown = |path: &linchpin_model::TargetPath| match path.as_str() {
        "" => ".".to_owned(),
        path => visible(path).into_owned(),
    };
    match &finding.about {
        About::Place(place) => {
            row.path = shown(&place.path);
            if let Some(line) = place.line {
                let _ = write!(row.path, ":{line}");
            }
            row.layer = place.layer;
        }
        About::Package(id) => {
            let package = report.inventory.package(*id);
            row.package = visible(&package.name()).into_owned();
            row.installed = visible(package.version().unwrap_or("unknown")).into_owned();
            if let Some(occurrence) = foremost(&package.occurrences) {
                row.path = shown(&occurrence.path);
                row.layer = occurrence.layer;
                row.more_places = package.occurrences.len() - 1;
            }
            row.via = match routes.direct_dependency(*id) {
                Some(direct) => {
                    Via::Dependency(visible(&report.inventory.package(direct).name()).into_owned())
                }
                None if routes.is_direct(*id) => Via::Direct,
                None => Via::Unknown,
            };
        }
    }
    row
}

/// The alias that people know: a CVE, where the id itself is none.
fn alias(finding: &Finding) -> Option<String> {
    if finding.rule.0.starts_with("CVE-") {
        return None;
    }
    let alias = finding
        .aliases
        .iter()
        .find(|alias| alias.starts_with("CVE-"))
        .or_else(|| finding.aliases.first())?;
    Some(visible(alias).into_owned())
}

/// The place where a person changes it: the lockfile before the installed copy.
fn foremost(occurrences: &[Occurrence]) -> Option<&Occurrence> {
    occurrences.iter().min_by_key(|occurrence| {
        let rank = match occurrence.kind {
            OccurrenceKind::Locked => 0,
            OccurrenceKind::Installed => 1,
            OccurrenceKind::Embedded => 2,
            OccurrenceKind::Declared => 3,
            OccurrenceKind::Observed => 4,
        };
        (rank, *occurrence)
    })
}
