//! Format `in-toto-test-result`: the predicate of a statement about checks, as in-toto has it:
//! <https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md>, version 0.1.
//!
//! A rule that found something is a test: one that failed where what it found is of high or critical
//! severity, else one that warns. Rules that found nothing are not listed, since a report does not hold
//! which were asked; the configuration names the program, whose version has its rules. Known flaws of
//! packages are in `in-toto-vulns`, and what is suppressed is in neither.

use std::collections::BTreeSet;
use std::io::{self, Write};

use linchpin_model::{Finding, FindingKind, Severity};
use serde::Serialize;

use super::Format;
use crate::{Report, WriteOptions};

/// The predicate of in-toto about tests.
pub const FORMAT: Format = Format {
    id: "in-toto-test-result",
    documentation: "The predicate https://in-toto.io/attestation/test-result/v0.1: what rules found, to be signed with `attest --type test-result`.",
    write,
};

fn write(report: &Report<'_>, _options: &WriteOptions, out: &mut dyn Write) -> io::Result<()> {
    let (mut failed, mut warned) = (BTreeSet::new(), BTreeSet::new());
    for finding in report.findings {
        if !is_of_rule(finding) {
            continue;
        }
        let list = if finding.severity >= Severity::High {
            &mut failed
        } else {
            &mut warned
        };
        list.insert(finding.rule.0.as_str());
    }
    // What fails in one place and warns in another has failed.
    let warned: BTreeSet<&str> = warned.difference(&failed).copied().collect();
    let result = match (failed.is_empty(), warned.is_empty()) {
        (false, _) => "FAILED",
        (true, false) => "WARNED",
        (true, true) => "PASSED",
    };
    let predicate = Predicate {
        result,
        configuration: [Configuration {
            name: "rules of the program",
            uri: format!("pkg:generic/linchpin@{}", report.tool_version),
        }],
        warned_tests: warned,
        failed_tests: failed,
    };
    serde_json::to_writer_pretty(&mut *out, &predicate)?;
    out.write_all(b"\n")
}

/// Whether a rule found it, and not an advisory.
pub fn is_of_rule(finding: &Finding) -> bool {
    match finding.kind {
        FindingKind::Malicious | FindingKind::Vulnerability | FindingKind::Notice => false,
        FindingKind::Configuration
        | FindingKind::Pipeline
        | FindingKind::Secret
        | FindingKind::Suspicious
        | FindingKind::License
        | FindingKind::Practice => true,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Predicate<'a> {
    result: &'static str,
    configuration: [Configuration; 1],
    warned_tests: BTreeSet<&'a str>,
    failed_tests: BTreeSet<&'a str>,
}

#[derive(Serialize)]
struct Configuration {
    name: &'static str,
    uri: String,
}
