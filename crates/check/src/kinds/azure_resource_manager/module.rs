//! A template or a file of Bicep with its arguments: what the names in its expressions mean.

use std::cell::RefCell;
use std::collections::HashMap;

use linchpin_document::{Node, NodeValue};

use super::evaluation::{Scope, holds_unknown};
use super::expression::Language;
use super::world::World;

/// Largest value that a name may stand for.
const MOST_VALUES: usize = 20_000;

/// What a name stands for; nothing while that is being found out, and where it is not known.
type Known = Option<Node>;

/// A template or file with its arguments.
pub(super) struct Module<'w, 'd> {
    pub(super) world: &'w World,
    pub(super) language: Language,
    /// The whole document.
    pub(super) document: &'d Node,
    /// By names in lower case.
    arguments: HashMap<String, Node>,
    parameters: HashMap<String, &'d Node>,
    variables: HashMap<String, &'d Node>,
    known: RefCell<HashMap<String, Known>>,
}

impl<'w, 'd> Module<'w, 'd> {
    pub(super) fn new(
        world: &'w World,
        language: Language,
        document: &'d Node,
        arguments: HashMap<String, Node>,
    ) -> Self {
        let by_name = |name: &str| {
            let members = document.get(name).map_or(&[][..], Node::members).iter();
            let named = members.map(|member| (member.key.to_lowercase(), &member.value));
            named.collect::<HashMap<_, _>>()
        };
        Self {
            world,
            language,
            document,
            arguments,
            parameters: by_name("parameters"),
            variables: by_name("variables"),
            known: RefCell::default(),
        }
    }

    /// What a name of Bicep stands for.
    pub(super) fn named(&self, name: &str) -> Known {
        let name = name.to_lowercase();
        if self.variables.contains_key(&name) {
            self.variable(&name)
        } else {
            self.parameter(&name)
        }
    }

    /// The value of a parameter: its argument, or else its default.
    pub(super) fn parameter(&self, name: &str) -> Known {
        let name = name.to_lowercase();
        if let Some(argument) = self.arguments.get(&name) {
            self.world.spend(argument.size());
            return Some(argument.clone()).filter(|node| !holds_unknown(node));
        }
        let default = self.parameters.get(&name)?.get("defaultValue")?;
        self.remembered(format!("parameter {name}"), default)
    }

    pub(super) fn variable(&self, name: &str) -> Known {
        let name = name.to_lowercase();
        if let Some(value) = self.variables.get(&name) {
            return self.remembered(format!("variable {name}"), value);
        }
        // A loop of variables makes one with its name.
        let copies = self.variables.get("copy")?.items().iter();
        let mut copies = copies.filter(|copy| copy.find_text(&["name"]).is_some());
        let copy = copies.find(|copy| {
            let known = copy.find_text(&["name"]).unwrap_or_default();
            known.eq_ignore_ascii_case(&name)
        })?;
        self.world.deeper(|| self.copied(copy, None)).flatten()
    }

    /// What a name stands for, found out once. What needs itself to be known is not known.
    fn remembered(&self, key: String, value: &Node) -> Known {
        if let Some(known) = self.known.borrow().get(&key) {
            if let Some(node) = known {
                self.world.spend(node.size());
            }
            return known.clone();
        }
        self.known.borrow_mut().insert(key.clone(), None);
        let found = self.world.deeper(|| self.value(value, None));
        let found = found.filter(|node| node.size() <= MOST_VALUES && !holds_unknown(node));
        self.known.borrow_mut().insert(key, found.clone());
        found
    }

    /// What the arguments of a call are, by names in lower case. `inner` is where each value stands.
    pub(super) fn arguments_of(
        &self,
        given: &Node,
        scope: Option<&Scope<'_>>,
        inner: Option<&str>,
    ) -> HashMap<String, Node> {
        let members = given.members().iter().filter_map(|member| {
            let value = match inner {
                Some(inner) => member.value.get(inner)?,
                None => &member.value,
            };
            Some((member.key.to_lowercase(), self.value(value, scope)))
        });
        members.collect()
    }

    /// Whether something is there, as far as its condition says.
    pub(super) fn is_there(&self, condition: Option<&Node>, scope: Option<&Scope<'_>>) -> bool {
        let condition = condition.map(|condition| self.value(condition, scope));
        !matches!(
            condition.map(|condition| condition.value),
            Some(NodeValue::Boolean(false))
        )
    }
}
