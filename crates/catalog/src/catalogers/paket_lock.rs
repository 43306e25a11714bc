//! Paket's lockfile, `paket.lock`, for projects of .NET: <https://fsprojects.github.io/Paket/lock-file.html>.
//!
//! What the project itself asks for is in `paket.dependencies` beside it; without that, the packages
//! that no other one needs are taken as asked for. Packages are in groups, which resolve on their own.
//! The cases of its tests are written by hand after the documentation.

use std::collections::{HashMap, HashSet};

use linchpin_model::{CatalogerId, OccurrenceKind, Package, PackageUrl, Role, Scope, TargetPath};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::nuget_packages::{folded, package_url};
use crate::package_graph::PackageGraph;
use crate::package_roots::is_inside_package;
use crate::python::is_for_development;

pub(super) static CATALOGER: PaketLock = PaketLock;

pub(super) struct PaketLock;

/// One of the two files.
pub(super) enum Fragment {
    Lock(Lockfile),
    /// The groups and names that the project asks for, as they are compared.
    Asked(HashSet<(String, String)>),
}

/// A lockfile.
#[derive(Debug, Default)]
pub(super) struct Lockfile {
    packages: Vec<LockedPackage>,
    /// Repositories of which single files are taken, with the revision.
    repositories: Vec<(String, String, String)>,
    /// Entries of kinds that name no package.
    others: usize,
}

#[derive(Debug)]
struct LockedPackage {
    group: String,
    name: String,
    version: String,
    needs: Vec<String>,
}

/// The group of what stands before the first `GROUP`.
const MAIN: &str = "main";

impl Cataloger for PaketLock {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("paket-lock");
    const DOCUMENTATION: &'static str = "Reads `paket.lock` with the `paket.dependencies` beside it: the project as root, \
        NuGet packages of all groups with edges, and repositories on GitHub of which files are taken, at their revision. \
        Groups named for tests or the build are for development.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("paket.lock"),
        Pattern::Name("paket.dependencies"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        if entry.path.name() == "paket.dependencies" {
            return Parsed::clean(Fragment::Asked(read_asked(&text)));
        }
        let (lockfile, problems) = read_lockfile(&text);
        Parsed {
            value: Some(Fragment::Lock(lockfile)),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut asked: HashMap<TargetPath, HashSet<(String, String)>> = HashMap::new();
        let mut locks = Vec::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Asked(names) => {
                    asked.insert(path.parent(), names);
                }
                Fragment::Lock(value) => locks.push(Located { path, layer, value }),
            }
        }
        for lock in &locks {
            add_lock(lock, asked.get(&lock.path.parent()), assembly);
        }
    }
}

fn read_asked(text: &str) -> HashSet<(String, String)> {
    let mut group = MAIN.to_owned();
    let mut asked = HashSet::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            (Some("group"), Some(name)) => group = folded(name),
            (Some("nuget" | "clitool"), Some(name)) => {
                asked.insert((group.clone(), folded(name)));
            }
            _ => {}
        }
    }
    asked
}

fn read_lockfile(text: &str) -> (Lockfile, Vec<String>) {
    let mut lockfile = Lockfile::default();
    let mut problems = Vec::new();
    let mut group = MAIN.to_owned();
    let mut section = "";
    let mut remote = "";
    for (number, line) in text.lines().enumerate() {
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        if content.is_empty() {
            continue;
        }
        match indent {
            0 => match content.split_once(' ') {
                Some(("GROUP", name)) => name.trim().clone_into(&mut group),
                // Settings, such as `RESTRICTION: >= net6.0`.
                _ if content.contains(':') => {}
                _ => section = content,
            },
            1..=3 => {
                if let Some(address) = content.strip_prefix("remote:") {
                    remote = address.trim();
                }
            }
            4..=5 => match (section, named(content)) {
                ("NUGET", Some((name, version))) if !name.is_empty() => {
                    lockfile.packages.push(LockedPackage {
                        group: group.clone(),
                        name: name.to_owned(),
                        version: version.to_owned(),
                        needs: Vec::new(),
                    });
                }
                ("GITHUB", Some((_, revision))) => lockfile.repositories.push((
                    group.clone(),
                    remote.to_owned(),
                    revision.to_owned(),
                )),
                ("NUGET", _) => problems.push(format!(
                    "line {}: `{}` names no package and version",
                    number + 1,
                    content.chars().take(60).collect::<String>()
                )),
                _ => lockfile.others += 1,
            },
            _ => {
                if section == "NUGET"
                    && let Some(package) = lockfile.packages.last_mut()
                {
                    let name = content.split_once(" (").map_or(content, |(name, _)| name);
                    let name = name.split_once(" - ").map_or(name, |(name, _)| name);
                    package.needs.push(name.trim().to_owned());
                }
            }
        }
    }
    (lockfile, problems)
}

/// The name and what is in parentheses behind it, `FSharp.Core (6.0.3) - restriction: >= net6.0`.
fn named(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.split_once('(')?;
    let (version, _) = rest.split_once(')')?;
    Some((name.trim(), version.trim()))
}

fn add_lock(
    lock: &Located<Lockfile>,
    asked: Option<&HashSet<(String, String)>>,
    assembly: &mut Assembly<'_>,
) {
    let Some(url) = assembly.unnamed_project(&lock.path.parent()) else {
        return;
    };
    let mut graph = PackageGraph::default();
    let mut root = Package::new(
        url,
        lock.occurrence(OccurrenceKind::Declared, PaketLock::ID),
    );
    root.role = Role::Application;
    let root = graph.add("", root);
    let mut waiting = Vec::new();
    let mut bad_names = 0;
    for locked in &lock.value.packages {
        let Some(purl) = package_url(&locked.name, Some(&locked.version)) else {
            bad_names += 1;
            continue;
        };
        let occurrence = lock.occurrence(OccurrenceKind::Locked, PaketLock::ID);
        let place = graph.add(
            &key(&locked.group, &locked.name),
            Package::new(purl, occurrence),
        );
        waiting.push((place, locked));
    }
    for (place, locked) in &waiting {
        for need in &locked.needs {
            if let Some(on) = graph.find(&key(&locked.group, need)) {
                graph.depend(*place, on, Scope::Runtime);
            }
        }
    }
    let needed_by_nobody: HashSet<usize> = graph.needed_by_nobody().into_iter().collect();
    for (place, locked) in &waiting {
        let is_direct = match asked {
            Some(asked) => asked.contains(&(folded(&locked.group), folded(&locked.name))),
            None => needed_by_nobody.contains(place),
        };
        if is_direct {
            graph.depend(root, *place, scope_of(&locked.group));
        }
    }
    for (group, remote, revision) in &lock.value.repositories {
        let Some((owner, name)) = remote.split_once('/') else {
            continue;
        };
        let Ok(purl) = PackageUrl::new("github", Some(owner), name, Some(revision)) else {
            continue;
        };
        let occurrence = lock.occurrence(OccurrenceKind::Locked, PaketLock::ID);
        let place = graph.add(purl.as_str(), Package::new(purl.clone(), occurrence));
        graph.depend(root, place, scope_of(group));
    }
    if bad_names + lock.value.others > 0 {
        assembly.inventory.note(lock.note(format!(
            "{} entries name no package of NuGet or GitHub and were left out",
            bad_names + lock.value.others
        )));
    }
    graph.finish(assembly);
}

fn key(group: &str, name: &str) -> String {
    format!("{}\0{}", folded(group), folded(name))
}

fn scope_of(group: &str) -> Scope {
    if is_for_development(group) || group.eq_ignore_ascii_case("build") {
        Scope::Development
    } else {
        Scope::Runtime
    }
}
