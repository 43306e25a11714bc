//! Runs the examples of rules: what must pass passes, what must fail fails.

use std::sync::Arc;

use linchpin_model::TargetPath;

use crate::edit;
use crate::engine::{Answers, ask};
use crate::kind::DocumentFile;
use crate::rule::{Example, Rule};

/// An example that does not come out as its rule says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rule}: the {}. example of `{list}` {problem}", number + 1)]
pub struct WrongExample {
    /// The rule.
    pub rule: String,
    /// `pass` or `fail`.
    pub list: &'static str,
    /// Its place in that list, counted from 0.
    pub number: usize,
    /// What is wrong.
    pub problem: String,
}

/// Runs the examples of a rule.
pub fn run(rule: &Rule) -> Vec<WrongExample> {
    let mut wrong = Vec::new();
    for (list, examples) in [("pass", &rule.pass), ("fail", &rule.fail)] {
        for (number, example) in examples.iter().enumerate() {
            let problem = match answers(rule, example) {
                Err(problem) => Some(problem),
                Ok(answers) => {
                    let problem = problem(&answers, list == "fail");
                    problem.or_else(|| unrepaired(rule, example, &answers))
                }
            };
            wrong.extend(problem.map(|problem| WrongExample {
                rule: rule.id.clone(),
                list,
                number,
                problem,
            }));
        }
    }
    wrong
}

fn problem(answers: &[Answers], must_fail: bool) -> Option<String> {
    let unasked = answers.iter().flat_map(|answers| &answers.unasked).next();
    if let Some(unasked) = unasked {
        let (line, because) = (unasked.at.line, &unasked.because);
        return Some(format!(
            "can not be asked of what stands in line {line}: {because}"
        ));
    }
    let first = answers.iter().flat_map(|answers| &answers.offences).next();
    match (first, must_fail) {
        (Some(offence), false) => Some(format!(
            "is found to be wrong in {}, line {}",
            offence.path, offence.at.line
        )),
        (None, true) => Some("is not found to be wrong".to_owned()),
        _ => None,
    }
}

/// What is wrong with the automatic fix of the first thing that has one.
fn unrepaired(rule: &Rule, example: &Example, answers: &[Answers]) -> Option<String> {
    let count = |answers: &[Answers]| -> usize {
        let each = answers.iter();
        each.map(|answers| answers.offences.len()).sum()
    };
    let mut offences = answers.iter().flat_map(|answers| &answers.offences);
    let (offence, repair) =
        offences.find_map(|offence| Some((offence, offence.repair.as_ref()?)))?;
    let mut repaired = example.clone();
    let (_, text) = (repaired.0.iter_mut()).find(|(path, _)| path == offence.path.as_str())?;
    *text = edit::apply(text, &repair.edits)?;
    match self::answers(rule, &repaired) {
        Ok(after) if count(&after) < count(answers) => None,
        Ok(_) => Some("is still found to be wrong after its edit".to_owned()),
        Err(problem) => Some(format!("is broken by its edit: {problem}")),
    }
}

/// What a rule alone says of the files of an example.
///
/// # Errors
/// If a file is none of the rule's kind, or can not be read.
pub fn answers(rule: &Rule, example: &Example) -> Result<Vec<Answers>, String> {
    let mut files = Vec::new();
    for (path, text) in &example.0 {
        let target_path = TargetPath::new(path);
        if !(rule.kind.may_be)(&target_path, text.as_bytes()) {
            return Err(format!(
                "has a file `{path}` that is none of {}",
                rule.kind.id
            ));
        }
        let read = rule.kind.syntax.read(text);
        if let Some(problem) = read.problem {
            return Err(format!("{}, in line {}", problem.text, problem.at.line));
        }
        let text = Arc::from(text.as_str());
        files.push(DocumentFile::new(target_path, None, text, read.documents));
    }
    let files = (rule.kind.prepare)(files);
    if let Some(problem) = files.iter().flat_map(|file| &file.problems).next() {
        return Err(format!("{}, in line {}", problem.text, problem.at.line));
    }
    Ok(ask(rule.kind, &[rule], &files))
}
