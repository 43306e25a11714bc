//! The examples of all rules of the program come out as their rules say.

use linchpin_check::{Rules, examples};

#[test]
fn what_must_pass_passes_and_what_must_fail_fails() {
    let rules = Rules::default();
    let wrong: Vec<String> = rules
        .all()
        .into_iter()
        .flat_map(examples::run)
        .map(|wrong| wrong.to_string())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_finding_goes_when_the_line_that_it_points_at_is_taken_out_or_its_rule_is_not_asked() {
    // Where a rule points at something that is there, that is what makes it find something: without
    // the line it finds nothing there any more.
    let rules = Rules::default();
    for rule in rules.all() {
        for example in &rule.fail {
            let answers = examples::answers(rule, example).unwrap();
            let offences: Vec<_> = answers.iter().flat_map(|answer| &answer.offences).collect();
            assert!(!offences.is_empty(), "{}", rule.id);
            for offence in offences {
                let text = example
                    .0
                    .iter()
                    .find(|(path, _)| path == offence.path.as_str())
                    .map_or_else(|| panic!("{}: {}", rule.id, offence.path), |(_, text)| text);
                let line = text.lines().nth(offence.at.line as usize - 1);
                let line = line.unwrap_or_else(|| panic!("{}: no such line", rule.id));
                let column = offence.at.column as usize;
                assert!(
                    column <= line.chars().count() + 1,
                    "{}: column {column} of `{line}`",
                    rule.id
                );
                assert!(!line.trim().is_empty(), "{}: an empty line", rule.id);
            }
        }
    }
}
