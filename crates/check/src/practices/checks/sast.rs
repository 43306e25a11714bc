//! `SAST`: whether static analysis runs, and for every proposed change.

use crate::practices::Facts;
use crate::practices::evaluation::{Check, Evaluation, MOST_SCORE, Place, Risk, Standing};

pub(super) const CHECK: Check = Check {
    name: "SAST",
    risk: Risk::Medium,
    standing: Standing::Scorecard,
    short: "Whether static analysis looks at the sources",
    remedy: "Let static analysis such as CodeQL run for every pull request.",
    evaluate,
};

/// What a tool is worth that does not see proposed changes: Scorecard weighs that it is there with 7,
/// and what it sees with 3.
const WITHOUT_PROPOSALS: u8 = 7;

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    let mut found: Vec<(&str, Place, bool)> = Vec::new();
    for workflow in &facts.pipelines.workflows {
        for (name, line) in &workflow.analyses {
            let place = Place::line(&workflow.path, *line);
            found.push((name, place, workflow.runs_for_proposals));
        }
    }
    let sonar = facts.files.sonar.iter();
    found.extend(sonar.map(|place| ("Sonar", place.clone(), true)));
    if let Some((path, text)) = facts.files.known(".gitlab-ci.yml") {
        let line = text.lines().position(|line| {
            line.contains("SAST.gitlab-ci.yml") || line.contains("SAST.latest.gitlab-ci.yml")
        });
        let line = line.and_then(|line| u32::try_from(line + 1).ok());
        found.extend(line.map(|line| ("GitLab SAST", Place::line(path, line), true)));
    }
    if found.is_empty() {
        return Evaluation::new(0, "no SAST tool detected").warn("no SAST tool detected", None);
    }
    let sees_proposals = found.iter().any(|(_, _, sees)| *sees);
    let evaluation = if sees_proposals {
        Evaluation::new(MOST_SCORE, "SAST tool detected")
    } else {
        Evaluation::new(
            WITHOUT_PROPOSALS,
            "SAST tool detected but not run for proposed changes",
        )
    };
    found
        .into_iter()
        .fold(evaluation, |evaluation, (name, place, sees)| {
            let text = format!("SAST configuration detected: {name}");
            if sees {
                evaluation.inform(text, Some(place))
            } else {
                evaluation.warn(format!("{text}, not for proposed changes"), Some(place))
            }
        })
}
