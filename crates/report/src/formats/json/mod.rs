//! Format `json`: all that a scan came to, for programs, and for `linchpin explain` and `diff` later.
//!
//! The shape is frozen by its version: a field may be added, none may change its meaning without
//! a new version. Numbers are numbers, what is unknown is `null`, and order is that of the report.

mod read;
mod repair;
mod suppression;
mod wire;

use std::io::{self, Write};

use linchpin_model::{
    AdvisoryOrigin, Excerpt, ExploitPrediction, Finding, Package, Reason, Remedy, Role, Routes,
    Severity,
};

use super::Format;
use crate::{ExplainableFinding, Report, WriteOptions};

pub use read::{EarlierReport, ReadReportError, is_report, read};

/// All that a scan came to, for programs.
pub const FORMAT: Format = Format {
    id: "json",
    documentation: "Everything for programs, with a version in it; `linchpin explain` and `diff` read it back.",
    write,
};

/// The word in the document's `format`.
const NAME: &str = "linchpin-scan";

/// The version of the shape.
pub const VERSION: u64 = 1;

fn write(report: &Report<'_>, _options: &WriteOptions, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(report))?;
    out.write_all(b"\n")
}

/// All that the format says, as a value.
pub(crate) fn value(report: &Report<'_>) -> serde_json::Result<serde_json::Value> {
    serde_json::to_value(document(report))
}

fn document<'a>(report: &'a Report<'_>) -> wire::Document<'a> {
    let inventory = report.inventory;
    let subject = &inventory.subject;
    let routes = Routes::new(inventory);
    let advisories = report.advisories;
    wire::Document {
        format: NAME,
        version: VERSION,
        tool: wire::Tool {
            name: "linchpin",
            version: report.tool_version,
        },
        target: wire::Target {
            name: &subject.name,
            kind: subject.kind.label(),
            digest: subject.digest.as_ref().map(ToString::to_string),
            platform: subject.platform.as_deref(),
            distribution: inventory
                .distribution
                .as_ref()
                .map(|distribution| wire::Distribution {
                    id: &distribution.id,
                    version: distribution.version.as_deref(),
                    codename: distribution.codename.as_deref(),
                    name: distribution.pretty_name.as_deref(),
                }),
            layers: subject.layers.iter().map(ToString::to_string).collect(),
        },
        advisories: wire::Advisories {
            origin: match advisories.origin {
                AdvisoryOrigin::StarterSet => "starter-set",
                AdvisoryOrigin::File(_) => "database",
            },
            path: match &advisories.origin {
                AdvisoryOrigin::StarterSet => None,
                AdvisoryOrigin::File(path) => Some(path),
            },
            newest: advisories.newest.map(|newest| newest.to_string()),
            records: advisories
                .records
                .iter()
                .map(|(ecosystem, count)| (ecosystem.facts().osv_name, *count))
                .collect(),
            exploited_catalogue: advisories.exploited_catalogue.as_deref(),
        },
        counts: wire::Counts {
            packages: inventory
                .counts()
                .into_iter()
                .map(|(ecosystem, count)| {
                    let name = ecosystem.map_or("other", |ecosystem| ecosystem.facts().osv_name);
                    (name, count)
                })
                .collect(),
            projects: inventory.roots().count(),
            documents: report
                .documents
                .iter()
                .map(|documents| (documents.kind, documents.count))
                .collect(),
            findings: Severity::ALL
                .into_iter()
                .rev()
                .map(|severity| {
                    let count = report.findings.iter().filter(|f| f.severity == severity);
                    (severity.label(), count.count())
                })
                .collect(),
            licenses: report
                .licenses
                .iter()
                .map(|(category, count)| (category.label(), *count))
                .collect(),
        },
        packages: inventory.packages.iter().map(wire_package).collect(),
        findings: report
            .findings
            .iter()
            .map(|finding| wire_finding(&ExplainableFinding::new(finding, inventory, &routes)))
            .collect(),
        suppressed: report
            .suppressed
            .iter()
            .map(|suppressed| {
                wire_finding(&ExplainableFinding::suppressed(
                    suppressed, inventory, &routes,
                ))
            })
            .collect(),
        next: report
            .next
            .iter()
            .map(|step| wire_step(step, report))
            .collect(),
        notes: report
            .notes
            .iter()
            .map(|note| wire::Note {
                kind: note.kind.label(),
                path: note.path.as_ref().map(linchpin_model::TargetPath::as_str),
                layer: note.layer.map(|layer| layer.0),
                text: &note.text,
            })
            .collect(),
        left_out: wire::LeftOut {
            development: report.left_out.development,
            unfixed: report.left_out.unfixed,
        },
    }
}

fn wire_package(package: &Package) -> wire::Package {
    wire::Package {
        purl: package.purl.to_string(),
        role: match package.role {
            Role::Library => "library",
            Role::Application => "application",
        }
        .to_owned(),
        scope: package.scope.label().to_owned(),
        license: package
            .license
            .as_ref()
            .map(|license| license.as_str().to_owned()),
        license_category: package
            .license
            .as_ref()
            .map(|license| license.category().label().to_owned()),
        license_file: package.license_file.as_ref().map(ToString::to_string),
    }
}

/// A CVSS score from its tenths.
fn score(tenths: u8) -> f64 {
    f64::from(tenths) / 10.0
}

/// A share of one from parts per hundred thousand.
fn share(parts: u32) -> f64 {
    f64::from(parts) / f64::from(ExploitPrediction::WHOLE)
}

fn wire_finding(finding: &ExplainableFinding) -> wire::Finding {
    let package = finding.package.as_ref();
    wire::Finding {
        id: finding.id.clone(),
        aliases: finding.aliases.clone(),
        kind: finding.kind.label().to_owned(),
        severity: finding.severity.label().to_owned(),
        score: finding.score.0,
        cvss: finding.cvss_tenths.map(score),
        exploited: finding.exploited.as_ref().map(|found| wire::Exploited {
            added: found.added.clone(),
            ransomware: found.ransomware,
        }),
        package: package.map(|package| package.purl.clone()),
        name: package.map(|package| package.name.clone()),
        version: package.and_then(|package| package.version.clone()),
        fixed: match &finding.remedy {
            Some(Remedy::Upgrade { version }) => Some(version.clone()),
            Some(Remedy::Remove) | None => None,
        },
        remedy: finding.remedy.as_ref().map(|remedy| {
            match remedy {
                Remedy::Upgrade { .. } => "upgrade",
                Remedy::Remove => "remove",
            }
            .to_owned()
        }),
        scope: package.map(|package| package.scope.label().to_owned()),
        locations: finding
            .locations
            .iter()
            .map(|location| wire::Location {
                path: location.path.clone(),
                layer: location.layer,
                line: location.line,
                column: location.column,
                kind: location.kind.clone(),
                owner: location.owner.clone(),
            })
            .collect(),
        via: finding.via.clone(),
        route: finding.route.clone(),
        summary: finding.summary.clone(),
        published: finding.published.map(|published| published.to_string()),
        because: finding.because.iter().map(wire_reason).collect(),
        suppressed_by: finding
            .suppressed_by
            .iter()
            .map(suppression::write)
            .collect(),
    }
}

fn wire_reason(reason: &Reason) -> wire::Reason {
    match reason.clone() {
        Reason::InRange {
            advisory,
            name,
            ecosystem,
            release,
            version,
            scheme: _,
            introduced,
            fixed,
            last_affected,
        } => wire::Reason::InRange {
            advisory,
            name,
            ecosystem: ecosystem.facts().osv_name.to_owned(),
            release,
            version,
            introduced,
            fixed,
            last_affected,
        },
        Reason::Listed {
            advisory,
            name,
            ecosystem,
            version,
        } => wire::Reason::Listed {
            advisory,
            name,
            ecosystem: ecosystem.facts().osv_name.to_owned(),
            version,
        },
        Reason::Scored { vector, tenths } => wire::Reason::Scored {
            vector,
            cvss: score(tenths),
        },
        Reason::Lent {
            advisory,
            flaw,
            vector,
            tenths,
        } => wire::Reason::Lent {
            advisory,
            flaw,
            vector,
            cvss: score(tenths),
        },
        Reason::Exploited(found) => wire::Reason::Exploited {
            added: found.added,
            ransomware: found.ransomware,
        },
        Reason::Predicted(prediction) => wire::Reason::Predicted {
            probability: share(prediction.probability),
            percentile: share(prediction.percentile),
        },
        Reason::Weighed(parts) => wire::Reason::Weighed {
            parts: parts
                .into_iter()
                .map(|part| wire::ScorePart {
                    factor: part.factor.label().to_owned(),
                    points: part.points,
                })
                .collect(),
        },
        Reason::SameFlaw { records } => wire::Reason::SameFlaw { records },
        Reason::Stated(statement) => wire::Reason::Stated(suppression::write_statement(&statement)),
        Reason::Rule(rule) => wire::Reason::Rule {
            title: rule.title,
            category: rule.category,
            why: rule.why,
            fix: rule.fix,
            references: rule.references,
            excerpt: rule
                .excerpt
                .into_iter()
                .map(|Excerpt { line, text }| wire::ExcerptLine { line, text })
                .collect(),
            repair: rule.repair.map(repair::write),
            fingerprint: rule.fingerprint,
        },
    }
}

fn wire_step<'a>(step: &'a linchpin_model::Step, report: &'a Report<'_>) -> wire::Step<'a> {
    let removed = |finding: &'a Finding| wire::Removed {
        id: &finding.rule.0,
        package: match finding.about {
            linchpin_model::About::Package(id) => Some(report.inventory.package(id).purl.as_str()),
            linchpin_model::About::Place(_) => None,
        },
    };
    wire::Step {
        action: &step.action,
        command: step.command.as_deref(),
        place: step.place.as_ref().map(linchpin_model::TargetPath::as_str),
        removes: step
            .removes
            .iter()
            .filter_map(|index| report.findings.get(*index))
            .map(removed)
            .collect(),
        risk: step.risk,
    }
}
