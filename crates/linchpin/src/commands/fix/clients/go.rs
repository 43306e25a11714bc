//! Go. Every module gets the least version that all who need it ask for.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use linchpin_advisory::remedy::{Choice, Manifests, PlanStep, ReleaseNeed, Releases};
use serde::Deserialize;

use super::{Action, Client, LOOK_UP, Place, Task, Trial};
use crate::commands::fix::program::{CommandLine, run};

pub(super) static CLIENT: Client = Client {
    id: "go",
    keeps: |name| name == "go.mod",
    choice: Choice::Least,
    manifests: Manifests::Changed,
    trial: Trial::Possible,
    releases: |view| {
        Box::new(GoReleases {
            folder: view.folder.to_owned(),
        })
    },
    tasks,
};

fn tasks(steps: &[PlanStep], _place: &Place<'_>) -> Vec<Task> {
    if steps.is_empty() {
        return Vec::new();
    }
    let mut line = CommandLine::new("go", ["get"]);
    for step in steps {
        let version = step.moved.to.trim_start_matches('v');
        line = line.and(format!("{}@v{version}", step.moved.name));
    }
    vec![Task {
        steps: (0..steps.len()).collect(),
        action: Action::Run(line),
    }]
}

#[derive(Debug)]
struct GoReleases {
    folder: PathBuf,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Module {
    #[serde(default)]
    versions: Vec<String>,
}

impl Releases for GoReleases {
    fn versions(&self, name: &str) -> Option<Arc<[Box<str>]>> {
        look_up(name, &self.folder)
    }

    fn needs(&self, _name: &str, _version: &str) -> Option<Arc<[ReleaseNeed]>> {
        None
    }
}

fn look_up(name: &str, folder: &Path) -> Option<Arc<[Box<str>]>> {
    if !linchpin_advisory::remedy::is_plain_argument(name) {
        return None;
    }
    let line = CommandLine::new("go", ["list", "-m", "-versions", "-json"]).and(name);
    let output = run(&line, folder, LOOK_UP).ok()?;
    let module: Module = serde_json::from_slice(&output).ok()?;
    let versions = module.versions.into_iter().map(String::into_boxed_str);
    Some(versions.collect())
}
