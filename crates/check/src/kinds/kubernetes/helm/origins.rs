//! Leads places of rendered text back to the template.
//!
//! What stands in the template as it is keeps its place to the character; what an action made is
//! where the action begins.

use linchpin_document::{Node, NodeValue, Position};

use super::evaluate::Output;

/// Where rendered text comes from.
pub(super) struct Origins<'a> {
    template: Lines<'a>,
    output: &'a Output,
    rendered: Lines<'a>,
}

impl<'a> Origins<'a> {
    pub(super) fn new(template: &'a str, output: &'a Output) -> Self {
        Self {
            template: Lines::new(template),
            rendered: Lines::new(&output.text),
            output,
        }
    }

    /// The place in the template of a place in what it was rendered to.
    pub(super) fn origin(&self, position: Position) -> Position {
        let offset = self.rendered.offset(position);
        let stretches = &self.output.stretches;
        // Stretches that are empty begin where the next one does: the last of them counts.
        let after = stretches.partition_point(|stretch| stretch.from <= offset);
        let Some(stretch) = after.checked_sub(1).and_then(|index| stretches.get(index)) else {
            return Position::START;
        };
        let into = if stretch.literal {
            offset - stretch.from
        } else {
            0
        };
        self.template.position(stretch.at + into)
    }

    /// Leads a document back.
    pub(super) fn move_back(&self, document: &mut Node) {
        let mut waiting = vec![document];
        while let Some(node) = waiting.pop() {
            node.start = self.origin(node.start);
            node.end = self.origin(node.end);
            match &mut node.value {
                NodeValue::List(items) => waiting.extend(items),
                NodeValue::Map(members) => {
                    for member in members {
                        member.key_start = self.origin(member.key_start);
                        waiting.push(&mut member.value);
                    }
                }
                _ => {}
            }
        }
    }
}

/// A text with the beginnings of its lines.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(breaks).collect();
        Self { text, starts }
    }

    fn offset(&self, position: Position) -> usize {
        let line = (position.line as usize).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(self.text.len());
        let rest = self.text.get(start..).unwrap_or_default();
        let columns = (position.column as usize).saturating_sub(1);
        let inside = rest
            .char_indices()
            .nth(columns)
            .map_or(rest.len(), |(at, _)| at);
        start + inside
    }

    fn position(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or_default();
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Position {
            line: number(line),
            column: number(before.chars().count().saturating_add(1)),
        }
    }
}
