//! What `explain` needs of a report: it can be made from a scan just done, or read back from the
//! JSON that an earlier one wrote. Both lead to the same text.

use linchpin_model::{
    About, Exploitation, Finding, FindingKind, Inventory, Occurrence, PackageId, Reason, Remedy,
    RiskScore, Routes, Scope, Severity, SubjectKind, Suppressed, Suppression, Timestamp,
};

use crate::Report;

/// The findings of a report, with everything around them that explains them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainableReport {
    /// The name of the target.
    pub target: String,
    /// What sort of thing the target is.
    pub target_kind: SubjectKind,
    /// The findings, the most urgent first; after them those that do not count.
    pub findings: Vec<ExplainableFinding>,
}

/// A finding, apart from the inventory that it was found in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainableFinding {
    /// The advisory, or later the rule.
    pub id: String,
    /// Other names of the same flaw.
    pub aliases: Vec<String>,
    /// What sort of thing is wrong.
    pub kind: FindingKind,
    /// How bad it is.
    pub severity: Severity,
    /// The CVSS base score in tenths.
    pub cvss_tenths: Option<u8>,
    /// How urgent it is.
    pub score: RiskScore,
    /// Set if it is known to be used in attacks.
    pub exploited: Option<Exploitation>,
    /// The package; `None` for a finding about a place.
    pub package: Option<ExplainablePackage>,
    /// Everywhere it is.
    pub locations: Vec<ExplainableLocation>,
    /// The package URLs from the root to the package, both included.
    pub route: Vec<String>,
    /// The direct dependency through which the package came in.
    pub via: Option<String>,
    /// What removes it.
    pub remedy: Option<Remedy>,
    /// One sentence that says what is wrong.
    pub summary: String,
    /// When the advisory was published.
    pub published: Option<Timestamp>,
    /// Why we say so.
    pub because: Vec<Reason>,
    /// Why it does not count; empty for a finding that does.
    pub suppressed_by: Vec<Suppression>,
}

/// The package that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainablePackage {
    /// Its package URL.
    pub purl: String,
    /// Its name as its ecosystem's users write it.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// What it is needed for.
    pub scope: Scope,
}

/// A place where the package was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainableLocation {
    /// The file.
    pub path: String,
    /// The layer of an image, counted from 0.
    pub layer: Option<u16>,
    /// The line, for a finding about a place.
    pub line: Option<u32>,
    /// The column, for a finding about a place.
    pub column: Option<u32>,
    /// How it is known, in the word of our formats: `installed`, `locked`; nothing for a place.
    pub kind: Option<String>,
    /// The package URL of the operating system package that owns the file.
    pub owner: Option<String>,
}

impl ExplainableReport {
    /// Takes what explains the findings out of a report.
    pub fn new(report: &Report<'_>) -> Self {
        let routes = Routes::new(report.inventory);
        Self {
            target: report.inventory.subject.name.clone(),
            target_kind: report.inventory.subject.kind,
            findings: report
                .findings
                .iter()
                .map(|finding| ExplainableFinding::new(finding, report.inventory, &routes))
                .chain(report.suppressed.iter().map(|suppressed| {
                    ExplainableFinding::suppressed(suppressed, report.inventory, &routes)
                }))
                .collect(),
        }
    }
}

impl ExplainableFinding {
    /// Takes what explains one finding out of the inventory.
    pub fn new(finding: &Finding, inventory: &Inventory, routes: &Routes) -> Self {
        let purl = |id: PackageId| inventory.package(id).purl.to_string();
        let mut made = Self {
            id: finding.rule.0.clone(),
            aliases: finding.aliases.clone(),
            kind: finding.kind,
            severity: finding.severity,
            cvss_tenths: finding.cvss_tenths,
            score: finding.score,
            exploited: finding.exploited.clone(),
            package: None,
            locations: Vec::new(),
            route: Vec::new(),
            via: None,
            remedy: finding.remedy.clone(),
            summary: finding.summary.clone(),
            published: finding.published,
            because: finding.because.clone(),
            suppressed_by: Vec::new(),
        };
        match &finding.about {
            About::Package(id) => {
                let package = inventory.package(*id);
                made.package = Some(ExplainablePackage {
                    purl: package.purl.to_string(),
                    name: package.name(),
                    version: package.version().map(str::to_owned),
                    scope: package.scope,
                });
                made.locations = package
                    .occurrences
                    .iter()
                    .map(|occurrence| ExplainableLocation::new(occurrence, inventory))
                    .collect();
                made.route = routes.to(*id).into_iter().map(purl).collect();
                made.via = routes.direct_dependency(*id).map(purl);
            }
            About::Place(place) => made.locations.push(ExplainableLocation {
                path: place.path.to_string(),
                layer: place.layer.map(|layer| layer.0),
                line: place.line,
                column: place.column,
                kind: None,
                owner: None,
            }),
        }
        made
    }

    /// The same for a finding that does not count.
    pub fn suppressed(suppressed: &Suppressed, inventory: &Inventory, routes: &Routes) -> Self {
        Self {
            suppressed_by: suppressed.because.clone(),
            ..Self::new(&suppressed.finding, inventory, routes)
        }
    }

    /// All its names: the id and the aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.id.as_str()).chain(self.aliases.iter().map(String::as_str))
    }
}

impl ExplainableLocation {
    fn new(occurrence: &Occurrence, inventory: &Inventory) -> Self {
        Self {
            path: occurrence.path.to_string(),
            layer: occurrence.layer.map(|layer| layer.0),
            line: None,
            column: None,
            kind: Some(occurrence.kind.label().to_owned()),
            owner: occurrence
                .owner
                .map(|owner| inventory.package(owner).purl.to_string()),
        }
    }
}
