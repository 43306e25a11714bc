//! Cargo. It takes exactly the version that it is told, and says which versions do not go together;
//! what crates ask for is in no file of a project but in what Cargo keeps of its registries (`index`).

mod index;

use linchpin_advisory::remedy::{Choice, How, Manifests, NoReleases, PlanStep, Releases};
use linchpin_model::Scope;

use super::{Action, Client, Place, RegistryView, Task, Trial};
use crate::commands::fix::program::CommandLine;

pub(super) static CLIENT: Client = Client {
    id: "cargo",
    keeps: |name| name == "Cargo.lock",
    choice: Choice::Exact,
    manifests: Manifests::Changed,
    trial: Trial::Possible,
    releases,
    tasks,
};

fn releases(view: &RegistryView<'_>) -> Box<dyn Releases> {
    match index::CargoIndex::of(view) {
        Some(index) => Box::new(index),
        // Those versions that advisories call fixed are tried.
        None => Box::new(NoReleases),
    }
}

fn tasks(steps: &[PlanStep], place: &Place<'_>) -> Vec<Task> {
    let mut tasks = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let moved = &step.moved;
        let mut run = |line: CommandLine| {
            tasks.push(Task {
                steps: vec![index],
                action: Action::Run(line),
            });
        };
        match &moved.how {
            How::Lock => run(CommandLine::new("cargo", ["update"])
                .and("-p")
                .and(format!("{}@{}", moved.name, moved.from))
                .and("--precise")
                .and(moved.to.as_ref())),
            How::Manifest(manifests) => {
                for manifest in manifests {
                    let mut line = CommandLine::new("cargo", ["add"])
                        .and(format!("{}@{}", moved.name, moved.to));
                    match place.asked(manifest, &moved.name).map(|(_, scope)| scope) {
                        Some(Scope::Development) => line = line.and("--dev"),
                        Some(Scope::Build) => line = line.and("--build"),
                        _ => {}
                    }
                    let member = place.member(manifest);
                    let path = member.map_or_else(
                        || "Cargo.toml".to_owned(),
                        |member| format!("{member}/Cargo.toml"),
                    );
                    run(line.and("--manifest-path").and(path));
                }
                run(CommandLine::new("cargo", ["update", "--workspace"]));
            }
        }
    }
    tasks
}
