//! The predicate about checks: what in-toto's specification demands, and a snapshot.

use linchpin_model::{Finding, FindingKind, RuleId, Severity};
use linchpin_report::WriteOptions;
use serde_json::Value;

use crate::sample::{self, Sample};

#[test]
fn what_the_specification_demands_is_there() {
    for sample in [
        sample::storefront(),
        sample::project(),
        sample::suppressed(),
        sample::hostile_suppressed(),
    ] {
        let written = sample.write("in-toto-test-result", WriteOptions::default());
        let predicate: Value = serde_json::from_str(&written).unwrap();
        let list = |name: &str| predicate[name].as_array().unwrap().len();
        let expected = match (list("failedTests"), list("warnedTests")) {
            (0, 0) => "PASSED",
            (0, _) => "WARNED",
            _ => "FAILED",
        };
        assert_eq!(predicate["result"], expected);
        let uri = predicate["configuration"][0]["uri"].as_str().unwrap();
        assert!(uri.starts_with("pkg:generic/linchpin@"), "{uri}");
    }
}

/// Findings as rules make them: the id, the kind and the severity of each.
fn with_rules(found: &[(&str, FindingKind, Severity)]) -> Sample {
    let mut sample = sample::project();
    let begun = sample.findings[0].clone();
    for (rule, kind, severity) in found {
        sample.findings.push(Finding {
            rule: RuleId((*rule).to_owned()),
            kind: *kind,
            severity: *severity,
            ..begun.clone()
        });
    }
    sample
}

#[test]
fn a_rule_that_found_something_is_a_test() {
    let sample = with_rules(&[
        (
            "dockerfile-root-user",
            FindingKind::Configuration,
            Severity::Medium,
        ),
        ("aws-access-key-id", FindingKind::Secret, Severity::Critical),
        (
            "github-actions-injection",
            FindingKind::Pipeline,
            Severity::High,
        ),
        // The same rule, less severe elsewhere.
        (
            "github-actions-injection",
            FindingKind::Pipeline,
            Severity::Low,
        ),
    ]);
    let written = sample.write("in-toto-test-result", WriteOptions::default());
    insta::assert_snapshot!(written);
}

#[test]
fn what_only_warns_has_not_failed() {
    let sample = with_rules(&[("licence", FindingKind::License, Severity::Medium)]);
    let written = sample.write("in-toto-test-result", WriteOptions::default());
    assert!(written.contains(r#""result": "WARNED""#), "{written}");
}
