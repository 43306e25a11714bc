//! JSON with positions. Comments and commas before a closing bracket are let pass, as in the
//! settings of editors and compilers.

use std::sync::Arc;

use linchpin_document::{Member, Node, NodeValue, Position};

use super::{DEEPEST, Documents, MOST_VALUES, SyntaxProblem};

/// Reads a text; where it is no JSON, nothing.
pub fn read(text: &str) -> Documents {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reading = Reading {
        text,
        offset: 0,
        at: Position::START,
        values: 0,
    };
    match reading.document() {
        Ok(document) => Documents {
            documents: vec![document],
            problem: None,
        },
        Err(text) => Documents {
            documents: Vec::new(),
            problem: Some(SyntaxProblem {
                at: reading.at,
                text: format!("is no valid JSON: {text}"),
            }),
        },
    }
}

struct Reading<'a> {
    text: &'a str,
    offset: usize,
    at: Position,
    values: usize,
}

/// A list or map that is not finished.
enum Open {
    List(Position, Vec<Node>),
    Map(Position, Vec<Member>, Option<(Arc<String>, Position)>),
}

impl Reading<'_> {
    fn rest(&self) -> &str {
        &self.text[self.offset..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }

    /// Goes on by so many bytes, which end a character.
    fn skip(&mut self, bytes: usize) {
        let (line_breaks, after) = {
            let passed = &self.text[self.offset..self.offset + bytes];
            match passed.rfind('\n') {
                Some(last) => (
                    passed.bytes().filter(|byte| *byte == b'\n').count(),
                    passed[last + 1..].chars().count(),
                ),
                None => (0, passed.chars().count()),
            }
        };
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        if line_breaks > 0 {
            self.at.line = self.at.line.saturating_add(number(line_breaks));
            self.at.column = 1;
        }
        self.at.column = self.at.column.saturating_add(number(after));
        self.offset += bytes;
    }

    fn skip_blanks(&mut self) -> Result<(), &'static str> {
        loop {
            let rest = self.rest();
            let length = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").ok_or("a comment has no end")? + 2
            } else {
                let blank = |character: char| matches!(character, ' ' | '\t' | '\r' | '\n');
                rest.len() - rest.trim_start_matches(blank).len()
            };
            if length == 0 {
                return Ok(());
            }
            self.skip(length);
        }
    }

    fn document(&mut self) -> Result<Node, String> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            self.skip_blanks()?;
            let start = self.at;
            let mut finished = None;
            match (self.peek(), open.last_mut()) {
                (Some(b']'), Some(Open::List(..))) | (Some(b'}'), Some(Open::Map(_, _, None))) => {
                    self.skip(1);
                    finished = open.pop().map(|open| self.close(open));
                }
                (Some(b'"'), Some(Open::Map(_, _, key @ None))) => {
                    let (text, length) = string(&self.text[self.offset..])?;
                    *key = Some((Arc::new(text), start));
                    self.skip(length);
                    self.skip_blanks()?;
                    if self.peek() != Some(b':') {
                        return Err("a colon is missing".to_owned());
                    }
                    self.skip(1);
                }
                (_, Some(Open::Map(_, _, None))) => return Err("a name is missing".to_owned()),
                (Some(b'['), _) => {
                    self.skip(1);
                    open.push(Open::List(start, Vec::new()));
                }
                (Some(b'{'), _) => {
                    self.skip(1);
                    open.push(Open::Map(start, Vec::new(), None));
                }
                (Some(_), _) => {
                    let (value, length) = scalar(self.rest())?;
                    self.skip(length);
                    finished = Some(Node {
                        start,
                        end: self.at,
                        value,
                    });
                }
                (None, _) => return Err("it ends too early".to_owned()),
            }
            self.values += 1;
            if self.values > MOST_VALUES || open.len() > DEEPEST {
                return Err("it is too large or nests too deeply".to_owned());
            }
            let Some(node) = finished else { continue };
            match open.last_mut() {
                None => {
                    self.skip_blanks()?;
                    let ended = self.rest().is_empty();
                    return ended
                        .then_some(node)
                        .ok_or_else(|| "something follows its end".to_owned());
                }
                Some(Open::List(_, items)) => items.push(node),
                Some(Open::Map(_, members, key)) => {
                    let (key, key_start) = key.take().unwrap_or((Arc::default(), node.start));
                    members.push(Member {
                        key,
                        key_start,
                        value: node,
                    });
                }
            }
            self.skip_blanks()?;
            match self.peek() {
                Some(b',') => self.skip(1),
                Some(b']' | b'}') => {}
                _ => return Err("a comma or a closing bracket is missing".to_owned()),
            }
        }
    }

    fn close(&self, open: Open) -> Node {
        let (start, value) = match open {
            Open::List(start, items) => (start, NodeValue::List(items)),
            Open::Map(start, members, _) => (start, NodeValue::Map(members)),
        };
        Node {
            start,
            end: self.at,
            value,
        }
    }
}

/// A value that holds no others, and its length in bytes.
fn scalar(text: &str) -> Result<(NodeValue, usize), String> {
    if text.starts_with('"') {
        return string(text).map(|(text, length)| (NodeValue::Text(Arc::new(text)), length));
    }
    let length = text
        .find(|character: char| !character.is_ascii_alphanumeric() && !"+-.".contains(character))
        .unwrap_or(text.len());
    let word = &text[..length];
    let value = match word {
        "null" => NodeValue::Null,
        "true" => NodeValue::Boolean(true),
        "false" => NodeValue::Boolean(false),
        _ => match (word.parse(), word.parse()) {
            (Ok(number), _) => NodeValue::Integer(number),
            (_, Ok(number)) => NodeValue::Number(number),
            _ => return Err("a value is missing".to_owned()),
        },
    };
    Ok((value, length))
}

/// A text between quotes, and the length of all of it in bytes.
fn string(text: &str) -> Result<(String, usize), String> {
    let mut read = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((offset, character)) = characters.next() {
        match character {
            '"' => return Ok((read, offset + 1)),
            '\n' => break,
            '\\' => match characters.next() {
                Some((_, 'n')) => read.push('\n'),
                Some((_, 't')) => read.push('\t'),
                Some((_, 'r')) => read.push('\r'),
                Some((_, 'b')) => read.push('\u{8}'),
                Some((_, 'f')) => read.push('\u{c}'),
                Some((at, 'u')) => {
                    let digits = text.get(at + 1..at + 5).ok_or("a text is damaged")?;
                    let code = u32::from_str_radix(digits, 16).map_err(|_| "a text is damaged")?;
                    // Halves of a character are of no use to any rule.
                    read.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                    characters.nth(3);
                }
                Some((_, character)) => read.push(character),
                None => break,
            },
            character => read.push(character),
        }
    }
    Err("a text has no end".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_where_they_stand() {
        let read =
            read("{\n  \"a\": [1, -2.5, \"\\u00e9\\n\"], // why\n  \"b\": {\"c\": null,},\n}\n");
        assert_eq!(read.problem, None);
        let node = &read.documents[0];
        assert_eq!(node.get("a").unwrap().items()[2].as_text(), Some("é\n"));
        let member = node.get("b").unwrap().member("c").unwrap();
        assert_eq!(member.key_start, Position { line: 3, column: 9 });
    }

    #[test]
    fn what_is_broken_is_told_with_its_place() {
        for text in [
            "", "{", "[1 2]", "{\"a\"}", "{\"a\":}", "\"a", "[1]x", "{a: 1}", "/*",
        ] {
            assert!(read(text).problem.is_some(), "{text}");
        }
        assert!(read(&"[".repeat(10_000)).problem.is_some());
        assert_eq!(
            read("{\n \"a\": x}").problem.unwrap().at,
            Position { line: 2, column: 7 }
        );
    }
}
