//! Bundler. A `Gemfile` is a program, which Bundler runs: nothing of it is tried, and only who applies a
//! plan lets it run.

use linchpin_advisory::remedy::{Choice, Manifests, NoReleases, PlanStep, Releases};

use super::{Action, Client, Place, RegistryView, Task, Trial};
use crate::commands::fix::program::CommandLine;

pub(super) static CLIENT: Client = Client {
    id: "bundler",
    keeps: |name| matches!(name, "Gemfile.lock" | "gems.locked"),
    choice: Choice::NewestAllowed,
    manifests: Manifests::Kept,
    trial: Trial::Impossible("Bundler would run the Gemfile, which is a program of the target"),
    releases: no_releases,
    tasks,
};

fn no_releases(_view: &RegistryView<'_>) -> Box<dyn Releases> {
    Box::new(NoReleases)
}

fn tasks(steps: &[PlanStep], _place: &Place<'_>) -> Vec<Task> {
    if steps.is_empty() {
        return Vec::new();
    }
    let mut line = CommandLine::new("bundle", ["lock", "--conservative", "--update"]);
    for step in steps {
        line = line.and(step.moved.name.as_ref());
    }
    vec![Task {
        steps: (0..steps.len()).collect(),
        action: Action::Run(line),
    }]
}
