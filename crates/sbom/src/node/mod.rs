//! A tree of JSON values that keeps the order of fields. Readers of CycloneDX's two encodings meet
//! in it, writers make it, and the rules of validation are checked on it.

mod de;
mod names;
mod ser;

use std::borrow::Cow;
use std::collections::HashSet;

pub(crate) use de::without_mark;
pub use de::{ObjectReader, read_node, read_object};

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(serde_json::Number),
    /// A text.
    Text(String),
    /// An array.
    List(Vec<Node>),
    /// An object, in the order of its fields. Of two fields with one name the last counts.
    Object(Fields),
}

/// The fields of an object.
pub type Fields = Vec<(Cow<'static, str>, Node)>;

impl Node {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The elements, if it is an array.
    pub fn as_list(&self) -> Option<&[Node]> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    /// The fields, if it is an object.
    pub fn as_object(&self) -> Option<&Fields> {
        match self {
            Self::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The field with this name, if it is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.as_object()?
            .iter()
            .rev()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value)
    }

    /// The text of the field with this name.
    pub fn str_of(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// The elements of the field with this name; none if it is no array.
    pub fn list_of(&self, name: &str) -> &[Node] {
        self.get(name).and_then(Self::as_list).unwrap_or_default()
    }

    /// Takes the field with this name out of an object.
    pub fn take(&mut self, name: &str) -> Option<Node> {
        let Self::Object(fields) = self else {
            return None;
        };
        let place = fields.iter().rposition(|(found, _)| found == name)?;
        Some(fields.remove(place).1)
    }

    /// Takes the text of this field out of an object. What is no text stays.
    pub fn take_text(&mut self, name: &str) -> Option<String> {
        if !matches!(self.get(name), Some(Self::Text(_))) {
            return None;
        }
        match self.take(name) {
            Some(Self::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Takes the elements of this field out of an object. What is no array stays.
    pub fn take_list(&mut self, name: &str) -> Vec<Node> {
        if !matches!(self.get(name), Some(Self::List(_))) {
            return Vec::new();
        }
        match self.take(name) {
            Some(Self::List(list)) => list,
            _ => Vec::new(),
        }
    }

    /// Whether it is an object without fields, or an array without elements.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Object(fields) => fields.is_empty(),
            Self::List(list) => list.is_empty(),
            _ => false,
        }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Node {
    fn from(number: u64) -> Self {
        Self::Number(number.into())
    }
}

/// Makes an object field by field; what is nothing is left out.
#[derive(Debug, Default)]
pub struct ObjectBuilder {
    fields: Fields,
}

impl ObjectBuilder {
    /// An object without fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Node>) -> &mut Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// Adds a text, if there is one.
    pub fn text(&mut self, name: &'static str, value: Option<&str>) -> &mut Self {
        if let Some(value) = value {
            self.set(name, value);
        }
        self
    }

    /// Adds an array, if it has elements.
    pub fn list(&mut self, name: &'static str, value: Vec<Node>) -> &mut Self {
        if !value.is_empty() {
            self.set(name, Node::List(value));
        }
        self
    }

    /// Whether it has this field.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(found, _)| found == name)
    }

    /// Adds those of the fields whose names it has not yet.
    pub fn add_missing<'a>(&mut self, fields: impl Iterator<Item = (&'a str, &'a Node)>) {
        let mut known: HashSet<String> = self
            .fields
            .iter()
            .map(|(name, _)| name.to_string())
            .collect();
        for (name, value) in fields {
            if known.insert(name.to_owned()) {
                self.fields
                    .push((Cow::Owned(name.to_owned()), value.clone()));
            }
        }
    }

    /// Whether it has no fields.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The object.
    pub fn build(self) -> Node {
        Node::Object(self.fields)
    }
}
