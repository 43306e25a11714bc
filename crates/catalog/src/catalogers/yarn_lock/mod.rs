//! Yarn's lockfile, `yarn.lock`, of Yarn 1 (`classic`) and of Yarn 2 and later (`berry`), and where it is
//! missing, what Yarn made of it for Plug'n'Play.
//!
//! Both say which resolution each range came to, and not what the project itself needs, nor what
//! for: that is in the manifests. Peers are in neither. What Yarn put into `node_modules` is read
//! by the `npm` cataloger; archives of Plug'n'Play are not opened.

mod berry;
mod classic;
mod plug_n_play;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use linchpin_model::{CatalogerId, OccurrenceKind, Package, Scope, TargetPath};
use linchpin_source::{Entry, Pattern};

use super::npm::folders::below;
use super::npm::graph::{Graph, Node};
use super::npm::identity::{package_url, project};
use super::npm::integrity::digests;
use super::npm::record::{NeedKind, PackageRecord};
use super::npm::workspaces::Workspaces;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::read_document;
use crate::documents::yaml::read_documents;
use crate::package_roots::is_inside_package;

const ID: CatalogerId = CatalogerId("yarn-lock");

pub(super) static CATALOGER: YarnLock = YarnLock;

pub(super) struct YarnLock;

/// What one file tells.
#[derive(Debug)]
pub(super) enum Fragment {
    Lockfile(Vec<LockedEntry>),
    PlugNPlay(Vec<LockedEntry>),
    Manifest(Box<PackageRecord>),
}

/// An entry: what ranges came to.
#[derive(Debug, Default)]
pub(super) struct LockedEntry {
    /// The ranges, as `name@range`.
    descriptors: Vec<Box<str>>,
    name: Option<Box<str>>,
    version: Option<Box<str>>,
    integrity: Option<Box<str>>,
    /// The folder, if it is a project.
    workspace: Option<Box<str>>,
    /// What it needs: the name, and the range as `name@range`.
    needs: Vec<(Box<str>, Box<str>)>,
    /// The names of those that may be missing.
    optional: Vec<Box<str>>,
}

impl Cataloger for YarnLock {
    type Fragment = Fragment;
    const ID: CatalogerId = ID;
    const DOCUMENTATION: &'static str = "Reads `yarn.lock` of Yarn 1 and of Yarn 2 and later, and the `package.json` \
        of the project and its workspaces, which say what is needed and what for. Where there is no lockfile, reads \
        what Plug'n'Play loads packages by, `.pnp.cjs` and `.pnp.data.json`. Finds the projects, their packages and what \
        needs what, without peers, which the lockfile does not tell.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("yarn.lock"),
        Pattern::Name("package.json"),
        Pattern::Name(".pnp.cjs"),
        Pattern::Name(".pnp.data.json"),
    ];

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
        let text = String::from_utf8_lossy(entry.content);
        let state = match entry.path.name() {
            ".pnp.cjs" => plug_n_play::read_script(&text),
            ".pnp.data.json" => Some(plug_n_play::read(&text)),
            _ => return read_lockfile(&text),
        };
        match state {
            Some(Ok(entries)) => Parsed::clean(Fragment::PlugNPlay(entries)),
            Some(Err(problem)) => Parsed::failed(problem),
            None => Parsed::not_mine(),
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut lockfiles = Vec::new();
        let mut states = Vec::new();
        let mut manifests = BTreeMap::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Lockfile(value) => lockfiles.push(Located { path, layer, value }),
                Fragment::PlugNPlay(value) => states.push(Located { path, layer, value }),
                Fragment::Manifest(record) => {
                    let value = *record;
                    manifests.insert(path.parent(), Located { path, layer, value });
                }
            }
        }
        let locked: BTreeSet<TargetPath> = lockfiles
            .iter()
            .map(|lockfile| lockfile.path.parent())
            .collect();
        states.retain(|state| !locked.contains(&state.path.parent()));
        for lockfile in lockfiles.iter().chain(&states) {
            assemble_lockfile(lockfile, &manifests, assembly);
        }
    }
}

fn read_lockfile(text: &str) -> Parsed<Fragment> {
    if text.contains("__metadata:") {
        return match read_documents(text) {
            Ok(documents) => Parsed::clean(Fragment::Lockfile(
                documents.iter().flat_map(berry::read).collect(),
            )),
            Err(problem) => Parsed::failed(problem),
        };
    }
    let (entries, problems) = classic::read(text);
    Parsed {
        value: Some(Fragment::Lockfile(entries)),
        problems,
    }
}

/// The name and the range of a descriptor, `@babel/core@^7.0.0`.
fn split_descriptor(descriptor: &str) -> Option<(&str, &str)> {
    let at = descriptor.get(1..)?.find('@')?.checked_add(1)?;
    Some((descriptor.get(..at)?, descriptor.get(at + 1..)?))
}

fn assemble_lockfile(
    lockfile: &Located<Vec<LockedEntry>>,
    manifests: &BTreeMap<TargetPath, Located<PackageRecord>>,
    assembly: &mut Assembly<'_>,
) {
    let folder = lockfile.path.parent();
    let mut graph = Graph::default();
    let mut index = Index::default();

    // The projects: the one beside the lockfile, its workspaces, and those that the lockfile names.
    let mut projects: BTreeMap<TargetPath, Option<usize>> = BTreeMap::new();
    projects.insert(folder.clone(), None);
    if let Some(manifest) = manifests.get(&folder) {
        let workspaces = Workspaces::compile(&manifest.value.workspaces);
        let members = workspaces.members(&folder, manifests);
        projects.extend(
            members
                .into_iter()
                .map(|(member, _)| (member.clone(), None)),
        );
    }
    for (place, entry) in lockfile.value.iter().enumerate() {
        if let Some(place_of_project) = entry
            .workspace
            .as_deref()
            .and_then(|workspace| below(folder.as_str(), workspace))
        {
            projects.insert(place_of_project, Some(place));
        }
    }
    let mut project_nodes = Vec::new();
    for (place, entry) in &projects {
        let entry = entry.and_then(|entry| lockfile.value.get(entry));
        let Some(package) = project_package(lockfile, place, entry, manifests, assembly) else {
            continue;
        };
        let node = graph.add(Node {
            location: format!("\0{place}").into(),
            package,
            needs: Vec::new(),
            is_project: true,
            scope: Some(Scope::Runtime),
        });
        project_nodes.push((node, place, entry));
        let name = manifests
            .get(place)
            .and_then(|manifest| manifest.value.name.clone())
            .or_else(|| entry.and_then(|entry| entry.name.clone()));
        let descriptors = entry.map_or(&[][..], |entry| &entry.descriptors);
        index.add(node, name.as_deref(), descriptors);
    }

    let mut bad_names = 0;
    let mut entry_nodes = Vec::new();
    for entry in lockfile
        .value
        .iter()
        .filter(|entry| entry.workspace.is_none())
    {
        let version = entry.version.as_deref();
        let purl = entry
            .name
            .as_deref()
            .and_then(|name| package_url(name, version));
        let Some(purl) = purl else {
            bad_names += 1;
            continue;
        };
        let purl_text = purl.as_str().to_owned();
        let mut package = Package::new(purl, lockfile.occurrence(OccurrenceKind::Locked, ID));
        package.hashes = entry.integrity.as_deref().map(digests).unwrap_or_default();
        let node = graph.add(Node {
            // A package and its patched copy are two entries, and one package.
            location: purl_text.into(),
            package,
            needs: Vec::new(),
            is_project: false,
            scope: None,
        });
        index.add(node, entry.name.as_deref(), &entry.descriptors);
        entry_nodes.push((node, entry));
    }
    if bad_names > 0 {
        assembly.inventory.note(lockfile.note(format!(
            "{bad_names} entries name no package that npm allows and were left out"
        )));
    }

    let mut missing = 0;
    for (node, entry) in entry_nodes {
        for (name, descriptor) in &entry.needs {
            let kind = if entry.optional.contains(name) {
                NeedKind::Optional
            } else {
                NeedKind::Runtime
            };
            match index.find(name, descriptor) {
                Some(on) => add_edge(&mut graph, node, on, kind),
                None => missing += 1,
            }
        }
    }
    let root = project_nodes
        .iter()
        .find(|(_, place, _)| **place == folder)
        .map(|(node, ..)| *node);
    for (node, place, entry) in project_nodes {
        if let Some(root) = root.filter(|root| *root != node) {
            add_edge(&mut graph, root, node, NeedKind::Runtime);
        }
        for (name, descriptor, kind) in project_needs(manifests.get(place), entry) {
            match index.find(&name, &descriptor) {
                Some(on) => add_edge(&mut graph, node, on, kind),
                None if kind == NeedKind::Peer || kind == NeedKind::OptionalPeer => {}
                None => missing += 1,
            }
        }
    }
    if missing > 0 {
        let entries = if missing == 1 { "entry" } else { "entries" };
        assembly.inventory.note(lockfile.note(format!(
            "lacks {missing} {entries} that it or a manifest asks for"
        )));
    }
    graph.finish(assembly);
}

/// What a project needs: from its manifest, which says what for, or else from the lockfile.
fn project_needs(
    manifest: Option<&Located<PackageRecord>>,
    entry: Option<&LockedEntry>,
) -> Vec<(Box<str>, Box<str>, NeedKind)> {
    let needs = entry.into_iter().flat_map(|entry| &entry.needs);
    if let Some(manifest) = manifest {
        // In Plug'n'Play, the entry says what the manifest's range came to.
        let said: HashMap<&Box<str>, &Box<str>> =
            needs.map(|(name, descriptor)| (name, descriptor)).collect();
        let needs = manifest.value.needs(true).into_iter();
        return needs
            .map(|need| {
                let descriptor = said.get(&need.name).map_or_else(
                    || format!("{}@{}", need.name, need.wanted).into(),
                    |descriptor| (*descriptor).clone(),
                );
                (need.name, descriptor, need.kind)
            })
            .collect();
    }
    needs
        .map(|(name, descriptor)| (name.clone(), descriptor.clone(), NeedKind::Runtime))
        .collect()
}

fn project_package(
    lockfile: &Located<Vec<LockedEntry>>,
    place: &TargetPath,
    entry: Option<&LockedEntry>,
    manifests: &BTreeMap<TargetPath, Located<PackageRecord>>,
    assembly: &Assembly<'_>,
) -> Option<Package> {
    let Some(manifest) = manifests.get(place) else {
        let occurrence = lockfile.occurrence(OccurrenceKind::Declared, ID);
        let name = entry.and_then(|entry| entry.name.as_deref());
        return project(name, None, place, occurrence, assembly);
    };
    let occurrence = manifest.occurrence(OccurrenceKind::Declared, ID);
    let record = &manifest.value;
    let mut package = project(
        record.name.as_deref(),
        record.version.as_deref(),
        place,
        occurrence,
        assembly,
    )?;
    record.describe(&mut package);
    Some(package)
}

fn add_edge(graph: &mut Graph, from: usize, on: usize, kind: NeedKind) {
    if let Some(edges) = graph.edges.get_mut(from) {
        edges.push((on, kind));
    }
}

/// Finds entries by what asks for them.
#[derive(Debug, Default)]
struct Index {
    by_descriptor: HashMap<Box<str>, usize>,
    /// Entries by name; nothing where several have one name.
    by_name: HashMap<Box<str>, Option<usize>>,
}

impl Index {
    fn add(&mut self, node: usize, name: Option<&str>, descriptors: &[Box<str>]) {
        for descriptor in descriptors {
            self.by_descriptor.insert(descriptor.clone(), node);
        }
        if let Some(name) = name {
            self.by_name
                .entry(name.into())
                .and_modify(|found| *found = found.filter(|found| *found == node))
                .or_insert(Some(node));
        }
    }

    /// The entry for a range. Berry writes `npm:` before ranges in keys only. Where `resolutions`
    /// replaced the range, the name alone decides, if there is but one of it.
    fn find(&self, name: &str, descriptor: &str) -> Option<usize> {
        let (_, range) = split_descriptor(descriptor)?;
        self.by_descriptor
            .get(descriptor)
            .or_else(|| {
                self.by_descriptor
                    .get(format!("{name}@npm:{range}").as_str())
            })
            .copied()
            .or_else(|| self.by_name.get(name).copied().flatten())
    }
}
