//! Automatic fixes: what a rule says is to be changed becomes edits of the text, by the places of
//! the document's tree. All else in the text stays as it is: comments, indentation, order.
//!
//! `reading` understands the `edit` of a rule, `tree` finds the thing in the tree of the text as it
//! is written, and `changing` makes the edits, in the way of the text around them: `indented` (YAML
//! by lines), `enclosed` (JSON, and YAML in brackets) and `braces` (HCL and Bicep). What can not be
//! changed without a doubt is not changed: expressions, aliases, values that stand elsewhere.

mod braces;
mod changing;
mod enclosed;
mod indented;
mod reading;
mod text;
mod tree;
mod value;

use linchpin_document::{Node, Position};
use linchpin_model::{Repair, TextEdit};
use regex::Regex;

use crate::place::Place;
use crate::syntax::Syntax;

pub(crate) use reading::read;

use changing::Changing;
use text::Text;
use tree::Tree;
use value::Written;

/// What a rule says is to be changed.
#[derive(Debug)]
pub struct Edit {
    /// One after the other.
    pub(crate) changes: Vec<Change>,
    /// What may no longer work afterwards. Nothing means that the edit is safe.
    pub may_break: Option<String>,
}

/// One change. Places are ways from the thing, in the document as it is written.
#[derive(Debug)]
pub(crate) enum Change {
    /// A value, in place of the one that is there or beside the others: before the one of a name,
    /// or behind the last one.
    Set {
        place: Place,
        value: Node,
        before: Option<String>,
    },
    /// A value in place of the one that is there; nothing if none is there.
    Correct { place: Place, value: Node },
    /// A member is taken out.
    Remove { place: Place },
    /// An item at the end of a list.
    Append { place: Place, item: Node },
    /// Other words in the text of the thing, or of the value at a place.
    Replace {
        place: Option<Place>,
        pattern: Regex,
        with: String,
    },
    /// A line of its own before the thing, with the same indentation.
    LineBefore { line: String },
    /// The same behind it.
    LineAfter { line: String },
}

/// A piece of a text that becomes another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Splice {
    start: usize,
    end: usize,
    text: String,
}

impl Splice {
    fn insert(at: usize, text: String) -> Self {
        Self {
            start: at,
            end: at,
            text,
        }
    }

    /// The least that turns one text into the other.
    fn least(start: usize, end: usize, old: &str, new: &str) -> Self {
        let same = |left: &mut dyn Iterator<Item = char>, right: &mut dyn Iterator<Item = char>| {
            let pairs = left.zip(right).take_while(|(left, right)| left == right);
            pairs.map(|(sign, _)| sign.len_utf8()).sum::<usize>()
        };
        let before = same(&mut old.chars(), &mut new.chars());
        let (old, new) = (
            old.get(before..).unwrap_or_default(),
            new.get(before..).unwrap_or_default(),
        );
        let after = same(&mut old.chars().rev(), &mut new.chars().rev());
        Self {
            start: start + before,
            end: end - after,
            text: new.get(..new.len() - after).unwrap_or_default().to_owned(),
        }
    }
}

/// A thing that a rule says is wrong, by where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wrong<'r> {
    pub(crate) edit: &'r Edit,
    /// The name of its first member, if it has any.
    pub(crate) first: Option<&'r str>,
    pub(crate) start: Position,
    pub(crate) end: Position,
}

/// The edits for things of one text. Nothing for those that can not be changed without a doubt.
pub(crate) fn repairs(syntax: Syntax, text: &str, wrong: &[Wrong<'_>]) -> Vec<Option<Repair>> {
    let none = || wrong.iter().map(|_| None).collect();
    let documents = syntax.read(text);
    let (Some(text), None) = (Text::new(text), &documents.problem) else {
        return none();
    };
    let tree = Tree::new(&documents.documents);
    let written = written(syntax, text.whole);
    let changing = Changing {
        text: &text,
        tree: &tree,
        written,
    };
    wrong
        .iter()
        .map(|one| {
            let splices = changing.splices(one)?;
            let edits = splices.into_iter().map(|splice| {
                let place = |offset| {
                    let at = text.position(offset);
                    (at.line, at.column)
                };
                TextEdit {
                    start: place(splice.start),
                    end: place(splice.end),
                    text: splice.text,
                }
            });
            Some(Repair {
                edits: edits.collect(),
                may_break: one.edit.may_break.clone(),
            })
        })
        .collect()
}

/// How values are written in a text.
fn written(syntax: Syntax, text: &str) -> Written {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match syntax {
        Syntax::Hcl if !text.starts_with('{') => Written::Hcl,
        Syntax::Bicep if !text.starts_with('{') => Written::Bicep,
        _ if text.starts_with('{') && text.trim_end().ends_with('}') => Written::Json,
        _ => Written::Yaml,
    }
}

/// A text with edits made in it; nothing if they are not for this text, or overlap.
pub fn apply(text: &str, edits: &[TextEdit]) -> Option<String> {
    let places = Text::new(text)?;
    let offset = |(line, column): (u32, u32)| places.offset(Position { line, column });
    let mut splices: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| Some((offset(edit.start)?, offset(edit.end)?, edit.text.as_str())))
        .collect::<Option<_>>()?;
    // Those at one place stay in their order.
    splices.sort_by_key(|(start, end, _)| (*start, *end));
    let mut made = String::with_capacity(text.len());
    let mut done = 0;
    for (start, end, new) in splices {
        if start < done || end < start {
            return None;
        }
        made.push_str(text.get(done..start)?);
        made.push_str(new);
        done = end;
    }
    made.push_str(text.get(done..)?);
    Some(made)
}
