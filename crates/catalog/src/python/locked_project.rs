//! A lockfile and the manifest beside it, where the lockfile does not say itself what the project
//! asks for: Poetry, PDM, `pylock.toml`.

use std::collections::HashMap;

use linchpin_model::{CatalogerId, Role, Scope};
use linchpin_source::Entry;

use super::{Link, LockGraph, LockedPackage, PyProject};
use crate::assembly::Assembly;
use crate::cataloger::{Located, Parsed};
use crate::package_roots::is_inside_package;

/// One of the two files.
#[derive(Debug)]
pub(crate) enum LockOrProject {
    Lock(LockGraph),
    Project(PyProject),
}

/// Reads either file; `read_lock` understands the text of the lockfile.
pub(crate) fn read_lock_or_project(
    entry: &Entry<'_>,
    read_lock: impl FnOnce(&str, &mut Vec<String>) -> Result<LockGraph, String>,
) -> Parsed<LockOrProject> {
    if is_inside_package(entry.path) {
        return Parsed::not_mine();
    }
    let mut problems = Vec::new();
    if entry.path.name() == "pyproject.toml" {
        let value = PyProject::parse(entry.content, &mut problems).map(LockOrProject::Project);
        return Parsed { value, problems };
    }
    let Ok(text) = std::str::from_utf8(entry.content) else {
        return Parsed::failed("it is no UTF-8");
    };
    match read_lock(text, &mut problems) {
        Ok(graph) => Parsed {
            value: Some(LockOrProject::Lock(graph)),
            problems,
        },
        Err(problem) => Parsed::failed(problem),
    }
}

/// Adds all lockfiles, each with the project in its folder as root.
pub(crate) fn add_locked_projects(
    fragments: Vec<Located<LockOrProject>>,
    cataloger: CatalogerId,
    assembly: &mut Assembly<'_>,
) {
    let mut projects = HashMap::new();
    let mut locks = Vec::new();
    for Located { path, layer, value } in fragments {
        match value {
            LockOrProject::Project(project) => {
                projects.insert(path.parent(), project);
            }
            LockOrProject::Lock(value) => locks.push(Located { path, layer, value }),
        }
    }
    for mut lock in locks {
        let folder = lock.path.parent();
        let project = projects.get(&folder);
        let root = root(project, &lock.value);
        let own_name = project.and_then(|project| project.name.as_deref());
        let mut applications = lock.value.packages.iter_mut();
        // A lockfile may hold the project itself.
        let held = applications.find(|package| {
            package.role == Role::Application
                && own_name.is_none_or(|name| name == package.name.as_ref())
        });
        if let Some(held) = held {
            let version = project.and_then(|project| project.version.clone());
            held.version = held.version.take().or(version);
            held.groups.extend(root.groups);
        } else if let Some(url) = PyProject::url(project, &folder, assembly) {
            lock.value.packages.push(LockedPackage {
                url: Some(url),
                ..root
            });
        }
        lock.value.add_to(&lock, cataloger, assembly);
    }
}

/// The project, with what it asks for. Without a manifest, the packages that no other locked package
/// needs are taken as asked for.
fn root(project: Option<&PyProject>, graph: &LockGraph) -> LockedPackage {
    // A name that no package has: nothing links to the project by name.
    let mut root = LockedPackage::new("".into(), None, Role::Application);
    let direct: Vec<(Scope, Link)> = if let Some(project) = project {
        let requirements = project.requirements.iter();
        requirements
            .map(|(requirement, scope)| {
                let extras = requirement.extras.iter().cloned();
                (*scope, Link::to(&requirement.name, extras))
            })
            .collect()
    } else {
        let packages = graph.packages.iter();
        let scopes: HashMap<&str, Scope> = packages
            .filter_map(|package| Some((package.name.as_ref(), package.scope?)))
            .collect();
        let unneeded = graph.needed_by_nobody();
        unneeded
            .iter()
            .map(|name| {
                let scope = scopes.get(name.as_ref()).copied().unwrap_or_default();
                (scope, Link::to(name, std::iter::empty()))
            })
            .collect()
    };
    for scope in Scope::ALL {
        let links = direct.iter().filter(|(of, _)| *of == scope);
        let links = links.map(|(_, link)| link.clone()).collect();
        root.groups.push((scope, links));
    }
    root
}
