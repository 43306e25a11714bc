//! Documents as trees whose every value knows where it stands, and YAML read into them.
//!
//! Rules and policies are YAML, and so is much of what rules look at: whoever reads one says what
//! is wrong by line and column. The other syntaxes, which only rules look at, are in the room
//! `check`.

mod node;
mod plain_words;
pub mod yaml;

pub use node::{Member, Node, NodeValue, Position};
pub use plain_words::plain;

/// Deepest nesting that is read.
pub const DEEPEST: usize = 100;

/// Most values of one file, aliases unfolded.
pub const MOST_VALUES: usize = 1_000_000;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Documents {
    /// Its documents, in order.
    pub documents: Vec<Node>,
    /// What could not be understood.
    pub problem: Option<SyntaxProblem>,
}

/// Something that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxProblem {
    /// Where.
    pub at: Position,
    /// A sentence without a full stop that goes on from the name of the file.
    pub text: String,
}

impl Documents {
    /// What is left of a file whose reader failed.
    pub fn failed() -> Self {
        Self {
            documents: Vec::new(),
            problem: Some(SyntaxProblem {
                at: Position::START,
                text: "made the reader fail; please report it as a bug".to_owned(),
            }),
        }
    }
}
