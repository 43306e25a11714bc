//! `Binary-Artifacts`: each program among the sources takes a point.

use linchpin_model::TargetPath;

use crate::practices::evaluation::{Check, Evaluation, MOST_SCORE, Place, Risk, Standing};
use crate::practices::{Facts, Files};

pub(super) const CHECK: Check = Check {
    name: "Binary-Artifacts",
    risk: Risk::High,
    standing: Standing::Scorecard,
    short: "Whether programs lie among the sources, which nobody can review",
    remedy: "Remove the programs from the repository and build them from source.",
    evaluate,
};

/// The programs that count. The wrapper of Gradle is one that a project can not do without; it counts
/// unless a workflow compares it with the published ones, which [`evaluate`] asks.
pub(in crate::practices) fn programs(files: &Files) -> Vec<&TargetPath> {
    let programs = files.programs.iter();
    programs
        .filter(|path| path.name() != "gradle-wrapper.jar")
        .collect()
}

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    let mut programs = programs(facts.files);
    let compares_wrappers = facts.pipelines.pins.iter().any(|pin| {
        let name = pin.what.split('@').next().unwrap_or_default();
        matches!(
            name.to_ascii_lowercase().as_str(),
            "gradle/wrapper-validation-action"
                | "gradle/actions/wrapper-validation"
                | "gradle/actions/setup-gradle"
        )
    });
    if !compares_wrappers {
        let all = facts.files.programs.iter();
        programs.extend(all.filter(|path| path.name() == "gradle-wrapper.jar"));
        programs.sort();
    }
    if programs.is_empty() {
        return Evaluation::new(MOST_SCORE, "no binaries found in the repository");
    }
    let points = usize::from(MOST_SCORE).saturating_sub(programs.len());
    let evaluation = Evaluation::new(points as u8, "binaries present in source code");
    (programs.into_iter()).fold(evaluation, |evaluation, path| {
        evaluation.warn("binary detected", Some(Place::file(path)))
    })
}
