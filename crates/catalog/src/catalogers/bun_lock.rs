//! Bun's lockfile, `bun.lock`: <https://bun.com/docs/pm/lockfile>.
//!
//! Its keys are the places in `node_modules` with the folders' names left out, so needs are met as
//! `require` meets them. What the projects need is in it; their licences are only in `package.json`.
//! Not here: the binary form of before Bun 1.2, `bun.lockb`, which `npm` tells of. What Bun installed is
//! read by the `npm` cataloger.

use std::collections::{BTreeMap, HashSet};

use linchpin_model::{CatalogerId, OccurrenceKind, Package, Scope, TargetPath};
use linchpin_source::{Entry, Pattern};

use super::npm::folders::below;
use super::npm::graph::{Graph, Node};
use super::npm::identity::{package_url, project};
use super::npm::integrity::digests;
use super::npm::record::{Need, NeedKind, PackageRecord};
use crate::addresses::without_credentials;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::{Loose, read_document, read_loose};
use crate::documents::jsonc;
use crate::package_roots::is_inside_package;

pub(super) static CATALOGER: BunLock = BunLock;

pub(super) struct BunLock;

/// What one file tells.
#[derive(Debug)]
pub(super) enum Fragment {
    Lockfile(Lockfile),
    Manifest(Box<PackageRecord>),
}

/// A lockfile.
#[derive(Debug, Default)]
pub(super) struct Lockfile {
    projects: Vec<LockedProject>,
    packages: Vec<LockedPackage>,
}

#[derive(Debug)]
struct LockedProject {
    folder: Box<str>,
    name: Option<Box<str>>,
    version: Option<Box<str>>,
    needs: Vec<Need>,
}

#[derive(Debug)]
struct LockedPackage {
    /// Where it would lie, `node_modules/a/node_modules/b`.
    location: Box<str>,
    /// What it is, `name@1.2.3`.
    name: Box<str>,
    reference: Box<str>,
    integrity: Option<Box<str>>,
    needs: Vec<Need>,
}

/// Longest key that is taken; every step of resolution looks at each of its parts.
const LONGEST_KEY: usize = 1024;

impl Cataloger for BunLock {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("bun-lock");
    const DOCUMENTATION: &'static str = "Reads `bun.lock`, and the `package.json` of the projects in it for their versions \
        and licences. Finds the projects, their packages with digests, and what needs what; what is only for development \
        follows from the ways that lead to a package. The older binary form, `bun.lockb`, is not read.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("bun.lock"), Pattern::Name("package.json")];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        if entry.path.name() == "package.json" {
            // Problems with it are told by the `npm` cataloger.
            return match read_document(entry.content) {
                Ok(record) => Parsed::clean(Fragment::Manifest(Box::new(record))),
                Err(_) => Parsed::not_mine(),
            };
        }
        let text = jsonc::to_json(&String::from_utf8_lossy(entry.content));
        match read_loose(&text) {
            Ok(document) if document.get("workspaces").is_some() => {
                let (lockfile, problems) = read_lockfile(&document);
                Parsed {
                    value: Some(Fragment::Lockfile(lockfile)),
                    problems,
                }
            }
            Ok(_) => Parsed::failed("is no lockfile of Bun: it has no `workspaces`"),
            Err(problem) => Parsed::failed(problem),
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut lockfiles = Vec::new();
        let mut manifests = BTreeMap::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Lockfile(value) => lockfiles.push(Located { path, layer, value }),
                Fragment::Manifest(record) => {
                    let value = *record;
                    manifests.insert(path.parent(), Located { path, layer, value });
                }
            }
        }
        for lockfile in &lockfiles {
            assemble_lockfile(lockfile, &manifests, assembly);
        }
    }
}

fn read_lockfile(document: &Loose<'_>) -> (Lockfile, Vec<String>) {
    let text = |value: Option<&Loose<'_>>| value.and_then(Loose::text).map(Into::into);
    let mut lockfile = Lockfile::default();
    let projects = document.get("workspaces");
    for (folder, lists) in projects.into_iter().flat_map(Loose::members) {
        lockfile.projects.push(LockedProject {
            folder: folder.as_ref().into(),
            name: text(lists.get("name")),
            version: text(lists.get("version")),
            needs: needs(lists, true),
        });
    }
    let mut left_out = 0;
    let packages = document.get("packages");
    for (key, entry) in packages.into_iter().flat_map(Loose::members) {
        match locked_package(key, entry.items()) {
            Some(package) => lockfile.packages.push(package),
            None => left_out += 1,
        }
    }
    let told =
        format!("entries left out because they name no package that can be read: {left_out}");
    (lockfile, Vec::from_iter((left_out > 0).then_some(told)))
}

/// An entry is a list: what it is, for some kinds an address, what it needs, and a digest.
fn locked_package(key: &str, entry: &[Loose<'_>]) -> Option<LockedPackage> {
    let is = entry.first()?.text()?;
    let at = is.get(1..)?.find('@')?.checked_add(1)?;
    let empty = Loose::Other;
    let lists = entry.iter().find(|part| matches!(part, Loose::Map(_)));
    let integrity = entry.iter().skip(1).rev().find_map(Loose::text);
    Some(LockedPackage {
        location: location(key)?.into(),
        name: is.get(..at)?.into(),
        reference: is.get(at + 1..)?.into(),
        integrity: integrity.map(Into::into),
        needs: needs(lists.unwrap_or(&empty), false),
    })
}

/// `node_modules/@a/b/node_modules/c` of `@a/b/c`.
fn location(key: &str) -> Option<String> {
    if key.len() > LONGEST_KEY {
        return None;
    }
    let mut location = String::new();
    let mut parts = key.split('/');
    while let Some(part) = parts.next() {
        if !location.is_empty() {
            location.push('/');
        }
        location.push_str("node_modules/");
        location.push_str(part);
        if part.starts_with('@') {
            location.push('/');
            location.push_str(parts.next()?);
        }
    }
    Some(location)
}

fn needs(lists: &Loose<'_>, with_development: bool) -> Vec<Need> {
    let peers: HashSet<&str> = lists
        .get("optionalPeers")
        .into_iter()
        .flat_map(Loose::items)
        .filter_map(Loose::text)
        .collect();
    // Of a name in several lists the last one counts, as npm has it.
    let mut found: BTreeMap<&str, (&str, NeedKind)> = BTreeMap::new();
    for (list, kind) in [
        ("peerDependencies", NeedKind::Peer),
        ("dependencies", NeedKind::Runtime),
        ("optionalDependencies", NeedKind::Optional),
        ("devDependencies", NeedKind::Development),
    ] {
        if kind == NeedKind::Development && !with_development {
            continue;
        }
        for (name, wanted) in lists.get(list).into_iter().flat_map(Loose::members) {
            let is_optional = kind == NeedKind::Peer && peers.contains(name.as_ref());
            let kind = if is_optional {
                NeedKind::OptionalPeer
            } else {
                kind
            };
            found.insert(name, (wanted.text().unwrap_or_default(), kind));
        }
    }
    let needs = found.into_iter();
    needs
        .map(|(name, (wanted, kind))| Need {
            name: name.into(),
            wanted: wanted.into(),
            kind,
        })
        .collect()
}

fn assemble_lockfile(
    lockfile: &Located<Lockfile>,
    manifests: &BTreeMap<TargetPath, Located<PackageRecord>>,
    assembly: &mut Assembly<'_>,
) {
    let folder = lockfile.path.parent();
    let mut graph = Graph::default();
    let mut members = Vec::new();
    let mut root = None;
    for locked in &lockfile.value.projects {
        let Some(place) = below(folder.as_str(), &locked.folder) else {
            continue;
        };
        let Some(package) = project_package(lockfile, locked, &place, manifests, assembly) else {
            continue;
        };
        // Members lie in `node_modules` as links of their names.
        let location = match &locked.name {
            _ if locked.folder.is_empty() => String::new(),
            Some(name) => format!("node_modules/{name}"),
            None => format!("\0{place}"),
        };
        let node = graph.add(Node {
            location: location.into(),
            package,
            needs: locked.needs.clone(),
            is_project: true,
            scope: Some(Scope::Runtime),
        });
        if locked.folder.is_empty() {
            root = Some(node);
        } else {
            members.push(node);
        }
    }
    let root_name = lockfile
        .value
        .projects
        .iter()
        .find(|project| project.folder.is_empty());
    if let Some(name) = root_name.and_then(|project| project.name.as_deref()) {
        graph.link(format!("node_modules/{name}").into(), "".into());
    }

    let mut bad_names = 0;
    for locked in &lockfile.value.packages {
        let is_project = ["workspace:", "root:"]
            .iter()
            .any(|kind| locked.reference.starts_with(kind));
        if is_project {
            continue;
        }
        let Some(package) = library(lockfile, locked) else {
            bad_names += 1;
            continue;
        };
        graph.add(Node {
            location: locked.location.clone(),
            package,
            needs: locked.needs.clone(),
            is_project: false,
            scope: None,
        });
    }
    if bad_names > 0 {
        assembly.inventory.note(lockfile.note(format!(
            "{bad_names} packages have names that npm does not allow and were left out"
        )));
    }

    let missing = graph.connect(None);
    // Peers, and what is only for other systems, may be missing.
    let missing = missing
        .iter()
        .filter_map(|missing| graph.nodes.get(missing.node)?.needs.get(missing.need))
        .filter(|need| matches!(need.kind, NeedKind::Runtime | NeedKind::Development))
        .count();
    if missing > 0 {
        let entries = if missing == 1 { "entry" } else { "entries" };
        assembly
            .inventory
            .note(lockfile.note(format!("needs {missing} {entries} that it does not hold")));
    }
    if let Some(root) = root {
        graph.add_members(members.into_iter().map(|member| (root, member)));
    }
    graph.finish(assembly);
}

fn project_package(
    lockfile: &Located<Lockfile>,
    locked: &LockedProject,
    place: &TargetPath,
    manifests: &BTreeMap<TargetPath, Located<PackageRecord>>,
    assembly: &Assembly<'_>,
) -> Option<Package> {
    let manifest = manifests.get(place);
    let record = manifest.map(|manifest| &manifest.value);
    let occurrence = match manifest {
        Some(manifest) => manifest.occurrence(OccurrenceKind::Declared, BunLock::ID),
        None => lockfile.occurrence(OccurrenceKind::Declared, BunLock::ID),
    };
    let name = record
        .and_then(|record| record.name.as_deref())
        .or(locked.name.as_deref());
    let version = record
        .and_then(|record| record.version.as_deref())
        .or(locked.version.as_deref());
    let mut package = project(name, version, place, occurrence, assembly)?;
    if let Some(record) = record {
        record.describe(&mut package);
    }
    Some(package)
}

/// A package from a registry has a version; others have where they come from.
fn library(lockfile: &Located<Lockfile>, locked: &LockedPackage) -> Option<Package> {
    let reference = locked.reference.as_ref();
    let is_version = reference.starts_with(|first: char| first.is_ascii_digit())
        && !reference.contains([':', '/']);
    let version = is_version.then_some(reference);
    let purl = package_url(&locked.name, version)?;
    let occurrence = lockfile.occurrence(OccurrenceKind::Locked, BunLock::ID);
    let mut package = Package::new(purl, occurrence);
    package.hashes = locked.integrity.as_deref().map(digests).unwrap_or_default();
    if reference.contains("://") {
        let (address, revision) = reference.split_once('#').unwrap_or((reference, ""));
        let at = if revision.is_empty() { "" } else { "@" };
        package.download = Some(format!("{}{at}{revision}", without_credentials(address)));
    }
    Some(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_places() {
        assert_eq!(
            location("@shop/a/debug").as_deref(),
            Some("node_modules/@shop/a/node_modules/debug")
        );
        assert_eq!(
            location("a/@b/c/d").as_deref(),
            Some("node_modules/a/node_modules/@b/c/node_modules/d")
        );
        assert_eq!(location("@a"), None);
    }
}
