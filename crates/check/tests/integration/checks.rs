//! Whole folders, through the one pass.

use std::path::Path;
use std::sync::OnceLock;

use linchpin_check::{Checked, Checks, Rules};
use linchpin_model::About;
use linchpin_source::{SourceOptions, read_together};

/// The rules of the program, understood once for all tests.
pub(crate) fn program_rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(Rules::default)
}

pub(crate) fn check(files: &[(&str, &str)], rules: &Rules) -> Checked {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    check_folder(folder.path(), rules)
}

fn check_folder(folder: &Path, rules: &Rules) -> Checked {
    let source = linchpin_source::open(folder.to_str().unwrap(), SourceOptions::default()).unwrap();
    let checks = Checks::new(rules, |_| true);
    let visited = read_together(source.as_ref(), &[&checks]).unwrap();
    checks.finish(&visited)
}

pub(crate) fn shown(checked: &Checked) -> Vec<String> {
    let findings = checked.findings.iter();
    let shown = findings.map(|finding| match &finding.about {
        About::Place(place) => format!(
            "{}:{}:{} {}",
            place.path,
            place.line.unwrap(),
            place.column.unwrap(),
            finding.rule
        ),
        About::Package(_) => unreachable!("rules find places"),
    });
    shown.collect()
}

const RULE: &str = "\
id: own-rule
title: It is named wrong
severity: low
category: test
why: It is. It should not be.
fix: Name it.
applies_to: compose
each: service
when: this.?hostname.orValue('') == 'wrong'
message: \"'the name is ' + this.hostname\"
at: hostname
pass: ['services: {}']
fail: ['services: {a: {hostname: wrong}}']
";

fn own_rules() -> Rules {
    let mut rules = Rules::default();
    rules.add("own.yaml", RULE).unwrap();
    rules
}

#[test]
fn findings_have_their_place_and_their_own_words() {
    let text = "services:\n  a:\n    hostname: wrong\n";
    let checked = check(&[("x/docker-compose.yml", text)], &own_rules());
    let own: Vec<_> = shown(&checked)
        .into_iter()
        .filter(|line| line.ends_with("own-rule"))
        .collect();
    assert_eq!(own, ["x/docker-compose.yml:3:5 own-rule"]);
    let finding = checked
        .findings
        .iter()
        .find(|finding| finding.rule.0 == "own-rule")
        .unwrap();
    assert_eq!(finding.summary, "the name is wrong");
    assert_eq!(finding.rule_reason().unwrap().excerpt.len(), 2);
}

#[test]
fn a_comment_with_a_reason_suppresses_and_one_without_does_not() {
    let text = "services:\n  a:\n    hostname: wrong # linchpin: ignore[own-rule] it is a test\n  \
                b:\n    # linchpin: ignore[own-rule]\n    hostname: wrong\n";
    let checked = check(&[("compose.yaml", text)], &own_rules());
    let own = |rule: &str| rule == "own-rule";
    assert_eq!(
        checked
            .suppressed
            .iter()
            .filter(|one| own(&one.finding.rule.0))
            .count(),
        1
    );
    assert_eq!(
        checked
            .findings
            .iter()
            .filter(|one| own(&one.rule.0))
            .count(),
        1
    );
    assert!(
        checked.notes[0].text.contains("gives no reason"),
        "{:?}",
        checked.notes
    );
}

#[test]
fn what_can_not_be_understood_is_said_and_the_rest_goes_on() {
    let files = [
        ("a/compose.yaml", "services:\n  a: {hostname: wrong\n"),
        ("b/compose.yaml", "services:\n  a: {hostname: wrong}\n"),
    ];
    let checked = check(&files, &own_rules());
    assert!(shown(&checked).contains(&"b/compose.yaml:2:7 own-rule".to_owned()));
    assert_eq!(checked.notes.len(), 1);
    assert!(checked.notes[0].text.contains("no valid YAML"));
}
