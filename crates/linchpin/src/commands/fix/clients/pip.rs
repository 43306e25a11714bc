//! pip's requirements files. A file that was compiled is compiled anew; in one that people write, the
//! line is changed, as no client does that, and uv says whether the whole still goes together.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use linchpin_advisory::remedy::{Choice, PlanStep, ReleaseNeed, Releases};

use super::{Action, Client, LOOK_UP, Place, Task, Trial};
use crate::commands::fix::program::{CommandLine, run};

pub(super) static CLIENT: Client = Client {
    id: "pip",
    keeps: |name| {
        name.rsplit_once('.').is_some_and(|(stem, ending)| {
            ending == "txt" && (stem.contains("requirements") || stem.contains("constraints"))
        })
    },
    choice: Choice::Exact,
    trial: Trial::Possible,
    releases,
    tasks,
};

/// How much of a requirements file is looked at for the remark of who compiled it.
const HEAD: usize = 2000;

/// The name of the file that a requirements file was compiled from, and whether it has hashes.
fn compiled_from(place: &Place<'_>) -> Option<(String, bool)> {
    let path = place.root.join(place.lockfile.as_str());
    let text = std::fs::read(path).ok()?;
    let text = String::from_utf8_lossy(text.get(..HEAD.min(text.len()))?).into_owned();
    let line = text.lines().take(8).find(|line| {
        line.starts_with('#') && (line.contains("pip compile") || line.contains("pip-compile"))
    })?;
    let source = line.split_whitespace().last()?;
    let is_plain = linchpin_advisory::remedy::is_plain_argument(source);
    let is_there = place
        .root
        .join(place.lockfile.parent_str())
        .join(source)
        .is_file();
    (is_plain && is_there && !source.starts_with('/'))
        .then(|| (source.to_owned(), line.contains("--generate-hashes")))
}

fn tasks(steps: &[PlanStep], place: &Place<'_>) -> Vec<Task> {
    let lockfile = place.lockfile;
    if steps.is_empty() {
        return Vec::new();
    }
    if let Some((source, has_hashes)) = compiled_from(place) {
        let mut line =
            CommandLine::new("uv", ["pip", "compile", "--quiet", "--no-build"]).and(source);
        line = line.and("-o").and(lockfile.name());
        if has_hashes {
            line = line.and("--generate-hashes");
        }
        for step in steps {
            let wanted = format!("{}=={}", step.moved.name, step.moved.to);
            line = line.and("--upgrade-package").and(wanted);
        }
        return vec![Task {
            steps: (0..steps.len()).collect(),
            action: Action::Run(line),
        }];
    }
    let mut tasks: Vec<Task> = steps
        .iter()
        .enumerate()
        .map(|(index, step)| Task {
            steps: vec![index],
            action: Action::Edit {
                file: lockfile.clone(),
                name: step.moved.name.clone(),
                from: format!("=={}", step.moved.from).into(),
                to: format!("=={}", step.moved.to).into(),
            },
        })
        .collect();
    if !tasks.is_empty() {
        let check = CommandLine::new(
            "uv",
            ["pip", "compile", "--quiet", "--no-build", "--no-header"],
        )
        .and(lockfile.name());
        tasks.push(Task {
            steps: (0..steps.len()).collect(),
            action: Action::Run(check),
        });
    }
    tasks
}

/// What `pip index versions` says.
pub(super) fn releases(folder: &Path) -> Box<dyn Releases> {
    Box::new(PipReleases {
        folder: folder.to_owned(),
        known: Mutex::default(),
    })
}

type Versions = Option<Arc<[Box<str>]>>;

#[derive(Debug)]
struct PipReleases {
    folder: PathBuf,
    known: Mutex<HashMap<Box<str>, Versions>>,
}

impl Releases for PipReleases {
    fn versions(&self, name: &str) -> Versions {
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(name) {
            return known.clone();
        }
        let versions = look_up(name, &self.folder);
        lock().insert(name.into(), versions.clone());
        versions
    }

    fn needs(&self, _name: &str, _version: &str) -> Option<Arc<[ReleaseNeed]>> {
        None
    }
}

fn look_up(name: &str, folder: &Path) -> Versions {
    if !linchpin_advisory::remedy::is_plain_argument(name) {
        return None;
    }
    let line = CommandLine::new("pip", ["index", "versions"]).and(name);
    let output = run(&line, folder, LOOK_UP).ok()?;
    versions(&String::from_utf8_lossy(&output))
}

/// The versions in `Available versions: 2.0, 1.9`.
fn versions(output: &str) -> Versions {
    let list = output
        .lines()
        .find_map(|line| line.strip_prefix("Available versions:"))?;
    Some(
        list.split(',')
            .map(|version| version.trim().into())
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_listed_on_one_line() {
        let found = versions("x (2.0)\nAvailable versions: 2.0, 1.9\n  INSTALLED: 1.9\n").unwrap();
        assert_eq!(&*found, ["2.0".into(), "1.9".into()]);
        assert!(versions("ERROR").is_none());
    }
}
