//! Lockfiles of whatever syntax: JSON, TOML, YAML, and the two that have one of their own.
//!
//! The settings of npm stand beside them, and are read as such.
//!
//! Yarn's first format becomes a map of its entries by their heads, Bundler's a map with a list
//! `sections`.

use std::sync::Arc;

use linchpin_document::{Member, Node, Position};

use super::{Documents, MOST_VALUES, begins_with_brace, json, settings, toml, yaml};

/// Reads a text.
pub fn read(text: &str) -> Documents {
    let has_line = |wanted: &str| text.lines().take(200).any(|line| line.trim_end() == wanted);
    if has_scope(text) {
        settings::read(text)
    } else if begins_with_brace(text) {
        json::read(text)
    } else if has_line("# yarn lockfile v1") {
        of_yarn(text)
    } else if has_line("GEM") || has_line("GIT") {
        of_bundler(text)
    } else if has_line("[[package]]") || has_line("[[packages]]") {
        toml::read(text)
    } else {
        yaml::read(text)
    }
}

/// Whether these are settings of npm that name the registry of a scope, which tell what the packages
/// of a lockfile should come from.
fn has_scope(text: &str) -> bool {
    let mut lines = text.lines().take(200);
    lines.any(|line| line.starts_with('@') && line.contains(":registry"))
}

/// Where a line's first character that is no blank stands, and the line from there on.
fn content(line: &str, number: u32) -> (usize, Position, &str) {
    let content = line.trim_start();
    let blanks = line.len() - content.len();
    let column = u32::try_from(blanks).unwrap_or(u32::MAX).saturating_add(1);
    let at = Position {
        line: number,
        column,
    };
    (blanks, at, content.trim_end())
}

/// <https://classic.yarnpkg.com/en/docs/yarn-lock/>: entries without indentation, their fields with
/// two blanks, and the names that they ask for with four.
fn of_yarn(text: &str) -> Documents {
    let mut entries: Vec<Member> = Vec::new();
    for (line, number) in text.lines().zip(1u32..) {
        let (blanks, at, line) = content(line, number);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if entries.len() >= MOST_VALUES / 8 {
            break;
        }
        if blanks == 0 {
            entries.push(Member {
                key: Arc::new(line.trim_end_matches(':').replace('"', "")),
                key_start: at,
                value: Node::map(at, Vec::new()),
            });
        } else if blanks == 2
            && let Some(entry) = entries.last_mut()
            && let Some((name, value)) = line.split_once(' ')
            && let linchpin_document::NodeValue::Map(fields) = &mut entry.value.value
        {
            fields.push(Member::added(name, Node::text(at, value.trim_matches('"'))));
        }
    }
    Documents {
        documents: vec![Node::map(Position::START, entries)],
        problem: None,
    }
}

/// `Gemfile.lock`: sections `GEM`, `GIT` and `PATH`, each with `remote`, and `specs` below.
fn of_bundler(text: &str) -> Documents {
    let mut sections: Vec<(Position, Vec<Member>, Vec<Node>)> = Vec::new();
    for (line, number) in text.lines().zip(1u32..) {
        let (blanks, at, line) = content(line, number);
        if sections.len() >= MOST_VALUES / 8 {
            break;
        }
        match (blanks, sections.last_mut()) {
            _ if line.is_empty() => {}
            (0, _) => {
                let kind = Member::added("kind", Node::text(at, line));
                sections.push((at, vec![kind], Vec::new()));
            }
            (2, Some((_, fields, _))) => {
                if let Some((name, value)) = line.split_once(": ") {
                    fields.push(Member::added(name, Node::text(at, value)));
                }
            }
            (4, Some((_, _, specs))) if specs.len() < MOST_VALUES / 8 => {
                let (name, version) = line.split_once(" (").unwrap_or((line, ""));
                specs.push(Node::map(
                    at,
                    vec![
                        Member::added("name", Node::text(at, name)),
                        Member::added("version", Node::text(at, version.trim_end_matches(')'))),
                    ],
                ));
            }
            _ => {}
        }
    }
    let sections = sections.into_iter().map(|(at, mut fields, specs)| {
        fields.push(Member::added("specs", Node::list(at, specs)));
        Node::map(at, fields)
    });
    let sections = Node::list(Position::START, sections.collect());
    let document = Node::map(Position::START, vec![Member::added("sections", sections)]);
    Documents {
        documents: vec![document],
        problem: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lockfile_of_yarn_is_a_map() {
        let text = "# yarn lockfile v1\n\n\n\"@a/b@^1.0.0\", \"@a/b@^1.1.0\":\n  version \"1.1.0\"\n  \
                    resolved \"https://example.com/b.tgz#aa\"\n  dependencies:\n    c \"^1\"\n";
        let document = &read(text).documents[0];
        let entry = &document.members()[0];
        assert_eq!(entry.key.as_str(), "@a/b@^1.0.0, @a/b@^1.1.0");
        assert_eq!(entry.key_start.line, 4);
        assert_eq!(entry.value.find_text(&["version"]), Some("1.1.0"));
        assert_eq!(document.members().len(), 1);
    }

    #[test]
    fn the_lockfile_of_bundler_has_sections() {
        let text = "GIT\n  remote: https://example.com/a.git\n  revision: abc\n  specs:\n    a (1.0)\n\n\
                    GEM\n  remote: http://example.com/\n  specs:\n    b (2.0)\n      c (>= 1)\n";
        let document = &read(text).documents[0];
        let sections = document.get("sections").unwrap().items();
        assert_eq!(sections[0].find_text(&["revision"]), Some("abc"));
        let specs = sections[1].get("specs").unwrap().items();
        assert_eq!(
            (specs.len(), specs[0].find_text(&["version"])),
            (1, Some("2.0"))
        );
    }
}
