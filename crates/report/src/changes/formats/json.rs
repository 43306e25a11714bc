//! Format `json`: all that changed, for programs.
//!
//! The shape is frozen by its version: a field may be added, none may change its meaning without
//! a new version. What is unknown is `null`; `packages` is `null` where they are not compared.

use std::io::{self, Write};

use linchpin_model::{AdvisoryOrigin, Change, ComparedComponent, Remedy};
use serde::Serialize;

use super::Format;
use crate::changes::{
    ChangedPackage, Changes, PackageChanges, RaisedFinding, Side, SideOrigin, WhyFixed,
    WhyIntroduced,
};
use crate::{ExplainableFinding, WriteOptions};

/// All that changed, for programs.
pub const FORMAT: Format = Format {
    id: "json",
    documentation: "Everything for programs, with a version in it.",
    write,
};

/// The word in the document's `format`.
const NAME: &str = "linchpin-diff";

/// The version of the shape.
const VERSION: u64 = 1;

fn write(changes: &Changes<'_>, _options: &WriteOptions, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document::new(changes))?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    version: u64,
    tool: Tool<'a>,
    same: bool,
    before: WireSide<'a>,
    after: WireSide<'a>,
    findings: Findings<'a>,
    packages: Option<Packages<'a>>,
    limits: Vec<String>,
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'a str,
}

#[derive(Serialize)]
struct WireSide<'a> {
    name: &'a str,
    kind: &'static str,
    origin: &'static str,
    packages: Option<usize>,
    findings: usize,
    advisories: Advisories<'a>,
}

#[derive(Serialize)]
struct Advisories<'a> {
    origin: &'static str,
    path: Option<&'a str>,
    newest: Option<String>,
    records: u64,
    exploited_catalogue: Option<&'a str>,
}

#[derive(Serialize)]
struct Findings<'a> {
    introduced: Vec<Finding<'a>>,
    raised: Vec<Finding<'a>>,
    fixed: Vec<Finding<'a>>,
    remaining: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    id: &'a str,
    aliases: &'a [String],
    kind: &'static str,
    severity: &'static str,
    score: u8,
    cvss: Option<f64>,
    exploited: bool,
    package: Option<&'a str>,
    name: Option<&'a str>,
    version: Option<&'a str>,
    path: Option<&'a str>,
    fixed: Option<&'a str>,
    because: Because<'a>,
}

#[derive(Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Because<'a> {
    PackageAdded,
    PackageRemoved,
    VersionChanged {
        other_version: Option<&'a str>,
    },
    NewlyKnown,
    NoLongerReported,
    RatedHigher {
        severity_before: &'static str,
        exploited_before: bool,
    },
    Unknown,
}

#[derive(Serialize)]
struct Packages<'a> {
    added: Vec<Package<'a>>,
    removed: Vec<Package<'a>>,
    changed: Vec<ChangedWire<'a>>,
}

#[derive(Serialize)]
struct Package<'a> {
    name: &'a str,
    version: Option<&'a str>,
    purl: Option<&'a str>,
    licenses: Option<&'a str>,
}

#[derive(Serialize)]
struct ChangedWire<'a> {
    before: Package<'a>,
    after: Package<'a>,
    version: Option<&'static str>,
    licenses: Option<BeforeAfter<'a>>,
    contents: Option<BeforeAfter<'a>>,
}

#[derive(Serialize)]
struct BeforeAfter<'a> {
    before: Option<&'a str>,
    after: Option<&'a str>,
}

impl<'a> Document<'a> {
    fn new(changes: &'a Changes<'_>) -> Self {
        let findings = &changes.findings;
        Self {
            format: NAME,
            version: VERSION,
            tool: Tool {
                name: "linchpin",
                version: changes.tool_version,
            },
            same: changes.is_empty(),
            before: WireSide::new(&changes.before),
            after: WireSide::new(&changes.after),
            findings: Findings {
                introduced: findings
                    .introduced
                    .iter()
                    .map(|changed| Finding::new(&changed.finding, (&changed.why).into()))
                    .collect(),
                raised: findings
                    .raised
                    .iter()
                    .map(|raised| Finding::new(&raised.finding, raised.into()))
                    .collect(),
                fixed: findings
                    .fixed
                    .iter()
                    .map(|changed| Finding::new(&changed.finding, (&changed.why).into()))
                    .collect(),
                remaining: findings.remaining,
            },
            packages: changes.packages.as_ref().map(Packages::new),
            limits: changes
                .limits
                .iter()
                .map(|limit| limit.sentence())
                .collect(),
        }
    }
}

impl<'a> WireSide<'a> {
    fn new(side: &Side<'a>) -> Self {
        let facts = side.advisories;
        let (origin, path) = match &facts.origin {
            AdvisoryOrigin::StarterSet => ("starter-set", None),
            AdvisoryOrigin::File(path) => ("database", Some(path.as_str())),
        };
        Self {
            name: side.name,
            kind: side.kind.label(),
            origin: match side.origin {
                SideOrigin::Scanned => "scan",
                SideOrigin::Report => "report",
            },
            packages: side.packages,
            findings: side.findings.len(),
            advisories: Advisories {
                origin,
                path,
                newest: facts.newest.map(|newest| newest.to_string()),
                records: facts.total(),
                exploited_catalogue: facts.exploited_catalogue.as_deref(),
            },
        }
    }
}

impl<'a> Finding<'a> {
    fn new(finding: &'a ExplainableFinding, because: Because<'a>) -> Self {
        let package = finding.package.as_ref();
        Self {
            id: &finding.id,
            aliases: &finding.aliases,
            kind: finding.kind.label(),
            severity: finding.severity.label(),
            score: finding.score.0,
            cvss: finding.cvss_tenths.map(|tenths| f64::from(tenths) / 10.0),
            exploited: finding.exploited.is_some(),
            package: package.map(|package| package.purl.as_str()),
            name: package.map(|package| package.name.as_str()),
            version: package.and_then(|package| package.version.as_deref()),
            path: finding.locations.first().map(|place| place.path.as_str()),
            fixed: match &finding.remedy {
                Some(Remedy::Upgrade { version }) => Some(version),
                Some(Remedy::Remove) | None => None,
            },
            because,
        }
    }
}

impl<'a> From<&'a WhyIntroduced> for Because<'a> {
    fn from(why: &'a WhyIntroduced) -> Self {
        match why {
            WhyIntroduced::PackageAdded => Self::PackageAdded,
            WhyIntroduced::VersionChanged(from) => Self::VersionChanged {
                other_version: from.as_deref(),
            },
            WhyIntroduced::NewlyKnown => Self::NewlyKnown,
            WhyIntroduced::Unknown => Self::Unknown,
        }
    }
}

impl<'a> From<&'a WhyFixed> for Because<'a> {
    fn from(why: &'a WhyFixed) -> Self {
        match why {
            WhyFixed::PackageRemoved => Self::PackageRemoved,
            WhyFixed::VersionChanged(to) => Self::VersionChanged {
                other_version: to.as_deref(),
            },
            WhyFixed::NoLongerReported => Self::NoLongerReported,
            WhyFixed::Unknown => Self::Unknown,
        }
    }
}

impl From<&RaisedFinding> for Because<'_> {
    fn from(raised: &RaisedFinding) -> Self {
        Self::RatedHigher {
            severity_before: raised.severity_before.label(),
            exploited_before: raised.exploited_before,
        }
    }
}

impl<'a> Packages<'a> {
    fn new(packages: &'a PackageChanges) -> Self {
        Self {
            added: packages.added.iter().map(Package::new).collect(),
            removed: packages.removed.iter().map(Package::new).collect(),
            changed: packages.changed.iter().map(ChangedWire::new).collect(),
        }
    }
}

impl<'a> Package<'a> {
    fn new(component: &'a ComparedComponent) -> Self {
        Self {
            name: &component.name,
            version: component.version.as_deref(),
            purl: component.purl.as_deref(),
            licenses: component.licenses.as_deref(),
        }
    }
}

impl<'a> ChangedWire<'a> {
    fn new(changed: &'a ChangedPackage) -> Self {
        let change = |change: &'a Option<Change>| {
            change.as_ref().map(|(before, after)| BeforeAfter {
                before: before.as_deref(),
                after: after.as_deref(),
            })
        };
        Self {
            before: Package::new(&changed.before),
            after: Package::new(&changed.after),
            version: changed.version.map(crate::changes::Direction::label),
            licenses: change(&changed.licenses),
            contents: change(&changed.contents),
        }
    }
}
