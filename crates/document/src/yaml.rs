//! YAML with positions: several documents, aliases, merge keys and tags.
//!
//! An alias is unfolded where it stands, so that rules see what the reader of the document sees;
//! what all of them unfold to counts against the most values of a file, which leaves nothing for a
//! bomb to multiply. A value with a tag of its own is a map with the tag as its one name:
//! `!Ref Bucket` is `{"!Ref": "Bucket"}`.

use std::collections::HashMap;
use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use crate::{
    DEEPEST, Documents, MOST_VALUES, Member, Node, NodeValue, Position, SyntaxProblem, plain_words,
};

/// A list or map that is not finished.
struct Open {
    start: Position,
    anchor: usize,
    tag: Option<String>,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map(Vec<Member>, Option<(Arc<String>, Position)>),
}

/// Reads all documents of a text; where it ends being YAML, those before.
pub fn read(text: &str) -> Documents {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reading = Reading::default();
    let mut documents = Documents::default();
    for event in Parser::new_from_str(text) {
        let problem = match event {
            Ok((event, span)) => match reading.take(event, span) {
                Ok(None) => continue,
                Ok(Some(document)) => {
                    documents.documents.push(document);
                    continue;
                }
                Err(problem) => problem,
            },
            Err(error) => SyntaxProblem {
                at: position(error.marker()),
                text: format!("is no valid YAML: {}", error.info()),
            },
        };
        documents.problem = Some(problem);
        break;
    }
    documents
}

fn position(marker: &Marker) -> Position {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Position {
        line: number(marker.line()).max(1),
        column: number(marker.col()).saturating_add(1),
    }
}

#[derive(Default)]
struct Reading {
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, usize)>,
    values: usize,
}

impl Reading {
    /// Takes in what comes next, and gives a document that is finished with it.
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<Option<Node>, SyntaxProblem> {
        let start = position(&span.start);
        let too_much = |text: String| Err(SyntaxProblem { at: start, text });
        self.values += 1;
        if self.values > MOST_VALUES {
            return too_much(format!("holds more than {MOST_VALUES} values"));
        }
        let finished = match event {
            Event::SequenceStart(anchor, tag) => {
                self.open(start, anchor, tag.as_deref(), Content::List(Vec::new()));
                None
            }
            Event::MappingStart(anchor, tag) => {
                self.open(
                    start,
                    anchor,
                    tag.as_deref(),
                    Content::Map(Vec::new(), None),
                );
                None
            }
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.as_deref();
                let is_text = style != ScalarStyle::Plain
                    || tag.is_some_and(|tag| own_tag(tag).is_some() || tag.suffix == "str");
                let value = if is_text {
                    NodeValue::Text(Arc::new(text.into_owned()))
                } else {
                    plain_words::plain(&text)
                };
                let node = Node {
                    start,
                    end: position(&span.end),
                    value,
                };
                let node = tagged(node, tag.and_then(own_tag));
                self.remember(anchor, &node);
                Some(node)
            }
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor) else {
                    // An alias inside of what it names: a document without an end.
                    return too_much("holds an alias inside of what it stands for".to_owned());
                };
                self.values += size;
                let over = self.values > MOST_VALUES;
                if over {
                    return too_much(format!("unfolds to more than {MOST_VALUES} values"));
                }
                Some(node.clone())
            }
            Event::SequenceEnd | Event::MappingEnd => self.open.pop().map(|open| {
                let value = match open.content {
                    Content::List(items) => NodeValue::List(items),
                    Content::Map(members, _) => NodeValue::Map(merged(members)),
                };
                let node = Node {
                    start: open.start,
                    end: position(&span.end),
                    value,
                };
                let node = tagged(node, open.tag);
                self.remember(open.anchor, &node);
                node
            }),
            Event::DocumentEnd => {
                self.anchors.clear();
                None
            }
            _ => None,
        };
        if self.open.len() > DEEPEST {
            return too_much(format!("nests more than {DEEPEST} levels deep"));
        }
        Ok(finished.and_then(|node| self.place(node)))
    }

    fn open(&mut self, start: Position, anchor: usize, tag: Option<&Tag>, content: Content) {
        self.open.push(Open {
            start,
            anchor,
            tag: tag.and_then(own_tag),
            content,
        });
    }

    fn remember(&mut self, anchor: usize, node: &Node) {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), node.size()));
        }
    }

    /// Puts a value where it belongs; gives it back if it is a document.
    fn place(&mut self, node: Node) -> Option<Node> {
        match self.open.last_mut().map(|open| &mut open.content) {
            None => return Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map(members, key)) => match key.take() {
                Some((key, key_start)) => members.push(Member {
                    key,
                    key_start,
                    value: node,
                }),
                None => *key = Some((key_text(&node), node.start)),
            },
        }
        None
    }
}

/// A name in a map. One that is a list or a map is read as an empty name, which nobody asks for.
fn key_text(node: &Node) -> Arc<String> {
    match &node.value {
        NodeValue::Text(text) => Arc::clone(text),
        NodeValue::Integer(number) => Arc::new(number.to_string()),
        NodeValue::Number(number) => Arc::new(number.to_string()),
        // `on:` in a workflow is a name and no flag.
        NodeValue::Boolean(true) => Arc::new("on".to_owned()),
        NodeValue::Boolean(false) => Arc::new("off".to_owned()),
        NodeValue::Null | NodeValue::List(_) | NodeValue::Map(_) => Arc::default(),
    }
}

/// `!Ref`, if the tag is none of YAML's own.
fn own_tag(tag: &Tag) -> Option<String> {
    (tag.handle == "!").then(|| format!("!{}", tag.suffix))
}

fn tagged(node: Node, tag: Option<String>) -> Node {
    match tag {
        None => node,
        Some(tag) => Node {
            start: node.start,
            end: node.end,
            value: NodeValue::Map(vec![Member::added(&tag, node)]),
        },
    }
}

/// The members of a map with those that `<<` names merged in: what stands in the map itself counts
/// before them. <https://yaml.org/type/merge.html>
fn merged(members: Vec<Member>) -> Vec<Member> {
    if members.iter().all(|member| member.key.as_str() != "<<") {
        return members;
    }
    let (merges, own): (Vec<Member>, Vec<Member>) = members
        .into_iter()
        .partition(|member| member.key.as_str() == "<<");
    let mut all = Vec::new();
    for merge in merges {
        match merge.value.value {
            NodeValue::Map(members) => all.extend(members),
            NodeValue::List(items) => {
                // The first of several counts, and here the last one of a name does.
                for item in items.into_iter().rev() {
                    if let NodeValue::Map(members) = item.value {
                        all.extend(members);
                    }
                }
            }
            _ => {}
        }
    }
    all.extend(own);
    all
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn one(text: &str) -> Node {
        let mut read = read(text);
        assert_eq!(read.problem, None);
        assert_eq!(read.documents.len(), 1);
        read.documents.remove(0)
    }

    #[test]
    fn values_know_where_they_stand() {
        let node = one("a:\n  - b: 'x'\n    c: true\n");
        let item = &node.get("a").unwrap().items()[0];
        let member = item.member("c").unwrap();
        assert_eq!(member.key_start, Position { line: 3, column: 5 });
        assert_eq!(member.value.start, Position { line: 3, column: 8 });
        assert_eq!(member.value.value, NodeValue::Boolean(true));
        assert_eq!(
            item.get("b").unwrap().end,
            Position {
                line: 2,
                column: 11
            }
        );
    }

    #[test]
    fn aliases_merges_and_tags_are_unfolded() {
        let node =
            one("base: &b {x: 1, y: 2}\nall:\n  <<: *b\n  y: 3\nref: !Ref Bucket\non: [push]\n");
        assert_eq!(
            node.find(&["all", "x"]).unwrap().value,
            NodeValue::Integer(1)
        );
        assert_eq!(
            node.find(&["all", "y"]).unwrap().value,
            NodeValue::Integer(3)
        );
        assert_eq!(node.find_text(&["ref", "!Ref"]), Some("Bucket"));
        assert_eq!(node.get("on").unwrap().items().len(), 1);
    }

    #[test]
    fn bombs_and_cycles_are_refused() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..9 {
            let before = level - 1;
            let line = vec![format!("*a{before}"); 10].join(", ");
            let _ = writeln!(bomb, "a{level}: &a{level} [{line}]");
        }
        let problem = read(&bomb).problem.unwrap();
        assert!(problem.text.contains("unfolds"), "{}", problem.text);
        let problem = read("a: &a [*a]\n").problem.unwrap();
        assert!(problem.text.contains("inside"), "{}", problem.text);
        let deep = "[".repeat(5_000);
        assert!(read(&deep).problem.is_some());
    }

    #[test]
    fn many_documents_are_read_and_a_broken_one_ends_them() {
        let mut text = "a: 1\n---\n".repeat(1000);
        text.push_str("b: [\n");
        let read = read(&text);
        assert_eq!(read.documents.len(), 1000);
        assert!(read.problem.is_some());
    }
}
