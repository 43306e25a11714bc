//! INI with positions, as `ansible.cfg` is written: sections, and names with values. A line that
//! begins with blanks goes on with the value before it.

use std::sync::Arc;

use linchpin_document::{Member, Node, NodeValue, Position};

use super::Documents;

/// Most lines of a file.
const MOST_LINES: usize = 100_000;

/// Whether a text may be INI: its first line that says something is a section.
pub(super) fn is_one(text: &str) -> bool {
    let says = |line: &&str| !line.is_empty() && !line.starts_with(['#', ';']);
    let first = text.lines().map(str::trim).find(says);
    first.is_some_and(|line| line.starts_with('[') && line.ends_with(']') && !line.contains(','))
}

/// Reads a text: a map of sections.
pub fn read(text: &str) -> Documents {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut sections: Vec<Member> = Vec::new();
    for (line, number) in text.lines().zip(1u32..).take(MOST_LINES) {
        let written = line.trim();
        if written.is_empty() || written.starts_with(['#', ';']) {
            continue;
        }
        let at = |offset: usize| Position {
            line: number,
            column: column(line, offset),
        };
        let begin = line.len() - line.trim_start().len();
        let name = written
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'));
        if let Some(name) = name {
            sections.push(Member {
                key: Arc::new(name.trim().to_owned()),
                key_start: at(begin),
                value: Node::map(at(begin), Vec::new()),
            });
            continue;
        }
        let Some(Node {
            value: NodeValue::Map(members),
            end,
            ..
        }) = sections.last_mut().map(|section| &mut section.value)
        else {
            continue;
        };
        let line_end = at(begin + written.len());
        *end = line_end;
        if begin > 0 {
            if let Some(NodeValue::Text(text)) =
                members.last_mut().map(|last| &mut last.value.value)
            {
                let text = Arc::make_mut(text);
                text.push('\n');
                text.push_str(written);
            }
            continue;
        }
        let Some((name, value)) = line.split_once(['=', ':']) else {
            continue;
        };
        let value_begin = name.len() + 1 + (value.len() - value.trim_start().len());
        // What stands behind a blank and a semicolon is a comment.
        let value = value.split(" ;").next().unwrap_or(value).trim();
        let start = at(value_begin);
        members.push(Member {
            key: Arc::new(name.trim().to_owned()),
            key_start: at(0),
            value: Node {
                start,
                end: at(value_begin + value.len()),
                value: NodeValue::Text(Arc::new(value.to_owned())),
            },
        });
    }
    Documents {
        documents: vec![Node::map(Position::START, sections)],
        problem: None,
    }
}

/// The column of an offset of a line, in characters.
fn column(line: &str, offset: usize) -> u32 {
    let before = line.get(..offset).unwrap_or(line);
    u32::try_from(before.chars().count()).map_or(u32::MAX, |count| count.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_know_where_they_stand() {
        let text =
            "# c\n[defaults]\nhost_key_checking = False ; no\ncallbacks: a,\n  b\n\n[é]\nx=1\n";
        assert!(is_one(text));
        let file = read(text).documents.remove(0);
        let checking = file
            .get("defaults")
            .unwrap()
            .member("host_key_checking")
            .unwrap();
        assert_eq!(checking.value.as_text(), Some("False"));
        assert_eq!(
            checking.value.start,
            Position {
                line: 3,
                column: 21
            }
        );
        assert_eq!(
            checking.value.end,
            Position {
                line: 3,
                column: 26
            }
        );
        assert_eq!(file.find_text(&["defaults", "callbacks"]), Some("a,\nb"));
        assert_eq!(file.find_text(&["é", "x"]), Some("1"));
        for text in ["- hosts: all\n", "[a, b]\n", "", "a: [b]\n"] {
            assert!(!is_one(text), "{text}");
        }
    }
}
