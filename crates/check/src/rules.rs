//! All rules: those of the program, and those of the user.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::kinds;
use crate::rule::{self, InvalidRule, Rule};

/// A rule of the program, as text.
struct EmbeddedRule {
    /// The id of its kind: its folder.
    kind: &'static str,
    /// Its id: the file's name.
    name: &'static str,
    text: &'static str,
}

static EMBEDDED: &[EmbeddedRule] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// Largest file of a user's rule, in bytes.
pub const MOST_RULE: usize = 1 << 20;

/// Rules by the kind of document that they apply to. Those of the program are understood when a
/// document of their kind is there.
#[derive(Debug)]
pub struct Rules {
    /// One place for each kind.
    embedded: Vec<OnceLock<Vec<Rule>>>,
    own: BTreeMap<&'static str, Vec<Rule>>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            embedded: kinds::ALL.iter().map(|_| OnceLock::new()).collect(),
            own: BTreeMap::new(),
        }
    }
}

impl Rules {
    /// Adds a rule of the user. One with the id of another takes its place.
    ///
    /// # Errors
    /// If the text is no rule.
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), InvalidRule> {
        let rule = rule::read(file, text)?;
        let own = self.own.entry(rule.kind.id).or_default();
        own.retain(|other| other.id != rule.id);
        own.push(rule);
        own.sort_by(|left, right| left.id.cmp(&right.id));
        Ok(())
    }

    /// The rules for a kind of document, in the order of their ids, the user's last.
    ///
    /// # Panics
    /// If a rule of the program is invalid, which a test excludes.
    pub fn of(&self, kind: &str) -> Vec<&Rule> {
        let own = self.own.get(kind).map_or(&[][..], Vec::as_slice);
        let place = kinds::ALL.iter().position(|known| known.id == kind);
        let embedded = place
            .and_then(|place| self.embedded.get(place))
            .map_or(&[][..], |rules| rules.get_or_init(|| embedded(kind)));
        let replaced = |rule: &Rule| own.iter().any(|other| other.id == rule.id);
        embedded
            .iter()
            .filter(|rule| !replaced(rule))
            .chain(own)
            .collect()
    }

    /// All rules, kind by kind.
    pub fn all(&self) -> Vec<&Rule> {
        kinds::ALL
            .iter()
            .flat_map(|kind| self.of(kind.id))
            .collect()
    }

    /// The rules that the user added.
    pub fn own(&self) -> impl Iterator<Item = &Rule> {
        self.own.values().flatten()
    }

    /// The rule with this id.
    pub fn find(&self, id: &str) -> Option<&Rule> {
        self.all().into_iter().find(|rule| rule.id == id)
    }
}

/// The rules of the program for a kind.
fn embedded(kind: &str) -> Vec<Rule> {
    EMBEDDED
        .iter()
        .filter(|embedded| embedded.kind == kind)
        .map(|embedded| rule::read(embedded.name, embedded.text).expect("a test reads every rule"))
        .collect()
}

/// The text of a rule of the program.
pub fn embedded_text(id: &str) -> Option<&'static str> {
    let found = EMBEDDED.iter().find(|embedded| embedded.name == id);
    found.map(|embedded| embedded.text)
}

/// The most severe first, then by id.
pub fn order(left: &Rule, right: &Rule) -> std::cmp::Ordering {
    (right.severity, &left.id).cmp(&(left.severity, &right.id))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_rules_of_the_program_are_valid_and_named_after_their_files() {
        let mut ids = BTreeSet::new();
        for embedded in EMBEDDED {
            let rule = match rule::read(embedded.name, embedded.text) {
                Ok(rule) => rule,
                Err(error) => panic!("rules/{}/{error}", embedded.kind),
            };
            assert_eq!(rule.id, embedded.name, "rules/{}", embedded.kind);
            assert_eq!(rule.kind.id, embedded.kind, "{}", rule.id);
            assert!(ids.insert(rule.id.clone()), "{} is there twice", rule.id);
            assert!(!rule.title.ends_with('.'), "{}", rule.id);
            let sentences = rule.why.matches(['.', '?']).count();
            assert!(sentences >= 1 && rule.why.len() > 40, "{}: why", rule.id);
            assert!(!rule.references.is_empty(), "{}: references", rule.id);
        }
    }

    #[test]
    fn a_rule_of_the_user_takes_the_place_of_one_of_the_program() {
        let mut rules = Rules::default();
        let first = EMBEDDED.first().expect("there are rules");
        let before = rules.all().len();
        let text = first.text.replacen("title: ", "title: My own: ", 1);
        rules
            .add("own.yaml", &text.replacen("My own: ", "My own ", 1))
            .unwrap();
        assert_eq!(rules.all().len(), before);
        assert!(rules.find(first.name).unwrap().title.starts_with("My own"));
    }
}
