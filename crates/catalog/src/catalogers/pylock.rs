//! The lockfile that all of Python's clients can write, `pylock.toml` (PEP 751):
//! <https://packaging.python.org/en/latest/specifications/pylock-toml/>.
//!
//! Edges between packages are an option of the format that most clients do not take, and what the
//! project itself asks for is only in `pyproject.toml` beside it. Markers say which extras and groups
//! a package belongs to, and that alone is read of them: packages of all platforms are listed.

use std::collections::BTreeMap;

use linchpin_model::{CatalogerId, Digest, DigestAlgorithm, Role, Scope};
use linchpin_source::{Entry, Pattern};
use serde::Deserialize;

use crate::addresses::without_credentials;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::python::declarations::is_pylock;
use crate::python::{
    Link, LockGraph, LockOrProject, LockedPackage, add_locked_projects, normalise_name,
    read_lock_or_project,
};

pub(super) static CATALOGER: Pylock = Pylock;

pub(super) struct Pylock;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct File {
    lock_version: String,
    #[serde(default)]
    default_groups: Vec<String>,
    #[serde(default)]
    packages: Vec<Entity>,
}

#[derive(Deserialize)]
struct Entity {
    name: String,
    version: Option<String>,
    marker: Option<String>,
    #[serde(default)]
    dependencies: Vec<Needed>,
    directory: Option<toml::Value>,
    vcs: Option<Repository>,
    archive: Option<Archive>,
    sdist: Option<Archive>,
    #[serde(default)]
    wheels: Vec<Archive>,
}

#[derive(Deserialize)]
struct Needed {
    name: Option<String>,
    version: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Repository {
    r#type: Option<String>,
    url: Option<String>,
    commit_id: Option<String>,
}

#[derive(Deserialize)]
struct Archive {
    url: Option<String>,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
}

impl Cataloger for Pylock {
    type Fragment = LockOrProject;
    const ID: CatalogerId = CatalogerId("pylock");
    const DOCUMENTATION: &'static str = "Reads `pylock.toml` and `pylock.<name>.toml` (PEP 751) with the `pyproject.toml` \
        beside it: the project as root, every locked package with its hashes and where it is fetched, and edges as far as \
        the client wrote them. What only groups need is for development, what only extras need is optional.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("pylock.toml"),
        Pattern::Glob("**/pylock.*.toml"),
        Pattern::Name("pyproject.toml"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<LockOrProject> {
        let name = entry.path.name();
        if name != "pyproject.toml" && !is_pylock(name) {
            return Parsed::not_mine();
        }
        read_lock_or_project(entry, |text, problems| {
            let file: File = toml::from_str(text)
                .map_err(|error| format!("it is no pylock.toml: {}", error.message()))?;
            if !file.lock_version.starts_with("1.") {
                let version: String = file.lock_version.chars().take(20).collect();
                problems.push(format!(
                    "its format has version `{version}`, and only version 1 is known; what it says may be misread"
                ));
            }
            Ok(graph(&file))
        })
    }

    fn assemble(fragments: Vec<Located<LockOrProject>>, assembly: &mut Assembly<'_>) {
        add_locked_projects(fragments, Self::ID, assembly);
    }
}

fn graph(file: &File) -> LockGraph {
    let has_edges = file
        .packages
        .iter()
        .any(|entity| !entity.dependencies.is_empty());
    let packages = file.packages.iter();
    let packages = packages
        .map(|entity| locked(entity, has_edges, &file.default_groups))
        .collect();
    LockGraph { packages }
}

fn locked(entity: &Entity, has_edges: bool, default_groups: &[String]) -> LockedPackage {
    let name = normalise_name(&entity.name);
    // Folders of the target are projects of their own.
    let role = match entity.directory {
        Some(_) => Role::Application,
        None => Role::Library,
    };
    let mut package = LockedPackage::new(name, entity.version.as_deref(), role);
    let archives = || {
        entity
            .archive
            .iter()
            .chain(&entity.sdist)
            .chain(&entity.wheels)
    };
    package.hashes = archives()
        .flat_map(|archive| digests(&archive.hashes))
        .collect();
    package.download = entity.vcs.as_ref().and_then(location).or_else(|| {
        let address = archives().find_map(|archive| archive.url.as_deref())?;
        Some(without_credentials(address))
    });
    let marker = entity.marker.as_deref();
    let told = marker.and_then(|marker| scope_of(marker, default_groups));
    // Without edges no way leads to what others need.
    package.scope = told.or((!has_edges).then_some(Scope::Runtime));
    for needed in &entity.dependencies {
        if let Some(name) = &needed.name {
            let mut link = Link::to(name, std::iter::empty());
            link.version = needed.version.as_deref().map(Into::into);
            package.links.push(link);
        }
    }
    package
}

/// What a package is needed for, by the extras and groups that its marker asks for; nothing if it
/// asks for none: `'test' in dependency_groups`.
fn scope_of(marker: &str, default_groups: &[String]) -> Option<Scope> {
    let mut scope = None;
    for quote in ['"', '\''] {
        let parts: Vec<&str> = marker.split(quote).collect();
        // Text in quotes and what follows it.
        for pair in parts.get(1..).unwrap_or_default().chunks(2) {
            let [name, after] = pair else { continue };
            let Some(list) = after.trim_start().strip_prefix("in ") else {
                continue;
            };
            let list = list.trim_start();
            let asked = if list.starts_with("extras") {
                Scope::Optional
            } else if !list.starts_with("dependency_groups") {
                continue;
            } else if *name == "default" || default_groups.iter().any(|group| group == name) {
                Scope::Runtime
            } else {
                Scope::Development
            };
            scope = Some(scope.map_or(asked, |scope: Scope| scope.min(asked)));
        }
    }
    scope
}

fn digests(hashes: &BTreeMap<String, String>) -> Vec<Digest> {
    let hashes = hashes.iter().filter_map(|(algorithm, value)| {
        Digest::from_hex(DigestAlgorithm::from_name(algorithm)?, value).ok()
    });
    hashes.collect()
}

fn location(repository: &Repository) -> Option<String> {
    let address = without_credentials(repository.url.as_deref()?);
    let kind = repository.r#type.as_deref().unwrap_or("git");
    let revision = repository.commit_id.as_deref();
    let revision = revision
        .map(|revision| format!("@{revision}"))
        .unwrap_or_default();
    Some(format!("{kind}+{address}{revision}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_tell_groups_and_extras() {
        let groups = ["default".to_owned()];
        let scope = |marker: &str| scope_of(marker, &groups);
        assert_eq!(
            scope("\"test\" in dependency_groups"),
            Some(Scope::Development)
        );
        assert_eq!(
            scope("\"default\" in dependency_groups or \"test\" in dependency_groups"),
            Some(Scope::Runtime)
        );
        assert_eq!(
            scope("'fast' in extras and os_name == 'nt'"),
            Some(Scope::Optional)
        );
        assert_eq!(scope("python_version < '3.11'"), None);
        assert_eq!(scope("'"), None);
    }
}
