//! The syntaxes in which documents are written, each read into [`Node`]s.

pub mod json;
mod numbers;
pub mod yaml;

use crate::node::{Node, Position};

/// Deepest nesting that is read.
pub(crate) const DEEPEST: usize = 100;

/// Most values of one file, aliases unfolded.
pub(crate) const MOST_VALUES: usize = 1_000_000;

/// A syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Syntax {
    /// YAML or JSON, whichever it is.
    Yaml,
    /// The same, or a template of Helm, which has no documents before it is rendered.
    Manifest,
}

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
    pub(crate) fn failed() -> Self {
        Self {
            documents: Vec::new(),
            problem: Some(SyntaxProblem {
                at: Position::START,
                text: "made the reader fail; please report it as a bug".to_owned(),
            }),
        }
    }
}

impl Syntax {
    /// Reads a text.
    pub fn read(self, text: &str) -> Documents {
        match self {
            Self::Manifest => {
                let read = Self::Yaml.read(text);
                if read.problem.is_some() && text.contains("{{") {
                    return Documents::default();
                }
                read
            }
            Self::Yaml => {
                if text
                    .trim_start_matches('\u{feff}')
                    .trim_start()
                    .starts_with('{')
                {
                    let read = json::read(text);
                    // YAML, too, may begin with a brace.
                    if read.problem.is_none() {
                        return read;
                    }
                }
                yaml::read(text)
            }
        }
    }
}
