//! Whether a value keeps a rule, and where it does not.

use std::collections::HashSet;

use sha2::{Digest as _, Sha256};

use super::{Fields, Problem, Rule, Rules, Size, Type};
use crate::node::Node;

/// The number of problems after which no more are looked for.
const MOST_PROBLEMS: usize = 1000;

/// The longest text that is shown in a message.
const SHOWN: usize = 80;

impl Rules {
    /// Whether a value keeps the rule with this name.
    pub(crate) fn holds(&self, name: &str, node: &Node) -> bool {
        self.keeps(self.named(name), node)
    }

    /// Where a value breaks the rule with this name.
    pub(crate) fn problems(&self, name: &str, node: &Node, pointer: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut place = pointer.to_owned();
        self.check(self.named(name), node, &mut place, &mut problems);
        problems
    }

    pub(super) fn keeps(&self, rule: &Rule, node: &Node) -> bool {
        match rule {
            Rule::Any => true,
            Rule::Never => false,
            Rule::Named(place) => self.keeps(self.rule(*place), node),
            Rule::Type(kind) => is(*kind, node),
            Rule::Fields(fields) => match node {
                Node::Object(given) => self.keeps_fields(fields, given, node),
                _ => true,
            },
            Rule::Elements(rule) => match node {
                Node::List(list) => list.iter().all(|element| self.keeps(rule, element)),
                _ => true,
            },
            Rule::Beginning(rules, more) => match node {
                Node::List(list) => {
                    (*more || list.len() <= rules.len())
                        && list
                            .iter()
                            .zip(rules)
                            .all(|(element, rule)| self.keeps(rule, element))
                }
                _ => true,
            },
            Rule::OneOf(texts) => node
                .as_str()
                .is_some_and(|text| texts.iter().any(|known| known == text)),
            Rule::Size(size, number) => keeps_size(*size, *number, node),
            Rule::Least(least) => number(node).is_none_or(|number| number >= *least),
            Rule::Most(most) => number(node).is_none_or(|number| number <= *most),
            Rule::Unique => node.as_list().is_none_or(are_unique),
            Rule::Pattern(expression) => node.as_str().is_none_or(|text| expression.is_match(text)),
            Rule::Form(form) => match form {
                super::values::Form::LicenseId => {
                    node.as_str().is_some_and(|text| form.holds(text))
                }
                _ => node.as_str().is_none_or(|text| form.holds(text)),
            },
            Rule::Needs(first, others) => {
                node.get(first).is_none() || others.iter().all(|name| node.get(name).is_some())
            }
            Rule::All(rules) => rules.iter().all(|rule| self.keeps(rule, node)),
            Rule::Some(rules) => rules.iter().any(|rule| self.keeps(rule, node)),
            Rule::One(rules) => rules.iter().filter(|rule| self.keeps(rule, node)).count() == 1,
            Rule::Not(rule) => !self.keeps(rule, node),
            Rule::If(parts) => {
                let (condition, then, otherwise) = parts.as_ref();
                let next = if self.keeps(condition, node) {
                    then
                } else {
                    otherwise
                };
                self.keeps(next, node)
            }
        }
    }

    fn keeps_fields(&self, fields: &Fields, given: &crate::node::Fields, node: &Node) -> bool {
        // What tells kinds of objects apart stands first: most alternatives fail at once.
        for field in &fields.list {
            match node.get(&field.name) {
                Some(value) if !self.keeps(&field.rule, value) => return false,
                None if field.required => return false,
                _ => {}
            }
        }
        given
            .iter()
            .filter(|(name, _)| !fields.places.contains_key(name.as_ref()))
            .all(|(_, value)| match &fields.others {
                Some(rule) => self.keeps(rule, value),
                None => !fields.closed,
            })
    }

    fn check(&self, rule: &Rule, node: &Node, place: &mut String, problems: &mut Vec<Problem>) {
        if problems.len() >= MOST_PROBLEMS || self.keeps(rule, node) {
            return;
        }
        macro_rules! say {
            ($text:expr) => {
                problems.push(Problem {
                    pointer: place.clone(),
                    text: $text,
                })
            };
        }
        match rule {
            Rule::Named(number) => self.check(self.rule(*number), node, place, problems),
            Rule::All(rules) => {
                for rule in rules {
                    self.check(rule, node, place, problems);
                    // What is of the wrong type breaks the other rules too.
                    if matches!(rule, Rule::Type(_)) && !self.keeps(rule, node) {
                        return;
                    }
                }
            }
            Rule::Fields(fields) => self.check_fields(fields, node, place, problems),
            Rule::Elements(rule) => {
                for (index, element) in node.as_list().into_iter().flatten().enumerate() {
                    self.inside(&index.to_string(), rule, element, place, problems);
                }
            }
            Rule::Beginning(rules, _) => {
                let list = node.as_list().unwrap_or_default();
                for (index, (element, rule)) in list.iter().zip(rules).enumerate() {
                    self.inside(&index.to_string(), rule, element, place, problems);
                }
                if list.len() > rules.len() {
                    say!(format!(
                        "has {} elements where there may be {}",
                        list.len(),
                        rules.len()
                    ));
                }
            }
            Rule::Some(rules) | Rule::One(rules) => {
                // The one that was meant is the one of the right kind.
                match rules.iter().find(|rule| self.is_meant(rule, node)) {
                    Some(rule) if !self.keeps(rule, node) => {
                        self.check(rule, node, place, problems);
                    }
                    _ => say!(match rule {
                        Rule::One(rules) if rules.iter().any(|rule| self.keeps(rule, node)) => {
                            "has several forms of which only one may be used".to_owned()
                        }
                        _ => "has none of the forms that are possible here".to_owned(),
                    }),
                }
            }
            Rule::If(parts) => {
                let (condition, then, otherwise) = parts.as_ref();
                let next = if self.keeps(condition, node) {
                    then
                } else {
                    otherwise
                };
                self.check(next, node, place, problems);
            }
            Rule::Type(kind) => say!(format!(
                "is {} where {} is wanted",
                type_of(node),
                kind.label()
            )),
            Rule::OneOf(texts) => say!(match texts.as_slice() {
                [one] => format!("is {} where `{one}` is wanted", shown(node)),
                _ => format!(
                    "is {}, which is none of the words that are possible here",
                    shown(node)
                ),
            }),
            Rule::Size(size, number) => say!(match size {
                Size::LeastLetters => format!("is shorter than {number} characters"),
                Size::MostLetters => format!("is longer than {number} characters"),
                Size::LeastElements => format!("has fewer than {number} elements"),
                Size::MostElements => format!("has more than {number} elements"),
            }),
            Rule::Least(least) => say!(format!("is less than {least}")),
            Rule::Most(most) => say!(format!("is more than {most}")),
            Rule::Unique => say!("has an element twice".to_owned()),
            Rule::Pattern(expression) => {
                say!(format!(
                    "is {}, which does not match `{expression}`",
                    shown(node)
                ));
            }
            Rule::Form(form) => say!(format!("is {}, which is not {}", shown(node), form.label())),
            Rule::Needs(first, others) => {
                say!(format!(
                    "has `{first}` without `{}`",
                    others.join("` and `")
                ));
            }
            Rule::Not(_) => say!("has a form that is not possible here".to_owned()),
            Rule::Never => say!("may not be here".to_owned()),
            Rule::Any => {}
        }
    }

    /// Whether a value looks like what a rule is about: of the same type, and with the same words
    /// in the fields that tell objects apart.
    fn is_meant(&self, rule: &Rule, node: &Node) -> bool {
        match self.resolve(rule) {
            Rule::All(rules) => rules.iter().all(|rule| self.is_meant(rule, node)),
            Rule::Type(kind) => is(*kind, node),
            Rule::OneOf(_) => node.as_str().is_some(),
            Rule::Fields(fields) => {
                let mut any = fields.list.is_empty();
                for field in &fields.list {
                    let value = node.get(&field.name);
                    any |= value.is_some();
                    if let (Rule::OneOf(texts), Some(value)) = (self.resolve(&field.rule), value)
                        && texts.len() == 1
                        && value.as_str() != texts.first().map(String::as_str)
                    {
                        return false;
                    }
                }
                any
            }
            Rule::Not(_) => self.keeps(rule, node),
            _ => true,
        }
    }

    fn check_fields(
        &self,
        fields: &Fields,
        node: &Node,
        place: &mut String,
        problems: &mut Vec<Problem>,
    ) {
        for field in &fields.list {
            match node.get(&field.name) {
                Some(value) => self.inside(&field.name, &field.rule, value, place, problems),
                None if field.required => problems.push(Problem {
                    pointer: place.clone(),
                    text: format!("has no `{}`", field.name),
                }),
                None => {}
            }
        }
        for (name, value) in node.as_object().into_iter().flatten() {
            if fields.places.contains_key(name.as_ref()) {
                continue;
            }
            match &fields.others {
                Some(rule) => self.inside(name, rule, value, place, problems),
                None if fields.closed && problems.len() < MOST_PROBLEMS => {
                    let name: String = name.chars().take(SHOWN).collect();
                    problems.push(Problem {
                        pointer: place.clone(),
                        text: format!("has a field `{name}`, which is not known here"),
                    });
                }
                None => {}
            }
        }
    }

    fn inside(
        &self,
        name: &str,
        rule: &Rule,
        node: &Node,
        place: &mut String,
        problems: &mut Vec<Problem>,
    ) {
        let length = place.len();
        place.push('/');
        place.push_str(&name.replace('~', "~0").replace('/', "~1"));
        self.check(rule, node, place, problems);
        place.truncate(length);
    }
}

impl Type {
    fn label(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "an array",
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Integer => "a whole number",
            Self::Bool => "true or false",
            Self::Null => "null",
        }
    }
}

fn type_of(node: &Node) -> &'static str {
    match node {
        Node::Null => Type::Null,
        Node::Bool(_) => Type::Bool,
        Node::Number(_) => Type::Number,
        Node::Text(_) => Type::Text,
        Node::List(_) => Type::Array,
        Node::Object(_) => Type::Object,
    }
    .label()
}

fn is(kind: Type, node: &Node) -> bool {
    match (kind, node) {
        (Type::Object, Node::Object(_))
        | (Type::Array, Node::List(_))
        | (Type::Text, Node::Text(_))
        | (Type::Number, Node::Number(_))
        | (Type::Bool, Node::Bool(_))
        | (Type::Null, Node::Null) => true,
        (Type::Integer, Node::Number(number)) => {
            number.is_i64()
                || number.is_u64()
                || number.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        _ => false,
    }
}

fn number(node: &Node) -> Option<f64> {
    match node {
        Node::Number(number) => number.as_f64(),
        _ => None,
    }
}

fn keeps_size(size: Size, number: usize, node: &Node) -> bool {
    match (size, node) {
        (Size::LeastLetters, Node::Text(text)) => text.chars().count() >= number,
        (Size::MostLetters, Node::Text(text)) => text.chars().count() <= number,
        (Size::LeastElements, Node::List(list)) => list.len() >= number,
        (Size::MostElements, Node::List(list)) => list.len() <= number,
        _ => true,
    }
}

/// Whether no element is there twice. Elements are compared by a text that is the same for equal
/// values, so that a long list costs no more than its length.
/// Elements are compared by their digests: the texts of all components of a large document would
/// take as much memory as the document.
fn are_unique(list: &[Node]) -> bool {
    if list.len() < 2 {
        return true;
    }
    let mut seen = HashSet::with_capacity(list.len());
    let mut text = String::new();
    list.iter().all(|element| {
        text.clear();
        canonical(element, &mut text);
        seen.insert(<[u8; 32]>::from(Sha256::digest(text.as_bytes())))
    })
}

fn canonical(node: &Node, text: &mut String) {
    use std::fmt::Write as _;
    match node {
        Node::Null => text.push('n'),
        Node::Bool(value) => text.push(if *value { 't' } else { 'f' }),
        Node::Number(number) => {
            let _ = match number.as_f64() {
                Some(float) if float.fract() == 0.0 && float.abs() < 9e15 => {
                    write!(text, "{float:.0}")
                }
                _ => write!(text, "{number}"),
            };
        }
        Node::Text(value) => {
            let _ = write!(text, "{value:?}");
        }
        Node::List(list) => {
            text.push('[');
            for element in list {
                canonical(element, text);
                text.push(',');
            }
            text.push(']');
        }
        Node::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by(|left, right| left.0.cmp(&right.0));
            text.push('{');
            for (name, value) in sorted {
                let _ = write!(text, "{name:?}:");
                canonical(value, text);
                text.push(',');
            }
            text.push('}');
        }
    }
}

fn shown(node: &Node) -> String {
    match node {
        Node::Text(text) => format!("`{}`", text.chars().take(SHOWN).collect::<String>()),
        other => type_of(other).to_owned(),
    }
}
