//! `CI-Tests`: the share of recent proposals that were made while there was something to test them.
//!
//! Whether tests ran and what they said, only the forge keeps.

use crate::practices::Facts;
use crate::practices::evaluation::{Check, Evaluation, Place, Risk, Standing};

pub(super) const CHECK: Check = Check {
    name: "CI-Tests",
    risk: Risk::Low,
    standing: Standing::Scorecard,
    short: "Whether proposed changes are tested before they are merged",
    remedy: "Let a pipeline run the tests for every pull request.",
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    judge(facts).unwrap_or_else(Evaluation::unknown)
}

fn judge(facts: &Facts<'_>) -> Result<Evaluation, String> {
    let history = facts.history()?;
    let changes = facts.recent_changes()?;
    let proposals: Vec<_> = changes
        .iter()
        .filter(|change| change.proposal().is_some())
        .collect();
    if proposals.is_empty() {
        return Err("no pull request found in the history".to_owned());
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
        return Ok(evaluation.warn("no pipeline runs for proposed changes", None));
    }
    Ok(evaluation)
}
