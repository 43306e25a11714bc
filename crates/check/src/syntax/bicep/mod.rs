//! Bicep with positions: <https://learn.microsoft.com/azure/azure-resource-manager/bicep/file>.
//!
//! The one document of a file is a map with its `parameters`, `variables`, `resources` and `modules`.
//! Objects, lists and plain values are read; an expression is the text `${...}`, as it is written,
//! and so is a text with expressions in it. Nothing is evaluated here. A resource is its body with
//! what its declaration says beside it: `type`, `apiVersion`, and by names that no resource has
//! `$symbol`, `$existing`, `$condition` and `$loop`. A list made by a loop is a map with `$for`.

mod cursor;
pub(crate) mod scanning;
mod statements;
pub(crate) mod values;

use linchpin_document::{Node, Position};

use super::{Documents, SyntaxProblem};

/// Largest text, in bytes.
const MOST_TEXT: usize = 1 << 20;

/// Deepest nesting.
const DEEPEST: usize = 50;

/// Most values of one file.
const MOST_VALUES: usize = 200_000;

/// Reads a text. What can not be understood is passed over, and the first such thing is told.
pub fn read(text: &str) -> Documents {
    if text.len() > MOST_TEXT {
        return Documents {
            documents: Vec::new(),
            problem: Some(SyntaxProblem {
                at: Position::START,
                text: "is too large to be read as Bicep".to_owned(),
            }),
        };
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (members, problem) = statements::read(text);
    Documents {
        documents: vec![Node::map(Position::START, members)],
        problem,
    }
}

#[cfg(test)]
mod tests;
