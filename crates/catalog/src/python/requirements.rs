//! What Python packages and projects ask of each other, in the shape in which advice wants it.

use linchpin_model::{Requirement as Asked, Requirer, Role, Scope, TargetPath};

use super::{Link, LockGraph, PyProject, Requirement};

/// One requirement. Conditions on the platform are not looked at, as in a lockfile's graph.
pub(crate) fn requirement(by: Requirer, requirement: &Requirement, scope: Scope) -> Asked {
    Asked {
        by,
        name: requirement.name.clone(),
        range: match &requirement.url {
            Some(address) => address.clone(),
            None => requirement.specifiers.clone(),
        },
        scope,
    }
}

/// What a manifest asks for.
pub(crate) fn requirements_of_project(path: &TargetPath, project: &PyProject) -> Vec<Asked> {
    let all = project.requirements.iter();
    all.map(|(asked, scope)| requirement(Requirer::Project(path.clone()), asked, *scope))
        .collect()
}

/// What the packages of a lockfile ask for, where it says so.
pub(crate) fn requirements_of_lock(graph: &LockGraph) -> Vec<Asked> {
    let mut all = Vec::new();
    let parts = graph.packages.iter();
    for package in parts.filter(|package| package.role == Role::Library) {
        let Some(version) = &package.version else {
            continue;
        };
        let by = Requirer::Package {
            name: package.name.clone(),
            version: version.clone(),
        };
        let extras = package.extras.values().flatten();
        for Link {
            requirement: asked, ..
        } in package.links.iter().chain(extras)
        {
            all.push(requirement(by.clone(), asked, Scope::Runtime));
        }
    }
    all
}
