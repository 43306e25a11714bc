//! Dockerfiles: <https://docs.docker.com/reference/dockerfile/>.
//!
//! The one document of a file is a map with `directives` and the list of its `instructions`, each
//! with its `keyword`, its `flags`, its `words`, and what its keyword gives a meaning to. Scripts
//! are split into `commands`. Variables stand as they are written; which stages there are, and what
//! variables stand for, is the kind's to say.

mod arguments;
mod instructions;
mod lines;
mod words;

use linchpin_document::{Member, Node, Position};

use super::{Documents, SyntaxProblem};

/// Reads a Dockerfile.
pub fn read(text: &str) -> Documents {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let read = lines::read(text);
    let mut problem = read.problem;
    let mut instructions = instructions::Instructions::new(read.escape);
    let mut nodes = Vec::new();
    for line in &read.instructions {
        match instructions.read(line) {
            Some(node) => nodes.push(node),
            None => {
                problem.get_or_insert_with(|| SyntaxProblem {
                    at: line.start,
                    text: "holds more instructions and commands than are looked at".to_owned(),
                });
                break;
            }
        }
    }
    let directives = (read.directives.into_iter())
        .map(|directive| Member {
            key: directive.name.into(),
            key_start: directive.start,
            value: Node::text(directive.value_start, directive.value),
        })
        .collect();
    let start = Position::START;
    Documents {
        documents: vec![Node::map(
            start,
            vec![
                Member::added("directives", Node::map(start, directives)),
                Member::added("instructions", Node::list(start, nodes)),
            ],
        )],
        problem,
    }
}

#[cfg(test)]
mod tests;
