//! Gleam projects: the lockfile `manifest.toml` and `gleam.toml`.
//! <https://gleam.run/writing-gleam/gleam-toml/>.

use linchpin_model::{CatalogerId, Digest, DigestAlgorithm, OccurrenceKind, Scope};
use linchpin_source::{Entry, Pattern};
use toml::{Table, Value};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::hex::{exact_version, package_url, repository_url};
use crate::licenses::from_expression;
use crate::lock_graph::{Lock, Need, Part, ProjectFile, Root, Tells, Wish, assemble_projects};
use crate::package_roots::is_inside_package;
use crate::repository::Repository;

pub(super) static CATALOGER: GleamManifest = GleamManifest;

pub(super) struct GleamManifest;

impl Cataloger for GleamManifest {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("gleam-manifest");
    const DOCUMENTATION: &'static str = "Reads `manifest.toml` of Gleam with the `gleam.toml` beside it: the project as \
        root, packages of Hex with digests and edges, those of repositories with their revision. Dependencies for \
        development are marked.";
    const WANTS: &'static [Pattern] =
        &[Pattern::Name("gleam.toml"), Pattern::Name("manifest.toml")];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        // What Gleam fetched lies in `build/packages`.
        let is_fetched = entry.path.parts().rev().nth(2) == Some("packages");
        if is_fetched || is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let is_project = entry.path.name() == "gleam.toml";
        let text = String::from_utf8_lossy(entry.content);
        let document: Table = match toml::from_str(&text) {
            Ok(document) => document,
            Err(error) if is_project => {
                return Parsed::failed(format!("is no valid TOML: {}", error.message()));
            }
            // Other programs have manifests of this name.
            Err(_) if !text.contains("build_tools") => return Parsed::not_mine(),
            Err(error) => return Parsed::failed(format!("is no valid TOML: {}", error.message())),
        };
        let tells = if is_project {
            project(&document)
        } else {
            let packages = document.get("packages").and_then(Value::as_array);
            let Some(packages) = packages.filter(|_| document.contains_key("requirements")) else {
                return Parsed::not_mine();
            };
            let parts = packages.iter().filter_map(|package| part(package, entry));
            Tells::Lock(Lock {
                parts: parts.collect(),
                ..Lock::default()
            })
        };
        Parsed::clean(ProjectFile {
            folder: entry.path.parent(),
            tells,
        })
    }

    fn assemble(fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        assemble_projects(fragments, Self::ID, assembly);
    }
}

fn project(document: &Table) -> Tells {
    let text = |key: &str| document.get(key).and_then(Value::as_str);
    let licences = document.get("licences").and_then(Value::as_array);
    let licences: Vec<&str> = licences
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let root = Root {
        url: text("name").and_then(|name| package_url(name, text("version"), None)),
        license: from_expression(&licences.join(" AND ")),
        description: text("description").map(str::to_owned),
        ..Root::default()
    };
    let mut wishes = Vec::new();
    for (field, scope) in [
        ("dependencies", Scope::Runtime),
        ("dev-dependencies", Scope::Development),
        ("dev_dependencies", Scope::Development),
    ] {
        for (name, wanted) in document
            .get(field)
            .and_then(Value::as_table)
            .into_iter()
            .flatten()
        {
            let exact = wanted.as_str().and_then(exact_version);
            wishes.extend(
                package_url(name, exact, None).map(|url| Wish::new(name.as_str(), url, scope)),
            );
        }
    }
    Tells::Manifest(root, wishes)
}

fn part(package: &Value, entry: &Entry<'_>) -> Option<Part> {
    let text = |key: &str| package.get(key).and_then(Value::as_str);
    let name = text("name")?;
    let location = text("repo")
        .and_then(Repository::parse)
        .map(|repository| repository.location(text("commit")));
    let url = match (text("source"), &location) {
        (Some("git"), Some(location)) => repository_url(name, text("version")?, location)?,
        _ => package_url(name, text("version"), None)?,
    };
    let kind = OccurrenceKind::Locked;
    let mut part = Part::new(name, url, entry, kind, GleamManifest::ID);
    part.package.download = location;
    let digest = text("outer_checksum");
    let digest = digest.and_then(|hex| Digest::from_hex(DigestAlgorithm::Sha256, hex).ok());
    part.package.hashes.extend(digest);
    let needs = package.get("requirements").and_then(Value::as_array);
    let needs = needs.into_iter().flatten().filter_map(Value::as_str);
    part.needs = needs.map(Need::new).collect();
    Some(part)
}
