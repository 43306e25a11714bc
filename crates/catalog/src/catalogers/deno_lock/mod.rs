//! Deno: its lockfile `deno.lock`, versions 2 to 5, and its manifest `deno.json`:
//! <https://docs.deno.com/runtime/fundamentals/modules/>.
//!
//! Packages come from npm and from JSR; the latter have no type in the package-url specification and
//! are written `pkg:jsr/@scope/name`. Modules that are fetched one by one from an address belong to a
//! package only on deno.land, which has the version in its paths; the others are told in a note.

mod lockfile;
mod manifest;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use linchpin_model::{
    CatalogerId, Digest, DigestAlgorithm, OccurrenceKind, Package, PackageUrl, Role, Scope,
    TargetPath,
};
use linchpin_source::{Entry, Pattern};

use self::lockfile::{LockedPackage, Lockfile, Registry, split_name};
use self::manifest::Manifest;
use super::npm::folders::below;
use super::npm::identity::{exact_version, package_url};
use super::npm::integrity::digests;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::{Loose, read_loose};
use crate::documents::jsonc;
use crate::package_graph::PackageGraph;
use crate::package_roots::is_inside_package;

pub(super) static CATALOGER: DenoLock = DenoLock;

pub(super) struct DenoLock;

/// What one file tells.
#[derive(Debug)]
pub(super) enum Fragment {
    Lockfile(Lockfile),
    Manifest(Manifest),
}

type Manifests = BTreeMap<TargetPath, Located<Manifest>>;

impl Cataloger for DenoLock {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("deno-lock");
    const DOCUMENTATION: &'static str = "Reads `deno.lock` of versions 2 to 5 with the `deno.json` of its projects: \
        packages of npm and JSR with digests and edges, and libraries of deno.land by the addresses of their modules. \
        Without a lockfile, what the imports of `deno.json` ask for is listed, with a version only if it is an exact one.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("deno.lock"),
        Pattern::Name("deno.json"),
        Pattern::Name("deno.jsonc"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = jsonc::to_json(&String::from_utf8_lossy(entry.content));
        let document = match read_loose(&text) {
            Ok(document) => document,
            Err(problem) => return Parsed::failed(problem),
        };
        if entry.path.name() != "deno.lock" {
            return Parsed::clean(Fragment::Manifest(Manifest::read(&document)));
        }
        match document.get("version").and_then(Loose::text) {
            Some(_) => Parsed::clean(Fragment::Lockfile(lockfile::read(&document))),
            // The first version was a list of addresses alone, and had no version.
            None => Parsed::failed("is no lockfile of Deno that can be read: it has no `version`"),
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut manifests = Manifests::new();
        let mut lockfiles = Vec::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Manifest(value) => {
                    manifests.insert(path.parent(), Located { path, layer, value });
                }
                Fragment::Lockfile(value) => lockfiles.push(Located { path, layer, value }),
            }
        }
        let locked: BTreeSet<TargetPath> =
            lockfiles.iter().map(|file| file.path.parent()).collect();
        for file in &lockfiles {
            add_lockfile(file, &manifests, assembly);
        }
        for (folder, manifest) in &manifests {
            if !and_above(folder).any(|above| locked.contains(&above)) {
                add_unlocked(folder, manifest, assembly);
            }
        }
    }
}

/// A folder and all above it.
fn and_above(folder: &TargetPath) -> impl Iterator<Item = TargetPath> {
    std::iter::successors(Some(folder.clone()), |folder| {
        (!folder.is_root()).then(|| folder.parent())
    })
}

fn add_lockfile(file: &Located<Lockfile>, manifests: &Manifests, assembly: &mut Assembly<'_>) {
    let mut graph = PackageGraph::default();
    let mut bad_names = 0;
    let mut waiting = Vec::new();
    for locked in &file.value.packages {
        let Some(package) = library(locked, file) else {
            bad_names += 1;
            continue;
        };
        let place = graph.add(&key(locked.registry, &locked.key), package);
        // Later lockfiles leave out the version where there is but one.
        let (name, _) = locked.name_and_version();
        graph.also_known_as(&key(locked.registry, name), place);
        waiting.push((place, locked));
    }
    let specifiers: HashMap<&str, &str> = file
        .value
        .specifiers
        .iter()
        .map(|(asked, found)| (asked.as_ref(), found.as_ref()))
        .collect();
    for (place, locked) in &waiting {
        for (reference, may_be_missing) in &locked.needs {
            let scope = if *may_be_missing {
                Scope::Optional
            } else {
                Scope::Runtime
            };
            if let Some(on) = find(&graph, locked.registry, reference, &specifiers) {
                graph.depend(*place, on, scope);
            }
        }
    }
    let folder = file.path.parent();
    let mut projects = file.value.projects.clone();
    if projects.is_empty() {
        let all = file.value.specifiers.iter().map(|(asked, _)| asked.clone());
        projects.push(("".into(), all.collect()));
    }
    let remotes = libraries_of(&file.value.remotes);
    let mut missing: Vec<&str> = Vec::new();
    for (number, (place, asked)) in projects.iter().enumerate() {
        let Some(place) = below(folder.as_str(), place) else {
            continue;
        };
        let Some(root) = root(&place, manifests.get(&place), file, assembly) else {
            continue;
        };
        let root = graph.add(&format!("\0{place}"), root);
        for specifier in asked {
            match find(&graph, Registry::Npm, specifier, &specifiers) {
                Some(on) => graph.depend(root, on, Scope::Runtime),
                None => missing.push(specifier.as_ref()),
            }
        }
        for purl in remotes.iter().filter(|_| number == 0) {
            let occurrence = file.occurrence(OccurrenceKind::Locked, DenoLock::ID);
            let on = graph.add(purl.as_str(), Package::new(purl.clone(), occurrence));
            graph.depend(root, on, Scope::Runtime);
        }
    }
    if bad_names > 0 {
        assembly.inventory.note(file.note(format!(
            "entries left out because they name no package that can be read: {bad_names}"
        )));
    }
    let others = file
        .value
        .remotes
        .iter()
        .filter(|address| library_of(address).is_none());
    let others = others.count();
    if others > 0 {
        assembly.inventory.note(file.note(format!(
            "modules that are fetched from an address, of no package that is known: {others}"
        )));
    }
    graph.finish(assembly);
}

fn key(registry: Registry, reference: &str) -> String {
    match registry {
        Registry::Npm => format!("npm:{reference}"),
        Registry::Jsr => format!("jsr:{reference}"),
    }
}

/// The package that a reference means: a specifier with its registry, a key, a name alone, or a key
/// behind the name that it is used under, `a@npm:b@1.0.0`.
fn find(
    graph: &PackageGraph,
    registry: Registry,
    reference: &str,
    specifiers: &HashMap<&str, &str>,
) -> Option<usize> {
    let (registry, bare) = if let Some(bare) = reference.strip_prefix("jsr:") {
        (Registry::Jsr, bare)
    } else if let Some(bare) = reference.strip_prefix("npm:") {
        (Registry::Npm, bare)
    } else {
        (registry, reference)
    };
    if let Some(found) = specifiers.get(reference) {
        return graph.find(&key(registry, found));
    }
    let behind = bare.split_once("@npm:").map_or(bare, |(_, behind)| behind);
    graph
        .find(&key(registry, behind))
        .or_else(|| graph.find(&key(registry, split_name(behind).0)))
}

fn library(locked: &LockedPackage, file: &Located<Lockfile>) -> Option<Package> {
    let (name, version) = locked.name_and_version();
    let purl = match locked.registry {
        Registry::Npm => package_url(name, version)?,
        Registry::Jsr => jsr_url(name, version)?,
    };
    let occurrence = file.occurrence(OccurrenceKind::Locked, DenoLock::ID);
    let mut package = Package::new(purl, occurrence);
    let integrity = locked.integrity.as_deref().unwrap_or_default();
    package.hashes = match locked.registry {
        Registry::Npm => digests(integrity),
        // The digest of the manifest, which has those of all files.
        Registry::Jsr => Digest::from_hex(DigestAlgorithm::Sha256, integrity)
            .into_iter()
            .collect(),
    };
    Some(package)
}

fn jsr_url(name: &str, version: Option<&str>) -> Option<PackageUrl> {
    let (scope, name) = name
        .split_once('/')
        .filter(|(scope, _)| scope.starts_with('@'))?;
    PackageUrl::new("jsr", Some(scope), name, version).ok()
}

/// The libraries that modules of deno.land belong to, each once.
fn libraries_of(addresses: &[Box<str>]) -> Vec<PackageUrl> {
    let libraries: BTreeSet<(&str, &str)> = addresses
        .iter()
        .filter_map(|address| library_of(address))
        .collect();
    let urls = libraries.into_iter().filter_map(|(path, version)| {
        let (namespace, name) = path.rsplit_once('/')?;
        PackageUrl::new("generic", Some(namespace), name, Some(version)).ok()
    });
    urls.collect()
}

/// `deno.land/x/oak` and `v12.6.1` of `https://deno.land/x/oak@v12.6.1/mod.ts`; the standard library is
/// `deno.land/std`.
fn library_of(address: &str) -> Option<(&str, &str)> {
    let path = address.strip_prefix("https://")?;
    let (library, rest) = path.split_once('@')?;
    let version = rest
        .split('/')
        .next()
        .filter(|version| !version.is_empty())?;
    let is_library = library == "deno.land/std"
        || library
            .strip_prefix("deno.land/x/")
            .is_some_and(|name| !name.is_empty() && !name.contains('/'));
    is_library.then_some((library, version))
}

/// The project in a folder, by the name in its manifest if it has one.
fn root<T>(
    folder: &TargetPath,
    manifest: Option<&Located<Manifest>>,
    file: &Located<T>,
    assembly: &Assembly<'_>,
) -> Option<Package> {
    let occurrence = match manifest {
        Some(manifest) => manifest.occurrence(OccurrenceKind::Declared, DenoLock::ID),
        None => file.occurrence(OccurrenceKind::Declared, DenoLock::ID),
    };
    let manifest = manifest.map(|manifest| &manifest.value);
    let named = manifest
        .and_then(|manifest| jsr_url(manifest.name.as_deref()?, manifest.version.as_deref()));
    let purl = named.or_else(|| assembly.unnamed_project(folder))?;
    let mut root = Package::new(purl, occurrence);
    root.role = Role::Application;
    root.license = manifest.and_then(|manifest| manifest.license.clone());
    Some(root)
}

fn add_unlocked(folder: &TargetPath, file: &Located<Manifest>, assembly: &mut Assembly<'_>) {
    if file.value.name.is_none() && file.value.imports.is_empty() {
        return;
    }
    let Some(root) = root(folder, Some(file), file, assembly) else {
        return;
    };
    let root = assembly.inventory.add(root);
    let mut without_version = 0;
    for specifier in &file.value.imports {
        let Some((registry, rest)) = specifier.split_once(':') else {
            continue;
        };
        let rest = rest.trim_start_matches('/');
        let (name, asked) = split_name(rest);
        let version = asked.map(|asked| asked.split('/').next().unwrap_or(asked));
        let version = version.and_then(exact_version);
        let purl = match registry {
            "npm" => package_url(name, version),
            "jsr" => jsr_url(name, version),
            _ => None,
        };
        let Some(purl) = purl else { continue };
        without_version += usize::from(version.is_none());
        let occurrence = file.occurrence(OccurrenceKind::Declared, DenoLock::ID);
        let package = assembly.inventory.add(Package::new(purl, occurrence));
        assembly.inventory.depend(root, package, Scope::Runtime);
    }
    if without_version > 0 {
        let dependencies = match without_version {
            1 => "1 dependency has no exact version and is".to_owned(),
            count => format!("{count} dependencies have no exact version and are"),
        };
        assembly.inventory.note(file.note(format!(
            "has no lockfile: {dependencies} listed without one"
        )));
    }
}
