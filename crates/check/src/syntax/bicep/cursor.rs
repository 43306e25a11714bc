//! Where the reader is in a text.

use linchpin_document::Position;

use crate::syntax::hcl::lines::Lines;

/// A place in a text that moves on.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) offset: usize,
    lines: Lines<'a>,
    pub(super) depth: usize,
    /// How many values have been read.
    pub(super) values: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            offset: 0,
            lines: Lines::new(text),
            depth: 0,
            values: 0,
        }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.offset..).unwrap_or_default()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.offset >= self.text.len()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Where it is. Asked in the order of the text, that costs one pass over it.
    pub(super) fn position(&mut self) -> Position {
        self.lines.position(self.offset)
    }

    /// Passes over a text if it comes next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let is_next = self.rest().starts_with(text);
        if is_next {
            self.offset += text.len();
        }
        is_next
    }

    /// Passes over blanks and comments on the line.
    pub(super) fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
            self.offset += blanks;
            let rest = self.rest();
            if rest.starts_with("//") {
                self.offset += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.offset += rest.find("*/").map_or(rest.len(), |length| length + 2);
            } else if blanks == 0 {
                return;
            }
        }
    }

    /// Passes over blanks, comments and ends of lines.
    pub(super) fn skip_lines(&mut self) {
        self.skip_blanks();
        while self.take("\n") {
            self.skip_blanks();
        }
    }

    /// A name, if one comes next.
    pub(super) fn name(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let length = rest
            .find(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '_'))
            .unwrap_or(rest.len());
        let name = rest.get(..length)?;
        if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        self.offset += length;
        Some(name)
    }

    /// Passes over the rest of the line.
    pub(super) fn skip_line(&mut self) {
        let rest = self.rest();
        self.offset += rest.find('\n').map_or(rest.len(), |length| length + 1);
    }
}
