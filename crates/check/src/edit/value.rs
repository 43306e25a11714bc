//! How values are written.

use linchpin_document::{Node, NodeValue};

/// In which syntax something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    Yaml,
    Json,
    Hcl,
    Bicep,
}

/// A value on one line.
pub(super) fn on_one_line(node: &Node, written: Written) -> String {
    match &node.value {
        NodeValue::Null => "null".to_owned(),
        NodeValue::Boolean(flag) => flag.to_string(),
        NodeValue::Integer(number) => number.to_string(),
        NodeValue::Number(number) => number.to_string(),
        NodeValue::Text(text) => self::text(text, written),
        NodeValue::List(items) => {
            let items = items.iter().map(|item| on_one_line(item, written));
            // Bicep takes no commas, and has a list of one line as of late only.
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        NodeValue::Map(members) => {
            let members = members.iter().map(|member| {
                let value = on_one_line(&member.value, written);
                format!("{}{}{value}", key(&member.key, written), between(written))
            });
            let open = if written == Written::Hcl || written == Written::Bicep {
                ("{ ", " }")
            } else {
                ("{", "}")
            };
            let members = members.collect::<Vec<_>>().join(", ");
            format!("{}{members}{}", open.0, open.1)
        }
    }
}

/// What stands between a name and its value.
pub(super) fn between(written: Written) -> &'static str {
    if written == Written::Hcl { " = " } else { ": " }
}

/// A name.
pub(super) fn key(name: &str, written: Written) -> String {
    let is_word = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name
            .chars()
            .all(|next| next.is_ascii_alphanumeric() || next == '_' || next == '-');
    match written {
        Written::Hcl if is_word => name.to_owned(),
        Written::Json | Written::Hcl => quoted(name),
        Written::Bicep if is_word && !name.contains('-') => name.to_owned(),
        Written::Bicep => apostrophes(name),
        Written::Yaml => self::text(name, written),
    }
}

fn text(text: &str, written: Written) -> String {
    match written {
        Written::Yaml if is_plain(text) => text.to_owned(),
        Written::Bicep => apostrophes(text),
        _ => quoted(text),
    }
}

fn apostrophes(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\'', "\\'");
    format!("'{}'", text.replace("${", "\\${"))
}

/// A text between quotes, as JSON, YAML and HCL have it alike.
fn quoted(text: &str) -> String {
    let mut made = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => made.extend(['\\', character]),
            '\n' => made.push_str("\\n"),
            '\t' => made.push_str("\\t"),
            character => made.push(character),
        }
    }
    made.push('"');
    made
}

/// Whether YAML takes a text without quotes for that text.
fn is_plain(text: &str) -> bool {
    let is_safe = |next: char| next.is_ascii_alphanumeric() || "._/-".contains(next);
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/')
        && text.chars().all(is_safe)
        && matches!(linchpin_document::plain(text), NodeValue::Text(_))
        && !matches!(text, "y" | "Y" | "n" | "N")
}

#[cfg(test)]
mod tests {
    use super::*;
    use linchpin_document::Position;
    use linchpin_document::yaml;

    #[test]
    fn values_are_written_as_each_syntax_has_them() {
        let read = yaml::read("{a: [true, 1.2, no-x, 'yes', 'a: b', 1], b-c: 'x\"y'}");
        let node = &read.documents[0];
        assert_eq!(
            on_one_line(node, Written::Yaml),
            r#"{a: [true, 1.2, no-x, "yes", "a: b", 1], b-c: "x\"y"}"#
        );
        assert_eq!(
            on_one_line(node, Written::Json),
            r#"{"a": [true, 1.2, "no-x", "yes", "a: b", 1], "b-c": "x\"y"}"#
        );
        assert_eq!(
            on_one_line(node, Written::Hcl),
            r#"{ a = [true, 1.2, "no-x", "yes", "a: b", 1], b-c = "x\"y" }"#
        );
        let text = Node::text(Position::START, "it's ${x}");
        assert_eq!(on_one_line(&text, Written::Bicep), r"'it\'s \${x}'");
    }
}
