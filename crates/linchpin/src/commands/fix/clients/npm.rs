//! npm. What the project asks for is told with a version; of what others bring along npm takes the
//! newest that they allow, `npm update`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use linchpin_advisory::remedy::{Choice, How, Manifests, PlanStep, ReleaseNeed, Releases};
use linchpin_model::Scope;
use serde::Deserialize;

use super::{Action, Client, LOOK_UP, Place, Task, Trial};
use crate::commands::fix::program::{CommandLine, run};

pub(super) static CLIENT: Client = Client {
    id: "npm",
    keeps: |name| matches!(name, "package-lock.json" | "npm-shrinkwrap.json"),
    choice: Choice::Newest,
    manifests: Manifests::Changed,
    trial: Trial::Possible,
    releases: |view| {
        Box::new(NpmReleases {
            folder: view.folder.to_owned(),
            known: Mutex::default(),
        })
    },
    tasks,
};

fn tasks(steps: &[PlanStep], place: &Place<'_>) -> Vec<Task> {
    let mut tasks = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let How::Manifest(manifests) = &step.moved.how else {
            continue;
        };
        for manifest in manifests {
            let range = place.asked(manifest, &step.moved.name);
            let is_exact = range.is_some_and(|(range, _)| {
                range.starts_with(|first: char| first.is_ascii_digit() || first == '=')
                    && !range.contains([' ', 'x', '*', '|'])
                    && range.matches('.').count() >= 2
            });
            let mut line = CommandLine::new("npm", ["install"])
                .and(format!("{}@{}", step.moved.name, step.moved.to));
            if is_exact {
                line = line.and("--save-exact");
            }
            if let Some(member) = place.member(manifest) {
                line = line.and(format!("--workspace={member}"));
            }
            tasks.push(Task {
                steps: vec![index],
                action: Action::Run(lock_only(line)),
            });
        }
    }
    let within: Vec<usize> = (0..steps.len())
        .filter(|&index| {
            steps
                .get(index)
                .is_some_and(|step| step.moved.how == How::Lock)
        })
        .collect();
    if !within.is_empty() {
        let mut line = CommandLine::new("npm", ["update"]);
        let mut names: Vec<&str> = within
            .iter()
            .filter_map(|&index| Some(steps.get(index)?.moved.name.as_ref()))
            .collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            line = line.and(name);
        }
        tasks.push(Task {
            steps: within,
            action: Action::Run(lock_only(line)),
        });
    }
    tasks
}

fn lock_only(line: CommandLine) -> CommandLine {
    line.and("--package-lock-only").and("--ignore-scripts")
}

/// What `npm view` says of one version.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct View {
    version: String,
    #[serde(default)]
    dependencies: HashMap<String, String>,
    #[serde(default)]
    optional_dependencies: HashMap<String, String>,
    #[serde(default)]
    peer_dependencies: HashMap<String, String>,
    #[serde(default)]
    peer_dependencies_meta: HashMap<String, Peer>,
    deprecated: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Peer {
    #[serde(default)]
    optional: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Views {
    Several(Vec<View>),
    One(Box<View>),
}

/// A package of the registry: its versions, and what each needs.
#[derive(Debug, Default)]
struct Known {
    versions: Arc<[Box<str>]>,
    needs: HashMap<Box<str>, Arc<[ReleaseNeed]>>,
}

#[derive(Debug)]
struct NpmReleases {
    folder: PathBuf,
    known: Mutex<HashMap<Box<str>, Option<Arc<Known>>>>,
}

/// How many clients ask at once.
const AT_ONCE: usize = 4;

impl NpmReleases {
    fn known(&self, name: &str) -> Option<Arc<Known>> {
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(name) {
            return known.clone();
        }
        let known = look_up(name, &self.folder).map(Arc::new);
        lock().insert(name.into(), known.clone());
        known
    }
}

impl Releases for NpmReleases {
    fn expect(&self, names: &[&str]) {
        let next = Mutex::new(names.iter());
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE.min(names.len()) {
                scope.spawn(|| {
                    let take = || {
                        let mut next = next.lock().unwrap_or_else(PoisonError::into_inner);
                        next.next()
                    };
                    while let Some(name) = take() {
                        self.known(name);
                    }
                });
            }
        });
    }

    fn versions(&self, name: &str) -> Option<Arc<[Box<str>]>> {
        Some(Arc::clone(&self.known(name)?.versions))
    }

    fn needs(&self, name: &str, version: &str) -> Option<Arc<[ReleaseNeed]>> {
        self.known(name)?.needs.get(version).cloned()
    }
}

fn look_up(name: &str, folder: &Path) -> Option<Known> {
    if !linchpin_advisory::remedy::is_plain_argument(name) {
        return None;
    }
    let line = CommandLine::new("npm", ["view"])
        .and(format!("{name}@>=0.0.0"))
        .and("version")
        .and("dependencies")
        .and("optionalDependencies")
        .and("peerDependencies")
        .and("peerDependenciesMeta")
        .and("deprecated")
        .and("--json");
    let output = run(&line, folder, LOOK_UP).ok()?;
    let views = match serde_json::from_slice(&output).ok()? {
        Views::Several(views) => views,
        Views::One(view) => vec![*view],
    };
    Some(known(views))
}

fn known(views: Vec<View>) -> Known {
    // npm passes over what its author calls outdated, unless there is nothing else.
    let is_kept = |view: &View| view.deprecated.is_none();
    let some_are_kept = views.iter().any(is_kept);
    let versions = views
        .iter()
        .filter(|view| is_kept(view) || !some_are_kept)
        .map(|view| view.version.as_str().into())
        .collect();
    let needs = views
        .into_iter()
        .map(|view| (view.version.as_str().into(), needs(view)))
        .collect();
    Known { versions, needs }
}

fn needs(view: View) -> Arc<[ReleaseNeed]> {
    let View {
        mut dependencies,
        optional_dependencies,
        mut peer_dependencies,
        peer_dependencies_meta,
        ..
    } = view;
    // npm repeats optional dependencies among the others.
    dependencies.retain(|name, _| !optional_dependencies.contains_key(name));
    peer_dependencies.retain(|name, _| {
        let meta = peer_dependencies_meta.get(name);
        !meta.is_some_and(|peer| peer.optional)
    });
    let lists = [
        (dependencies, Scope::Runtime),
        (optional_dependencies, Scope::Optional),
        (peer_dependencies, Scope::Peer),
    ];
    let mut needs: Vec<ReleaseNeed> = Vec::new();
    for (list, scope) in lists {
        let list = list.into_iter().map(|(name, range)| {
            // An alias asks for another name.
            let alias = range
                .strip_prefix("npm:")
                .and_then(|alias| alias.rsplit_once('@'));
            let (name, range) = match alias {
                Some((name, range)) => (name.into(), range.into()),
                None => (name.as_str().into(), range.as_str().into()),
            };
            ReleaseNeed { name, range, scope }
        });
        needs.extend(list);
    }
    needs.sort_by(|left, right| left.name.cmp(&right.name));
    needs.into()
}
