//! PDM's lockfile, `pdm.lock`: <https://pdm-project.org/latest/usage/lockfile/>.
//!
//! What the project itself asks for is only in `pyproject.toml` beside it. A package that is taken
//! with extras has one entry more for each set of them, of the same name and version.

use std::collections::{BTreeMap, HashSet};

use linchpin_model::{CatalogerId, Role, Scope, TargetPath};
use linchpin_source::{Entry, Pattern};
use serde::Deserialize;

use crate::addresses::without_credentials;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::python::{
    Link, LockGraph, LockOrProject, LockedPackage, Requirement, add_locked_projects, digests,
    normalise_name, read_lock_or_project,
};

pub(super) static CATALOGER: PdmLock = PdmLock;

pub(super) struct PdmLock;

#[derive(Deserialize)]
struct File {
    /// The hashes too, before lockfiles of version 4.
    metadata: toml::Table,
    #[serde(default)]
    package: Vec<Entity>,
}

#[derive(Deserialize)]
struct Entity {
    name: String,
    version: Option<String>,
    /// Since version 4.4.
    groups: Option<Vec<String>>,
    #[serde(default)]
    extras: Vec<String>,
    #[serde(default)]
    dependencies: Vec<String>,
    #[serde(default)]
    files: Vec<Archive>,
    git: Option<String>,
    revision: Option<String>,
    url: Option<String>,
}

#[derive(Deserialize)]
struct Archive {
    hash: Option<String>,
}

impl Cataloger for PdmLock {
    type Fragment = LockOrProject;
    const ID: CatalogerId = CatalogerId("pdm-lock");
    const DOCUMENTATION: &'static str = "Reads `pdm.lock` with the `pyproject.toml` beside it: the project as root, every \
        locked package with its hashes, and the edges between them, those of an extra only where the extra is asked for. \
        What no group but those for development needs is for development. Packages of all platforms are listed.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("pdm.lock"), Pattern::Name("pyproject.toml")];

    fn read(entry: &Entry<'_>) -> Parsed<LockOrProject> {
        read_lock_or_project(entry, |text, problems| {
            let file: File = toml::from_str(text)
                .map_err(|error| format!("it is no pdm.lock: {}", error.message()))?;
            Ok(graph(file, problems))
        })
    }

    fn assemble(mut fragments: Vec<Located<LockOrProject>>, assembly: &mut Assembly<'_>) {
        // The lockfile does not tell the project's extras and groups apart; the manifest does.
        let described: HashSet<TargetPath> = fragments
            .iter()
            .filter(|fragment| matches!(fragment.value, LockOrProject::Project(_)))
            .map(|fragment| fragment.path.parent())
            .collect();
        for fragment in &mut fragments {
            if let LockOrProject::Lock(graph) = &mut fragment.value
                && described.contains(fragment.path.parent_str())
            {
                let packages = graph.packages.iter_mut();
                for package in packages.filter(|package| package.scope != Some(Scope::Runtime)) {
                    package.scope = None;
                }
            }
        }
        add_locked_projects(fragments, Self::ID, assembly);
    }
}

fn graph(file: File, problems: &mut Vec<String>) -> LockGraph {
    let mut packages: BTreeMap<(Box<str>, Option<String>), LockedPackage> = BTreeMap::new();
    for entity in file.package {
        let name = normalise_name(&entity.name);
        let package = packages
            .entry((name.clone(), entity.version.clone()))
            .or_insert_with(|| LockedPackage::new(name, entity.version.as_deref(), Role::Library));
        let older = older_hashes(&file.metadata, &entity);
        let hashes = entity.files.iter().filter_map(|file| file.hash.as_deref());
        package.hashes.extend(digests(hashes.chain(older)));
        let scope = entity.groups.as_deref().map(scope_of);
        package.scope = package.scope.into_iter().chain(scope).min();
        let fetched = entity.git.as_ref().map(|address| match &entity.revision {
            Some(revision) => format!("git+{}@{revision}", without_credentials(address)),
            None => format!("git+{}", without_credentials(address)),
        });
        let fetched = fetched.or_else(|| entity.url.as_deref().map(without_credentials));
        package.download = package.download.take().or(fetched);
        let mut links = Vec::new();
        for text in &entity.dependencies {
            match Requirement::parse(text) {
                Ok(requirement) => links.push(Link::new(requirement)),
                Err(problem) => problems.push(format!("`{}`: {problem}", entity.name)),
            }
        }
        if entity.extras.is_empty() {
            package.links.append(&mut links);
        } else {
            // Its own name is among what such an entry needs.
            links.retain(|link| link.requirement.name != package.name);
            for extra in &entity.extras {
                let list = package.extras.entry(normalise_name(extra)).or_default();
                list.extend(links.iter().cloned());
            }
        }
    }
    LockGraph {
        packages: packages.into_values().collect(),
    }
}

/// What it is needed for, by the groups that need it. Extras of the project and groups for its
/// development are not told apart here, and most are for development.
fn scope_of(groups: &[String]) -> Scope {
    if groups.iter().any(|group| group == "default") {
        Scope::Runtime
    } else {
        Scope::Development
    }
}

/// The hashes of lockfiles of old: `[metadata.files]` with the key `"name version"`.
fn older_hashes<'a>(metadata: &'a toml::Table, entity: &Entity) -> Vec<&'a str> {
    let key = format!(
        "{} {}",
        entity.name,
        entity.version.as_deref().unwrap_or_default()
    );
    let files = metadata
        .get("files")
        .and_then(|files| files.get(&key)?.as_array());
    let files = files.into_iter().flatten();
    files
        .filter_map(|file| file.get("hash")?.as_str())
        .collect()
}
