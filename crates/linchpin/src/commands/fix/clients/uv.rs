//! uv. It takes exactly the version that it is told, or says why it can not.

use linchpin_advisory::remedy::{Choice, How, Manifests, PlanStep};
use linchpin_model::Scope;

use super::{Action, Client, Place, Task, Trial, pip};
use crate::commands::fix::program::CommandLine;

pub(super) static CLIENT: Client = Client {
    id: "uv",
    keeps: |name| name == "uv.lock",
    choice: Choice::Exact,
    manifests: Manifests::Changed,
    trial: Trial::Possible,
    releases: pip::releases,
    tasks,
};

fn tasks(steps: &[PlanStep], place: &Place<'_>) -> Vec<Task> {
    let mut tasks = Vec::new();
    let mut within = CommandLine::new("uv", ["lock", "--no-build"]);
    let mut indexes = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let moved = &step.moved;
        match &moved.how {
            How::Lock => {
                within = within
                    .and("--upgrade-package")
                    .and(format!("{}=={}", moved.name, moved.to));
                indexes.push(index);
            }
            How::Manifest(manifests) => {
                for manifest in manifests {
                    let mut line = CommandLine::new("uv", ["add", "--no-sync", "--no-build"])
                        .and(format!("{}>={}", moved.name, moved.to));
                    let scope = place.asked(manifest, &moved.name).map(|(_, scope)| scope);
                    if scope == Some(Scope::Development) {
                        line = line.and("--dev");
                    }
                    if let Some(member) = place.member(manifest) {
                        line = line.and("--directory").and(member);
                    }
                    tasks.push(Task {
                        steps: vec![index],
                        action: Action::Run(line),
                    });
                }
            }
        }
    }
    if !indexes.is_empty() {
        tasks.push(Task {
            steps: indexes,
            action: Action::Run(within),
        });
    }
    tasks
}
