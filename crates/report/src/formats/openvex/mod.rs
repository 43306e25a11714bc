//! Format `openvex`: what Linchpin itself knows of the exploitability of what it found, as OpenVEX
//! 0.2.0: <https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md>.
//!
//! A finding that something removes is `affected`, and the statement says what to do; one that
//! nothing removes yet is `under_investigation`, because whether the product can be attacked nobody
//! has looked at. What is suppressed has the status that its ground gives: an exception without one
//! of the five justifications is a risk that somebody took, and stays `affected`. Notices are no
//! vulnerabilities and are left out.
//!
//! Given back with `--vex`, a document holds for the same target: its products are what identifies
//! the target, and the packages are their parts. The id is made from the statements, so that the
//! same findings give the same document, but for its moment.

mod products;
mod wire;

use std::collections::BTreeMap;
use std::io::{self, Write};

use linchpin_model::{
    About, Finding, FindingKind, Reason, Remedy, Statement, Suppression, VexJustification,
    VexStatus,
};
use sha2::{Digest as _, Sha256};

use super::Format;
use crate::grounds::{ground, stated};
use crate::{Report, WriteOptions};
use products::Products;

/// OpenVEX 0.2.0.
pub const FORMAT: Format = Format {
    id: "openvex",
    documentation: "OpenVEX 0.2.0: the status of each flaw, exceptions with a justification and evidence included.",
    write,
};

fn write(report: &Report<'_>, _options: &WriteOptions, out: &mut dyn Write) -> io::Result<()> {
    let statements = statements(report);
    let content = serde_json::to_vec(&statements)?;
    let document = wire::Document {
        context: "https://openvex.dev/ns/v0.2.0",
        id: identity(&content),
        author: "Linchpin",
        timestamp: report.now.to_string(),
        version: 1,
        tooling: format!("linchpin {}", report.tool_version),
        statements: &statements,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

/// A UUID of version 8 (RFC 9562, section 5.8) from SHA-256.
fn identity(content: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::from("urn:uuid:");
    for (position, byte) in Sha256::digest(content).iter().take(16).enumerate() {
        let byte = match position {
            6 => (byte & 0x0f) | 0x80,
            8 => (byte & 0x3f) | 0x80,
            _ => *byte,
        };
        if matches!(position, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// One statement for each flaw and verdict, sorted.
fn statements(report: &Report<'_>) -> Vec<wire::Statement> {
    let products = Products::new(report.inventory);
    let mut grouped: BTreeMap<(wire::Vulnerability, wire::Verdict), Vec<&Finding>> =
        BTreeMap::new();
    let counting = report
        .findings
        .iter()
        .map(|finding| (finding, counts(report, finding)));
    let suppressed = report.suppressed.iter().filter_map(|suppressed| {
        let first = suppressed.because.first()?;
        Some((&suppressed.finding, does_not_count(first)))
    });
    for (finding, verdict) in counting.chain(suppressed) {
        // Neither a notice nor what a rule finds in a file is a flaw of a product.
        if finding.kind == FindingKind::Notice || finding.rule_reason().is_some() {
            continue;
        }
        let mut aliases = finding.aliases.clone();
        aliases.sort();
        aliases.dedup();
        let vulnerability = wire::Vulnerability {
            name: finding.rule.0.clone(),
            aliases,
        };
        grouped
            .entry((vulnerability, verdict))
            .or_default()
            .push(finding);
    }
    grouped
        .into_iter()
        .map(|((vulnerability, verdict), findings)| wire::Statement {
            vulnerability,
            products: products.of(&findings),
            verdict,
        })
        .collect()
}

/// A finding that counts.
fn counts(report: &Report<'_>, finding: &Finding) -> wire::Verdict {
    let said = finding.because.iter().find_map(|reason| match reason {
        Reason::Stated(statement) => Some(statement),
        _ => None,
    });
    let name = match &finding.about {
        About::Package(id) => report.inventory.package(*id).name(),
        About::Place(place) => place.path.to_string(),
    };
    let action = match &finding.remedy {
        Some(Remedy::Upgrade { version }) => Some(format!("Upgrade {name} to {version} or later.")),
        Some(Remedy::Remove) => Some(format!("Remove {name}.")),
        None => None,
    };
    match (said, action) {
        (Some(statement), action) => restated(statement, action),
        (None, Some(action)) => wire::Verdict {
            action_statement: Some(action),
            ..verdict(VexStatus::Affected)
        },
        (None, None) => wire::Verdict {
            status_notes: Some(
                "An advisory names this version. No version is known to fix it.".to_owned(),
            ),
            ..verdict(VexStatus::UnderInvestigation)
        },
    }
}

fn does_not_count(suppression: &Suppression) -> wire::Verdict {
    match suppression {
        Suppression::Excepted(exception) => match exception.justification {
            Some(justification) => wire::Verdict {
                impact_statement: Some(exception.reason.clone()),
                status_notes: Some(format!("Holds until {}.", exception.expires)),
                ..not_affected(Some(justification))
            },
            None => wire::Verdict {
                action_statement: Some(format!(
                    "Accepted until {}: {}",
                    exception.expires, exception.reason
                )),
                ..verdict(VexStatus::Affected)
            },
        },
        Suppression::Stated(statement) => restated(statement, None),
        Suppression::Commented(comment) => wire::Verdict {
            impact_statement: Some(comment.reason.clone()),
            ..not_affected(None)
        },
        Suppression::CodeAbsent(_) => wire::Verdict {
            impact_statement: Some(crate::text::sentence(&ground(suppression)) + "."),
            ..not_affected(Some(VexJustification::VulnerableCodeNotPresent))
        },
    }
}

/// What another document says, with a note about who said it.
fn restated(statement: &Statement, action: Option<String>) -> wire::Verdict {
    let notes = Some(crate::text::sentence(&stated(statement)) + ".");
    let detail = statement.detail.clone();
    match statement.status {
        VexStatus::NotAffected => wire::Verdict {
            status_notes: notes,
            // One of the two must be there.
            impact_statement: detail.or_else(|| {
                let silent = statement.justification.is_none();
                silent.then(|| "Stated without a reason.".to_owned())
            }),
            ..not_affected(statement.justification)
        },
        VexStatus::Affected => wire::Verdict {
            status_notes: notes,
            action_statement: detail
                .or(action)
                .or_else(|| Some("No action is known.".to_owned())),
            ..verdict(VexStatus::Affected)
        },
        other => wire::Verdict {
            status_notes: notes,
            ..verdict(other)
        },
    }
}

fn not_affected(justification: Option<VexJustification>) -> wire::Verdict {
    wire::Verdict {
        justification: justification.map(VexJustification::label),
        ..verdict(VexStatus::NotAffected)
    }
}

fn verdict(status: VexStatus) -> wire::Verdict {
    wire::Verdict {
        status: status.label(),
        status_notes: None,
        justification: None,
        impact_statement: None,
        action_statement: None,
    }
}
