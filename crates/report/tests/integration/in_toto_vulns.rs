//! The predicate about known flaws: what in-toto's specification demands, and a snapshot.

use linchpin_report::WriteOptions;
use serde_json::Value;

use crate::sample::{self, Sample};

fn predicate(sample: &Sample) -> Value {
    serde_json::from_str(&sample.write("in-toto-vulns", WriteOptions::default())).unwrap()
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

#[test]
fn what_the_specification_demands_is_there() {
    for sample in [
        sample::storefront(),
        sample::project(),
        sample::suppressed(),
        sample::hostile_suppressed(),
    ] {
        let predicate = predicate(&sample);
        let scanner = &predicate["scanner"];
        assert!(is_text(&scanner["uri"]) && is_text(&scanner["version"]));
        for moment in [
            &scanner["db"]["lastUpdate"],
            &predicate["metadata"]["scanStartedOn"],
            &predicate["metadata"]["scanFinishedOn"],
        ] {
            assert!(moment.as_str().unwrap().ends_with('Z'), "{moment}");
        }
        let mut ids = Vec::new();
        for result in scanner["result"].as_array().unwrap() {
            ids.push(result["id"].as_str().unwrap().to_owned());
            for severity in result["severity"].as_array().unwrap() {
                assert!(is_text(&severity["method"]) && is_text(&severity["score"]));
            }
            for annotation in result["annotations"].as_array().unwrap() {
                assert!(annotation.as_object().unwrap().values().all(is_text));
            }
        }
        assert!(ids.is_sorted());
        ids.dedup();
        assert_eq!(ids.len(), scanner["result"].as_array().unwrap().len());
    }
}

#[test]
fn a_flaw_has_its_packages() {
    insta::assert_snapshot!(sample::storefront().write("in-toto-vulns", WriteOptions::default()));
}
