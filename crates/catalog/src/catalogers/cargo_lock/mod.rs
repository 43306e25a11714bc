//! Rust projects: `Cargo.lock` with the `Cargo.toml` of its members, and vendored crates.
//!
//! The lockfile holds what any feature and any platform needs. Of members, the manifests tell
//! what a dependency is for; of other crates nothing does, so a crate that one of them needs
//! only to build counts as needed at run time.

mod inheritance;
mod lockfile;
mod manifest;
mod project;
mod requirements;
mod unlocked;

use std::collections::HashMap;

use linchpin_model::{
    CatalogerId, Digest, DigestAlgorithm, OccurrenceKind, Package, PackageUrl, Role, TargetPath,
};
use linchpin_source::{Entry, Pattern};
use serde::Deserialize;

use self::inheritance::take_over;
use self::lockfile::{LockedPackage, Lockfile};
use self::manifest::Manifest;
use self::project::{Manifests, Project};
use self::unlocked::add_unlocked_projects;
use crate::addresses::without_credentials;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, RequirementReader};
use crate::package_roots::is_inside_package;

pub(super) static CATALOGER: CargoLock = CargoLock;

pub(super) struct CargoLock;

/// Largest file that is read. The largest real lockfiles have about a million bytes, and a parsed
/// document takes up to fifty times its size in memory.
const MOST_BYTES: usize = 8 << 20;

/// What one file tells.
#[derive(Debug)]
pub(in crate::catalogers) enum Fragment {
    Lockfile(Lockfile),
    Manifest(Manifest),
    /// A vendored crate's digest, where it says one.
    Vendored(Option<Digest>),
}

/// The file by which Cargo knows a vendored crate:
/// <https://doc.rust-lang.org/cargo/reference/source-replacement.html#directory-sources>.
#[derive(Deserialize)]
struct Checksums {
    package: Option<String>,
}

impl Cataloger for CargoLock {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("cargo-lock");
    const DOCUMENTATION: &'static str = "Reads `Cargo.lock` (versions 1 to 4) and the `Cargo.toml` of the workspace's \
        members: packages with checksums and all edges, development and build dependencies marked where the manifests \
        tell them apart. Crates in a `vendor` folder are found as installed. Lockfiles of vendored crates are passed \
        over. Of a project without a lockfile, what its manifest asks for is listed, with a version only if it is an \
        exact one.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("Cargo.lock"),
        Pattern::Name("Cargo.toml"),
        Pattern::Name(".cargo-checksum.json"),
    ];

    const REQUIREMENTS: Option<RequirementReader<Fragment>> = Some(requirements::requirements);

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        let is_inside = is_inside_package(entry.path);
        if entry.content.len() > MOST_BYTES {
            return Parsed::failed(format!(
                "it is {} MiB large and was passed over; at most {} MiB are read",
                entry.content.len() >> 20,
                MOST_BYTES >> 20
            ));
        }
        let Ok(text) = std::str::from_utf8(entry.content) else {
            return Parsed::failed("it is no UTF-8");
        };
        match entry.path.name() {
            "Cargo.lock" if is_inside => Parsed::not_mine(),
            "Cargo.lock" => match Lockfile::parse(text) {
                Ok((lockfile, problems)) => Parsed {
                    value: Some(Fragment::Lockfile(lockfile)),
                    problems,
                },
                Err(problem) => Parsed::failed(problem),
            },
            "Cargo.toml" => match Manifest::parse(text) {
                Ok(manifest) => Parsed::clean(Fragment::Manifest(manifest)),
                // Templates and test data of a crate need not be valid.
                Err(_) if is_inside => Parsed::not_mine(),
                Err(problem) => Parsed::failed(problem),
            },
            _ => match serde_json::from_str::<Checksums>(text) {
                Ok(checksums) => {
                    let hex = checksums.package.unwrap_or_default();
                    let digest = Digest::from_hex(DigestAlgorithm::Sha256, &hex);
                    Parsed::clean(Fragment::Vendored(digest.ok()))
                }
                Err(error) => Parsed::failed(error),
            },
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut lockfiles: Vec<Located<Lockfile>> = Vec::new();
        let mut manifests: Vec<Located<Manifest>> = Vec::new();
        let mut vendored: HashMap<TargetPath, Option<Digest>> = HashMap::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Lockfile(value) => lockfiles.push(Located { path, layer, value }),
                Fragment::Manifest(value) => manifests.push(Located { path, layer, value }),
                Fragment::Vendored(digest) => {
                    vendored.insert(path.parent(), digest);
                }
            }
        }
        let (installed, own): (Vec<_>, Vec<_>) = manifests.into_iter().partition(|manifest| {
            vendored.contains_key(&manifest.path.parent()) || is_packed(&manifest.path)
        });
        let mut own: Vec<Located<Manifest>> = own
            .into_iter()
            .filter(|manifest| !is_inside_package(&manifest.path))
            .collect();
        take_over(&mut own);
        let manifests = Manifests::new(&own);
        for lockfile in &lockfiles {
            add_project(lockfile, &manifests, assembly);
        }
        add_unlocked_projects(&own, &lockfiles, assembly);
        for manifest in &installed {
            let digest = vendored.get(&manifest.path.parent()).cloned().flatten();
            add_vendored(manifest, digest, assembly);
        }
    }
}

/// Whether a manifest is that of a crate that lies as an archive: `x-1.0.0.crate!/x-1.0.0/Cargo.toml`.
fn is_packed(path: &TargetPath) -> bool {
    path.archive_and_inside().is_some_and(|(archive, inside)| {
        archive.name().strip_suffix(".crate") == inside.strip_suffix("/Cargo.toml")
    })
}

fn add_project(
    lockfile: &Located<Lockfile>,
    manifests: &Manifests<'_>,
    assembly: &mut Assembly<'_>,
) {
    let project = Project::new(&lockfile.value, &lockfile.path.parent(), manifests);
    let mut ids = Vec::with_capacity(lockfile.value.packages.len());
    for (index, locked) in lockfile.value.packages.iter().enumerate() {
        let purl = match package_url(locked) {
            Ok(purl) => purl,
            Err(problem) => {
                assembly.inventory.note(lockfile.note(problem));
                ids.push(None);
                continue;
            }
        };
        let mut package = match project.manifests.get(index).copied().flatten() {
            Some(manifest) => {
                let occurrence = manifest.occurrence(OccurrenceKind::Declared, CargoLock::ID);
                let mut package = Package::new(purl, occurrence);
                if let Some(declared) = &manifest.value.package {
                    package.license.clone_from(&declared.license);
                    package.description.clone_from(&declared.description);
                }
                package
            }
            None => Package::new(
                purl,
                lockfile.occurrence(OccurrenceKind::Locked, CargoLock::ID),
            ),
        };
        if locked.source.is_none() {
            package.role = Role::Application;
        }
        package.scope = project.scopes.get(index).copied().unwrap_or_default();
        package.hashes = locked
            .checksum
            .iter()
            .filter_map(|hex| Digest::from_hex(DigestAlgorithm::Sha256, hex).ok())
            .collect();
        ids.push(Some(assembly.inventory.add(package)));
    }
    for edge in &project.edges {
        if let (Some(Some(from)), Some(Some(on))) = (ids.get(edge.from), ids.get(edge.on)) {
            assembly.inventory.depend(*from, *on, edge.scope);
        }
    }
}

/// The package URL of a locked package. Crates from the registry that is Cargo's own need nothing
/// but name and version, all others say where they come from.
fn package_url(locked: &LockedPackage) -> Result<PackageUrl, String> {
    let source = locked.source.as_deref().unwrap_or_default();
    let qualifier = match source.split_once('+') {
        Some(("git", _)) => {
            // `git+https://host/path?branch=x#commit`.
            let (address, commit) = source.split_once('#').unwrap_or((source, ""));
            Some(git_qualifier(address, Some(commit)))
        }
        // Lockfiles name Cargo's own registry so whatever protocol or mirror was used.
        Some(("registry", address)) if address.ends_with("/crates.io-index") => None,
        Some(("registry" | "sparse", address)) => {
            Some(("repository_url", without_credentials(address)))
        }
        _ => None,
    };
    let qualifiers: Vec<(&str, &str)> = qualifier
        .iter()
        .map(|(key, value)| (*key, value.as_str()))
        .collect();
    PackageUrl::with_qualifiers(
        "cargo",
        None,
        &locked.name,
        Some(&locked.version),
        &qualifiers,
    )
    .map_err(|error| error.to_string())
}

/// Where a crate of a repository comes from, as the purl specification wants it: without the
/// query, and `@revision`.
fn git_qualifier(address: &str, revision: Option<&str>) -> (&'static str, String) {
    let address = without_credentials(address.split('?').next().unwrap_or_default());
    let url = match revision {
        Some(revision) if !revision.is_empty() => format!("{address}@{revision}"),
        _ => address,
    };
    ("vcs_url", url)
}

fn add_vendored(manifest: &Located<Manifest>, digest: Option<Digest>, assembly: &mut Assembly<'_>) {
    let Some(declared) = &manifest.value.package else {
        return;
    };
    let Ok(purl) = PackageUrl::new("cargo", None, &declared.name, declared.version.as_deref())
    else {
        return;
    };
    let occurrence = manifest.occurrence(OccurrenceKind::Installed, CargoLock::ID);
    // What a crate is needed for, the lockfile knows; its copy here says nothing of it.
    let known = assembly.inventory.find(&purl);
    let mut package = Package::new(purl, occurrence);
    if let Some(known) = known.and_then(|id| assembly.inventory.packages().get(id.index())) {
        package.scope = known.scope;
    }
    package.license.clone_from(&declared.license);
    package.description.clone_from(&declared.description);
    package.hashes.extend(digest);
    assembly.inventory.add(package);
}
