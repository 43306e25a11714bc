//! Explanations, from a scan and from its saved report.

use linchpin_report::{ExplainableReport, WriteOptions, explain, json};

use crate::sample::{self, HOSTILE, Sample};

fn explained(report: &ExplainableReport, name: &str) -> (usize, String) {
    let mut out = Vec::new();
    let options = WriteOptions {
        width: 80,
        ..WriteOptions::default()
    };
    let count = explain(report, name, &options, &mut out).unwrap();
    (count, String::from_utf8(out).unwrap())
}

fn of(sample: &Sample, name: &str) -> String {
    explained(&ExplainableReport::new(&sample.report()), name).1
}

#[test]
fn a_flaw_of_a_dependency_of_a_dependency() {
    insta::assert_snapshot!(of(&sample::storefront(), "CVE-2021-44906"));
}

#[test]
fn an_exploited_flaw() {
    insta::assert_snapshot!(of(&sample::storefront(), "CVE-2021-44228"));
}

#[test]
fn a_flaw_of_a_source_package() {
    insta::assert_snapshot!(of(&sample::storefront(), "CVE-2024-5535"));
}

#[test]
fn a_malicious_package() {
    insta::assert_snapshot!(of(&sample::storefront(), "MAL-2025-20690"));
}

#[test]
fn aliases_and_small_letters_are_understood() {
    let report = ExplainableReport::new(&sample::storefront().report());
    let (count, text) = explained(&report, "ghsa-xvch-5gv4-984h");
    assert_eq!(count, 1);
    assert!(text.starts_with("CVE-2021-44906 in minimist 0.0.8\n"));
    assert_eq!(explained(&report, "CVE-2024-2961").0, 5);
    assert_eq!(explained(&report, "CVE-1"), (0, String::new()));
}

#[test]
fn a_saved_report_gives_the_same_explanation() {
    let sample = sample::storefront();
    let saved = sample.write("json", WriteOptions::default());
    let read = json::read(saved.as_bytes()).unwrap();
    let fresh = ExplainableReport::new(&sample.report());
    for finding in &sample.findings {
        let id = &finding.rule.0;
        assert_eq!(explained(&read.explainable, id), explained(&fresh, id));
    }
}

#[test]
fn nothing_hostile_reaches_the_terminal() {
    let text = of(&sample::hostile(), HOSTILE);
    sample::assert_harmless(&text);
    insta::assert_snapshot!(text);
}

#[test]
fn one_endless_chain_costs_no_more_than_its_length() {
    use linchpin_model::{
        InventoryBuilder, OccurrenceKind, Package, PackageUrl, Scope, SubjectKind,
    };

    let mut builder = InventoryBuilder::default();
    let mut previous = None;
    for number in 0..5_000 {
        let id = builder.add(Package::new(
            PackageUrl::new("npm", None, "lodash", Some(&format!("4.17.{number}"))).unwrap(),
            sample::occurrence("package-lock.json", None, OccurrenceKind::Locked),
        ));
        if number == 0 {
            builder.package_mut(id).role = linchpin_model::Role::Application;
        }
        if let Some(previous) = previous {
            builder.depend(previous, id, Scope::Runtime);
        }
        previous = Some(id);
    }
    let mut sample = sample::empty();
    sample.inventory = builder.finish(sample::subject(SubjectKind::Directory));
    sample.findings = sample
        .inventory
        .libraries()
        .map(|(id, _)| sample::finding(&sample.inventory, id, ("CVE-1", ""), 50, "5", "x"))
        .collect();
    for format in linchpin_report::formats::ALL {
        let text = sample.write(format.id, WriteOptions::default());
        assert!(text.len() < 100_000_000, "{}: {}", format.id, text.len());
    }
}
