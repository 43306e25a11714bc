//! The arguments of modules in one form, however they are written: as a map, as `name=value` in a
//! text, or free text of a command.

use linchpin_document::{Member, Node, NodeValue};

/// Most arguments that are read out of a text.
const MOST: usize = 200;

/// Modules whose text is a command.
pub(super) const COMMANDS: &[&str] = &[
    "command",
    "shell",
    "raw",
    "script",
    "win_command",
    "win_shell",
    "expect",
];

/// Arguments that stand in the text of a command as well.
const OF_COMMANDS: &[&str] = &[
    "chdir",
    "creates",
    "removes",
    "executable",
    "stdin",
    "warn",
    "_uses_shell",
];

/// What a module is told: its arguments, and the command that it runs.
pub(super) fn read(module: &str, value: &Node, more: Option<&Node>) -> (Node, String) {
    let is_command = COMMANDS.contains(&module);
    let mut command = String::new();
    let mut members = match &value.value {
        NodeValue::Map(members) => members.clone(),
        NodeValue::Text(text) => {
            let (named, free) = named_and_free(text);
            let is_wanted = |name: &str| !is_command || OF_COMMANDS.contains(&name);
            if is_command {
                command.clone_from(text);
            } else if named.is_empty() {
                command = free;
            }
            let named = named.into_iter().filter(|(name, _)| is_wanted(name));
            let member = |(name, text): (String, String)| {
                let mut member = Member::added(&name, Node::text(value.start, text));
                member.value.value = truth(member.value.value);
                member
            };
            named.map(member).collect()
        }
        _ => Vec::new(),
    };
    members.extend(more.map_or(&[][..], Node::members).iter().cloned());
    let arguments = Node {
        end: value.end,
        ..Node::map(value.start, members)
    };
    let told = |name: &str| arguments.get(name).and_then(scalar);
    if is_command && command.is_empty() {
        command = told("cmd").unwrap_or_else(|| {
            let words = arguments.get("argv").map_or(&[][..], Node::items);
            words
                .iter()
                .filter_map(scalar)
                .collect::<Vec<_>>()
                .join(" ")
        });
    } else if module == "cron" {
        command = told("job").unwrap_or_default();
    } else if !is_command {
        command.clear();
    }
    (arguments, command)
}

/// `yes` and `false` in a text mean truths, as they do for modules.
fn truth(value: NodeValue) -> NodeValue {
    match &value {
        NodeValue::Text(text) => match text.to_ascii_lowercase().as_str() {
            "yes" | "true" => NodeValue::Boolean(true),
            "no" | "false" => NodeValue::Boolean(false),
            _ => value,
        },
        _ => value,
    }
}

/// `name=value` with quotes, and all other words.
fn named_and_free(text: &str) -> (Vec<(String, String)>, String) {
    let mut named = Vec::new();
    let mut free = Vec::new();
    for word in words(text) {
        match word.split_once('=') {
            Some((name, value)) if is_name(name) && named.len() < MOST => {
                let value = value.trim_matches(['"', '\'']);
                named.push((name.to_owned(), value.to_owned()));
            }
            _ => free.push(word),
        }
    }
    (named, free.join(" "))
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || sign == '_')
}

/// The words of a text; blanks in quotes and in `{{ }}` divide none.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut begin = None;
    let mut quote = None;
    let mut braces = 0usize;
    for (offset, sign) in text.char_indices() {
        match (quote, sign) {
            (Some(open), sign) if open == sign => quote = None,
            (None, '"' | '\'') => quote = Some(sign),
            (None, '{') => braces += 1,
            (None, '}') => braces = braces.saturating_sub(1),
            _ => {}
        }
        let divides = sign.is_whitespace() && quote.is_none() && braces == 0;
        match (begin, divides) {
            (None, false) => begin = Some(offset),
            (Some(start), true) => {
                words.extend(text.get(start..offset));
                begin = None;
            }
            _ => {}
        }
    }
    words.extend(begin.and_then(|start| text.get(start..)));
    words
}

/// The arguments that are no lists or maps, as texts. The rights of a file are written in octal.
pub(super) fn texts(arguments: &Node) -> Node {
    let members = arguments.members().iter().filter_map(|member| {
        let text = match (member.key.as_str(), &member.value.value) {
            ("mode", NodeValue::Integer(mode)) => format!("{mode:o}"),
            _ => scalar(&member.value)?,
        };
        Some(Member {
            value: Node {
                end: member.value.end,
                ..Node::text(member.value.start, text)
            },
            ..member.clone()
        })
    });
    Node::map(arguments.start, members.collect())
}

/// The arguments as lists of texts: of one text as well.
pub(super) fn lists(arguments: &Node) -> Node {
    let members = arguments.members().iter().map(|member| {
        let items = match &member.value.value {
            NodeValue::List(items) => items.as_slice(),
            _ => std::slice::from_ref(&member.value),
        };
        let items = items
            .iter()
            .filter_map(|item| Some(Node::text(item.start, scalar(item)?)));
        Member {
            value: Node::list(member.value.start, items.collect()),
            ..member.clone()
        }
    });
    Node::map(arguments.start, members.collect())
}

/// A value that is no list or map, as a text.
pub(super) fn scalar(node: &Node) -> Option<String> {
    match &node.value {
        NodeValue::Text(text) => Some(text.as_ref().clone()),
        NodeValue::Boolean(flag) => Some(flag.to_string()),
        NodeValue::Integer(number) => Some(number.to_string()),
        NodeValue::Number(number) => Some(number.to_string()),
        NodeValue::Null | NodeValue::List(_) | NodeValue::Map(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use linchpin_document::Position;

    #[test]
    fn texts_become_arguments() {
        let text = Node::text(
            Position::START,
            "name='a b' state={{ x if y else 'z' }} validate_certs=no extra",
        );
        let (arguments, command) = read("apt", &text, None);
        assert_eq!(arguments.find_text(&["name"]), Some("a b"));
        assert_eq!(
            arguments.find_text(&["state"]),
            Some("{{ x if y else 'z' }}")
        );
        assert_eq!(
            arguments.get("validate_certs").unwrap().value,
            NodeValue::Boolean(false)
        );
        assert_eq!(command, "");
        let text = Node::text(Position::START, "curl x=1 | sh chdir=/tmp");
        let (arguments, command) = read("shell", &text, None);
        assert_eq!(arguments.members().len(), 1);
        assert_eq!(command, "curl x=1 | sh chdir=/tmp");
    }
}
