//! Julia projects: `Manifest.toml` of formats 1 and 2, and `Project.toml`.
//! <https://pkgdocs.julialang.org/v1/toml-files/>.
//!
//! Packages of the standard library have no version of their own before Julia 1.9. A tree hash is no
//! digest of an archive and is left out.

use std::collections::HashMap;

use linchpin_model::{CatalogerId, OccurrenceKind, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};
use toml::{Table, Value};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::lock_graph::{
    Lock, Need, Part, ProjectFile, Root, Tells, Wish, assemble_nested_projects,
};
use crate::package_roots::is_inside_package;
use crate::repository::Repository;

pub(super) static CATALOGER: JuliaPkg = JuliaPkg;

pub(super) struct JuliaPkg;

impl Cataloger for JuliaPkg {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("julia-pkg");
    const DOCUMENTATION: &'static str = "Reads `Manifest.toml` (formats 1 and 2, also `JuliaManifest.toml`) and the \
        `Project.toml` beside it: the project as root, packages with their UUID and all edges, packages from repositories \
        with their revision. Extras of test targets are for development, weak dependencies optional.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("JuliaManifest.toml"),
        Pattern::Name("JuliaProject.toml"),
        Pattern::Name("Manifest.toml"),
        Pattern::Name("Project.toml"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let Ok(text) = std::str::from_utf8(entry.content) else {
            return Parsed::failed("it is no UTF-8");
        };
        let document: Table = match toml::from_str(text) {
            Ok(document) => document,
            Err(error) => return Parsed::failed(format!("is no valid TOML: {}", error.message())),
        };
        let tells = if entry.path.name().ends_with("Project.toml") {
            project(&document)
        } else {
            Tells::Lock(manifest(&document, entry))
        };
        Parsed::clean(ProjectFile {
            folder: entry.path.parent(),
            tells,
        })
    }

    fn assemble(fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        assemble_nested_projects(fragments, Self::ID, assembly);
    }
}

fn package_url(name: &str, version: Option<&str>, uuid: &str) -> Option<PackageUrl> {
    PackageUrl::with_qualifiers("julia", None, name, version, &[("uuid", uuid)]).ok()
}

fn text<'t>(table: &'t Table, key: &str) -> Option<&'t str> {
    table.get(key)?.as_str()
}

fn project(document: &Table) -> Tells {
    let name = text(document, "name");
    let uuid = text(document, "uuid").unwrap_or_default();
    let root = Root {
        url: name.and_then(|name| package_url(name, text(document, "version"), uuid)),
        ..Root::default()
    };
    let mut wishes = Vec::new();
    for (field, scope) in [
        ("deps", Scope::Runtime),
        ("weakdeps", Scope::Optional),
        ("extras", Scope::Development),
    ] {
        let table = document.get(field).and_then(Value::as_table);
        for (name, uuid) in table.into_iter().flatten() {
            let uuid = uuid.as_str().unwrap_or_default();
            if let Some(url) = package_url(name, None, uuid) {
                wishes.push(Wish::new(uuid, url, scope));
            }
        }
    }
    Tells::Manifest(root, wishes)
}

fn manifest(document: &Table, entry: &Entry<'_>) -> Lock {
    // Format 2 has the packages in a table of their own.
    let packages = match document.get("manifest_format") {
        Some(_) => document.get("deps").and_then(Value::as_table),
        None => Some(document),
    };
    let entries: Vec<(&String, &Table)> = packages
        .into_iter()
        .flatten()
        .filter_map(|(name, entries)| Some((name, entries.as_array()?)))
        .flat_map(|(name, entries)| entries.iter().map(move |entry| (name, entry)))
        .filter_map(|(name, entry)| Some((name, entry.as_table()?)))
        .collect();
    // A dependency is named by its UUID only where two packages have one name.
    let uuids: HashMap<&str, &str> = entries
        .iter()
        .filter_map(|(name, entry)| Some((name.as_str(), text(entry, "uuid")?)))
        .collect();
    let parts = entries.iter().filter_map(|(name, package)| {
        let uuid = text(package, "uuid").unwrap_or_default();
        let url = package_url(name, text(package, "version"), uuid)?;
        let mut part = Part::new(uuid, url, entry, OccurrenceKind::Locked, JuliaPkg::ID);
        part.package.download = text(package, "repo-url")
            .and_then(Repository::parse)
            .map(|repository| repository.location(text(package, "repo-rev")));
        for (field, scope) in [("deps", Scope::Runtime), ("weakdeps", Scope::Optional)] {
            match package.get(field) {
                Some(Value::Array(names)) => {
                    let found = names.iter().filter_map(|name| uuids.get(name.as_str()?));
                    part.needs.extend(found.map(|uuid| Need::of(*uuid, scope)));
                }
                Some(Value::Table(table)) => {
                    let found = table.values().filter_map(Value::as_str);
                    part.needs.extend(found.map(|uuid| Need::of(uuid, scope)));
                }
                _ => {}
            }
        }
        Some(part)
    });
    Lock {
        parts: parts.collect(),
        ..Lock::default()
    }
}
