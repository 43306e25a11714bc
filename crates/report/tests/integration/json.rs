//! The document for programs: its shape is frozen, and it can be read back.

use linchpin_report::{ExplainableReport, WriteOptions, json};
use serde_json::Value;

use crate::sample::{self, Sample};

fn document(sample: &Sample) -> String {
    sample.write("json", WriteOptions::default())
}

#[test]
fn the_shape_is_frozen() {
    let mut sample = sample::storefront();
    // One of each sort is enough to see every field.
    sample.findings.truncate(3);
    sample.next.truncate(1);
    sample.notes.truncate(2);
    insta::assert_snapshot!(document(&sample));
}

#[test]
fn suppressed_findings_carry_their_grounds() {
    let value: Value = serde_json::from_str(&document(&sample::suppressed())).unwrap();
    let list = value["suppressed"].as_array().unwrap();
    let grounds: Vec<&Value> = list.iter().map(|found| &found["suppressed_by"]).collect();
    insta::assert_snapshot!(serde_json::to_string_pretty(&grounds).unwrap());
}

#[test]
fn an_empty_target_has_the_same_fields() {
    insta::assert_snapshot!(document(&sample::empty()));
}

#[test]
fn a_report_can_be_read_back() {
    for sample in [
        sample::storefront(),
        sample::empty(),
        sample::hostile(),
        sample::suppressed(),
        sample::hostile_suppressed(),
    ] {
        let read = json::read(document(&sample).as_bytes()).unwrap();
        assert_eq!(read.explainable, ExplainableReport::new(&sample.report()));
    }
}

#[test]
fn what_a_later_program_adds_is_skipped() {
    let mut value: Value = serde_json::from_str(&document(&sample::storefront())).unwrap();
    value["new"] = 1.into();
    value["findings"][0]["new"] = 1.into();
    let reasons = value["findings"][0]["because"].as_array_mut().unwrap();
    reasons.push(serde_json::json!({ "reason": "reachable", "calls": ["main"] }));
    let read = json::read(value.to_string().as_bytes()).unwrap();
    assert_eq!(
        read.explainable,
        ExplainableReport::new(&sample::storefront().report())
    );
}

#[test]
fn other_documents_are_refused() {
    let refused = |text: &str| json::read(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(refused("no"), "it is no report in JSON");
    assert_eq!(
        refused(r#"{"bomFormat": "CycloneDX"}"#),
        "it is no report of `linchpin scan --format json`: its `format` is ``"
    );
    assert_eq!(
        refused(r#"{"format": "linchpin-scan", "version": 2}"#),
        "it is version 2 of the report format, this program reads up to version 1"
    );
    let deep = "[".repeat(100_000);
    assert_eq!(refused(&deep), "it is no report in JSON");
}
