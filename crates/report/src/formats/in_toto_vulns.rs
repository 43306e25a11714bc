//! Format `in-toto-vulns`: the predicate of a statement about known flaws, as in-toto has it:
//! <https://github.com/in-toto/attestation/blob/main/spec/predicates/vulns_02.md>, version 0.2.
//!
//! It holds the flaws of packages that count, each id once with the packages that have it. What is
//! suppressed is not in it: exceptions and VEX are statements of their own. What rules find in files
//! is no known flaw. Of a database whose age nobody knows, the oldest moment is said.

use std::collections::BTreeMap;
use std::io::{self, Write};

use linchpin_model::{About, Finding, FindingKind, Timestamp};
use serde::Serialize;

use super::Format;
use crate::{Report, WriteOptions};

/// The vulnerability predicate of in-toto.
pub const FORMAT: Format = Format {
    id: "in-toto-vulns",
    documentation: "The predicate https://in-toto.io/attestation/vulns/v0.2: known flaws of packages, to be signed with `attest --type vulns`.",
    write,
};

fn write(report: &Report<'_>, _options: &WriteOptions, out: &mut dyn Write) -> io::Result<()> {
    let advisories = report.advisories;
    let now = report.now.to_string();
    let known_until = advisories.current.or(advisories.newest);
    let predicate = Predicate {
        scanner: Scanner {
            uri: format!("pkg:generic/linchpin@{}", report.tool_version),
            version: report.tool_version,
            db: Database {
                last_update: known_until.unwrap_or(Timestamp::UNIX_EPOCH).to_string(),
            },
            result: results(report),
        },
        metadata: Metadata {
            scan_started_on: &now,
            scan_finished_on: &now,
        },
    };
    serde_json::to_writer_pretty(&mut *out, &predicate)?;
    out.write_all(b"\n")
}

/// Each flaw once, by its id.
fn results<'a>(report: &Report<'a>) -> Vec<Vulnerability<'a>> {
    let mut found: BTreeMap<&str, Vulnerability<'a>> = BTreeMap::new();
    for finding in report.findings {
        let (FindingKind::Vulnerability | FindingKind::Malicious, About::Package(package)) =
            (finding.kind, &finding.about)
        else {
            continue;
        };
        let known = found
            .entry(&finding.rule.0)
            .or_insert_with(|| described(finding));
        known.annotations.push(Annotation::Package {
            package: report.inventory.package(*package).purl.to_string(),
            fixed_in: finding.fixed(),
        });
    }
    let mut results: Vec<Vulnerability<'a>> = found.into_values().collect();
    for result in &mut results {
        result.annotations.sort();
        result.annotations.dedup();
    }
    results
}

fn described(finding: &Finding) -> Vulnerability<'_> {
    let mut severity = vec![Severity {
        method: "linchpin",
        score: match finding.kind {
            FindingKind::Malicious => "malicious".to_owned(),
            _ => finding.severity.label().to_owned(),
        },
    }];
    if let Some(tenths) = finding.cvss_tenths {
        severity.push(Severity {
            method: "cvss_score",
            score: format!("{}.{}", tenths / 10, tenths % 10),
        });
    }
    let mut annotations = Vec::new();
    if !finding.aliases.is_empty() {
        annotations.push(Annotation::Aliases {
            aliases: finding.aliases.join(", "),
        });
    }
    if finding.exploited.is_some() {
        annotations.push(Annotation::Exploited { exploited: "true" });
    }
    Vulnerability {
        id: &finding.rule.0,
        severity,
        annotations,
    }
}

#[derive(Serialize)]
struct Predicate<'a> {
    scanner: Scanner<'a>,
    metadata: Metadata<'a>,
}

#[derive(Serialize)]
struct Scanner<'a> {
    uri: String,
    version: &'a str,
    db: Database,
    result: Vec<Vulnerability<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Database {
    last_update: String,
}

#[derive(Serialize)]
struct Vulnerability<'a> {
    id: &'a str,
    severity: Vec<Severity>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<Annotation<'a>>,
}

#[derive(Serialize)]
struct Severity {
    method: &'static str,
    score: String,
}

/// What is said beside the severity: maps of texts, as the specification has them.
#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(untagged)]
enum Annotation<'a> {
    Aliases {
        aliases: String,
    },
    Exploited {
        exploited: &'static str,
    },
    #[serde(rename_all = "camelCase")]
    Package {
        package: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        fixed_in: Option<&'a str>,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    scan_started_on: &'a str,
    scan_finished_on: &'a str,
}
