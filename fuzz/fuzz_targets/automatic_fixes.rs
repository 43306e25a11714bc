//! Automatic fixes: what the rules of a kind of document would change in a text can be made in it.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use linchpin_check::{Example, Rules, edit, examples};

const KINDS: [(&str, &str); 6] = [
    ("azure-resource-manager", "main.bicep"),
    ("cloudformation", "template.yaml"),
    ("compose", "compose.yaml"),
    ("dockerfile", "Dockerfile"),
    ("kubernetes", "a.yaml"),
    ("terraform", "main.tf"),
];

fuzz_target!(|input: (u8, &str)| {
    let (choice, text) = input;
    let (kind, path) = KINDS[usize::from(choice) % KINDS.len()];
    static RULES: OnceLock<Rules> = OnceLock::new();
    let rules = RULES.get_or_init(Rules::default);
    let example = Example(vec![(path.to_owned(), text.to_owned())]);
    for rule in rules
        .of(kind)
        .into_iter()
        .filter(|rule| rule.edit.is_some())
    {
        let Ok(answers) = examples::answers(rule, &example) else {
            return;
        };
        for offence in answers.iter().flat_map(|answer| &answer.offences) {
            if let Some(repair) = &offence.repair {
                edit::apply(text, &repair.edits).expect("the edits are for this text");
            }
        }
    }
});
