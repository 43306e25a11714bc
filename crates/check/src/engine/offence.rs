//! Something that a rule says is wrong: where, and how it looks there.

use linchpin_document::Position;
use linchpin_model::{LayerIndex, Repair, Severity, TargetPath};

use crate::kind::{DocumentFile, Subject};
use crate::rule::Rule;

/// Most lines of an excerpt: the one that the finding points at, and those around it.
const AROUND: u32 = 1;

/// Longest line of an excerpt, in characters.
const LONGEST_LINE: usize = 200;

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offence {
    /// The rule that says so.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// The file.
    pub path: TargetPath,
    /// Its layer.
    pub layer: Option<LayerIndex>,
    /// Where in it.
    pub at: Position,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// The lines around the place.
    pub excerpt: Vec<ExcerptLine>,
    /// What changes the file so that it is right, where the rule knows that.
    pub repair: Option<Repair>,
}

/// A line of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExcerptLine {
    /// Its number, counted from 1.
    pub number: u32,
    /// Its text, cut where it is very long.
    pub text: String,
}

impl Offence {
    /// What a rule says of a thing.
    pub(crate) fn new(
        rule: &Rule,
        subject: &Subject<'_>,
        file: &DocumentFile,
        message: Option<String>,
    ) -> Self {
        let at = position(rule, subject);
        let (path, layer, text, line) = file.origin(at.line);
        let at = Position { line, ..at };
        Self {
            rule: rule.id.clone(),
            severity: rule.severity,
            path: path.clone(),
            layer,
            at,
            message: message.unwrap_or_else(|| rule.title.clone()),
            excerpt: excerpt(text, at.line),
            repair: None,
        }
    }
}

/// Where a rule points: the place that can be followed to its end, or else the first one as far as
/// it can be.
fn position(rule: &Rule, subject: &Subject<'_>) -> Position {
    let mut located = rule.at.iter().map(|place| {
        let (position, gone) = place.locate(subject.node);
        (position, gone == place.len())
    });
    let Some(first) = located.next() else {
        return subject.node.start;
    };
    if first.1 {
        return first.0;
    }
    located
        .find(|(_, is_there)| *is_there)
        .map_or(first.0, |(position, _)| position)
}

/// The lines around a line.
pub(crate) fn excerpt(text: &str, line: u32) -> Vec<ExcerptLine> {
    let first = line.saturating_sub(AROUND).max(1);
    text.lines()
        .zip(1u32..)
        .skip_while(|(_, number)| *number < first)
        .take_while(|(_, number)| *number <= line.saturating_add(AROUND))
        .map(|(text, number)| ExcerptLine {
            number,
            text: text.chars().take(LONGEST_LINE).collect(),
        })
        .collect()
}
