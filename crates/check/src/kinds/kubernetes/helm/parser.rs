//! Makes a tree of a template's pieces.

use std::sync::Arc;

use super::lexer::{Piece, Word, pieces};
use super::value::Data;

/// Deepest nesting of blocks and of brackets.
const DEEPEST: usize = 40;

/// A part of a template, with the place where its action begins.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Text {
        from: usize,
        to: usize,
    },
    Output {
        at: usize,
        pipeline: Pipeline,
    },
    /// `$x := ...`, and `$x = ...` if it is known already.
    Set {
        at: usize,
        name: String,
        declares: bool,
        pipeline: Pipeline,
    },
    /// `if` and `with`: the first branch whose condition is true.
    Choice {
        at: usize,
        branches: Vec<Branch>,
        otherwise: Vec<Part>,
    },
    Range {
        at: usize,
        names: Vec<String>,
        pipeline: Pipeline,
        body: Vec<Part>,
        otherwise: Vec<Part>,
    },
    Template {
        at: usize,
        name: String,
        pipeline: Option<Pipeline>,
    },
    Break,
    Continue,
}

#[derive(Debug, Clone)]
pub(super) struct Branch {
    /// Whether the value becomes the point: `with`.
    pub(super) moves: bool,
    pub(super) name: Option<String>,
    pub(super) condition: Pipeline,
    pub(super) body: Vec<Part>,
}

/// Commands, each given the result of the one before as its last argument.
pub(super) type Pipeline = Vec<Vec<Operand>>;

#[derive(Debug, Clone)]
pub(super) enum Operand {
    Literal(Data),
    /// From the point.
    Fields(Vec<String>),
    Variable(String, Vec<String>),
    Function(String),
    Inner(Pipeline, Vec<String>),
}

/// A template that was understood, and the named ones in it.
#[derive(Debug, Clone)]
pub(super) struct Template {
    pub(super) text: Arc<str>,
    pub(super) parts: Vec<Part>,
}

/// What is wrong, and where.
pub(super) type Wrong = (usize, String);

/// Reads a template; `define` is told of each named one.
pub(super) fn parse(
    text: &Arc<str>,
    define: &mut dyn FnMut(String, Template),
) -> Result<Template, Wrong> {
    let mut parser = Parser {
        pieces: pieces(text)?.into_iter(),
        text,
        define,
        depth: 0,
    };
    let (parts, end) = parser.block()?;
    match end {
        None => Ok(Template {
            text: Arc::clone(text),
            parts,
        }),
        Some((at, _)) => Err((at, "has an `end` or `else` without a beginning".to_owned())),
    }
}

struct Parser<'a> {
    pieces: std::vec::IntoIter<Piece>,
    text: &'a Arc<str>,
    define: &'a mut dyn FnMut(String, Template),
    depth: usize,
}

/// The words with which a block ended: `end`, or `else` with what follows.
type End = Option<Ending>;

type Ending = (usize, Vec<Word>);

impl Parser<'_> {
    fn block(&mut self) -> Result<(Vec<Part>, End), Wrong> {
        let mut parts = Vec::new();
        while let Some(piece) = self.pieces.next() {
            let (at, words) = match piece {
                Piece::Text { from, to } => {
                    parts.push(Part::Text { from, to });
                    continue;
                }
                Piece::Action { at, words } => (at, words),
            };
            match words.first() {
                None => {}
                Some(Word::Name(name)) => match name.as_str() {
                    "end" | "else" => return Ok((parts, Some((at, words)))),
                    "if" | "with" => parts.push(self.choice(at, &words)?),
                    "range" => parts.push(self.range(at, &words[1..])?),
                    "define" | "block" => {
                        let inner = self.named(at, &words)?;
                        parts.extend(inner);
                    }
                    "template" => parts.push(template(at, &words[1..])?),
                    "break" => parts.push(Part::Break),
                    "continue" => parts.push(Part::Continue),
                    _ => parts.push(Part::Output {
                        at,
                        pipeline: pipeline(at, &words)?,
                    }),
                },
                Some(Word::Variable(name))
                    if matches!(words.get(1), Some(Word::Declare | Word::Assign)) =>
                {
                    parts.push(Part::Set {
                        at,
                        name: name.clone(),
                        declares: words.get(1) == Some(&Word::Declare),
                        pipeline: pipeline(at, &words[2..])?,
                    });
                }
                Some(_) => parts.push(Part::Output {
                    at,
                    pipeline: pipeline(at, &words)?,
                }),
            }
        }
        Ok((parts, None))
    }

    /// What is inside of a block that begins at `at`, up to its `end` or `else`.
    fn inside(&mut self, at: usize) -> Result<(Vec<Part>, Ending), Wrong> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err((at, "nests blocks too deeply".to_owned()));
        }
        let (parts, end) = self.block()?;
        self.depth -= 1;
        end.map(|end| (parts, end))
            .ok_or_else(|| (at, "has a block without an end".to_owned()))
    }

    fn choice(&mut self, at: usize, words: &[Word]) -> Result<Part, Wrong> {
        let mut branches = Vec::new();
        let mut words = words.to_vec();
        loop {
            let moves = words.first() == Some(&Word::Name("with".to_owned()));
            let (name, rest) = match words.get(1..3) {
                Some([Word::Variable(name), Word::Declare]) => (Some(name.clone()), &words[3..]),
                _ => (None, &words[1..]),
            };
            let condition = pipeline(at, rest)?;
            let (body, (end_at, end)) = self.inside(at)?;
            branches.push(Branch {
                moves,
                name,
                condition,
                body,
            });
            match end.as_slice() {
                [Word::Name(end)] if end == "end" => {
                    return Ok(Part::Choice {
                        at,
                        branches,
                        otherwise: Vec::new(),
                    });
                }
                [Word::Name(_)] => {
                    let otherwise = self.otherwise(end_at)?;
                    return Ok(Part::Choice {
                        at,
                        branches,
                        otherwise,
                    });
                }
                _ => words = end.get(1..).unwrap_or_default().to_vec(),
            }
        }
    }

    fn otherwise(&mut self, at: usize) -> Result<Vec<Part>, Wrong> {
        let (parts, (_, end)) = self.inside(at)?;
        match end.as_slice() {
            [Word::Name(end)] if end == "end" => Ok(parts),
            _ => Err((at, "has an `else` after another".to_owned())),
        }
    }

    fn range(&mut self, at: usize, words: &[Word]) -> Result<Part, Wrong> {
        let (names, rest) = match words {
            [
                Word::Variable(key),
                Word::Comma,
                Word::Variable(value),
                Word::Declare,
                rest @ ..,
            ] => (vec![key.clone(), value.clone()], rest),
            [Word::Variable(value), Word::Declare, rest @ ..] => (vec![value.clone()], rest),
            rest => (Vec::new(), rest),
        };
        let pipeline = pipeline(at, rest)?;
        let (body, (end_at, end)) = self.inside(at)?;
        let otherwise = match end.as_slice() {
            [Word::Name(end)] if end == "end" => Vec::new(),
            _ => self.otherwise(end_at)?,
        };
        Ok(Part::Range {
            at,
            names,
            pipeline,
            body,
            otherwise,
        })
    }

    fn named(&mut self, at: usize, words: &[Word]) -> Result<Option<Part>, Wrong> {
        let Some(Word::Text(name)) = words.get(1) else {
            return Err((at, "defines a template without a name".to_owned()));
        };
        let (parts, _) = self.inside(at)?;
        let text = Arc::clone(self.text);
        (self.define)(name.clone(), Template { text, parts });
        if words.first() == Some(&Word::Name("block".to_owned())) {
            return template(at, &words[1..]).map(Some);
        }
        Ok(None)
    }
}

fn template(at: usize, words: &[Word]) -> Result<Part, Wrong> {
    let [Word::Text(name), rest @ ..] = words else {
        return Err((at, "uses a template without a name".to_owned()));
    };
    let pipeline = if rest.is_empty() {
        None
    } else {
        Some(pipeline(at, rest)?)
    };
    Ok(Part::Template {
        at,
        name: name.clone(),
        pipeline,
    })
}

fn pipeline(at: usize, words: &[Word]) -> Result<Pipeline, Wrong> {
    let mut words = words.iter().peekable();
    let read = commands(&mut words, 0).map_err(|problem| (at, problem))?;
    if words.next().is_some() {
        return Err((at, "has a bracket too many".to_owned()));
    }
    Ok(read)
}

type Words<'a> = std::iter::Peekable<std::slice::Iter<'a, Word>>;

fn commands(words: &mut Words<'_>, depth: usize) -> Result<Pipeline, String> {
    if depth > DEEPEST {
        return Err("nests brackets too deeply".to_owned());
    }
    let mut pipeline = Vec::new();
    let mut command: Vec<Operand> = Vec::new();
    while let Some(word) = words.next_if(|word| **word != Word::Close) {
        let operand = match word {
            Word::Pipe => {
                pipeline.push(std::mem::take(&mut command));
                continue;
            }
            Word::Open => {
                let inner = commands(words, depth + 1)?;
                if words.next() != Some(&Word::Close) {
                    return Err("has a bracket without its end".to_owned());
                }
                Operand::Inner(inner, belonging(words))
            }
            Word::Variable(name) => Operand::Variable(name.clone(), belonging(words)),
            Word::Fields(names, _) => Operand::Fields(names.clone()),
            Word::Text(text) => Operand::Literal(Data::text(text)),
            Word::Integer(number) => Operand::Literal(Data::Integer(*number)),
            Word::Number(number) => Operand::Literal(Data::Number(*number)),
            Word::Name(name) => match name.as_str() {
                "true" => Operand::Literal(Data::Boolean(true)),
                "false" => Operand::Literal(Data::Boolean(false)),
                "nil" => Operand::Literal(Data::Nothing),
                _ => Operand::Function(name.clone()),
            },
            Word::Close | Word::Declare | Word::Assign | Word::Comma => {
                return Err("has an action that can not be understood".to_owned());
            }
        };
        command.push(operand);
    }
    pipeline.push(command);
    if pipeline.iter().any(Vec::is_empty) {
        return Err("has an empty command".to_owned());
    }
    Ok(pipeline)
}

/// Fields right behind a bracket or a variable.
fn belonging(words: &mut Words<'_>) -> Vec<String> {
    match words.next_if(|word| matches!(word, Word::Fields(_, true))) {
        Some(Word::Fields(names, _)) => names.clone(),
        _ => Vec::new(),
    }
}
