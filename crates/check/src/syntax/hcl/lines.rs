//! From offsets to lines and columns, for offsets that mostly go up.

use linchpin_document::Position;

/// Where the offsets of a text are.
pub(crate) struct Lines<'a> {
    text: &'a str,
    /// The last offset that was asked for, and where it is.
    offset: usize,
    at: Position,
    base: Position,
}

impl<'a> Lines<'a> {
    /// For a text that is a whole file.
    pub(crate) fn new(text: &'a str) -> Self {
        Self::from(text, Position::START)
    }

    /// For a text that begins at a place of a file.
    pub(crate) fn from(text: &'a str, base: Position) -> Self {
        Self {
            text,
            offset: 0,
            at: base,
            base,
        }
    }

    /// Where an offset is. What was asked before it is not looked through again.
    pub(crate) fn position(&mut self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        if offset < self.offset {
            (self.offset, self.at) = (0, self.base);
        }
        let passed = self.text.get(self.offset..offset).unwrap_or_default();
        for character in passed.chars() {
            if character == '\n' {
                self.at.line = self.at.line.saturating_add(1);
                self.at.column = 1;
            } else {
                self.at.column = self.at.column.saturating_add(1);
            }
        }
        self.offset = offset;
        self.at
    }
}
