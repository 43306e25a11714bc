//! Pipenv's lockfile, `Pipfile.lock`: <https://pipenv.pypa.io/en/latest/pipfile.html>.
//!
//! It is a flat list without edges between packages; only what the project itself asks for is
//! known, from the `Pipfile` beside it.

use std::collections::{BTreeMap, HashMap, HashSet};

use linchpin_model::{CatalogerId, OccurrenceKind, Package, Role, Scope};
use linchpin_source::{Entry, Pattern};
use serde::Deserialize;

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::package_roots::is_inside_package;
use crate::python::{digests, normalise_name, package_url};

pub(super) static CATALOGER: PipfileLock = PipfileLock;

pub(super) struct PipfileLock;

/// One of the two files.
pub(super) enum Fragment {
    Lock(Vec<(Scope, BTreeMap<String, Locked>)>),
    /// The names that the project asks for.
    Manifest(HashSet<Box<str>>),
}

#[derive(Deserialize)]
pub(super) struct Locked {
    version: Option<String>,
    #[serde(default)]
    hashes: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    #[serde(rename = "_meta")]
    _meta: serde::de::IgnoredAny,
    #[serde(flatten)]
    categories: BTreeMap<String, BTreeMap<String, Locked>>,
}

impl Cataloger for PipfileLock {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("pipfile-lock");
    const DOCUMENTATION: &'static str = "Reads `Pipfile.lock` with the `Pipfile` beside it: the project as root, every \
        locked package with its hashes, and edges from the project to what its `Pipfile` asks for (to all packages where \
        there is none). The format has no edges between packages.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("Pipfile"), Pattern::Name("Pipfile.lock")];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        if entry.path.name() == "Pipfile" {
            return read_manifest(entry.content);
        }
        match serde_json::from_slice::<File>(entry.content) {
            Ok(file) => Parsed::clean(Fragment::Lock(
                file.categories
                    .into_iter()
                    .map(|(category, packages)| (scope_of(&category), packages))
                    .collect(),
            )),
            Err(error) => Parsed::failed(format!("it is no Pipfile.lock: {error}")),
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut manifests = HashMap::new();
        let mut locks = Vec::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Manifest(names) => {
                    manifests.insert(path.parent(), names);
                }
                Fragment::Lock(value) => locks.push(Located { path, layer, value }),
            }
        }
        for lock in locks {
            let folder = lock.path.parent();
            let direct = manifests.get(&folder);
            let Some(url) = assembly.unnamed_project(&folder) else {
                continue;
            };
            let declared = lock.occurrence(OccurrenceKind::Declared, Self::ID);
            let mut root = Package::new(url, declared);
            root.role = Role::Application;
            let root = assembly.inventory.add(root);
            for (scope, packages) in &lock.value {
                for (name, locked) in packages {
                    // A package of a folder or a repository may have no version.
                    let version = locked.version.as_deref();
                    let version = version.map(|version| version.trim_start_matches('='));
                    let Some(url) = package_url(name, version) else {
                        continue;
                    };
                    let mut package =
                        Package::new(url, lock.occurrence(OccurrenceKind::Locked, Self::ID));
                    package.scope = *scope;
                    package.hashes = digests(locked.hashes.iter().map(String::as_str));
                    let id = assembly.inventory.add(package);
                    if direct.is_none_or(|direct| direct.contains(&normalise_name(name))) {
                        assembly.inventory.depend(root, id, *scope);
                    }
                }
            }
        }
    }
}

/// `default` runs; `develop` and other categories are installed only when asked for.
fn scope_of(category: &str) -> Scope {
    match category {
        "default" => Scope::Runtime,
        _ => Scope::Development,
    }
}

fn read_manifest(bytes: &[u8]) -> Parsed<Fragment> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Parsed::failed("it is no UTF-8");
    };
    let table: toml::Table = match toml::from_str(text) {
        Ok(table) => table,
        Err(error) => return Parsed::failed(format!("it is no Pipfile: {}", error.message())),
    };
    // Every table that is not about Pipenv itself is a category of packages.
    let settings = ["source", "requires", "scripts", "pipenv", "pipfile"];
    let names = table
        .iter()
        .filter(|(key, _)| !settings.contains(&key.as_str()))
        .filter_map(|(_, packages)| packages.as_table())
        .flat_map(|packages| packages.keys().map(|name| normalise_name(name)))
        .collect();
    Parsed::clean(Fragment::Manifest(names))
}
