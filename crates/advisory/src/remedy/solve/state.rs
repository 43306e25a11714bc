//! What is locked while a plan is made: the graph, with the flaws of every version.

use std::collections::BTreeMap;
use std::sync::Arc;

use linchpin_model::Scope;

use super::Solver;
use super::plan::FlawOf;
use crate::remedy::flaws::Flaw;
use crate::remedy::graph::{GraphEdge, GraphNode, LockedGraph, NodeKind};

/// A version, and whether anybody still needs it.
#[derive(Debug, Clone)]
pub(super) struct Locked {
    pub(super) node: Arc<GraphNode>,
    pub(super) flaws: Arc<[Flaw]>,
    /// Reached from a project by any way.
    pub(super) is_needed: bool,
    /// Reached by a way that is not for development.
    pub(super) is_shipped: bool,
}

/// What is locked.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) nodes: Vec<Locked>,
    pub(super) edges: Vec<GraphEdge>,
}

/// How often each flaw is there, and what it weighs.
pub(super) type Tally<'a> = BTreeMap<(&'a str, &'a str), (Vec<&'a str>, u32)>;

impl State {
    pub(super) fn new(graph: &LockedGraph, solver: &Solver<'_>) -> Self {
        let nodes = graph.nodes.iter().map(|node| Locked {
            flaws: solver.flaws_of(node),
            node: Arc::new(node.clone()),
            is_needed: true,
            is_shipped: true,
        });
        let mut state = Self {
            nodes: nodes.collect(),
            edges: graph.edges.clone(),
        };
        state.fill_ranges(solver);
        state.reach();
        state
    }

    /// What packages ask of each other, where the lockfile does not say it and a registry does.
    fn fill_ranges(&mut self, solver: &Solver<'_>) {
        for edge in &mut self.edges {
            if edge.range.is_some() {
                continue;
            }
            if let (Some(from), Some(on)) = (self.nodes.get(edge.from), self.nodes.get(edge.on)) {
                edge.range = solver.stated_range(&from.node, &on.node);
            }
        }
    }

    /// Finds out what is still needed.
    pub(super) fn reach(&mut self) {
        let mut needs: Vec<Vec<(usize, bool)>> = vec![Vec::new(); self.nodes.len()];
        for edge in &self.edges {
            if let Some(list) = needs.get_mut(edge.from) {
                list.push((edge.on, edge.scope == Scope::Development));
            }
        }
        let spread = |with_development: bool| {
            let mut reached: Vec<bool> = Vec::with_capacity(self.nodes.len());
            let projects = self.nodes.iter();
            reached.extend(projects.map(|locked| matches!(locked.node.kind, NodeKind::Project(_))));
            let mut waiting: Vec<usize> = (0..reached.len())
                .filter(|&index| reached.get(index) == Some(&true))
                .collect();
            while let Some(from) = waiting.pop() {
                for &(on, for_development) in needs.get(from).into_iter().flatten() {
                    if let Some(seen @ false) = reached.get_mut(on)
                        && (with_development || !for_development)
                    {
                        *seen = true;
                        waiting.push(on);
                    }
                }
            }
            reached
        };
        let (needed, shipped) = (spread(true), spread(false));
        for ((locked, needed), shipped) in self.nodes.iter_mut().zip(needed).zip(shipped) {
            locked.is_needed = needed;
            locked.is_shipped = shipped;
        }
    }

    /// Packages that no project reaches are there all the same: a lockfile may not say who needs them.
    pub(super) fn keep_unreached(&mut self, projects: &[usize]) {
        let Some(&project) = projects.first() else {
            return;
        };
        let unreached: Vec<usize> = self
            .nodes
            .iter()
            .enumerate()
            .filter_map(|(index, locked)| (!locked.is_needed).then_some(index))
            .collect();
        for on in unreached {
            self.edges.push(GraphEdge {
                from: project,
                on,
                range: None,
                scope: Scope::Runtime,
                manifest: None,
            });
        }
        self.reach();
    }

    /// The edges that lead to a node, by their places, from those who are needed.
    pub(super) fn asking_for(&self, node: usize) -> Vec<usize> {
        let edges = self.edges.iter().enumerate();
        edges
            .filter(|(_, edge)| edge.on == node && self.is_needed(edge.from))
            .map(|(place, _)| place)
            .collect()
    }

    pub(super) fn is_needed(&self, node: usize) -> bool {
        self.nodes.get(node).is_some_and(|locked| locked.is_needed)
    }

    pub(super) fn is_project(&self, node: usize) -> bool {
        self.nodes
            .get(node)
            .is_some_and(|locked| matches!(locked.node.kind, NodeKind::Project(_)))
    }

    /// The needed packages of a name.
    pub(super) fn named(&self, name: &str) -> Vec<usize> {
        let nodes = self.nodes.iter().enumerate();
        nodes
            .filter(|(_, locked)| {
                locked.is_needed
                    && locked.node.name.as_ref() == name
                    && !matches!(locked.node.kind, NodeKind::Project(_))
            })
            .map(|(index, _)| index)
            .collect()
    }

    /// The flaws that count.
    pub(super) fn counted<'a>(
        locked: &'a Locked,
        solver: &Solver<'_>,
    ) -> impl Iterator<Item = &'a Flaw> + use<'a> {
        let all = locked.is_needed && (locked.is_shipped || solver.options.include_development);
        let none = !locked.is_needed;
        locked
            .flaws
            .iter()
            .filter(move |flaw| !none && (all || flaw.is_urgent))
    }

    /// All flaws that count, by package and id.
    pub(super) fn tally(&self, solver: &Solver<'_>) -> Tally<'_> {
        let mut tally = Tally::new();
        for locked in &self.nodes {
            for flaw in Self::counted(locked, solver) {
                let entry = tally
                    .entry((locked.node.name.as_ref(), flaw.id.as_ref()))
                    .or_insert((Vec::new(), flaw.weight));
                entry.0.push(locked.node.version.as_ref());
            }
        }
        tally
    }

    /// How much risk there is.
    pub(super) fn risk(&self, solver: &Solver<'_>) -> u64 {
        let flaws = self
            .nodes
            .iter()
            .flat_map(|locked| Self::counted(locked, solver));
        flaws.map(|flaw| u64::from(flaw.weight)).sum()
    }

    /// How many flaws there are.
    pub(super) fn count(&self, solver: &Solver<'_>) -> usize {
        let nodes = self.nodes.iter();
        nodes
            .map(|locked| Self::counted(locked, solver).count())
            .sum()
    }
}

/// What one tally has more of than another: of a flaw that two versions had and one still has, the
/// version that is gone.
pub(super) fn more(of: &Tally<'_>, than: &Tally<'_>) -> Vec<FlawOf> {
    let mut all = Vec::new();
    for (&(name, id), (versions, _)) in of {
        let mut left: Vec<&str> = than
            .get(&(name, id))
            .map(|(versions, _)| versions.clone())
            .unwrap_or_default();
        // A version that has it on both sides is the same finding; one in another version still is one.
        let mut gone: Vec<&str> = Vec::new();
        for version in versions {
            match left.iter().position(|other| other == version) {
                Some(place) => drop(left.swap_remove(place)),
                None => gone.push(version),
            }
        }
        let still = left.len().min(gone.len());
        for version in gone.into_iter().skip(still) {
            all.push(FlawOf {
                name: name.into(),
                version: version.into(),
                id: id.into(),
            });
        }
    }
    all
}
