//! Words: quotes, escapes, and the commands inside of them.

use linchpin_document::Position;

use super::splitting::Reader;
use super::{Placed, Word};

/// A word whose characters still know where they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawWord {
    /// Its text without quotes.
    pub(crate) characters: Vec<Placed>,
    /// Where it begins, quotes included.
    pub(crate) start: Position,
    /// The place behind its last character.
    pub(crate) end: Position,
    /// Whether something of it is in quotes.
    pub(crate) is_quoted: bool,
}

impl RawWord {
    pub(crate) fn text(&self) -> String {
        self.characters
            .iter()
            .map(|placed| placed.character)
            .collect()
    }

    pub(super) fn is(&self, text: &str) -> bool {
        !self.is_quoted
            && self
                .characters
                .iter()
                .map(|placed| placed.character)
                .eq(text.chars())
    }

    pub(super) fn is_number(&self) -> bool {
        let mut characters = self.characters.iter();
        !self.is_quoted
            && !self.characters.is_empty()
            && characters.all(|placed| placed.character.is_ascii_digit())
    }

    /// Whether it sets a variable: `NAME=value`.
    pub(super) fn is_assignment(&self) -> bool {
        let mut name = 0usize;
        for placed in &self.characters {
            match placed.character {
                '=' => return name > 0,
                '+' if name > 0 => {}
                '0'..='9' if name > 0 => name += 1,
                'a'..='z' | 'A'..='Z' | '_' => name += 1,
                _ => return false,
            }
        }
        false
    }

    pub(super) fn finish(self) -> Word {
        Word {
            text: self.text(),
            start: self.start,
            end: self.end,
            is_quoted: self.is_quoted,
        }
    }
}

impl Reader<'_> {
    fn take(&mut self, characters: &mut Vec<Placed>) {
        characters.extend(self.text.get(self.next));
        self.next += 1;
    }

    /// Reads a word. At least one character is passed over, if there is one that ends no word.
    pub(super) fn word(&mut self) -> RawWord {
        let start = self.position();
        let mut characters = Vec::new();
        let mut is_quoted = false;
        while let Some(next) = self.peek(0) {
            match next {
                '<' | '>' if self.peek(1) == Some('(') && characters.is_empty() => {
                    self.next += 1;
                    self.substitution(&mut characters, 1);
                }
                '(' if characters.last().is_some_and(|last| last.character == '=') => {
                    // A list of values.
                    self.balanced(&mut characters, '(', ')');
                }
                ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | ')' | '(' | '<' | '>' => break,
                '\'' => {
                    is_quoted = true;
                    self.next += 1;
                    while self.peek(0).is_some_and(|next| next != '\'') {
                        self.take(&mut characters);
                    }
                    self.next += 1;
                }
                '"' => {
                    is_quoted = true;
                    self.next += 1;
                    self.in_double_quotes(&mut characters);
                }
                '\\' => {
                    self.next += 1;
                    if self.peek(0) == Some('\n') {
                        self.next += 1;
                    } else {
                        self.take(&mut characters);
                    }
                }
                '$' if matches!(self.peek(1), Some('\'' | '"')) => self.next += 1,
                '$' | '`' => self.expansion(&mut characters),
                _ => self.take(&mut characters),
            }
        }
        self.next = self.next.min(self.text.len());
        RawWord {
            characters,
            start,
            end: self.end(),
            is_quoted,
        }
    }

    fn in_double_quotes(&mut self, characters: &mut Vec<Placed>) {
        while let Some(next) = self.peek(0) {
            match next {
                '"' => {
                    self.next += 1;
                    return;
                }
                '\\' => match self.peek(1) {
                    Some('\n') => self.next += 2,
                    Some('$' | '`' | '"' | '\\') => {
                        self.next += 1;
                        self.take(characters);
                    }
                    _ => self.take(characters),
                },
                '$' | '`' => self.expansion(characters),
                _ => self.take(characters),
            }
        }
    }

    /// Takes a `$…` or a text in backquotes as it is written, and reads the commands in it.
    fn expansion(&mut self, characters: &mut Vec<Placed>) {
        if self.peek(0) == Some('`') {
            self.backquotes(characters);
        } else if self.starts_with("$((") {
            self.take(characters);
            self.balanced(characters, '(', ')');
        } else if self.starts_with("$(") {
            self.next += 1;
            self.substitution(characters, 1);
        } else if self.starts_with("${") {
            self.take(characters);
            self.balanced(characters, '{', '}');
        } else {
            self.take(characters);
        }
    }

    /// Reads the commands in brackets, before which `before` characters belong to the word.
    fn substitution(&mut self, characters: &mut Vec<Placed>, before: usize) {
        let from = self.next.saturating_sub(before);
        self.next += 1;
        // What is nested too deep is no more than text.
        self.nested(Some(')'));
        self.next = self.next.min(self.text.len());
        let text = self.text;
        characters.extend(text.get(from..self.next).unwrap_or_default());
    }

    fn backquotes(&mut self, characters: &mut Vec<Placed>) {
        let mut inner = Vec::new();
        self.take(characters);
        while let Some(next) = self.peek(0) {
            match next {
                '`' => {
                    self.take(characters);
                    break;
                }
                '\\' if matches!(self.peek(1), Some('`' | '\\' | '$')) => {
                    self.take(characters);
                    inner.extend(self.text.get(self.next));
                    self.take(characters);
                }
                _ => {
                    inner.extend(self.text.get(self.next));
                    self.take(characters);
                }
            }
        }
        self.script(&inner);
    }

    /// Takes everything up to the bracket that closes the one that comes next.
    fn balanced(&mut self, characters: &mut Vec<Placed>, open: char, close: char) {
        let mut depth = 0usize;
        let mut quote = None;
        while let Some(next) = self.peek(0) {
            self.take(characters);
            match next {
                '\\' if self.peek(0).is_some() => self.take(characters),
                _ if quote == Some(next) => quote = None,
                _ if quote.is_some() => {}
                '\'' | '"' if close == ')' => quote = Some(next),
                _ if next == open => depth += 1,
                _ if next == close => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return;
                    }
                }
                _ => {}
            }
        }
    }
}
