//! Documents as trees whose every value knows where it stands.
//!
//! All syntaxes are read into the same tree, so that rules ask the same questions of YAML, JSON,
//! HCL and Dockerfiles, and findings point at the line that is to be changed.

use std::collections::HashMap;
use std::sync::Arc;

use linchpin_expression::{Key, MOST_ITEMS, Map, Value};

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Counted from 1.
    pub line: u32,
    /// In characters, counted from 1.
    pub column: u32,
}

impl Position {
    /// The beginning of a text.
    pub const START: Self = Self { line: 1, column: 1 };
}

/// A value of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it begins.
    pub start: Position,
    /// Where it ends: the place behind its last character.
    pub end: Position,
    /// What it is.
    pub value: NodeValue,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeValue {
    /// Nothing.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Number(f64),
    /// A text. A value that is only known when the document is used stands here as it is written:
    /// `${var.name}`.
    Text(Arc<String>),
    /// Several values.
    List(Vec<Node>),
    /// Values by name, in the order of the document. Where a name stands twice, the last counts.
    Map(Vec<Member>),
}

/// A value with its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its name.
    pub key: Arc<String>,
    /// Where the name stands.
    pub key_start: Position,
    /// Its value.
    pub value: Node,
}

impl Member {
    /// A member whose name stands where its value stands: one that the reader of a document adds.
    pub fn added(key: &str, value: Node) -> Self {
        Self {
            key: Arc::new(key.to_owned()),
            key_start: value.start,
            value,
        }
    }
}

impl Node {
    /// A value at one place.
    pub fn at(start: Position, value: NodeValue) -> Self {
        Self {
            start,
            end: start,
            value,
        }
    }

    /// A text at one place.
    pub fn text(start: Position, text: impl Into<String>) -> Self {
        Self::at(start, NodeValue::Text(Arc::new(text.into())))
    }

    /// A map at one place.
    pub fn map(start: Position, members: Vec<Member>) -> Self {
        Self::at(start, NodeValue::Map(members))
    }

    /// A list at one place.
    pub fn list(start: Position, items: Vec<Node>) -> Self {
        Self::at(start, NodeValue::List(items))
    }

    /// The members of a map; none of anything else.
    pub fn members(&self) -> &[Member] {
        match &self.value {
            NodeValue::Map(members) => members,
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            NodeValue::List(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The member of this name.
    pub fn member(&self, key: &str) -> Option<&Member> {
        let mut members = self.members().iter().rev();
        members.find(|member| member.key.as_str() == key)
    }

    /// The value of this name.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.member(key).map(|member| &member.value)
    }

    /// The value at the end of a way of names.
    pub fn find(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text at the end of a way of names.
    pub fn find_text(&self, keys: &[&str]) -> Option<&str> {
        self.find(keys)?.as_text()
    }

    /// How many values it holds in all, itself among them.
    pub fn size(&self) -> usize {
        let mut waiting = vec![self];
        let mut count = 0;
        while let Some(node) = waiting.pop() {
            count += 1;
            waiting.extend(node.items());
            waiting.extend(node.members().iter().map(|member| &member.value));
        }
        count
    }

    /// The value as expressions see it.
    pub fn to_value(&self) -> Value {
        match &self.value {
            NodeValue::Null => Value::Null,
            NodeValue::Boolean(flag) => Value::Bool(*flag),
            NodeValue::Integer(number) => Value::Int(*number),
            NodeValue::Number(number) => Value::Float(*number),
            NodeValue::Text(text) => Value::String(Arc::clone(text)),
            NodeValue::List(items) => {
                let items = items.iter().take(MOST_ITEMS).map(Self::to_value);
                Value::List(Arc::new(items.collect()))
            }
            NodeValue::Map(members) => {
                let members: HashMap<Key, Value> = members
                    .iter()
                    .take(MOST_ITEMS)
                    .map(|member| {
                        let key = Key::String(Arc::clone(&member.key));
                        (key, member.value.to_value())
                    })
                    .collect();
                Value::Map(Map {
                    map: Arc::new(members),
                })
            }
        }
    }
}
