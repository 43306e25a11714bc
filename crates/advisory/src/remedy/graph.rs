//! The graph of one lockfile as advice needs it: who asks for what, and which versions would do.
//!
//! An inventory joins the lockfiles of a target; a change is made in one of them. So the graph is
//! made of the packages that one lockfile locks and the projects that need them, and joined with
//! what they ask for, which an inventory does not hold.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use linchpin_model::{
    Ecosystem, Inventory, OccurrenceKind, Package, Requirement, Requirer, Role, Scope, TargetPath,
};

use super::requirements::allows;

/// What a node is, and so what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// The project or a member of its workspace, with the manifests that say what it asks for.
    Project(Vec<TargetPath>),
    /// A package of a registry.
    Package,
    /// A package from elsewhere (a repository, an address): no other version can be named.
    Fixed,
}

/// A version of a package, or a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphNode {
    /// The name, as the ecosystem's users write it.
    pub name: Arc<str>,
    /// The version; empty for a project without one.
    pub version: Arc<str>,
    /// What it is.
    pub kind: NodeKind,
}

/// Somebody asks for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphEdge {
    /// Who, by its place in the list of nodes.
    pub from: usize,
    /// What was taken.
    pub on: usize,
    /// Which versions would do; nothing if no file says so.
    pub range: Option<Arc<str>>,
    /// What for.
    pub scope: Scope,
    /// The manifest with this range, if a project asks.
    pub manifest: Option<TargetPath>,
}

/// What one lockfile locks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedGraph {
    /// The world of its packages.
    pub ecosystem: Ecosystem,
    /// The projects and packages.
    pub nodes: Vec<GraphNode>,
    /// Who asks for what. A package that is asked for in two ways has two edges.
    pub edges: Vec<GraphEdge>,
}

impl LockedGraph {
    /// The graph of one lockfile of an inventory. Nothing if it locks no package of an ecosystem
    /// that has advisories.
    pub fn new(
        inventory: &Inventory,
        requirements: &[Requirement],
        lockfile: &TargetPath,
    ) -> Option<Self> {
        let ecosystem = inventory
            .libraries()
            .filter(|(_, package)| is_locked(package, lockfile))
            .find_map(|(_, package)| package.purl.ecosystem())?;
        let asked = Asked::new(requirements);
        let mut nodes = Vec::new();
        let mut places: HashMap<usize, usize> = HashMap::new();
        for (id, package) in inventory.iter() {
            let kind = match package.role {
                Role::Application => NodeKind::Project(Vec::new()),
                Role::Library if !is_locked(package, lockfile) => continue,
                Role::Library if is_from_elsewhere(package) => NodeKind::Fixed,
                Role::Library => NodeKind::Package,
            };
            if package.role == Role::Library && package.purl.ecosystem() != Some(ecosystem) {
                continue;
            }
            places.insert(id.index(), nodes.len());
            nodes.push(GraphNode {
                name: package.name().into(),
                version: package.version().unwrap_or_default().into(),
                kind,
            });
        }
        let mut edges = Vec::new();
        for (id, package) in inventory.iter() {
            let Some(&from) = places.get(&id.index()) else {
                continue;
            };
            for dependency in inventory.dependencies_of(id) {
                let Some(&on) = places.get(&dependency.on.index()) else {
                    continue;
                };
                let Some(node) = nodes.get(on) else { continue };
                let ranges = asked.ranges(package, lockfile, ecosystem, node);
                if ranges.is_empty() {
                    edges.push(GraphEdge {
                        from,
                        on,
                        range: None,
                        scope: dependency.scope,
                        manifest: None,
                    });
                }
                for found in ranges {
                    let peer = found.scope == Scope::Peer;
                    edges.push(GraphEdge {
                        from,
                        on,
                        range: Some(found.range.as_ref().into()),
                        scope: if peer { Scope::Peer } else { dependency.scope },
                        manifest: match &found.by {
                            Requirer::Project(manifest) => Some(manifest.clone()),
                            Requirer::Package { .. } => None,
                        },
                    });
                }
            }
        }
        edges.dedup();
        for edge in &edges {
            if let (Some(node), Some(manifest)) = (nodes.get_mut(edge.from), &edge.manifest)
                && let NodeKind::Project(manifests) = &mut node.kind
                && !manifests.contains(manifest)
            {
                manifests.push(manifest.clone());
            }
        }
        Some(Self {
            ecosystem,
            nodes,
            edges,
        })
    }

    /// Whether the client takes one version of each package only.
    pub fn has_one_version_each(&self) -> bool {
        !matches!(self.ecosystem, Ecosystem::Npm | Ecosystem::Cargo)
    }
}

fn is_locked(package: &Package, lockfile: &TargetPath) -> bool {
    package
        .occurrences
        .iter()
        .any(|occurrence| occurrence.path == *lockfile && occurrence.kind == OccurrenceKind::Locked)
}

fn is_from_elsewhere(package: &Package) -> bool {
    ["vcs_url", "download_url", "repository_url"]
        .into_iter()
        .any(|key| package.purl.qualifier(key).is_some())
}

/// What is asked for, by who asks and for what.
struct Asked<'a> {
    packages: BTreeMap<(&'a str, &'a str, &'a str), Vec<&'a Requirement>>,
    projects: BTreeMap<(&'a str, &'a str), Vec<(&'a TargetPath, &'a Requirement)>>,
}

impl<'a> Asked<'a> {
    fn new(requirements: &'a [Requirement]) -> Self {
        let mut asked = Self {
            packages: BTreeMap::new(),
            projects: BTreeMap::new(),
        };
        for requirement in requirements {
            match &requirement.by {
                Requirer::Package { name, version } => asked
                    .packages
                    .entry((name, version, &requirement.name))
                    .or_default()
                    .push(requirement),
                Requirer::Project(manifest) => asked
                    .projects
                    .entry((manifest.parent_str(), &requirement.name))
                    .or_default()
                    .push((manifest, requirement)),
            }
        }
        asked
    }

    /// What a package or project asks of another: what allows the version that it got. One of the same
    /// name that does not belongs to another version of it.
    fn ranges(
        &self,
        from: &Package,
        lockfile: &TargetPath,
        ecosystem: Ecosystem,
        on: &GraphNode,
    ) -> Vec<&'a Requirement> {
        let found: Vec<&Requirement> = if from.role == Role::Library {
            let (name, version) = (from.name(), from.version().unwrap_or_default());
            let key = (name.as_str(), version, on.name.as_ref());
            self.packages.get(&key).cloned().unwrap_or_default()
        } else {
            let places = from.occurrences.iter().map(|place| place.path.parent_str());
            let mut folders: Vec<&str> = places.chain([lockfile.parent_str()]).collect();
            folders.dedup();
            let own: Vec<(&TargetPath, &Requirement)> = folders
                .iter()
                .find_map(|folder| self.projects.get(&(*folder, on.name.as_ref())))
                .cloned()
                .unwrap_or_default();
            // A requirements file is manifest and lockfile in one, and speaks for itself alone.
            let is_own = |path: &TargetPath| path == lockfile;
            let has_own = own.iter().any(|(manifest, _)| is_own(manifest));
            own.into_iter()
                .filter(|(manifest, _)| !has_own || is_own(manifest))
                .map(|(_, requirement)| requirement)
                .collect()
        };
        let fitting = |requirement: &&&Requirement| {
            allows(ecosystem, &requirement.range, &on.version) == Some(true)
        };
        let mut ranges: Vec<&Requirement> = found.iter().filter(fitting).copied().collect();
        if ranges.is_empty() {
            // An address or a tag: said as it is written.
            ranges = found;
            ranges.retain(|asked| allows(ecosystem, &asked.range, &on.version).is_none());
        }
        ranges.dedup_by(|left, right| left.range == right.range && left.by == right.by);
        ranges
    }
}
