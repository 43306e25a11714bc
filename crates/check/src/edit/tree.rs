//! Things in the tree of a text as it is written.
//!
//! What rules look at is evaluated, joined and completed; where it begins is where it is written.

use std::collections::HashMap;

use linchpin_document::{Member, Node, NodeValue, Position};

use super::Wrong;
use crate::place::Step;

/// The values of a text by their places.
pub(super) struct Tree<'n> {
    /// The innermost of those that begin at a place.
    by_start: HashMap<Position, &'n Node>,
    /// By the place of their names.
    by_name: HashMap<Position, &'n Node>,
}

/// How far a way can be followed.
pub(super) struct Followed<'n, 'p> {
    /// The last value that is there.
    pub(super) node: &'n Node,
    /// The name or list in which it stands, if it took a step to it.
    pub(super) member: Option<&'n Member>,
    /// What holds it.
    pub(super) around: Option<&'n Node>,
    /// What is not there.
    pub(super) rest: &'p [Step],
}

impl<'n> Tree<'n> {
    pub(super) fn new(documents: &'n [Node]) -> Self {
        let mut tree = Self {
            by_start: HashMap::new(),
            by_name: HashMap::new(),
        };
        let mut waiting: Vec<&Node> = documents.iter().rev().collect();
        while let Some(node) = waiting.pop() {
            // What is within comes later, and takes the place of what is around it.
            tree.by_start.insert(node.start, node);
            waiting.extend(node.items().iter().rev());
            for member in node.members() {
                tree.by_name.insert(member.key_start, &member.value);
            }
            waiting.extend(node.members().iter().rev().map(|member| &member.value));
        }
        tree
    }

    /// Follows a way from a thing. A thing may begin at its name, where the map that holds it may
    /// begin as well; nothing if it is not clear which of them is meant.
    pub(super) fn follow<'p>(
        &self,
        wrong: &Wrong<'_>,
        way: &'p [Step],
    ) -> Option<Followed<'n, 'p>> {
        let here = self.by_start.get(&wrong.start).copied();
        let named = self.by_name.get(&wrong.start).copied();
        let candidates = [here, named];
        let maps: Vec<&Node> = candidates
            .into_iter()
            .flatten()
            .filter(|node| matches!(node.value, NodeValue::Map(_)))
            .collect();
        let begins = |node: &Node| match way.first() {
            Some(Step::Name(name)) => node.get(name).is_some(),
            _ => true,
        };
        let thing = match maps.as_slice() {
            [] => here.filter(|_| way.is_empty())?,
            [one] => one,
            several => {
                let holds_first =
                    |node: &&&Node| wrong.first.is_some_and(|name| node.get(name).is_some());
                let found = several.iter().find(|node| begins(node));
                found.or_else(|| several.iter().find(holds_first))?
            }
        };
        Some(followed(thing, way))
    }

    /// The value that begins at a place.
    pub(super) fn at(&self, start: Position) -> Option<&'n Node> {
        self.by_start.get(&start).copied()
    }
}

fn followed<'n, 'p>(thing: &'n Node, way: &'p [Step]) -> Followed<'n, 'p> {
    let mut followed = Followed {
        node: thing,
        member: None,
        around: None,
        rest: way,
    };
    while let Some((step, rest)) = followed.rest.split_first() {
        let node = followed.node;
        let next = match step {
            Step::Name(name) => node
                .member(name)
                .map(|member| (&member.value, Some(member))),
            Step::Item(place) => match &node.value {
                NodeValue::List(items) => items.get(*place).map(|item| (item, None)),
                // In the JSON form of Terraform one block stands without a list.
                NodeValue::Map(_) if *place == 0 => Some((node, followed.member)),
                _ => None,
            },
        };
        let Some((inner, member)) = next else {
            break;
        };
        followed = Followed {
            node: inner,
            member,
            around: Some(node),
            rest,
        };
    }
    followed
}
