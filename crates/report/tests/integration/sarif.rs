//! SARIF: valid, and what code scanning services need beyond that.

use linchpin_report::WriteOptions;
use serde_json::Value;

use crate::sample::{self, Sample};
use crate::schema;

fn document(sample: &Sample) -> String {
    sample.write("sarif", WriteOptions::default())
}

#[test]
fn documents_are_valid() {
    for sample in [
        sample::storefront(),
        sample::clean(),
        sample::empty(),
        sample::hostile(),
        sample::suppressed(),
        sample::hostile_suppressed(),
    ] {
        schema::assert_valid(&document(&sample), "sarif/sarif-2.1.0.schema.json", &[]);
    }
}

#[test]
fn the_document_is_as_it_was() {
    let mut sample = sample::storefront();
    sample.findings.truncate(3);
    sample.notes.truncate(1);
    insta::assert_snapshot!(document(&sample));
}

#[test]
fn there_is_a_rule_for_each_advisory_and_a_result_for_each_place() {
    let sample = sample::storefront();
    let value: Value = serde_json::from_str(&document(&sample)).unwrap();
    let rules = value["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    let results = value["runs"][0]["results"].as_array().unwrap();

    let mut ids: Vec<&str> = rules
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), rules.len());

    let mut fingerprints = std::collections::BTreeSet::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let location = &result["locations"][0]["physicalLocation"];
        let uri = location["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.starts_with('/'), "{uri}");
        assert_eq!(location["region"]["startLine"], 1);
        let print = &result["partialFingerprints"]["primaryLocationLineHash"];
        assert!(
            fingerprints.insert(print.as_str().unwrap()),
            "{print} twice"
        );
    }
    let places: usize = sample
        .findings
        .iter()
        .map(|finding| match finding.about {
            linchpin_model::About::Package(id) => sample.inventory.package(id).occurrences.len(),
            linchpin_model::About::Place(_) => 1,
        })
        .sum();
    assert_eq!(results.len(), places);
}

#[test]
fn suppressed_results_say_so_and_the_others_that_they_are_not() {
    let sample = sample::suppressed();
    let value: Value = serde_json::from_str(&document(&sample)).unwrap();
    let results = value["runs"][0]["results"].as_array().unwrap();
    let suppressed: Vec<&Value> = results
        .iter()
        .map(|result| &result["suppressions"])
        .collect();
    assert!(suppressed.iter().all(|list| list.is_array()));
    let with: Vec<&&Value> = suppressed
        .iter()
        .filter(|list| !list.as_array().unwrap().is_empty())
        .collect();
    // One for each place of the five findings.
    assert_eq!(with.len(), 8);
    insta::assert_snapshot!(serde_json::to_string_pretty(&with).unwrap());
    let plain: Value = serde_json::from_str(&document(&sample::project())).unwrap();
    assert!(plain["runs"][0]["results"][0].get("suppressions").is_none());
}

#[test]
fn a_flaw_without_a_vector_keeps_its_word() {
    let mut sample = sample::storefront();
    sample.findings.truncate(1);
    sample.findings[0].cvss_tenths = None;
    let value: Value = serde_json::from_str(&document(&sample)).unwrap();
    let rule = &value["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!(rule["properties"]["security-severity"], "9.0");
}

#[test]
fn messages_hold_no_links_and_no_controls() {
    let value: Value = serde_json::from_str(&document(&sample::hostile())).unwrap();
    for result in value["runs"][0]["results"].as_array().unwrap() {
        let text = result["message"]["text"].as_str().unwrap();
        sample::assert_harmless(text);
        assert!(!text.replace("\\[", "").contains('['), "{text}");
    }
}
