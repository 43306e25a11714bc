//! uv's lockfile, `uv.lock`: <https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile>.
//!
//! It holds the project and the members of its workspace as packages too, so that no manifest is
//! needed. Not here: `requirements.txt` files that uv writes; those are `requirements`.

use std::collections::BTreeMap;

use linchpin_model::{CatalogerId, Role, Scope};
use linchpin_source::{Entry, Pattern};
use serde::Deserialize;

use crate::addresses::without_credentials;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::package_roots::is_inside_package;
use crate::python::{Link, LockGraph, LockedPackage, digests, normalise_name};

pub(super) static CATALOGER: UvLock = UvLock;

pub(super) struct UvLock;

#[derive(Deserialize)]
struct File {
    version: u32,
    #[serde(default)]
    package: Vec<Entity>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Entity {
    name: String,
    version: Option<String>,
    #[serde(default)]
    source: Source,
    #[serde(default)]
    dependencies: Vec<Needed>,
    #[serde(default)]
    optional_dependencies: BTreeMap<String, Vec<Needed>>,
    #[serde(default)]
    dev_dependencies: BTreeMap<String, Vec<Needed>>,
    sdist: Option<Archive>,
    #[serde(default)]
    wheels: Vec<Archive>,
}

/// Where a package is from. The project and its members lie in folders of the target.
#[derive(Deserialize, Default)]
struct Source {
    r#virtual: Option<String>,
    editable: Option<String>,
    /// A repository, with the revision behind `#`.
    git: Option<String>,
    url: Option<String>,
}

#[derive(Deserialize)]
struct Needed {
    name: String,
    version: Option<String>,
    #[serde(default)]
    extra: Vec<String>,
}

#[derive(Deserialize)]
struct Archive {
    hash: Option<String>,
    url: Option<String>,
}

impl Cataloger for UvLock {
    type Fragment = LockGraph;
    const ID: CatalogerId = CatalogerId("uv-lock");
    const DOCUMENTATION: &'static str = "Reads `uv.lock`: the project and the members of its workspace as roots, every \
        locked package with its hashes, and the edges between them. Dependencies of an extra are edges only where \
        the extra is asked for; groups are for development. Packages of all platforms are listed.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("uv.lock")];

    fn read(entry: &Entry<'_>) -> Parsed<LockGraph> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let Ok(text) = std::str::from_utf8(entry.content) else {
            return Parsed::failed("it is no UTF-8");
        };
        let file: File = match toml::from_str(text) {
            Ok(file) => file,
            Err(error) => return Parsed::failed(format!("it is no uv.lock: {}", error.message())),
        };
        let mut problems = Vec::new();
        if file.version != 1 {
            problems.push(format!(
                "its format has version {}, and only version 1 is known; what it says may be misread",
                file.version
            ));
        }
        let packages = file.package.into_iter().map(locked).collect();
        Parsed {
            value: Some(LockGraph { packages }),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<LockGraph>>, assembly: &mut Assembly<'_>) {
        for file in &fragments {
            file.value.add_to(file, Self::ID, assembly);
        }
    }
}

fn locked(entity: Entity) -> LockedPackage {
    let own = entity.source.r#virtual.is_some() || entity.source.editable.is_some();
    let role = if own {
        Role::Application
    } else {
        Role::Library
    };
    let name = normalise_name(&entity.name);
    let mut package = LockedPackage::new(name, entity.version.as_deref(), role);
    let archives = entity.sdist.iter().chain(&entity.wheels);
    package.hashes = digests(archives.filter_map(|archive| archive.hash.as_deref()));
    package.download = download(&entity);
    package.links = links(&entity.dependencies);
    package.extras = entity
        .optional_dependencies
        .iter()
        .map(|(extra, needed)| (normalise_name(extra), links(needed)))
        .collect();
    package.groups = entity
        .dev_dependencies
        .values()
        .map(|needed| (Scope::Development, links(needed)))
        .collect();
    package
}

/// The repository and revision, or the archive of sources, or else the first built one.
fn download(entity: &Entity) -> Option<String> {
    if let Some(address) = &entity.source.git {
        let (address, revision) = address.split_once('#').unwrap_or((address, ""));
        let address = address.split('?').next().unwrap_or_default();
        let address = without_credentials(address);
        let at = if revision.is_empty() { "" } else { "@" };
        return Some(format!("git+{address}{at}{revision}"));
    }
    let mut archives = entity.sdist.iter().chain(&entity.wheels);
    let archive = archives.find_map(|archive| archive.url.as_deref());
    let address = entity.source.url.as_deref().or(archive)?;
    Some(without_credentials(address))
}

fn links(needed: &[Needed]) -> Vec<Link> {
    needed
        .iter()
        .map(|needed| {
            let extras = needed.extra.iter().map(|extra| normalise_name(extra));
            let mut link = Link::to(&needed.name, extras);
            link.version = needed.version.as_deref().map(Into::into);
            link
        })
        .collect()
}
