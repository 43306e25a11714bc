//! Poetry's lockfile, `poetry.lock`, of Poetry 1 and 2:
//! <https://python-poetry.org/docs/basic-usage/#installing-with-poetrylock>.
//!
//! What the project itself asks for is only in `pyproject.toml` beside it.

use std::collections::BTreeMap;

use linchpin_model::{CatalogerId, Role, Scope};
use linchpin_source::{Entry, Pattern};
use serde::Deserialize;

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, RequirementReader};
use crate::python::{
    Link, LockGraph, LockOrProject, LockedPackage, Marker, Requirement, add_locked_projects,
    digests, normalise_name, read_lock_or_project, requirements_of_lock, requirements_of_project,
};

pub(super) static CATALOGER: PoetryLock = PoetryLock;

pub(super) struct PoetryLock;

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    package: Vec<Entity>,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    /// Where the hashes were before Poetry 1.3.
    #[serde(default)]
    files: BTreeMap<String, Vec<Archive>>,
}

#[derive(Deserialize)]
struct Entity {
    name: String,
    version: String,
    #[serde(default)]
    optional: bool,
    /// Before Poetry 1.5.
    category: Option<String>,
    /// Since Poetry 2.
    groups: Option<Vec<String>>,
    #[serde(default)]
    files: Vec<Archive>,
    #[serde(default)]
    dependencies: BTreeMap<String, toml::Value>,
    #[serde(default)]
    extras: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Archive {
    hash: Option<String>,
}

impl Cataloger for PoetryLock {
    type Fragment = LockOrProject;
    const ID: CatalogerId = CatalogerId("poetry-lock");
    const DOCUMENTATION: &'static str = "Reads `poetry.lock` with the `pyproject.toml` beside it: the project as root, \
        every locked package with its hashes, and the edges between them. Dependencies of an extra are edges only where \
        the extra is asked for; what only groups need is for development. Packages of all platforms are listed.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("poetry.lock"),
        Pattern::Name("pyproject.toml"),
    ];

    const REQUIREMENTS: Option<RequirementReader<LockOrProject>> = Some(requirements);

    fn read(entry: &Entry<'_>) -> Parsed<LockOrProject> {
        read_lock_or_project(entry, |text, problems| {
            let file: File = toml::from_str(text)
                .map_err(|error| format!("it is no poetry.lock: {}", error.message()))?;
            let files = file.metadata.files;
            let packages = file.package.into_iter();
            let packages = packages
                .map(|entity| locked(entity, &files, problems))
                .collect();
            Ok(LockGraph { packages })
        })
    }

    fn assemble(fragments: Vec<Located<LockOrProject>>, assembly: &mut Assembly<'_>) {
        add_locked_projects(fragments, Self::ID, assembly);
    }
}

fn requirements(fragments: &[Located<&LockOrProject>]) -> Vec<linchpin_model::Requirement> {
    fragments
        .iter()
        .flat_map(|fragment| match fragment.value {
            LockOrProject::Lock(graph) => requirements_of_lock(graph),
            LockOrProject::Project(project) => requirements_of_project(&fragment.path, project),
        })
        .collect()
}

fn locked(
    entity: Entity,
    files: &BTreeMap<String, Vec<Archive>>,
    problems: &mut Vec<String>,
) -> LockedPackage {
    let name = normalise_name(&entity.name);
    let mut package = LockedPackage::new(name, Some(&entity.version), Role::Library);
    let archives = files.get(&entity.name).into_iter().flatten();
    let archives = entity.files.iter().chain(archives);
    package.hashes = digests(archives.filter_map(|archive| archive.hash.as_deref()));
    let is_main = match (&entity.groups, &entity.category) {
        (Some(groups), _) => Some(groups.iter().any(|group| group == "main")),
        (None, Some(category)) => Some(category == "main"),
        (None, None) => None,
    };
    package.scope = match (is_main, entity.optional) {
        (Some(true), true) => Some(Scope::Optional),
        (Some(true), false) => Some(Scope::Runtime),
        (Some(false), _) => Some(Scope::Development),
        (None, _) => None,
    };
    for (name, constraint) in &entity.dependencies {
        // A dependency may be a constraint, a table, or several tables for several platforms.
        let single = std::slice::from_ref(constraint);
        for constraint in constraint.as_array().map_or(single, Vec::as_slice) {
            let link = link(name, constraint, problems);
            let optional = constraint.get("optional").and_then(toml::Value::as_bool);
            // One without a condition on an extra is listed with that extra below.
            if optional != Some(true) || link.is_for_extra() {
                package.links.push(link);
            }
        }
    }
    for (extra, texts) in &entity.extras {
        let links = texts.iter().filter_map(|text| {
            let requirement = Requirement::parse(text).ok()?;
            Some(Link::new(requirement))
        });
        package
            .extras
            .insert(normalise_name(extra), links.collect());
    }
    package
}

fn link(name: &str, constraint: &toml::Value, problems: &mut Vec<String>) -> Link {
    let extras = constraint.get("extras").and_then(toml::Value::as_array);
    let extras = extras.into_iter().flatten();
    let extras = extras.filter_map(|extra| extra.as_str().map(normalise_name));
    let mut link = Link::to(name, extras);
    let version = constraint.get("version").unwrap_or(constraint).as_str();
    if let Some(version) = version.filter(|version| *version != "*") {
        link.requirement.specifiers = version.into();
    }
    if let Some(markers) = constraint.get("markers").and_then(toml::Value::as_str) {
        match Marker::parse(markers) {
            Ok(marker) => link.requirement.marker = Some(marker),
            Err(problem) => problems.push(format!("`{name}`: {problem}")),
        }
    }
    link
}
