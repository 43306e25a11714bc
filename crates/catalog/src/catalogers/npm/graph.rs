//! Packages at places, and how they find each other: the same for what a lockfile lists and for
//! what is installed.

use std::collections::{HashMap, HashSet, VecDeque};

use linchpin_model::{Package, PackageId, Scope, TargetPath};
use linchpin_source::FileTree;

use super::folders::{SYSTEM_FOLDERS, candidate, search_folders};
use super::record::{Flags, Need, NeedKind};
use crate::assembly::Assembly;

/// A package at a place.
#[derive(Debug)]
pub(in crate::catalogers) struct Node {
    /// The folder, from the root of the target.
    pub(in crate::catalogers) location: Box<str>,
    /// What it is.
    pub(in crate::catalogers) package: Package,
    /// What it needs, by name.
    pub(in crate::catalogers) needs: Vec<Need>,
    /// Whether it is a project: the root of what is developed here, or a part of it.
    pub(in crate::catalogers) is_project: bool,
    /// What it is needed for, where a lockfile says so; otherwise the ways from the projects tell.
    pub(in crate::catalogers) scope: Option<Scope>,
}

/// The packages that can find each other.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Graph {
    pub(in crate::catalogers) nodes: Vec<Node>,
    /// What each node needs; filled by [`connect`](Self::connect).
    pub(in crate::catalogers) edges: Vec<Vec<(usize, NeedKind)>>,
    by_location: HashMap<Box<str>, usize>,
    links: HashMap<Box<str>, Box<str>>,
}

/// A need that nothing meets.
#[derive(Debug)]
pub(in crate::catalogers) struct Missing {
    pub(in crate::catalogers) node: usize,
    pub(in crate::catalogers) need: usize,
}

impl Graph {
    /// Adds a package; of two at one place the first one counts.
    pub(in crate::catalogers) fn add(&mut self, node: Node) -> usize {
        if let Some(&index) = self.by_location.get(&node.location) {
            return index;
        }
        let index = self.nodes.len();
        self.by_location.insert(node.location.clone(), index);
        self.nodes.push(node);
        self.edges.push(Vec::new());
        index
    }

    /// Adds edges from projects to the members of their workspaces, where there are none yet.
    pub(in crate::catalogers) fn add_members(
        &mut self,
        members: impl IntoIterator<Item = (usize, usize)>,
    ) {
        let mut projects: HashMap<usize, HashSet<usize>> = HashMap::new();
        for (project, member) in members {
            let Some(edges) = self.edges.get_mut(project) else {
                continue;
            };
            let known = projects
                .entry(project)
                .or_insert_with(|| edges.iter().map(|(on, _)| *on).collect());
            if known.insert(member) {
                edges.push((member, NeedKind::Runtime));
            }
        }
    }

    /// Adds a symbolic link to a folder.
    pub(in crate::catalogers) fn link(&mut self, location: Box<str>, target: Box<str>) {
        self.links.insert(location, target);
    }

    /// All links.
    pub(in crate::catalogers) fn links(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut links: Vec<(&str, &str)> = self
            .links
            .iter()
            .map(|(location, target)| (location.as_ref(), target.as_ref()))
            .collect();
        links.sort_unstable();
        links.into_iter()
    }

    /// The package at a place, or where the link at that place leads.
    pub(in crate::catalogers) fn at(&self, location: &str) -> Option<usize> {
        self.by_location
            .get(location)
            .or_else(|| self.by_location.get(self.links.get(location)?))
            .copied()
    }

    /// Finds for every need the package that meets it. With a file tree, links that nothing tells
    /// of are followed in it.
    pub(in crate::catalogers) fn connect(&mut self, tree: Option<&dyn FileTree>) -> Vec<Missing> {
        let mut missing = Vec::new();
        let mut buffer = String::new();
        for index in 0..self.nodes.len() {
            let mut found = Vec::new();
            if let Some(node) = self.nodes.get(index) {
                // Only stores and projects have links beside packages.
                let tree =
                    tree.filter(|_| node.is_project || node.location.contains("node_modules/."));
                for (place, need) in node.needs.iter().enumerate() {
                    match self.resolve(&node.location, &need.name, tree, &mut buffer) {
                        Some(on) => found.push((on, need.kind)),
                        None => missing.push(Missing {
                            node: index,
                            need: place,
                        }),
                    }
                }
            }
            if let Some(edges) = self.edges.get_mut(index) {
                edges.append(&mut found);
            }
        }
        missing
    }

    /// The package that `require(name)` finds from a place.
    fn resolve(
        &self,
        from: &str,
        name: &str,
        tree: Option<&dyn FileTree>,
        buffer: &mut String,
    ) -> Option<usize> {
        for folder in search_folders(from) {
            candidate(buffer, folder, name);
            if let Some(found) = self.at(buffer) {
                return Some(found);
            }
            if let Some(tree) = tree
                && let Some(target) = tree.resolve(&TargetPath::new(buffer))
                && let Some(&found) = self.by_location.get(target.as_str())
            {
                return Some(found);
            }
        }
        // Packages of the system find each other, and no others find them by default.
        if SYSTEM_FOLDERS.iter().any(|system| from.starts_with(system)) {
            return SYSTEM_FOLDERS
                .iter()
                .find_map(|system| self.at(&format!("{system}/{name}")));
        }
        None
    }

    /// What each package is there for, by the ways that lead to it from the projects that no other
    /// project needs: what npm writes into lockfiles.
    pub(in crate::catalogers) fn flags(&self) -> Vec<Flags> {
        let mut is_root: Vec<bool> = self.nodes.iter().map(|node| node.is_project).collect();
        for (node, edges) in self.nodes.iter().zip(&self.edges) {
            for &(on, _) in edges.iter().filter(|_| node.is_project) {
                if let Some(root) = is_root.get_mut(on) {
                    *root = false;
                }
            }
        }
        if !is_root.contains(&true) {
            is_root = self.nodes.iter().map(|node| node.is_project).collect();
        }
        let development = |kind| kind == NeedKind::Development;
        let optional = |kind| matches!(kind, NeedKind::Optional | NeedKind::OptionalPeer);
        let peer = |kind| matches!(kind, NeedKind::Peer | NeedKind::OptionalPeer);
        let any = self.reached(&is_root, |_| true);
        let without_development = self.reached(&is_root, |kind| !development(kind));
        let without_optional = self.reached(&is_root, |kind| !optional(kind));
        let without_both = self.reached(&is_root, |kind| !development(kind) && !optional(kind));
        let without_peer = self.reached(&is_root, |kind| !peer(kind));
        let lacks = |list: &[bool], index: usize| !list.get(index).copied().unwrap_or(false);
        (0..self.nodes.len())
            .map(|index| Flags {
                development: lacks(&without_development, index),
                optional: lacks(&without_optional, index),
                development_or_optional: lacks(&without_both, index),
                peer: lacks(&without_peer, index),
                extraneous: lacks(&any, index),
            })
            .collect()
    }

    fn reached(&self, is_root: &[bool], through: impl Fn(NeedKind) -> bool) -> Vec<bool> {
        let mut reached = is_root.to_vec();
        let mut waiting: VecDeque<usize> = reached
            .iter()
            .enumerate()
            .filter_map(|(index, &root)| root.then_some(index))
            .collect();
        while let Some(index) = waiting.pop_front() {
            for &(on, kind) in self.edges.get(index).into_iter().flatten() {
                if through(kind)
                    && let Some(seen) = reached.get_mut(on)
                    && !*seen
                {
                    *seen = true;
                    waiting.push_back(on);
                }
            }
        }
        reached
    }

    /// Puts everything into the inventory.
    pub(in crate::catalogers) fn finish(self, assembly: &mut Assembly<'_>) {
        let flags = if self.nodes.iter().any(|node| node.scope.is_none()) {
            self.flags()
        } else {
            Vec::new()
        };
        let ids: Vec<PackageId> = self
            .nodes
            .into_iter()
            .enumerate()
            .map(|(index, node)| {
                let mut package = node.package;
                package.scope = node
                    .scope
                    .or_else(|| flags.get(index).map(|flags| flags.scope()))
                    .unwrap_or_default();
                assembly.inventory.add(package)
            })
            .collect();
        for (from, edges) in ids.iter().zip(self.edges) {
            for (on, kind) in edges {
                if let Some(on) = ids.get(on) {
                    assembly.inventory.depend(*from, *on, kind.scope());
                }
            }
        }
    }
}
