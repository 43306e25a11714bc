//! Policies with cases, each a file in `tests/policies`: what they say must come out.

use std::fmt::Write as _;
use std::path::PathBuf;

use linchpin_policy::{CaseOutcome, Policy, STARTER, read, run_cases, starter};

use crate::READERS;

fn no_key(path: &str) -> Result<Vec<u8>, String> {
    std::fs::read(PathBuf::from("tests/policies").join(path)).map_err(|error| error.to_string())
}

fn check(policy: Policy, faults: &mut String) -> usize {
    let name = policy.name.clone();
    let outcomes = run_cases(policy, READERS);
    for outcome in &outcomes {
        let CaseOutcome {
            title,
            line,
            faults: of_case,
            verdict,
        } = outcome;
        if !of_case.is_empty() {
            let _ = writeln!(faults, "{name}:{line}: {title}: {of_case:?}\n{verdict:#?}");
        }
    }
    outcomes.len()
}

#[test]
fn every_case_of_every_policy_comes_out_as_it_says() {
    let mut files: Vec<PathBuf> = std::fs::read_dir("tests/policies")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .collect();
    files.sort();
    assert!(files.len() >= 8, "{files:?}");
    let mut faults = String::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let policy = read(&file.display().to_string(), &text, &no_key).unwrap();
        assert!(
            check(policy, &mut faults) > 0,
            "{} has no case",
            file.display()
        );
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn the_starter_keeps_what_its_cases_promise() {
    let mut faults = String::new();
    assert!(check(starter().unwrap(), &mut faults) >= 8);
    assert!(faults.is_empty(), "{faults}");
    let levels: Vec<String> = starter()
        .unwrap()
        .levels
        .iter()
        .map(|level| level.0.clone())
        .collect();
    assert_eq!(levels, ["report", "exploited", "signed", "all"]);
}

#[test]
fn a_case_that_does_not_come_out_is_told() {
    let wrong = STARTER.replacen("    expect: passed", "    expect: denied", 1);
    let policy = read("starter.yaml", &wrong, &no_key).unwrap();
    let mut faults = String::new();
    check(policy, &mut faults);
    assert!(
        faults.contains("the verdict is passed, and denied is expected"),
        "{faults}"
    );
}

#[test]
fn what_the_packages_of_a_large_sbom_hold_can_be_asked() {
    let components: Vec<String> = (0..5_000)
        .map(|number| format!("{{name: p{number}, license: MIT}}"))
        .collect();
    let text = format!(
        "policy: 1\ntitle: t\nrules:\n  - id: licences\n    title: t\n    message: m\n    fix: f\n    \
         deny: packages.filter(p, p.licenses.exists(l, l == 'GPL-3.0-only'))\n  - id: pairs\n    \
         title: t\n    message: m\n    fix: f\n    \
         require: packages.all(p, packages.exists(q, q.name == p.name))\ncases:\n  - title: c\n    \
         now: 2026-01-01\n    expect: undecided\n    \
         rules: {{licences: passed, pairs: undecided}}\n    statements:\n      \
         - {{signer: ci, type: cyclonedx, predicate: {{components: [{}]}}}}\n",
        components.join(", ")
    );
    let policy = read("large.yaml", &text, &no_key).unwrap();
    let mut faults = String::new();
    assert_eq!(check(policy, &mut faults), 1);
    assert!(faults.is_empty(), "{}", &faults[..faults.len().min(2_000)]);
}
