//! Reading JSON: whole, or an object field by field, with the elements of long lists one by one so
//! that a large document is never in memory as a tree.
//!
//! The library bounds the depth of nesting at 128.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{Node, names};

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(serde_json::Number::from_f64(value).map_or(Node::Null, Node::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = access.next_element()? {
            list.push(element);
        }
        // Most lists and objects are short, and there are many of them: what was put by for growth
        // would be a third of the memory.
        list.shrink_to_fit();
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut fields = Vec::new();
        while let Some((Name(name), value)) = access.next_entry::<Name, Node>()? {
            fields.push((name, value));
        }
        fields.shrink_to_fit();
        Ok(Node::Object(fields))
    }
}

/// The name of a field. The usual ones need no memory of their own.
struct Name(Cow<'static, str>);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = Name;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a field")
    }

    fn visit_str<E>(self, text: &str) -> Result<Name, E> {
        Ok(Name(names::shared(text)))
    }
}

/// Takes an object apart as it is read.
pub trait ObjectReader {
    /// Whether this field is a list whose elements shall come one by one.
    fn is_long(&self, name: &str) -> bool;
    /// An element of a long list.
    fn element(&mut self, name: &str, element: Node);
    /// Any other field, or a long one that turns out to be no list.
    fn field(&mut self, name: String, value: Node);
}

/// Reads a whole value. A byte order mark before it is passed over.
pub fn read_node(bytes: &[u8]) -> Result<Node, serde_json::Error> {
    serde_json::from_slice(without_mark(bytes))
}

/// Reads an object field by field.
pub fn read_object<R: ObjectReader>(bytes: &[u8], reader: &mut R) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(without_mark(bytes));
    deserializer.deserialize_map(TopVisitor(reader))?;
    deserializer.end()
}

/// The bytes without UTF-8's byte order mark.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

struct TopVisitor<'a, R>(&'a mut R);

impl<'de, R: ObjectReader> Visitor<'de> for TopVisitor<'_, R> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        while let Some(name) = access.next_key::<String>()? {
            if self.0.is_long(&name) {
                access.next_value_seed(Elements {
                    reader: &mut *self.0,
                    name: &name,
                })?;
            } else {
                let value = access.next_value()?;
                self.0.field(name, value);
            }
        }
        Ok(())
    }
}

/// The elements of a long list.
struct Elements<'a, R> {
    reader: &'a mut R,
    name: &'a str,
}

impl<'de, R: ObjectReader> DeserializeSeed<'de> for Elements<'_, R> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, R: ObjectReader> Visitor<'de> for Elements<'_, R> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        while let Some(element) = access.next_element()? {
            self.reader.element(self.name, element);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let value = NodeVisitor.visit_map(access)?;
        self.reader.field(self.name.to_owned(), value);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.reader.field(self.name.to_owned(), Node::text(text));
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.reader.field(self.name.to_owned(), Node::Bool(value));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.reader
            .field(self.name.to_owned(), Node::Number(value.into()));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.reader
            .field(self.name.to_owned(), Node::Number(value.into()));
        Ok(())
    }

    fn visit_f64<E>(self, _value: f64) -> Result<(), E> {
        Ok(())
    }
}
