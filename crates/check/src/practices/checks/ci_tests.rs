//! `CI-Tests`: the share of recent proposals that were made while there was something to test them.
//!
//! Whether tests ran and what they said, only the forge keeps.

use crate::practices::evaluation::{Check, Evaluation, Place, Risk, Standing};
use crate::practices::tools::tester_of;
use crate::practices::{Facts, Files, Pipelines};
use linchpin_model::TargetPath;

pub(super) const CHECK: Check = Check {
    name: "CI-Tests",
    risk: Risk::Low,
    standing: Standing::Scorecard,
    short: "Whether proposed changes are tested before they are merged",
    remedy: "Let a pipeline run the tests for every pull request.",
    evaluate,
};

impl Pipelines {
    /// The files that make tests run for proposed changes, with the system that they are for.
    pub fn testers<'p>(&'p self, files: &'p Files) -> Vec<(&'static str, &'p TargetPath)> {
        let workflows = self.workflows.iter();
        let workflows = workflows
            .filter(|workflow| workflow.runs_for_proposals)
            .map(|workflow| ("GitHub Actions", &workflow.path));
        let others = files.known.iter();
        let others = others.filter_map(|(path, _)| Some((tester_of(path)?, path)));
        workflows.chain(others).collect()
    }
}

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    let changes = match facts
        .history
        .map(|history| (history, history.recent_changes()))
    {
        Ok((history, Ok(changes))) => (history, changes),
        Ok((_, Err(reason))) => return Evaluation::unknown(reason),
        Err(reason) => return Evaluation::unknown(reason),
    };
    let (history, changes) = changes;
    let proposals: Vec<_> = changes
        .iter()
        .filter(|change| change.proposal().is_some())
        .collect();
    if proposals.is_empty() {
        return Evaluation::unknown("no pull request found in the history");
    }
    let testers = facts.pipelines.testers(facts.files);
    let tested = proposals.iter().filter(|change| {
        !testers.is_empty() && history.tested.get(&change.commit.id) == Some(&true)
    });
    let tested = tested.count();
    let reason = format!(
        "{tested} out of {} merged pull requests were made while a pipeline tested them",
        proposals.len()
    );
    let evaluation = Evaluation::share(tested, proposals.len(), reason);
    let evaluation = testers.iter().fold(evaluation, |evaluation, (name, path)| {
        evaluation.inform(
            format!("{name} runs for proposed changes"),
            Some(Place::file(path)),
        )
    });
    if testers.is_empty() {
        return evaluation.warn("no pipeline runs for proposed changes", None);
    }
    evaluation
}
