//! Values as evaluation passes them on: names that loops give, and what is not known.

use std::sync::Arc;

use linchpin_document::{Node, NodeValue, Position};

use crate::policy_statements::move_places;

/// An expression that has no value: something is asked for that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failed;

/// What an expression comes to.
pub(super) type Evaluated = Result<Node, Failed>;

/// A name that a loop gives, and those around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'s> {
    pub(super) name: &'s str,
    pub(super) value: &'s Node,
    pub(super) around: Option<&'s Scope<'s>>,
}

impl<'s> Scope<'s> {
    /// The value of a name.
    pub(super) fn find(this: Option<&'s Self>, name: &str) -> Option<&'s Node> {
        let mut next = this;
        while let Some(scope) = next {
            if scope.name == name {
                return Some(scope.value);
            }
            next = scope.around;
        }
        None
    }
}

/// The text of an expression whose value is not known.
pub(super) fn unknown(at: Position, written: &str) -> Node {
    Node::text(at, format!("${{{written}}}"))
}

/// Whether a value is not known, or not all of it.
pub(super) fn is_unknown(node: &Node) -> bool {
    let text = node.as_text();
    text.is_some_and(|text| text.contains("${") || text.contains("%{"))
}

/// Whether anything in a value is not known.
pub(super) fn holds_unknown(node: &Node) -> bool {
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        if is_unknown(node) {
            return true;
        }
        waiting.extend(node.items());
        waiting.extend(node.members().iter().map(|member| &member.value));
    }
    false
}

/// How deep a value nests.
pub(super) fn depth(node: &Node) -> usize {
    let mut waiting = vec![(node, 1)];
    let mut deepest = 0;
    while let Some((node, depth)) = waiting.pop() {
        deepest = deepest.max(depth);
        waiting.extend(node.items().iter().map(|item| (item, depth + 1)));
        let values = node.members().iter().map(|member| &member.value);
        waiting.extend(values.map(|value| (value, depth + 1)));
    }
    deepest
}

/// A value at the place where it is used. What stands elsewhere must not be pointed at in this file.
pub(super) fn moved(mut node: Node, at: Position) -> Node {
    move_places(&mut node, &|_| at);
    node
}

/// A truth, as Terraform takes it: the texts `true` and `false` are some.
pub(super) fn truth(node: &Node) -> Option<bool> {
    match &node.value {
        NodeValue::Boolean(flag) => Some(*flag),
        NodeValue::Text(text) => text.parse().ok(),
        _ => None,
    }
}

/// A number, as Terraform takes it.
pub(super) fn number(node: &Node) -> Option<f64> {
    match &node.value {
        #[expect(
            clippy::cast_precision_loss,
            reason = "numbers of configurations are small"
        )]
        NodeValue::Integer(number) => Some(*number as f64),
        NodeValue::Number(number) => Some(*number),
        NodeValue::Text(text) => text.parse().ok(),
        _ => None,
    }
}

/// A value as a text; none of lists and maps.
pub(super) fn text(node: &Node) -> Option<Arc<String>> {
    match &node.value {
        NodeValue::Text(text) => Some(Arc::clone(text)),
        NodeValue::Boolean(flag) => Some(Arc::new(flag.to_string())),
        NodeValue::Integer(number) => Some(Arc::new(number.to_string())),
        NodeValue::Number(number) => Some(Arc::new(number.to_string())),
        NodeValue::Null | NodeValue::List(_) | NodeValue::Map(_) => None,
    }
}

/// A number as a value.
pub(super) fn number_node(at: Position, number: f64) -> Node {
    let value = if number.fract() == 0.0 && number.abs() < 9e15 {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
        NodeValue::Integer(number as i64)
    } else {
        NodeValue::Number(number)
    };
    Node::at(at, value)
}

/// Whether two values are the same, wherever they stand.
pub(super) fn same(left: &Node, right: &Node) -> bool {
    let mut waiting = vec![(left, right)];
    while let Some((left, right)) = waiting.pop() {
        match (&left.value, &right.value) {
            (NodeValue::List(left), NodeValue::List(right)) if left.len() == right.len() => {
                waiting.extend(left.iter().zip(right));
            }
            (NodeValue::Map(left), NodeValue::Map(other)) if left.len() == other.len() => {
                for member in left {
                    let Some(value) = right.get(&member.key) else {
                        return false;
                    };
                    waiting.push((&member.value, value));
                }
            }
            (left, right) if left == right => {}
            _ => return false,
        }
    }
    true
}
