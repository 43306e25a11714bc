//! `Fuzzing`: whether tests make their own input.

use crate::practices::Facts;
use crate::practices::evaluation::{Check, Evaluation, MOST_SCORE, Place, Risk, Standing};

pub(super) const CHECK: Check = Check {
    name: "Fuzzing",
    risk: Risk::Medium,
    standing: Standing::Scorecard,
    short: "Whether the project is fuzzed",
    remedy: "Write fuzz targets for whatever reads foreign input, and let them run continuously.",
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    let mut found: Vec<(&str, Place)> = Vec::new();
    if let Some((path, _)) = facts.files.known(".clusterfuzzlite/Dockerfile") {
        found.push(("ClusterFuzzLite", Place::file(path)));
    }
    found.extend(facts.files.fuzzers.iter().cloned());
    if found.is_empty() {
        return Evaluation::new(0, "project is not fuzzed")
            .warn("no fuzzer integrations found", None);
    }
    let evaluation = Evaluation::new(MOST_SCORE, "project is fuzzed");
    found
        .into_iter()
        .fold(evaluation, |evaluation, (name, place)| {
            evaluation.inform(format!("{name} integration found"), Some(place))
        })
}
