//! What is installed: the packages in `node_modules`, found without any lockfile, so that an image
//! tells the same as the folder that it was built from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use linchpin_model::{Note, NoteKind, OccurrenceKind, Package, TargetPath};

use super::ID;
use super::folders::{below, installed_folder};
use super::graph::{Graph, Node};
use super::identity::{package_url, project};
use super::integrity::digests;
use super::lockfile::Lockfile;
use super::record::PackageRecord;
use super::workspaces::Workspaces;
use crate::assembly::Assembly;
use crate::cataloger::Located;

/// Most names that one note lists.
const EXAMPLES: usize = 5;

/// Adds the installed packages, and gives the folders of the projects that they are installed for.
pub(super) fn assemble(
    installed: &[Located<PackageRecord>],
    hidden: &[Located<Lockfile>],
    manifests: &BTreeMap<TargetPath, Located<PackageRecord>>,
    assembly: &mut Assembly<'_>,
) -> BTreeSet<TargetPath> {
    let mut graph = Graph::default();
    let mut said: HashMap<TargetPath, &PackageRecord> = HashMap::new();
    for lockfile in hidden {
        // The file is `<project>/node_modules/.package-lock.json`.
        let folder = lockfile.path.parent().parent();
        for (location, record) in &lockfile.value.packages {
            let Some(place) = below(folder.as_str(), location) else {
                continue;
            };
            match record.resolved.as_deref() {
                Some(target) if record.link => {
                    if let Some(target) = below(folder.as_str(), target) {
                        graph.link(place.as_str().into(), target.as_str().into());
                    }
                }
                _ => {
                    said.insert(place, record);
                }
            }
        }
    }

    for found in installed {
        let folder = found.path.parent();
        let said = said.get(&folder).copied();
        if let Some(node) = installed_node(found, &folder, said) {
            graph.add(node);
        } else {
            assembly
                .inventory
                .note(found.note("names no package that npm allows"));
        }
    }

    let projects = add_projects(&mut graph, manifests, assembly);
    graph.connect(Some(assembly.tree));
    let members = workspace_edges(&graph, &projects, manifests);
    graph.add_members(members);
    tell_extraneous(&graph, &said, &projects, manifests, assembly);
    graph.finish(assembly);
    projects
}

/// An installed package. What the hidden lockfile says of it counts if it speaks of this version.
fn installed_node(
    found: &Located<PackageRecord>,
    folder: &TargetPath,
    said: Option<&PackageRecord>,
) -> Option<Node> {
    let record = &found.value;
    // The folder in an archive has the same name for all.
    let folder_name = installed_folder(folder.as_str()).map(|found| found.name);
    let version = record
        .version
        .as_deref()
        .or_else(|| said.and_then(|said| said.version.as_deref()));
    let said = said.filter(|said| said.version.as_deref() == version);
    let purl = record
        .name
        .as_deref()
        .and_then(|name| package_url(name, version))
        .or_else(|| package_url(folder_name?, version))?;
    let mut package = Package::new(purl, found.occurrence(OccurrenceKind::Installed, ID));
    record.describe(&mut package);
    if let Some(integrity) = said.and_then(|said| said.integrity.as_deref()) {
        package.hashes = digests(integrity);
    }
    let mut needs = record.needs(false);
    if folder.as_str().contains("node_modules/.") {
        needs.extend(record.implied_peers());
    }
    Some(Node {
        location: folder.as_str().into(),
        package,
        needs,
        is_project: false,
        scope: said.map(|said| said.flags.scope()),
    })
}

/// The projects whose packages are installed: those with a `node_modules`, their workspaces, and
/// the folders that they link to.
fn add_projects(
    graph: &mut Graph,
    manifests: &BTreeMap<TargetPath, Located<PackageRecord>>,
    assembly: &Assembly<'_>,
) -> BTreeSet<TargetPath> {
    let mut projects: BTreeSet<TargetPath> = BTreeSet::new();
    for (folder, manifest) in manifests {
        if assembly.tree.exists(&folder.join("node_modules")) {
            projects.insert(folder.clone());
            let workspaces = Workspaces::compile(&manifest.value.workspaces);
            let members = workspaces.members(folder, manifests);
            projects.extend(members.into_iter().map(|(member, _)| member.clone()));
        }
    }
    let linked = graph.links().map(|(_, target)| TargetPath::new(target));
    projects.extend(linked.filter(|target| manifests.contains_key(target)));
    for folder in &projects {
        let Some(manifest) = manifests.get(folder) else {
            continue;
        };
        let record = &manifest.value;
        let package = project(
            record.name.as_deref(),
            record.version.as_deref(),
            folder,
            manifest.occurrence(OccurrenceKind::Declared, ID),
            assembly,
        );
        if let Some(mut package) = package {
            record.describe(&mut package);
            graph.add(Node {
                location: folder.as_str().into(),
                package,
                needs: record.needs(true),
                is_project: true,
                scope: Some(linchpin_model::Scope::Runtime),
            });
        }
    }
    projects
}

fn workspace_edges(
    graph: &Graph,
    projects: &BTreeSet<TargetPath>,
    manifests: &BTreeMap<TargetPath, Located<PackageRecord>>,
) -> Vec<(usize, usize)> {
    let mut edges = Vec::new();
    for folder in projects {
        let Some(manifest) = manifests.get(folder) else {
            continue;
        };
        let workspaces = Workspaces::compile(&manifest.value.workspaces);
        for (member, _) in workspaces.members(folder, manifests) {
            if let (Some(root), Some(member)) =
                (graph.at(folder.as_str()), graph.at(member.as_str()))
            {
                edges.push((root, member));
            }
        }
    }
    edges
}

/// Says which packages are installed for a project that nothing in it needs.
fn tell_extraneous(
    graph: &Graph,
    said: &HashMap<TargetPath, &PackageRecord>,
    projects: &BTreeSet<TargetPath>,
    manifests: &BTreeMap<TargetPath, Located<PackageRecord>>,
    assembly: &mut Assembly<'_>,
) {
    let mut extraneous: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (node, flags) in graph.nodes.iter().zip(graph.flags()) {
        let project = installed_folder(&node.location).and_then(|found| found.project);
        let Some(project) = project.filter(|project| projects.contains(*project)) else {
            continue;
        };
        let is_extraneous = match said.get(node.location.as_ref()) {
            Some(said) if node.scope.is_some() => said.flags.extraneous,
            _ => flags.extraneous,
        };
        if is_extraneous {
            let name = format!("`{}`", node.package.name());
            extraneous.entry(project).or_default().push(name);
        }
    }
    for (project, names) in extraneous {
        let Some(manifest) = manifests.get(project) else {
            continue;
        };
        let more = match names.len().saturating_sub(EXAMPLES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let verb = if names.len() == 1 { "is" } else { "are" };
        let examples: Vec<String> = names.into_iter().take(EXAMPLES).collect();
        assembly.inventory.note(Note::at(
            NoteKind::Inconsistent,
            &manifest.path,
            manifest.layer,
            format!(
                "{}{more} {verb} installed, and nothing asks for it",
                examples.join(", ")
            ),
        ));
    }
}
