//! `Dependency-Update-Tool`: whether something proposes newer versions of dependencies.

use linchpin_model::TargetPath;

use crate::practices::evaluation::{Check, Evaluation, MOST_SCORE, Place, Risk, Standing};
use crate::practices::tools::{updater_by_author, updater_of};
use crate::practices::{Facts, Files};

pub(super) const CHECK: Check = Check {
    name: "Dependency-Update-Tool",
    risk: Risk::High,
    standing: Standing::Scorecard,
    short: "Whether a tool proposes newer versions of dependencies",
    remedy: "Let Dependabot or Renovate propose updates, with their settings in the repository.",
    evaluate,
};

/// The settings of such tools.
pub(in crate::practices) fn settings(
    files: &Files,
) -> impl Iterator<Item = (&'static str, &TargetPath)> {
    let known = files.known.iter();
    known.filter_map(|(path, _)| Some((updater_of(path)?.name.as_str(), path)))
}

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    let found: Vec<(&str, &TargetPath)> = settings(facts.files).collect();
    let detected = || Evaluation::new(MOST_SCORE, "update tool detected");
    if !found.is_empty() {
        return found.iter().fold(detected(), |evaluation, (name, path)| {
            evaluation.inform(
                format!("detected update tool: {name}"),
                Some(Place::file(path)),
            )
        });
    }
    let commits = facts.history.map_or(&[][..], |history| &history.commits);
    let by_tool = commits
        .iter()
        .find_map(|commit| Some((updater_by_author(&commit.author.name)?, commit)));
    match by_tool {
        Some((tool, commit)) => detected().inform(
            format!("{} made the commit {}", tool.name, commit.short()),
            None,
        ),
        None => Evaluation::new(0, "no update tool detected")
            .warn("no settings of a dependency update tool found", None),
    }
}
