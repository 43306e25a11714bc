//! Places inside of texts: where in the file a line of a script stands, or an expression in a value.
//!
//! A value knows where it begins and ends. What is in it is looked for between the two, in the file
//! as it is written, so that it does not matter how the value is quoted, folded or indented.

use linchpin_document::{Node, Position};

/// Longest line in which characters are counted, in bytes. Further to the right everything stands
/// where its value stands: counting from the beginning of a line of megabytes would take for ever.
const LONGEST_LINE: usize = 64 << 10;

/// Most bytes of values that are looked into, in a file: aliases make a short file long.
const MOST_LOOKED_AT: usize = 32 << 20;

/// Most things that are made of what was found, in a file.
const MOST_FOUND: usize = 20_000;

/// The text of a file, with its lines.
#[derive(Debug)]
pub(crate) struct Places<'a> {
    text: &'a str,
    lines: Vec<usize>,
    looked_at: usize,
    found: usize,
}

impl<'a> Places<'a> {
    /// Of the text of a file.
    pub(crate) fn new(text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self {
            text,
            lines: std::iter::once(0).chain(breaks).collect(),
            looked_at: 0,
            found: 0,
        }
    }

    /// Whether a value of so many bytes may still be looked into.
    pub(crate) fn may_look_at(&mut self, bytes: usize) -> bool {
        self.looked_at = self.looked_at.saturating_add(bytes);
        self.looked_at <= MOST_LOOKED_AT
    }

    /// Whether one more thing may be made.
    pub(crate) fn may_find(&mut self) -> bool {
        self.found += 1;
        self.found <= MOST_FOUND
    }

    /// Looks for texts one after the other in a value.
    pub(crate) fn within<'p>(&'p self, node: &Node) -> Within<'p> {
        let start = self.offset(node.start);
        let end = self.offset(node.end).unwrap_or(self.text.len());
        let range = start.map(|start| (start, end.max(start)));
        Within {
            places: self,
            node: node.start,
            range,
        }
    }

    /// The line of a number, counted from 1; empty if there is none.
    pub(crate) fn line(&self, number: u32) -> &'a str {
        let index = (number as usize).saturating_sub(1);
        let Some(&start) = self.lines.get(index) else {
            return "";
        };
        let end = self.lines.get(index + 1).copied();
        self.text
            .get(start..end.unwrap_or(self.text.len()))
            .unwrap_or_default()
            .trim_end()
    }

    fn offset(&self, position: Position) -> Option<usize> {
        let index = (position.line as usize).checked_sub(1)?;
        let start = *self.lines.get(index)?;
        let column = (position.column as usize).saturating_sub(1);
        if column > LONGEST_LINE {
            return None;
        }
        let line = self.text.get(start..)?;
        let mut characters = line.char_indices();
        Some(
            characters
                .nth(column)
                .map_or(self.text.len(), |(at, _)| start + at),
        )
    }

    fn position(&self, offset: usize) -> Option<Position> {
        let index = self
            .lines
            .partition_point(|start| *start <= offset)
            .checked_sub(1)?;
        let start = *self.lines.get(index)?;
        if offset - start > LONGEST_LINE {
            return None;
        }
        let column = self.text.get(start..offset)?.chars().count() + 1;
        Some(Position {
            line: u32::try_from(index + 1).ok()?,
            column: u32::try_from(column).ok()?,
        })
    }
}

/// Looks for texts one after the other.
#[derive(Debug)]
pub(crate) struct Within<'p> {
    places: &'p Places<'p>,
    node: Position,
    range: Option<(usize, usize)>,
}

impl Within<'_> {
    /// Where a text stands next; where the value begins, if it is not there as it is.
    pub(crate) fn next(&mut self, wanted: &str) -> Position {
        self.find(wanted).unwrap_or(self.node)
    }

    fn find(&mut self, wanted: &str) -> Option<Position> {
        let (start, end) = self.range?;
        let rest = self.places.text.get(start..end)?;
        let at = start + memchr::memmem::find(rest.as_bytes(), wanted.as_bytes())?;
        let position = self.places.position(at)?;
        self.range = Some((at + wanted.len(), end));
        Some(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use linchpin_document::yaml;

    #[test]
    fn lines_of_all_styles_are_found_where_they_stand() {
        let text = "a: |\n  one\n  two é x\nb: >\n  one\n  three\nc: \"one \\\"x\"\nd: one\n";
        let document = yaml::read(text).documents.remove(0);
        let places = Places::new(text);
        for (key, wanted, line, column) in [
            ("a", "one", 2, 3),
            ("a", "x", 3, 9),
            ("b", "three", 6, 3),
            ("c", "one", 7, 5),
            ("d", "one", 8, 4),
            ("d", "not there", 8, 4),
        ] {
            let found = places.within(document.get(key).unwrap()).next(wanted);
            assert_eq!(found, Position { line, column }, "{key} {wanted}");
        }
        assert_eq!(places.line(3), "  two é x");
    }

    #[test]
    fn very_long_lines_take_no_time() {
        let text = format!("[{}]", "'${{ x }}',".repeat(100_000));
        let document = yaml::read(&text).documents.remove(0);
        let places = Places::new(&text);
        let last = document.items().last().unwrap();
        assert_eq!(places.within(last).next("${{"), last.start);
    }
}
