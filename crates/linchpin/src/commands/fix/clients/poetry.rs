//! Poetry: what to tell it is said, not tried.

use linchpin_advisory::remedy::{Choice, How, Manifests, PlanStep};

use super::{Action, Client, Place, Task, Trial, pip};
use crate::commands::fix::program::CommandLine;

pub(super) static CLIENT: Client = Client {
    id: "poetry",
    keeps: |name| name == "poetry.lock",
    choice: Choice::NewestAllowed,
    manifests: Manifests::Changed,
    trial: Trial::Impossible("Poetry may run what packages bring along to learn what they need"),
    releases: pip::releases,
    tasks,
};

fn tasks(steps: &[PlanStep], _place: &Place<'_>) -> Vec<Task> {
    let steps = steps.iter().enumerate().map(|(index, step)| {
        let moved = &step.moved;
        let line = match moved.how {
            How::Lock => CommandLine::new("poetry", ["update", "--lock"]).and(moved.name.as_ref()),
            How::Manifest(_) => CommandLine::new("poetry", ["add", "--lock"])
                .and(format!("{}@>={}", moved.name, moved.to)),
        };
        Task {
            steps: vec![index],
            action: Action::Run(line),
        }
    });
    steps.collect()
}
