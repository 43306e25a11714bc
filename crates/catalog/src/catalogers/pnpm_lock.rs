//! pnpm's lockfile, `pnpm-lock.yaml`, versions 5 to 9:
//! <https://github.com/pnpm/spec/tree/master/lockfile>.
//!
//! Its packages carry the peers that they were resolved with in their keys, so every dependency
//! names exactly one entry and nothing must be searched for. What pnpm installed is read by the
//! `npm` cataloger.

use std::collections::{BTreeMap, HashMap};

use linchpin_model::{CatalogerId, LicenseExpression, OccurrenceKind, Package, Scope, TargetPath};
use linchpin_source::{Entry, Pattern};

use super::npm::folders::below;
use super::npm::graph::{Graph, Node};
use super::npm::identity::{package_url, project};
use super::npm::integrity::digests;
use super::npm::record::{NeedKind, PackageRecord};
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::{Loose, read_document};
use crate::documents::yaml::read_documents;
use crate::package_roots::is_inside_package;

const ID: CatalogerId = CatalogerId("pnpm-lock");

pub(super) static CATALOGER: PnpmLock = PnpmLock;

pub(super) struct PnpmLock;

/// What one file tells.
#[derive(Debug)]
pub(super) enum Fragment {
    Lockfile(Lockfile),
    Manifest(Manifest),
}

/// What is taken from a project's `package.json`: the lockfile knows only its folder.
#[derive(Debug)]
pub(super) struct Manifest {
    name: Option<Box<str>>,
    version: Option<Box<str>>,
    license: Option<LicenseExpression>,
}

/// A lockfile.
#[derive(Debug, Default)]
pub(super) struct Lockfile {
    /// The projects by their folders, and what each needs.
    importers: Vec<(Box<str>, Vec<Wanted>)>,
    packages: Vec<LockedPackage>,
}

/// A package by its key.
#[derive(Debug)]
struct LockedPackage {
    key: Box<str>,
    name: Box<str>,
    version: Option<Box<str>>,
    integrity: Option<Box<str>>,
    needs: Vec<Wanted>,
}

/// A need, and the entry or folder that meets it.
#[derive(Debug)]
struct Wanted {
    name: Box<str>,
    reference: Box<str>,
    kind: NeedKind,
}

impl Cataloger for PnpmLock {
    type Fragment = Fragment;
    const ID: CatalogerId = ID;
    const DOCUMENTATION: &'static str = "Reads `pnpm-lock.yaml` of versions 5 to 9, and the `package.json` of the \
        projects in it for their names. Finds the projects, their packages and what needs what; what is only for \
        development follows from the ways that lead to a package.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("pnpm-lock.yaml"),
        Pattern::Name("package.json"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        if entry.path.name() == "package.json" {
            // Problems with it are told by the `npm` cataloger.
            return match read_document::<PackageRecord>(entry.content) {
                Ok(record) => Parsed::clean(Fragment::Manifest(Manifest {
                    name: record.name,
                    version: record.version,
                    license: record.license,
                })),
                Err(_) => Parsed::not_mine(),
            };
        }
        let text = String::from_utf8_lossy(entry.content);
        let documents = match read_documents(&text) {
            Ok(documents) => documents,
            Err(problem) => return Parsed::failed(problem),
        };
        // Newer clients put a document about themselves before the one about the project.
        match documents
            .iter()
            .rev()
            .find(|document| document.get("lockfileVersion").is_some())
        {
            Some(document) => Parsed::clean(Fragment::Lockfile(read_lockfile(document))),
            None => Parsed::failed("is no lockfile of pnpm: it has no `lockfileVersion`"),
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut lockfiles = Vec::new();
        let mut manifests = BTreeMap::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Lockfile(value) => lockfiles.push(Located { path, layer, value }),
                Fragment::Manifest(value) => {
                    manifests.insert(path.parent(), Located { path, layer, value });
                }
            }
        }
        for lockfile in &lockfiles {
            assemble_lockfile(lockfile, &manifests, assembly);
        }
    }
}

fn read_lockfile(document: &Loose<'_>) -> Lockfile {
    let version = document.get("lockfileVersion").and_then(Loose::text);
    let slashes = version.is_some_and(|version| version.starts_with("5."));
    let mut importers: Vec<(Box<str>, Vec<Wanted>)> = Vec::new();
    match document.get("importers") {
        Some(projects) => {
            for (folder, lists) in projects.members() {
                importers.push((folder.as_ref().into(), wanted(lists, None)));
            }
        }
        None => importers.push((".".into(), wanted(document, None))),
    }

    let empty = Loose::Other;
    let entries = document.get("packages").unwrap_or(&empty).members();
    let Some(snapshots) = document.get("snapshots") else {
        let packages = entries
            .iter()
            .filter_map(|(key, entry)| locked_package(key, entry, entry, slashes))
            .collect();
        return Lockfile {
            importers,
            packages,
        };
    };
    // Since version 9 an entry says what a package is, and a snapshot what it was resolved to.
    let by_key: HashMap<&str, &Loose<'_>> = entries
        .iter()
        .map(|(key, entry)| (key.as_ref(), entry))
        .collect();
    let packages = snapshots
        .members()
        .iter()
        .filter_map(|(key, snapshot)| {
            let entry = by_key.get(without_peers(key)).copied().unwrap_or(&empty);
            locked_package(key, entry, snapshot, slashes)
        })
        .collect();
    Lockfile {
        importers,
        packages,
    }
}

fn locked_package(
    key: &str,
    entry: &Loose<'_>,
    snapshot: &Loose<'_>,
    slashes: bool,
) -> Option<LockedPackage> {
    let text = |name: &str| entry.get(name).and_then(Loose::text);
    let bare = without_peers(key).trim_start_matches('/');
    let (name, version) = if slashes {
        let (name, version) = bare.rsplit_once('/')?;
        let version = version
            .split_once('_')
            .map_or(version, |(version, _)| version);
        (name, version)
    } else {
        let at = bare.get(1..)?.find('@')? + 1;
        (bare.get(..at)?, bare.get(at + 1..)?)
    };
    // Of what comes from elsewhere than a registry, the entry says what it is.
    let is_version =
        version.starts_with(|first: char| first.is_ascii_digit()) && !version.contains([':', '/']);
    let name = text("name").unwrap_or(name);
    let version = text("version").or(is_version.then_some(version));
    let integrity = entry
        .get("resolution")
        .and_then(|resolution| resolution.get("integrity"))
        .and_then(Loose::text);
    Some(LockedPackage {
        key: key.into(),
        name: name.into(),
        version: version.map(Into::into),
        integrity: integrity.map(Into::into),
        needs: wanted(snapshot, Some(entry)),
    })
}

/// The key of a package without the peers in parentheses behind it.
fn without_peers(key: &str) -> &str {
    key.split_once('(').map_or(key, |(bare, _)| bare)
}

/// What a project or package needs. Its peers are among its dependencies; `entry` tells them apart.
fn wanted(lists: &Loose<'_>, entry: Option<&Loose<'_>>) -> Vec<Wanted> {
    let peers = entry.and_then(|entry| entry.get("peerDependencies"));
    let peers_meta = entry.and_then(|entry| entry.get("peerDependenciesMeta"));
    let peers: HashMap<&str, NeedKind> = peers
        .into_iter()
        .flat_map(Loose::members)
        .map(|(name, _)| {
            let is_optional = peers_meta
                .and_then(|meta| meta.get(name)?.get("optional"))
                .is_some_and(Loose::is_true);
            let kind = if is_optional {
                NeedKind::OptionalPeer
            } else {
                NeedKind::Peer
            };
            (name.as_ref(), kind)
        })
        .collect();
    let mut found = Vec::new();
    for (list, kind) in [
        ("dependencies", NeedKind::Runtime),
        ("optionalDependencies", NeedKind::Optional),
        ("devDependencies", NeedKind::Development),
    ] {
        for (name, value) in lists.get(list).into_iter().flat_map(Loose::members) {
            let reference = value
                .text()
                .or_else(|| value.get("version").and_then(Loose::text));
            if let Some(reference) = reference {
                found.push(Wanted {
                    name: name.as_ref().into(),
                    reference: reference.into(),
                    kind: peers.get(name.as_ref()).copied().unwrap_or(kind),
                });
            }
        }
    }
    found
}

fn assemble_lockfile(
    lockfile: &Located<Lockfile>,
    manifests: &BTreeMap<TargetPath, Located<Manifest>>,
    assembly: &mut Assembly<'_>,
) {
    let folder = lockfile.path.parent();
    let mut graph = Graph::default();
    let mut waiting: Vec<(usize, Option<TargetPath>, &[Wanted])> = Vec::new();
    for (importer, needs) in &lockfile.value.importers {
        let Some(place) = below(folder.as_str(), importer) else {
            continue;
        };
        let Some(package) = importer_package(lockfile, &place, manifests.get(&place), assembly)
        else {
            continue;
        };
        let node = graph.add(Node {
            location: importer_location(&place),
            package,
            needs: Vec::new(),
            is_project: true,
            scope: Some(Scope::Runtime),
        });
        waiting.push((node, Some(place), needs));
    }

    let mut bad_names = 0;
    for locked in &lockfile.value.packages {
        let Some(purl) = package_url(&locked.name, locked.version.as_deref()) else {
            bad_names += 1;
            continue;
        };
        let mut package = Package::new(purl, lockfile.occurrence(OccurrenceKind::Locked, ID));
        package.hashes = locked.integrity.as_deref().map(digests).unwrap_or_default();
        let node = graph.add(Node {
            location: locked.key.clone(),
            package,
            needs: Vec::new(),
            is_project: false,
            scope: None,
        });
        waiting.push((node, None, &locked.needs));
    }
    if bad_names > 0 {
        assembly.inventory.note(lockfile.note(format!(
            "{bad_names} packages have names that npm does not allow and were left out"
        )));
    }

    let mut missing = 0;
    for (node, place, needs) in waiting {
        for need in needs {
            let Some(on) = find(&graph, place.as_ref(), &folder, need) else {
                missing += 1;
                continue;
            };
            if let Some(edges) = graph.edges.get_mut(node) {
                edges.push((on, need.kind));
            }
        }
    }
    if missing > 0 {
        let entries = if missing == 1 { "entry" } else { "entries" };
        assembly
            .inventory
            .note(lockfile.note(format!("needs {missing} {entries} that it does not hold")));
    }
    graph.finish(assembly);
}

fn importer_package(
    lockfile: &Located<Lockfile>,
    place: &TargetPath,
    manifest: Option<&Located<Manifest>>,
    assembly: &Assembly<'_>,
) -> Option<Package> {
    let Some(manifest) = manifest else {
        let occurrence = lockfile.occurrence(OccurrenceKind::Declared, ID);
        return project(None, None, place, occurrence, assembly);
    };
    let mut package = project(
        manifest.value.name.as_deref(),
        manifest.value.version.as_deref(),
        place,
        manifest.occurrence(OccurrenceKind::Declared, ID),
        assembly,
    )?;
    package.license.clone_from(&manifest.value.license);
    Some(package)
}

/// The place of a project in the graph, which no key of a package can be.
fn importer_location(place: &TargetPath) -> Box<str> {
    format!("\0{place}").into()
}

/// The node that a need names: another project by its folder, or an entry by its key, which the
/// versions write differently.
fn find(
    graph: &Graph,
    importer: Option<&TargetPath>,
    root: &TargetPath,
    need: &Wanted,
) -> Option<usize> {
    let Wanted {
        name, reference, ..
    } = need;
    if let Some(folder) = reference.strip_prefix("link:") {
        let from = importer.unwrap_or(root);
        let place = below(from.as_str(), folder)?;
        return graph.at(&importer_location(&place));
    }
    graph
        .at(&format!("{name}@{reference}"))
        .or_else(|| graph.at(reference))
        .or_else(|| graph.at(&format!("/{name}@{reference}")))
        .or_else(|| graph.at(&format!("/{name}/{reference}")))
}
