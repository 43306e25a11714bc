//! Asks the rules of the documents of one kind.

mod ignoring;
mod offence;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use linchpin_document::{Node, Position};
use linchpin_expression::{EvaluationError, Expression, Extent, Prepared, Value};
use linchpin_model::TargetPath;
use rayon::prelude::*;

use crate::edit::{Wrong, repairs};
use crate::kind::{DocumentFile, Kind, Subject};
use crate::rule::Rule;

pub(crate) use ignoring::{Ignored, ignored};
pub use offence::{ExcerptLine, Offence};

/// Most findings of one rule in one file. A file of a thousand wrong things is one thing to do.
const MOST_OFFENCES: usize = 200;

/// Most edits for one file.
const MOST_REPAIRS: usize = 500;

/// A rule that could not be asked of a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unasked {
    /// The rule.
    pub rule: String,
    /// Where the thing stands.
    pub at: Position,
    /// Why not.
    pub because: NotAsked,
}

/// Why a rule could not be asked of a thing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAsked {
    /// It would take too long.
    #[error("{values} values are too many for its loops")]
    TooMuch {
        /// How many values its loops would go over.
        values: usize,
    },
    /// What it asks for is missing or of another sort, which is nothing to report: documents need
    /// not be what a rule expects.
    #[error("{0}")]
    Unfit(String),
}

/// What the rules say of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    /// What is wrong, by position and rule.
    pub offences: Vec<Offence>,
    /// What could not be asked.
    pub unasked: Vec<Unasked>,
}

/// Asks rules of files of their kind. The answers are in the order of the files.
pub(crate) fn ask(kind: &Kind, rules: &[&Rule], files: &[DocumentFile]) -> Vec<Answers> {
    let by_subject = by_subject(rules);
    files
        .par_iter()
        .map(|file| ask_file(kind, &by_subject, file))
        .collect()
}

/// The rules that look at a sort of thing.
type BySubject<'r> = HashMap<&'static str, Vec<&'r Rule>>;

fn by_subject<'r>(rules: &[&'r Rule]) -> BySubject<'r> {
    let mut by_subject = BySubject::new();
    for &rule in rules {
        by_subject.entry(rule.each.name).or_default().push(rule);
    }
    by_subject
}

fn ask_file(kind: &Kind, rules: &BySubject<'_>, file: &DocumentFile) -> Answers {
    let mut subjects = Vec::new();
    (kind.find)(file, &mut subjects);
    let mut answers = Answers::default();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut values = Values::default();
    let mut wrong = Vec::new();
    for subject in &subjects {
        for &rule in rules.get(subject.kind).into_iter().flatten() {
            if !rule.of.is_empty() && !rule.of.iter().any(|of| of == subject.of) {
                continue;
            }
            match values.ask(rule, subject) {
                Ok(Answer::Right) => {}
                Ok(Answer::Wrong(message)) => {
                    let count = counts.entry(&rule.id).or_default();
                    *count += 1;
                    if *count <= MOST_OFFENCES {
                        if let Some(edit) = &rule.edit {
                            let thing = subject.node;
                            let first = thing.members().first();
                            let one = Wrong {
                                edit,
                                first: first.map(|member| member.key.as_str()),
                                start: thing.start,
                                end: thing.end,
                            };
                            wrong.push((answers.offences.len(), one));
                        }
                        answers
                            .offences
                            .push(Offence::new(rule, subject, file, message));
                    }
                }
                Err(unasked) => answers.unasked.push(unasked),
            }
        }
    }
    repair(kind, file, wrong, &mut answers.offences);
    answers
        .offences
        .sort_by(|left, right| (left.at, &left.rule).cmp(&(right.at, &right.rule)));
    answers.offences.dedup();
    answers
}

/// Finds the edits for what is wrong, in the text of the file that each thing comes from.
fn repair(
    kind: &Kind,
    file: &DocumentFile,
    mut wrong: Vec<(usize, Wrong<'_>)>,
    offences: &mut [Offence],
) {
    wrong.truncate(MOST_REPAIRS);
    let mut texts: BTreeMap<&TargetPath, &str> = BTreeMap::new();
    let mut by_path: BTreeMap<&TargetPath, Vec<(usize, Wrong<'_>)>> = BTreeMap::new();
    for (place, wrong) in wrong {
        let (path, _, text, line) = file.origin(wrong.start.line);
        let (_, _, _, last) = file.origin(wrong.end.line);
        let here = |at: Position, line| Position { line, ..at };
        let (start, end) = (here(wrong.start, line), here(wrong.end, last));
        // What one file says of a thing in another is changed by a person.
        if offences.get(place).is_some_and(|one| one.path == *path) {
            texts.insert(path, text);
            let list = by_path.entry(path).or_default();
            list.push((
                place,
                Wrong {
                    start,
                    end,
                    ..wrong
                },
            ));
        }
    }
    for (path, list) in by_path {
        let text = texts.get(path).copied().unwrap_or_default();
        let things: Vec<Wrong<'_>> = list.iter().map(|(_, wrong)| *wrong).collect();
        let repairs = repairs(kind.syntax, text, &things);
        for ((place, _), repair) in list.into_iter().zip(repairs) {
            if let Some(offence) = offences.get_mut(place) {
                offence.repair = repair;
            }
        }
    }
}

/// What a rule says of a thing.
enum Answer {
    Right,
    /// With words about this very thing, if the rule has any.
    Wrong(Option<String>),
}

/// The things of a file as expressions see them, each made once.
#[derive(Default)]
struct Values {
    known: HashMap<usize, Thing>,
}

/// A thing, ready to be asked, and how many values it holds.
#[derive(Clone)]
struct Thing {
    value: Option<Arc<Prepared>>,
    size: usize,
}

impl Values {
    /// What a rule says of a thing.
    fn ask(&mut self, rule: &Rule, subject: &Subject<'_>) -> Result<Answer, Unasked> {
        let unasked = |because: NotAsked| Unasked {
            rule: rule.id.clone(),
            at: subject.node.start,
            because,
        };
        let asked: usize = rule
            .when
            .asked()
            .filter_map(|name| node(name, subject))
            .map(|node| self.thing(node).size)
            .sum();
        if rule.when.is_too_much_for(Extent {
            longest: asked,
            total: asked,
        }) {
            return Err(unasked(NotAsked::TooMuch { values: asked }));
        }
        match self.evaluate(&rule.when, subject) {
            Ok(Value::Bool(false)) => Ok(Answer::Right),
            Ok(Value::Bool(true)) => {
                let message = rule.message.as_ref().and_then(|message| {
                    match self.evaluate(message, subject) {
                        Ok(Value::String(text)) => Some(text.chars().take(300).collect()),
                        _ => None,
                    }
                });
                Ok(Answer::Wrong(message))
            }
            Ok(other) => Err(unasked(NotAsked::Unfit(format!(
                "its expression is {}, neither true nor false",
                linchpin_expression::sort_of(&other)
            )))),
            Err(error) => Err(unasked(NotAsked::Unfit(error.0))),
        }
    }

    /// The value of an expression for a thing; what is not there is null.
    fn evaluate(
        &mut self,
        expression: &Expression,
        subject: &Subject<'_>,
    ) -> Result<Value, EvaluationError> {
        let things: Vec<(&str, Arc<Prepared>)> = expression
            .asked()
            .filter_map(|name| Some((name, self.thing(node(name, subject)?).value?)))
            .collect();
        let lent: Vec<(&str, &Prepared)> = things
            .iter()
            .map(|(name, thing)| (*name, thing.as_ref()))
            .collect();
        expression.evaluate_prepared(&lent)
    }

    fn thing(&mut self, node: &Node) -> Thing {
        // Things do not move while a file is looked at: the address says which one it is.
        let address = std::ptr::from_ref(node) as usize;
        let known = self.known.entry(address);
        known
            .or_insert_with(|| Thing {
                value: Prepared::new(node.to_value()).map(Arc::new),
                size: node.size(),
            })
            .clone()
    }
}

/// The thing of a name, or what is around it.
fn node<'a>(name: &str, subject: &Subject<'a>) -> Option<&'a Node> {
    if name == "this" {
        return Some(subject.node);
    }
    let around = subject.around.iter().find(|(known, _)| *known == name);
    around.map(|(_, node)| *node)
}
