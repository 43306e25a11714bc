//! The structural rules of the formats: which fields there are, which must be there, and what may
//! stand in them.
//!
//! The rules are tables in a notation of our own (`tables/`, described in `parse.rs`), derived from
//! the specifications. They serve twice: `check.rs` says where a document breaks them, and `fit.rs`
//! takes out of a document what an older version of its format has no room for. That the verdicts
//! are those of the official schemas is tested with many documents.

mod check;
mod fit;
mod parse;
mod values;

use std::collections::HashMap;
use std::sync::OnceLock;

pub(crate) use fit::fit;
pub(crate) use values::{is_iri_reference, is_license_id};

/// A rule that a value keeps or breaks. A rule about fields says nothing of what is no object, one
/// about elements nothing of what is no array, and so on.
#[derive(Debug)]
enum Rule {
    /// Everything is right.
    Any,
    /// Nothing is right.
    Never,
    /// The rule with this place in the list.
    Named(usize),
    /// A value of this type.
    Type(Type),
    /// An object with these fields.
    Fields(Fields),
    /// An array of which each element keeps this rule.
    Elements(Box<Rule>),
    /// An array that begins with elements of these rules, and whether more may follow.
    Beginning(Vec<Rule>, bool),
    /// A text that is one of these.
    OneOf(Vec<String>),
    /// The number of characters, elements or fields.
    Size(Size, usize),
    /// A number that is at least this.
    Least(f64),
    /// A number that is at most this.
    Most(f64),
    /// An array without doubles.
    Unique,
    /// A text in which this expression is found.
    Pattern(regex::Regex),
    /// A text of this form.
    Form(values::Form),
    /// If the first field is there, the others must be.
    Needs(String, Vec<String>),
    /// All of these.
    All(Vec<Rule>),
    /// At least one of these.
    Some(Vec<Rule>),
    /// Exactly one of these.
    One(Vec<Rule>),
    /// Not this.
    Not(Box<Rule>),
    /// If the first then the second, else the third.
    If(Box<(Rule, Rule, Rule)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Object,
    Array,
    Text,
    Number,
    Integer,
    Bool,
    Null,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Size {
    LeastLetters,
    MostLetters,
    LeastElements,
    MostElements,
}

#[derive(Debug, Default)]
struct Fields {
    list: Vec<Field>,
    places: HashMap<String, usize>,
    /// Whether no others may be there.
    closed: bool,
    /// The rule for all others.
    others: Option<Box<Rule>>,
}

#[derive(Debug)]
struct Field {
    name: String,
    required: bool,
    rule: Rule,
}

/// The rules of one version of a format.
#[derive(Debug)]
pub(crate) struct Rules {
    named: Vec<Rule>,
    names: HashMap<String, usize>,
}

/// What is wrong at a place of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The place, as a JSON pointer.
    pub(crate) pointer: String,
    /// What is wrong, in words.
    pub(crate) text: String,
}

macro_rules! rules {
    ($($name:ident: $($file:literal),+;)*) => {
        $(
            /// The rules of this format and version.
            pub(crate) fn $name() -> &'static Rules {
                static RULES: OnceLock<Rules> = OnceLock::new();
                RULES.get_or_init(|| Rules::read(&[$(include_str!(concat!("tables/", $file))),+]))
            }
        )*

        #[cfg(test)]
        const ALL: &[fn() -> &'static Rules] = &[$($name),*];
    };
}

rules! {
    cyclonedx_1_2: "cyclonedx-1.2.rules", "cyclonedx-shared.rules";
    cyclonedx_1_3: "cyclonedx-1.3.rules", "cyclonedx-shared.rules";
    cyclonedx_1_4: "cyclonedx-1.4.rules", "cyclonedx-shared.rules";
    cyclonedx_1_5: "cyclonedx-1.5.rules", "cyclonedx-shared.rules";
    cyclonedx_1_6: "cyclonedx-1.6.rules", "cyclonedx-shared.rules";
    cyclonedx_1_7: "cyclonedx-1.7.rules", "cyclonedx-shared.rules";
    spdx_2_3: "spdx-2.3.rules";
    spdx_3_0_1: "spdx-3.0.1.rules";
}

/// The rules of CycloneDX 1.`minor`.
pub(crate) fn cyclonedx(minor: u8) -> &'static Rules {
    match minor {
        0..=2 => cyclonedx_1_2(),
        3 => cyclonedx_1_3(),
        4 => cyclonedx_1_4(),
        5 => cyclonedx_1_5(),
        6 => cyclonedx_1_6(),
        _ => cyclonedx_1_7(),
    }
}

impl Rules {
    fn rule(&self, place: usize) -> &Rule {
        self.named.get(place).unwrap_or(&Rule::Any)
    }

    /// The rule with this name.
    fn named(&self, name: &str) -> &Rule {
        self.names
            .get(name)
            .map_or(&Rule::Any, |place| self.rule(*place))
    }

    /// The rule itself, where one only names another.
    fn resolve<'a>(&'a self, rule: &'a Rule) -> &'a Rule {
        let mut rule = rule;
        // The tables have no circle of names; this makes sure that none could hang us.
        for _ in 0..32 {
            match rule {
                Rule::Named(place) => rule = self.rule(*place),
                other => return other,
            }
        }
        rule
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_tables_can_be_read() {
        for rules in ALL {
            let rules = rules();
            assert!(!matches!(rules.named("document"), Rule::Any));
        }
    }
}
