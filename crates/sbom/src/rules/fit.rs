//! Taking out of a document what the rules of its version have no room for.

use super::{Fields, Rule, Rules};
use crate::document::Losses;
use crate::node::Node;

/// Takes out of a value whatever breaks the rule with this name. Old versions let unknown fields
/// pass; here they are taken out, for no reader of that version knows them.
///
/// What must be there and is wrong takes what it is in with it.
pub(crate) fn fit(rules: &Rules, name: &str, node: &mut Node, losses: &mut Losses) {
    let mut fitting = Fitting {
        rules,
        losses,
        whose: "the document".to_owned(),
    };
    fitting.fit(rules.named(name), node, 0);
}

/// The deepest nesting that is looked into; what is deeper came from no reader of ours.
const DEEPEST: usize = 150;

struct Fitting<'a> {
    rules: &'a Rules,
    losses: &'a mut Losses,
    /// What the value belongs to, for the examples.
    whose: String,
}

impl Fitting<'_> {
    /// Makes a value right if that can be done by taking out of it. Says whether it is right.
    fn fit(&mut self, rule: &Rule, node: &mut Node, depth: usize) -> bool {
        if depth > DEEPEST {
            return self.rules.keeps(rule, node);
        }
        let rules = self.rules;
        match rules.resolve(rule) {
            Rule::All(parts) => {
                for part in parts {
                    self.fit(part, node, depth);
                }
            }
            Rule::Fields(fields) => self.fit_fields(fields, node, depth),
            Rule::Elements(rule) => {
                if let Node::List(list) = node {
                    let before = list.len();
                    list.retain_mut(|element| self.fit(rule, element, depth + 1));
                    if list.len() < before {
                        self.losses
                            .add("entry with a form that this version has not", &self.whose);
                    }
                }
            }
            Rule::Some(parts) | Rule::One(parts) if !rules.keeps(rule, node) => {
                // The first form that a part of the value has.
                for part in parts {
                    let mut copy = node.clone();
                    let mut quiet = Losses::default();
                    let mut inner = Fitting {
                        rules,
                        losses: &mut quiet,
                        whose: self.whose.clone(),
                    };
                    if inner.fit(part, &mut copy, depth + 1) && rules.keeps(rule, &copy) {
                        *node = copy;
                        for (sort, loss) in quiet.iter() {
                            for example in &loss.examples {
                                self.losses.add(sort, example);
                            }
                        }
                        break;
                    }
                }
            }
            Rule::Unique => {
                if let Node::List(list) = node
                    && !rules.keeps(rule, &Node::List(list.clone()))
                {
                    let mut seen: std::collections::HashSet<String> =
                        std::collections::HashSet::new();
                    list.retain(|element| {
                        seen.insert(serde_json::to_string(element).unwrap_or_default())
                    });
                    self.losses.add("entry that is there twice", &self.whose);
                }
            }
            Rule::Form(super::values::Form::Line) => {
                if let Node::Text(text) = node
                    && !rules.keeps(rule, &Node::text(text.as_str()))
                {
                    *text = text
                        .split(['\n', '\r', '\u{2028}', '\u{2029}'])
                        .collect::<Vec<_>>()
                        .join(" ");
                    self.losses.add("line breaks", &self.whose);
                }
            }
            _ => {}
        }
        rules.keeps(rule, node)
    }

    fn fit_fields(&mut self, fields: &Fields, node: &mut Node, depth: usize) {
        let name = node
            .str_of("bom-ref")
            .or_else(|| node.str_of("SPDXID"))
            .or_else(|| node.str_of("name"))
            .or_else(|| node.str_of("id"))
            .map(str::to_owned);
        let Node::Object(given) = node else { return };
        let outer = name.map(|name| std::mem::replace(&mut self.whose, name));
        given.retain_mut(|(name, value)| {
            let known = fields
                .places
                .get(name.as_ref())
                .and_then(|place| fields.list.get(*place));
            let kept = match (known, &fields.others) {
                (Some(field), _) => self.fit(&field.rule, value, depth + 1),
                (None, Some(rule)) => self.fit(rule, value, depth + 1),
                // An object without any known field may hold whatever it likes.
                (None, None) => !fields.closed && (fields.list.is_empty() || name == "$schema"),
            };
            if !kept {
                let what = if known.is_some() {
                    "value of field"
                } else {
                    "field"
                };
                self.losses.add(format!("{what} `{name}`"), &self.whose);
            }
            kept
        });
        if let Some(outer) = outer {
            self.whose = outer;
        }
    }
}
