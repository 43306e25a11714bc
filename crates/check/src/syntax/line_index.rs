//! Lines and columns of places in a text, for readers that know only offsets.

use linchpin_document::Position;

/// How many bytes are between two places whose characters were counted.
const BLOCK: usize = 1 << 10;

/// Where the lines of a text begin, and how many characters are before each block of it: a place in
/// a line of megabytes is found without counting all of the line.
pub(crate) struct LineIndex<'t> {
    text: &'t str,
    lines: Vec<usize>,
    blocks: Vec<usize>,
}

impl<'t> LineIndex<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes());
        let mut blocks = vec![0];
        let mut characters = 0;
        for block in text.as_bytes().chunks(BLOCK) {
            characters += count(block);
            blocks.push(characters);
        }
        Self {
            text,
            lines: std::iter::once(0)
                .chain(breaks.map(|place| place + 1))
                .collect(),
            blocks,
        }
    }

    /// The position of a place in bytes.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines.get(line.saturating_sub(1)).copied();
        let column = self.characters(offset) - self.characters(start.unwrap_or(0));
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Position {
            line: number(line.max(1)),
            column: number(column).saturating_add(1),
        }
    }

    /// How many characters are before a place.
    fn characters(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        let rest = self.text.as_bytes().get(block * BLOCK..offset);
        self.blocks.get(block).copied().unwrap_or(0) + rest.map_or(0, count)
    }
}

/// How many characters begin in these bytes.
fn count(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .filter(|byte| (**byte & 0b1100_0000) != 0b1000_0000)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_the_position_that_counting_gives() {
        let text = format!("a\n\nä{}é\nb", "ö".repeat(1_500));
        let index = LineIndex::new(&text);
        let mut position = Position::START;
        for (offset, character) in text.char_indices() {
            assert_eq!(index.position(offset), position, "{offset}");
            if character == '\n' {
                position = Position {
                    line: position.line + 1,
                    column: 1,
                };
            } else {
                position.column += 1;
            }
        }
        assert_eq!(index.position(text.len() + 9), position);
    }
}
