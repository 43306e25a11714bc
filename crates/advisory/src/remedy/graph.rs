//! The graph of one lockfile as advice needs it: who asks for what, and which versions would do.
//!
//! An inventory joins the lockfiles of a target; a change is made in one of them. So the graph is
//! made of the packages that one lockfile locks and the projects that need them, and joined with
//! what they ask for, which an inventory does not hold.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use linchpin_model::{
    Ecosystem, Inventory, OccurrenceKind, Package, PackageId, Requirement, Requirer, Role, Scope,
    TargetPath,
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
        let building = Building {
            inventory,
            lockfile,
            ecosystem,
            asked: Asked::new(requirements, |_| true),
        };
        Some(building.graph(|_| true, |_| true))
    }

    /// The part of it that says whether some of its packages can be others: these, and who asks for
    /// them. Everything else stays as it is as long as nobody knows what other versions need, and
    /// what is asked of it is left out. Nothing if the lockfile locks none of them.
    pub(super) fn around(
        wanted: &BTreeSet<PackageId>,
        inventory: &Inventory,
        requirements: &[Requirement],
        lockfile: &TargetPath,
    ) -> Option<Self> {
        let package = |id: &PackageId| inventory.packages.get(id.index());
        let locked = |package: &&Package| is_locked(package, lockfile);
        let found = wanted.iter().filter_map(package).filter(locked);
        let ecosystem = found.clone().find_map(|package| package.purl.ecosystem())?;
        let names: HashSet<String> = found.map(Package::name).collect();
        let mut near = wanted.clone();
        for (from, by) in inventory.iter() {
            let needs = inventory.dependencies_of(from);
            let asks = needs.iter().any(|needed| wanted.contains(&needed.on));
            if asks || by.role == Role::Application {
                near.insert(from);
            }
        }
        let building = Building {
            inventory,
            lockfile,
            ecosystem,
            asked: Asked::new(requirements, |name| names.contains(name)),
        };
        let mut graph = building.graph(|id| near.contains(&id), |id| wanted.contains(&id));
        // Those who ask are there for what they are needed for, which the inventory knows.
        let project = graph
            .nodes
            .iter()
            .position(|node| matches!(node.kind, NodeKind::Project(_)));
        let places = building.places(|id| near.contains(&id));
        for (id, on) in places {
            let Some(by) = package(&id).filter(|by| by.role == Role::Library) else {
                continue;
            };
            if let Some(from) = project.filter(|_| !wanted.contains(&id)) {
                graph.edges.push(GraphEdge {
                    from,
                    on,
                    range: None,
                    scope: by.scope,
                    manifest: None,
                });
            }
        }
        Some(graph)
    }

    /// Whether the client takes one version of each package only.
    pub fn has_one_version_each(&self) -> bool {
        !matches!(self.ecosystem, Ecosystem::Npm | Ecosystem::Cargo)
    }
}

/// What a graph is made of.
struct Building<'a> {
    inventory: &'a Inventory,
    lockfile: &'a TargetPath,
    ecosystem: Ecosystem,
    asked: Asked<'a>,
}

impl Building<'_> {
    fn kind(&self, package: &Package) -> Option<NodeKind> {
        match package.role {
            Role::Application => Some(NodeKind::Project(Vec::new())),
            Role::Library if !is_locked(package, self.lockfile) => None,
            Role::Library if package.purl.ecosystem() != Some(self.ecosystem) => None,
            Role::Library if is_from_elsewhere(package) => Some(NodeKind::Fixed),
            Role::Library => Some(NodeKind::Package),
        }
    }

    /// Which packages are nodes, in order: those that are `near`, as far as the lockfile locks them.
    fn places(&self, near: impl Fn(PackageId) -> bool) -> BTreeMap<PackageId, usize> {
        let packages = self.inventory.iter();
        let packages = packages.filter(|(id, package)| near(*id) && self.kind(package).is_some());
        packages
            .enumerate()
            .map(|(place, (id, _))| (id, place))
            .collect()
    }

    /// The graph of what is `near`, with the edges that lead to what is `wanted`.
    fn graph(
        &self,
        near: impl Fn(PackageId) -> bool,
        wanted: impl Fn(PackageId) -> bool,
    ) -> LockedGraph {
        let places = self.places(near);
        let mut nodes: Vec<GraphNode> = Vec::with_capacity(places.len());
        for id in places.keys() {
            let package = self.inventory.package(*id);
            nodes.push(GraphNode {
                name: package.name().into(),
                version: package.version().unwrap_or_default().into(),
                kind: self.kind(package).unwrap_or(NodeKind::Fixed),
            });
        }
        let mut edges = Vec::new();
        for (&id, &from) in &places {
            let package = self.inventory.package(id);
            for dependency in self.inventory.dependencies_of(id) {
                let place = places.get(&dependency.on).copied();
                let Some(on) = place.filter(|_| wanted(dependency.on)) else {
                    continue;
                };
                let Some(node) = nodes.get(on) else { continue };
                let ranges = self
                    .asked
                    .ranges(package, self.lockfile, self.ecosystem, node);
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
        LockedGraph {
            ecosystem: self.ecosystem,
            nodes,
            edges,
        }
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
    /// What is asked of packages of some names.
    fn new(requirements: &'a [Requirement], about: impl Fn(&str) -> bool) -> Self {
        let mut asked = Self {
            packages: BTreeMap::new(),
            projects: BTreeMap::new(),
        };
        for requirement in requirements.iter().filter(|asked| about(&asked.name)) {
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
