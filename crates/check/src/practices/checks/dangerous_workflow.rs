//! `Dangerous-Workflow`: whether strangers can make workflows run code of theirs, as the rules for
//! workflows say.

use crate::practices::Facts;
use crate::practices::evaluation::{Check, Evaluation, MOST_SCORE, Risk, Standing};

pub(super) const CHECK: Check = Check {
    name: "Dangerous-Workflow",
    risk: Risk::Critical,
    standing: Standing::Scorecard,
    short: "Whether strangers can make workflows of GitHub Actions run their code",
    remedy: "Hand texts of strangers to scripts as environment variables, and do not check out their code with the rights of the repository.",
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    let pipelines = facts.pipelines;
    if pipelines.workflows.is_empty() {
        return Evaluation::unknown("no workflows found");
    }
    if pipelines.dangers.is_empty() {
        return Evaluation::new(MOST_SCORE, "no dangerous workflow patterns detected");
    }
    let evaluation = Evaluation::new(0, "dangerous workflow patterns detected");
    let dangers = pipelines.dangers.iter();
    dangers.fold(evaluation, |evaluation, (place, text)| {
        evaluation.warn(text.as_str(), Some(place.clone()))
    })
}
