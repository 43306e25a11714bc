//! Settings in lines, `name = value` below `[sections]`: `.npmrc` and `pip.conf`.
//!
//! The document is a list of entries with `section`, `name` and `value`; a value may go on in
//! further lines that begin with a blank, as in pip's.

use linchpin_document::{Member, Node, Position};

use super::{Documents, MOST_VALUES};

/// Reads a text. Lines that say nothing of this form are passed over.
pub fn read(text: &str) -> Documents {
    let mut entries = Vec::new();
    let mut section = String::new();
    let mut name = String::new();
    for (line, number) in text.lines().zip(1u32..) {
        let at = Position {
            line: number,
            column: 1,
        };
        let content = line.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        if entries.len() >= MOST_VALUES / 4 {
            break;
        }
        let inner = content
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        if let Some(inner) = inner.filter(|inner| !inner.contains('=')) {
            inner.trim().clone_into(&mut section);
            name.clear();
        } else if line.starts_with([' ', '\t']) && !name.is_empty() {
            entries.push(entry(at, &section, &name, content));
        } else if let Some((key, value)) = content.split_once('=') {
            key.trim().clone_into(&mut name);
            let value = value.trim().trim_matches(['"', '\'']);
            if !value.is_empty() {
                entries.push(entry(at, &section, &name, value));
            }
        }
    }
    Documents {
        documents: vec![Node::list(Position::START, entries)],
        problem: None,
    }
}

fn entry(at: Position, section: &str, name: &str, value: &str) -> Node {
    Node::map(
        at,
        vec![
            Member::added("section", Node::text(at, section)),
            Member::added("name", Node::text(at, name)),
            Member::added("value", Node::text(at, value)),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_may_go_on_in_further_lines() {
        let text = "a=1\n; no\n[global]\nindex = \n    x\n    y\n@s:registry=\"z\"\n";
        let read = read(text);
        let seen: Vec<_> = read.documents[0]
            .items()
            .iter()
            .map(|entry| {
                let text = |key| entry.find_text(&[key]).unwrap();
                (
                    text("section"),
                    text("name"),
                    text("value"),
                    entry.start.line,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("", "a", "1", 1),
                ("global", "index", "x", 5),
                ("global", "index", "y", 6),
                ("global", "@s:registry", "z", 7),
            ]
        );
    }
}
