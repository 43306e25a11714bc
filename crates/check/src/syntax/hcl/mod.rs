//! HCL with positions: <https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md>.
//!
//! It is read into the tree that the JSON form of the language has, so that `.tf` and `.tf.json` are
//! one thing to those who look at them: a block is an item of the list of its name, its labels are
//! maps around it, and an expression is the text `${...}`, as it is written. Nothing is evaluated
//! here; that is up to the kinds of documents, which know what the names in expressions mean.

pub(crate) mod lines;

use std::sync::Arc;

use hcl_edit::Span;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Block, Body, Structure};
use hcl_edit::template::Element;
use linchpin_document::{Member, Node, NodeValue, Position};

use self::lines::Lines;
use super::{Documents, SyntaxProblem};

/// Largest text, in bytes.
const MOST_TEXT: usize = 4 << 20;

/// Most signs that stand between a name and its value. The parser compares each name of an object
/// with all that are before it.
const MOST_ASSIGNMENTS: usize = 12_000;

/// Reads a text; where it is no HCL, nothing.
pub fn read(text: &str) -> Documents {
    let failed = |at, text: String| Documents {
        documents: Vec::new(),
        problem: Some(SyntaxProblem { at, text }),
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let assignments = text.bytes().filter(|byte| matches!(byte, b'=' | b':'));
    if text.len() > MOST_TEXT || assignments.count() > MOST_ASSIGNMENTS {
        return failed(Position::START, "is too large to be read as HCL".to_owned());
    }
    let body = match hcl_edit::parser::parse_body(text) {
        Ok(body) => body,
        Err(error) => {
            let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).max(1);
            let at = Position {
                line: number(error.location().line()),
                column: number(error.location().column()),
            };
            return failed(at, format!("is no valid HCL: {}", error.message()));
        }
    };
    let mut reading = Reading {
        text,
        lines: Lines::new(text),
    };
    let members = reading.body(&body);
    Documents {
        documents: vec![Node::map(Position::START, members)],
        problem: None,
    }
}

struct Reading<'a> {
    text: &'a str,
    lines: Lines<'a>,
}

impl Reading<'_> {
    fn start(&mut self, spanned: &impl Span) -> Position {
        let start = spanned.span().map_or(0, |span| span.start);
        self.lines.position(start)
    }

    fn end(&mut self, spanned: &impl Span) -> Position {
        let end = spanned.span().map_or(0, |span| span.end);
        self.lines.position(end)
    }

    /// Attributes, and blocks in lists by their names.
    fn body(&mut self, body: &Body) -> Vec<Member> {
        let mut members: Vec<Member> = Vec::new();
        let mut lists = std::collections::HashMap::new();
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    let key_start = self.start(&attribute.key);
                    let value = self.expression(&attribute.value);
                    members.push(Member {
                        key: Arc::new(attribute.key.as_str().to_owned()),
                        key_start,
                        value,
                    });
                }
                Structure::Block(block) => {
                    let node = self.block(block);
                    let place = *lists.entry(block.ident.as_str()).or_insert_with(|| {
                        let list = Node::list(node.start, Vec::new());
                        members.push(Member::added(block.ident.as_str(), list));
                        members.len() - 1
                    });
                    if let Some(Member { value, .. }) = members.get_mut(place)
                        && let NodeValue::List(items) = &mut value.value
                    {
                        items.push(node);
                    }
                }
            }
        }
        members
    }

    fn block(&mut self, block: &Block) -> Node {
        let start = self.start(&block.ident);
        let labels: Vec<(String, Position)> = block
            .labels
            .iter()
            .map(|label| {
                let position = self.start(label);
                (label.as_str().to_owned(), position)
            })
            .collect();
        let members = self.body(&block.body);
        let end = self.end(block);
        let inner = Node {
            start,
            end,
            value: NodeValue::Map(members),
        };
        labels.into_iter().rev().fold(inner, |value, (key, place)| {
            let member = Member {
                key: Arc::new(key),
                key_start: place,
                value,
            };
            Node::map(start, vec![member])
        })
    }

    fn expression(&mut self, expression: &Expression) -> Node {
        let start = self.start(expression);
        let value = match expression {
            Expression::Null(_) => NodeValue::Null,
            Expression::Bool(flag) => NodeValue::Boolean(*flag.value()),
            Expression::Number(number) => number_value(number.value()),
            Expression::String(text) => text_value(escaped(text.value())),
            Expression::Array(array) => {
                let items = array.iter().map(|item| self.expression(item));
                NodeValue::List(items.collect())
            }
            Expression::Object(object) => {
                let names: Option<Vec<String>> = object.iter().map(|(key, _)| name(key)).collect();
                match names {
                    Some(names) => {
                        let mut members = Vec::new();
                        for ((key, value), name) in object.iter().zip(names) {
                            let key_start = match key {
                                ObjectKey::Ident(ident) => self.start(ident),
                                ObjectKey::Expression(expression) => self.start(expression),
                            };
                            members.push(Member {
                                key: Arc::new(name),
                                key_start,
                                value: self.expression(value.expr()),
                            });
                        }
                        NodeValue::Map(members)
                    }
                    None => self.as_written(expression),
                }
            }
            Expression::StringTemplate(template) => self.template(template.iter()),
            Expression::HeredocTemplate(heredoc) => self.template(heredoc.template.iter()),
            _ => self.as_written(expression),
        };
        let end = self.end(expression);
        Node { start, end, value }
    }

    fn as_written(&self, expression: &Expression) -> NodeValue {
        let written = expression.span().and_then(|span| self.text.get(span));
        text_value(format!("${{{}}}", written.unwrap_or_default()))
    }

    fn template<'e>(&self, elements: impl Iterator<Item = &'e Element>) -> NodeValue {
        let mut text = String::new();
        for element in elements {
            match element {
                Element::Literal(literal) => text.push_str(&escaped(literal)),
                Element::Interpolation(_) | Element::Directive(_) => {
                    let written = element.span().and_then(|span| self.text.get(span));
                    text.push_str(written.unwrap_or_default());
                }
            }
        }
        text_value(text)
    }
}

fn text_value(text: String) -> NodeValue {
    NodeValue::Text(Arc::new(text))
}

pub(crate) fn number_value(number: &hcl_edit::Number) -> NodeValue {
    match (number.as_i64(), number.as_f64()) {
        (Some(number), _) => NodeValue::Integer(number),
        (None, Some(number)) => NodeValue::Number(number),
        (None, None) => NodeValue::Null,
    }
}

/// A text as it must be written in a template.
fn escaped(text: &str) -> String {
    if text.contains("${") || text.contains("%{") {
        text.replace("${", "$${").replace("%{", "%%{")
    } else {
        text.to_owned()
    }
}

/// The name in an object, if it is written out.
pub(crate) fn name(key: &ObjectKey) -> Option<String> {
    match key {
        ObjectKey::Ident(ident) | ObjectKey::Expression(Expression::Variable(ident)) => {
            Some(ident.as_str().to_owned())
        }
        ObjectKey::Expression(Expression::String(text)) => Some(text.value().clone()),
        ObjectKey::Expression(Expression::Number(number)) => Some(number.value().to_string()),
        ObjectKey::Expression(Expression::Bool(flag)) => Some(flag.value().to_string()),
        ObjectKey::Expression(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Node {
        let mut read = read(text);
        assert_eq!(read.problem, None);
        read.documents.remove(0)
    }

    #[test]
    fn blocks_are_lists_and_values_know_where_they_stand() {
        let node = one(
            "resource \"a_b\" \"c\" {\n  name = \"x\"\n  rule {\n    port = 22\n  }\n  rule {}\n}\n",
        );
        let resource = &node.get("resource").unwrap().items()[0];
        let body = resource.find(&["a_b", "c"]).unwrap();
        assert_eq!(body.find_text(&["name"]), Some("x"));
        let rules = body.get("rule").unwrap().items();
        assert_eq!(rules.len(), 2);
        let port = rules[0].member("port").unwrap();
        assert_eq!(port.key_start, Position { line: 4, column: 5 });
        assert_eq!(
            port.value.start,
            Position {
                line: 4,
                column: 12
            }
        );
        assert_eq!(body.start, Position::START);
    }

    #[test]
    fn expressions_are_texts_as_they_are_written() {
        let node = one(
            "a = var.x ? 1 : 2\nb = \"p-${var.y}-$${z}\"\nc = <<EOF\nhi ${lower(\n  \"A\")}\nEOF\nd = {(k) = 1}\ne = {k = [1.5, null]}\nf = \"$${z}\"\n",
        );
        assert_eq!(node.find_text(&["a"]), Some("${var.x ? 1 : 2}"));
        assert_eq!(node.find_text(&["b"]), Some("p-${var.y}-$${z}"));
        assert_eq!(node.find_text(&["c"]), Some("hi ${lower(\n  \"A\")}\n"));
        assert_eq!(node.find_text(&["d"]), Some("${{(k) = 1}}"));
        assert_eq!(node.find_text(&["f"]), Some("$${z}"));
        assert_eq!(node.find(&["e", "k"]).unwrap().items().len(), 2);
    }

    #[test]
    fn hostile_texts_are_refused_or_read_in_full() {
        let deep = |open: &str, close: &str, times: usize| {
            format!("a = {}1{}\n", open.repeat(times), close.repeat(times))
        };
        let keys: Vec<String> = (0..11_000).map(|key| format!("k{key}=1\n")).collect();
        let keys = keys.concat();
        let texts = [
            deep("[", "]", 100_000),
            deep("(", ")", 60),
            deep("(", ")", 100_000),
            deep("{a=", "}", 60),
            deep("f(", ")", 60),
            deep("\"${", "}\"", 60),
            deep("!", "", 100_000),
            deep("[for x in ", " : x]", 60),
            deep("x ? ", " : 2", 60),
            deep("a[", "]", 60),
            format!("a = 1{}\n", "+1".repeat(100_000)),
            format!("a = x{}\n", ".y".repeat(100_000)),
            format!("a = {{\n{keys}}}\n"),
            "b {\n".repeat(100_000),
            "a = <<EOF\n".repeat(10_000),
            "a = \"".to_owned() + &"$".repeat(100_000),
            "a = [".to_owned() + &"\"${".repeat(1000),
            "/*".repeat(100_000),
            "=".repeat(1_000_000),
        ];
        for text in texts {
            let read = read(&text);
            let start: String = text.chars().take(20).collect();
            // A tree has no more values than its text has signs, whatever it looks like.
            let values: usize = read.documents.iter().map(Node::size).sum();
            assert!(values <= text.len() + 1, "{start}: {values}");
            assert_eq!(read.problem.is_some(), read.documents.is_empty(), "{start}");
        }
        let read = read(&"a = 1\n".repeat(MOST_ASSIGNMENTS + 1));
        assert!(read.problem.unwrap().text.contains("too large"));
    }
}
