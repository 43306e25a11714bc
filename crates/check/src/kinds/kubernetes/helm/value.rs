//! Values of templates, in the terms of Go: what is true, how they are printed, and how YAML is
//! made of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use linchpin_document::{Node, NodeValue};

/// Deepest value that is written as YAML.
const DEEPEST: usize = 50;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Data {
    Nothing,
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(Arc<str>),
    List(Arc<Vec<Data>>),
    /// Go goes through the names of a map in their order.
    Map(Arc<BTreeMap<String, Data>>),
}

impl Data {
    pub(super) fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Arc::from(text.as_ref()))
    }

    pub(super) fn empty_map() -> Self {
        Self::Map(Arc::default())
    }

    pub(super) fn of(node: &Node) -> Self {
        match &node.value {
            NodeValue::Null => Self::Nothing,
            NodeValue::Boolean(flag) => Self::Boolean(*flag),
            NodeValue::Integer(number) => Self::Integer(*number),
            NodeValue::Number(number) => Self::Number(*number),
            NodeValue::Text(text) => Self::text(text.as_str()),
            NodeValue::List(items) => Self::List(Arc::new(items.iter().map(Self::of).collect())),
            NodeValue::Map(members) => {
                let members = members.iter();
                let members =
                    members.map(|member| (member.key.as_ref().clone(), Self::of(&member.value)));
                Self::Map(Arc::new(members.collect()))
            }
        }
    }

    /// What `if` takes for true: everything but nothing, zero and what is empty.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Boolean(flag) => *flag,
            Self::Integer(number) => *number != 0,
            Self::Number(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Map(members) => !members.is_empty(),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(members) => members.get(key),
            _ => None,
        }
    }

    /// How large it is, so that what templates build can be bounded.
    pub(super) fn size(&self) -> usize {
        let mut waiting = vec![self];
        let mut size = 0usize;
        while let Some(value) = waiting.pop() {
            size += 1;
            match value {
                Self::Text(text) => size += text.len(),
                Self::List(items) => waiting.extend(items.iter()),
                Self::Map(members) => waiting.extend(members.values()),
                _ => {}
            }
        }
        size
    }

    /// As a template prints it.
    pub(super) fn printed(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Boolean(flag) => flag.to_string(),
            Self::Integer(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.to_string(),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::printed).collect();
                format!("[{}]", items.join(" "))
            }
            Self::Map(members) => {
                let members = members.iter();
                let members: Vec<String> = members
                    .map(|(key, value)| format!("{key}:{}", value.printed()))
                    .collect();
                format!("map[{}]", members.join(" "))
            }
        }
    }

    /// As `toYaml` writes it: in blocks, without an end of line at the end.
    pub(super) fn yaml(&self) -> String {
        let mut written = String::new();
        self.write_yaml(0, false, &mut written);
        written.trim_end_matches('\n').to_owned()
    }

    fn write_yaml(&self, indent: usize, inline: bool, written: &mut String) {
        // Deeper than any values file is: cut, and the rest is nothing.
        if indent > 2 * DEEPEST {
            written.push_str("null\n");
            return;
        }
        match self {
            Self::List(items) if !items.is_empty() => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 || !inline {
                        let _ = write!(written, "{:indent$}", "");
                    }
                    written.push_str("- ");
                    item.write_yaml(indent + 2, true, written);
                }
            }
            Self::Map(members) if !members.is_empty() => {
                for (index, (key, value)) in members.iter().enumerate() {
                    if index > 0 || !inline {
                        let _ = write!(written, "{:indent$}", "");
                    }
                    let _ = write!(written, "{}:", scalar(key));
                    match value {
                        Self::Map(inner) if !inner.is_empty() => {
                            written.push('\n');
                            value.write_yaml(indent + 2, false, written);
                        }
                        Self::List(inner) if !inner.is_empty() => {
                            written.push('\n');
                            value.write_yaml(indent, false, written);
                        }
                        _ => {
                            written.push(' ');
                            value.write_yaml(indent + 2, true, written);
                        }
                    }
                }
            }
            other => {
                let _ = writeln!(written, "{}", other.json_or_scalar());
            }
        }
    }

    fn json_or_scalar(&self) -> String {
        match self {
            Self::Text(text) => scalar(text),
            other => other.json(),
        }
    }

    /// As `toJson` writes it.
    pub(super) fn json(&self) -> String {
        match self {
            Self::Nothing => "null".to_owned(),
            Self::Text(text) => quoted(text),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::json).collect();
                format!("[{}]", items.join(","))
            }
            Self::Map(members) => {
                let members = members.iter();
                let members: Vec<String> = members
                    .map(|(key, value)| format!("{}:{}", quoted(key), value.json()))
                    .collect();
                format!("{{{}}}", members.join(","))
            }
            other => other.printed(),
        }
    }
}

/// A text of YAML, in quotes where it would be read as something else without them.
fn scalar(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    let begins = text
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'/');
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "y" | "n"
    );
    if begins && !word && text.bytes().all(plain) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A text in double quotes, as JSON, YAML and Go read it.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            other if u32::from(other) < 0x20 => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(other));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
