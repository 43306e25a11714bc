//! `Packaging`: whether a workflow publishes the project. That none does proves nothing, so there is no
//! bad score.

use crate::practices::Facts;
use crate::practices::evaluation::{Check, Evaluation, MOST_SCORE, Place, Risk, Standing};

pub(super) const CHECK: Check = Check {
    name: "Packaging",
    risk: Risk::Medium,
    standing: Standing::Scorecard,
    short: "Whether the project is published as a package by a workflow",
    remedy: "Let a workflow publish the package, so that users get repairs by their package manager.",
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    let mut publishing = facts
        .pipelines
        .workflows
        .iter()
        .filter_map(|workflow| Some(Place::line(&workflow.path, workflow.publishes?)))
        .peekable();
    if publishing.peek().is_none() {
        return Evaluation::unknown("packaging workflow not detected");
    }
    let evaluation = Evaluation::new(MOST_SCORE, "packaging workflow detected");
    publishing.fold(evaluation, |evaluation, place| {
        evaluation.inform("project is published by a workflow", Some(place))
    })
}
