//! From places to offsets and back, and where lines begin and end.

use linchpin_document::Position;

/// A text with the offsets of its lines.
pub(super) struct Text<'t> {
    pub(super) whole: &'t str,
    /// Where each line begins.
    starts: Vec<usize>,
    /// What ends its lines.
    pub(super) newline: &'static str,
}

impl<'t> Text<'t> {
    /// Nothing for a text whose lines end in a way that readers do not agree on.
    pub(super) fn new(whole: &'t str) -> Option<Self> {
        let bytes = whole.as_bytes();
        let lone = |(place, byte): (usize, &u8)| {
            *byte == b'\r' && bytes.get(place + 1).is_none_or(|next| *next != b'\n')
        };
        if bytes.iter().enumerate().any(lone) {
            return None;
        }
        // Columns are counted behind the mark of the byte order.
        let first = if whole.starts_with('\u{feff}') { 3 } else { 0 };
        let mut starts = vec![first];
        starts.extend(memchr::memchr_iter(b'\n', bytes).map(|place| place + 1));
        let newline = match memchr::memchr(b'\n', bytes) {
            Some(place) if place > 0 && bytes.get(place - 1) == Some(&b'\r') => "\r\n",
            _ => "\n",
        };
        Some(Self {
            whole,
            starts,
            newline,
        })
    }

    /// The offset of a place; none if the text has no such place.
    pub(super) fn offset(&self, at: Position) -> Option<usize> {
        let line = usize::try_from(at.line).ok()?.checked_sub(1)?;
        let start = *self.starts.get(line)?;
        let end = self.starts.get(line + 1).copied();
        let text = self.whole.get(start..end.unwrap_or(self.whole.len()))?;
        let column = usize::try_from(at.column).ok()?.checked_sub(1)?;
        let mut offsets = text.char_indices().map(|(offset, _)| offset);
        match offsets.nth(column) {
            Some(offset) => Some(start + offset),
            None if end.is_none() && text.chars().count() == column => Some(start + text.len()),
            None => None,
        }
    }

    /// The place of an offset.
    pub(super) fn position(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        let before = self.whole.get(start..offset).unwrap_or_default();
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Position {
            line: number(line),
            column: number(before.chars().count()).saturating_add(1),
        }
    }

    /// Where the line of an offset begins.
    pub(super) fn line_start(&self, offset: usize) -> usize {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        self.starts.get(line - 1).copied().unwrap_or_default()
    }

    /// Where the line of an offset ends, before what ends it.
    pub(super) fn line_end(&self, offset: usize) -> usize {
        let rest = self.whole.get(offset..).unwrap_or_default();
        let length = rest.find('\n').unwrap_or(rest.len());
        let line = rest.get(..length).unwrap_or_default();
        offset + line.trim_end_matches('\r').len()
    }

    /// Where the next line begins, or the text ends.
    pub(super) fn next_line(&self, offset: usize) -> usize {
        let rest = self.whole.get(offset..).unwrap_or_default();
        rest.find('\n')
            .map_or(self.whole.len(), |length| offset + length + 1)
    }

    /// What stands before an offset on its line.
    pub(super) fn before(&self, offset: usize) -> &'t str {
        let start = self.line_start(offset);
        self.whole.get(start..offset).unwrap_or_default()
    }

    /// The blanks that the line of an offset begins with.
    pub(super) fn indentation(&self, offset: usize) -> &'t str {
        let start = self.line_start(offset);
        let line = self.whole.get(start..).unwrap_or_default();
        let length = line
            .find(|character| character != ' ' && character != '\t')
            .unwrap_or(line.len());
        line.get(..length).unwrap_or_default()
    }

    /// What begins at an offset.
    pub(super) fn from(&self, offset: usize) -> &'t str {
        self.whole.get(offset..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_offsets_are_the_same_both_ways() {
        let text = Text::new("\u{feff}aé\r\n\r\nb").unwrap();
        assert_eq!(text.newline, "\r\n");
        for offset in [3, 4, 6, 8, 10, 11] {
            assert_eq!(text.offset(text.position(offset)), Some(offset));
        }
        assert_eq!(text.position(10), Position { line: 3, column: 1 });
        assert_eq!(text.offset(Position { line: 3, column: 3 }), None);
        assert_eq!(text.offset(Position { line: 4, column: 1 }), None);
        assert!(Text::new("a\rb").is_none());
    }
}
