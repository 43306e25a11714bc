//! What a lockfile says: the project, its workspaces, and the packages at their places.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use linchpin_model::{OccurrenceKind, Package, Scope, TargetPath};

use super::ID;
use super::folders::{below, name_of_location};
use super::graph::{Graph, Node};
use super::identity::{package_url, project};
use super::lockfile::Lockfile;
use super::record::{Need, NeedKind, PackageRecord};
use crate::assembly::Assembly;
use crate::cataloger::Located;

/// Most names that one note lists.
const EXAMPLES: usize = 5;

/// Adds what one lockfile says, and gives the folders of the projects that it speaks of.
pub(super) fn assemble(
    lockfile: &Located<Lockfile>,
    manifests: &BTreeMap<TargetPath, Located<PackageRecord>>,
    assembly: &mut Assembly<'_>,
) -> Vec<TargetPath> {
    let folder = lockfile.path.parent();
    let mut graph = Graph::default();
    let mut projects = Vec::new();
    let mut bad_names = 0;

    let own = lockfile
        .value
        .packages
        .iter()
        .find(|(location, _)| location.is_empty())
        .map(|(_, record)| record);
    let root = add_root(&mut graph, lockfile, own, manifests, assembly);
    projects.push(folder.clone());

    for (location, record) in &lockfile.value.packages {
        if location.is_empty() {
            continue;
        }
        let Some(place) = below(folder.as_str(), location) else {
            continue;
        };
        if record.link {
            if let Some(target) = record
                .resolved
                .as_deref()
                .and_then(|target| below(folder.as_str(), target))
            {
                graph.link(place.as_str().into(), target.as_str().into());
            }
            continue;
        }
        let is_project = !format!("/{location}/").contains("/node_modules/");
        let manifest = manifests.get(&place).filter(|_| is_project);
        let name = record
            .name
            .as_deref()
            .or_else(|| manifest.and_then(|manifest| manifest.value.name.as_deref()))
            .unwrap_or_else(|| name_of_location(location));
        let occurrence = match manifest {
            Some(manifest) => manifest.occurrence(OccurrenceKind::Declared, ID),
            None if is_project => lockfile.occurrence(OccurrenceKind::Declared, ID),
            None => lockfile.occurrence(OccurrenceKind::Locked, ID),
        };
        let version = record
            .version
            .as_deref()
            .or_else(|| manifest.and_then(|manifest| manifest.value.version.as_deref()));
        let package = if is_project {
            project(Some(name), version, &place, occurrence, assembly)
        } else {
            package_url(name, version).map(|purl| Package::new(purl, occurrence))
        };
        let Some(mut package) = package else {
            bad_names += 1;
            continue;
        };
        record.describe(&mut package);
        if is_project {
            projects.push(place.clone());
        }
        graph.add(Node {
            location: place.as_str().into(),
            package,
            needs: record.needs(is_project),
            is_project,
            scope: Some(record.flags.scope()),
        });
    }

    if bad_names > 0 {
        assembly.inventory.note(lockfile.note(format!(
            "{bad_names} packages have names that npm does not allow and were left out"
        )));
    }
    if let Some(root) = root {
        link_workspaces(&mut graph, root, own, manifests.get(&folder), &folder);
        if lockfile.value.is_flat && !manifests.contains_key(&folder) {
            guess_direct_dependencies(&mut graph, root, &folder);
        }
    }
    let missing = graph.connect(None);
    if lockfile.value.is_flat {
        mark_optional_edges(&mut graph);
    }
    let missing: Vec<&str> = missing
        .iter()
        .filter(|missing| Some(missing.node) == root)
        .filter_map(|missing| graph.nodes.get(missing.node)?.needs.get(missing.need))
        .filter(|need| matches!(need.kind, NeedKind::Runtime | NeedKind::Development))
        .map(|need| need.name.as_ref())
        .collect();
    tell_missing(lockfile, &missing, assembly);
    graph.finish(assembly);
    projects
}

/// The project itself: what its manifest says counts, as for npm; the lockfile only repeats it.
fn add_root(
    graph: &mut Graph,
    lockfile: &Located<Lockfile>,
    own: Option<&PackageRecord>,
    manifests: &BTreeMap<TargetPath, Located<PackageRecord>>,
    assembly: &Assembly<'_>,
) -> Option<usize> {
    let folder = lockfile.path.parent();
    let manifest = manifests.get(&folder);
    let record = manifest.map(|manifest| &manifest.value).or(own);
    let (name, version) = match manifest {
        Some(manifest) => (&manifest.value.name, &manifest.value.version),
        None => (&lockfile.value.name, &lockfile.value.version),
    };
    let occurrence = match manifest {
        Some(manifest) => manifest.occurrence(OccurrenceKind::Declared, ID),
        None => lockfile.occurrence(OccurrenceKind::Declared, ID),
    };
    let mut package = project(
        name.as_deref(),
        version.as_deref(),
        &folder,
        occurrence,
        assembly,
    )?;
    if let Some(record) = record {
        record.describe(&mut package);
    }
    Some(graph.add(Node {
        location: folder.as_str().into(),
        package,
        needs: record.map(|record| record.needs(true)).unwrap_or_default(),
        is_project: true,
        scope: Some(Scope::Runtime),
    }))
}

/// A project needs its workspaces, though it need not say so: they are the links from its own
/// `node_modules` to folders inside it.
fn link_workspaces(
    graph: &mut Graph,
    root: usize,
    own: Option<&PackageRecord>,
    manifest: Option<&Located<PackageRecord>>,
    folder: &TargetPath,
) {
    let has_workspaces = own
        .into_iter()
        .chain(manifest.map(|manifest| &manifest.value))
        .any(|record| !record.workspaces.is_empty());
    if !has_workspaces {
        return;
    }
    let folder = folder.as_str();
    let prefix = match folder {
        "" => "node_modules/".to_owned(),
        folder => format!("{folder}/node_modules/"),
    };
    let is_inside = |target: &str| {
        folder.is_empty()
            || target
                .strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    let names: BTreeSet<Box<str>> = graph
        .links()
        .filter(|(_, target)| is_inside(target))
        .filter_map(|(location, _)| location.strip_prefix(&prefix))
        .filter(|name| !name.contains("/node_modules/"))
        .map(Into::into)
        .collect();
    if let Some(root) = graph.nodes.get_mut(root) {
        let known: HashSet<Box<str>> = root.needs.iter().map(|need| need.name.clone()).collect();
        for name in names {
            if !known.contains(&name) {
                root.needs.push(Need {
                    name,
                    wanted: "".into(),
                    kind: NeedKind::Runtime,
                });
            }
        }
    }
}

/// A lockfile of version 1 without its manifest does not say what the project needs: it is what
/// lies at the top and no package needs.
fn guess_direct_dependencies(graph: &mut Graph, root: usize, folder: &TargetPath) {
    let needed: HashSet<Box<str>> = graph
        .nodes
        .iter()
        .flat_map(|node| node.needs.iter().map(|need| need.name.clone()))
        .collect();
    let prefix = folder.join("node_modules");
    let found: Vec<Need> = graph
        .nodes
        .iter()
        .filter_map(|node| {
            let name = node
                .location
                .strip_prefix(prefix.as_str())?
                .strip_prefix('/')?;
            if name.contains("/node_modules/") || needed.contains(name) {
                return None;
            }
            let kind = match node.scope {
                Some(Scope::Development) => NeedKind::Development,
                Some(Scope::Optional) => NeedKind::Optional,
                _ => NeedKind::Runtime,
            };
            Some(Need {
                name: name.into(),
                wanted: "".into(),
                kind,
            })
        })
        .collect();
    if let Some(root) = graph.nodes.get_mut(root) {
        root.needs.extend(found);
    }
}

/// Version 1 does not say which needs are optional, but which packages are: the way into the
/// optional part is an optional one.
fn mark_optional_edges(graph: &mut Graph) {
    let optional: Vec<bool> = graph
        .nodes
        .iter()
        .map(|node| node.scope == Some(Scope::Optional))
        .collect();
    let is_optional = |index: usize| optional.get(index).copied().unwrap_or(false);
    for (from, edges) in graph.edges.iter_mut().enumerate() {
        for (on, kind) in edges {
            if *kind == NeedKind::Runtime && is_optional(*on) && !is_optional(from) {
                *kind = NeedKind::Optional;
            }
        }
    }
}

fn tell_missing(lockfile: &Located<Lockfile>, missing: &[&str], assembly: &mut Assembly<'_>) {
    if missing.is_empty() {
        return;
    }
    let names: Vec<String> = missing
        .iter()
        .take(EXAMPLES)
        .map(|name| format!("`{name}`"))
        .collect();
    let more = match missing.len().saturating_sub(EXAMPLES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    assembly.inventory.note(lockfile.note(format!(
        "lacks {}{more}, which the manifest asks for",
        names.join(", ")
    )));
}
