//! The page for users names every reason and every type that has a word.

use linchpin_trust::PredicateType;

const PAGE: &str = include_str!("../../../../docs/signing.md");
const REFUSALS: &str = include_str!("../../src/verification/refusal.rs");

#[test]
fn every_reason_is_on_the_page() {
    let (_, ids) = REFUSALS.split_once("pub fn id(&self)").unwrap();
    let ids: Vec<&str> = ids
        .lines()
        .filter_map(|line| line.split_once("=> \"")?.1.strip_suffix("\","))
        .collect();
    assert!(ids.len() > 20, "{ids:?}");
    for id in ids {
        assert!(PAGE.contains(&format!("`{id}`")), "{id}");
    }
}

#[test]
fn every_word_is_on_the_page() {
    for (word, uri) in PredicateType::WORDS {
        let row = format!("| `{word}` | `{uri}` |");
        assert!(word == "signature" || PAGE.contains(&row), "{row}");
    }
}
