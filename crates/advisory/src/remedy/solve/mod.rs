//! The fewest version changes that remove the most risk.
//!
//! What is locked is a graph; a move gives a package another version and is made as the client
//! would make it (`moves`). Candidates are moves of the flawed packages and of what leads to them
//! (`candidates`); of these the best are chosen one after another, each by what it really removes
//! from what is left, and those that turn out to be superfluous are dropped again (`choose`).
//! Whatever is left is explained (`stays`).
//!
//! Not a resolver: the client has the last word, and whoever applies a plan compares.

mod candidates;
mod choose;
mod moves;
mod plan;
mod state;
mod stays;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use linchpin_model::Ecosystem;

pub use plan::{Blocker, Change, FlawOf, How, Move, Plan, PlanStep, Stay, Why};

use super::flaws::{Flaw, Flaws};
use super::graph::{GraphNode, LockedGraph, NodeKind};
use super::jump::Jump;
use super::releases::Releases;
use super::requirements;
use crate::versions::compare;
use state::State;

/// Which version a client takes of those that will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The one that it is told, and the newest of what comes along: Cargo, uv.
    Exact,
    /// The newest, whatever one wishes, where the project does not ask for the package: npm.
    Newest,
    /// The newest that all allow, also where the project asks for the package: Poetry, Bundler.
    NewestAllowed,
    /// The one that it is told, and the oldest of what comes along: Go.
    Least,
}

/// Whether the client changes what a manifest asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manifests {
    /// It does, if it is told.
    Changed,
    /// It does not: the manifest is a program, which people write. Bundler.
    Kept,
}

/// A move that the client would not make, and what it said.
pub type Refused = BTreeMap<(Box<str>, Box<str>), Box<str>>;

/// What a plan may do.
#[derive(Debug, Clone)]
pub struct SolveOptions {
    /// How the client chooses.
    pub choice: Choice,
    /// Whether it changes manifests.
    pub manifests: Manifests,
    /// How far a package that the project asks for may be moved.
    pub farthest: Jump,
    /// Whether flaws of what only development needs count.
    pub include_development: bool,
    /// What the client refused, by name and version.
    pub refused: Refused,
}

/// What a plan is made from.
struct Solver<'a> {
    ecosystem: Ecosystem,
    one_version_each: bool,
    releases: &'a dyn Releases,
    flaws: &'a dyn Flaws,
    options: &'a SolveOptions,
}

/// Makes a plan for what one lockfile locks.
pub fn solve(
    graph: &LockedGraph,
    releases: &dyn Releases,
    flaws: &dyn Flaws,
    options: &SolveOptions,
) -> Plan {
    let solver = Solver {
        ecosystem: graph.ecosystem,
        one_version_each: graph.has_one_version_each(),
        releases,
        flaws,
        options,
    };
    let state = solver.start(graph);
    let chosen = solver.choose_steps(&state);
    let stays = solver.stays(&chosen.state);
    Plan {
        steps: chosen.steps,
        stays,
        before: state.count(&solver),
        after: chosen.state.count(&solver),
    }
}

/// What is gone and what is new between two graphs of one lockfile: what a client really did. Each
/// has its own flaws: what is said of a product depends on what is a part of it.
pub fn compare_graphs(
    before: &LockedGraph,
    after: &LockedGraph,
    flaws: [&dyn Flaws; 2],
    options: &SolveOptions,
) -> (Vec<FlawOf>, Vec<FlawOf>, Vec<Change>) {
    let solver = |graph: &LockedGraph, flaws| Solver {
        ecosystem: graph.ecosystem,
        one_version_each: graph.has_one_version_each(),
        releases: &super::releases::NoReleases,
        flaws,
        options,
    };
    let [earlier, later] = flaws;
    let (earlier, later) = (solver(before, earlier), solver(after, later));
    let (before, after) = (earlier.start(before), later.start(after));
    let (old, new) = (before.tally(&earlier), after.tally(&later));
    (
        state::more(&old, &new),
        state::more(&new, &old),
        moves::changes(&before, &after),
    )
}

impl Solver<'_> {
    fn start(&self, graph: &LockedGraph) -> State {
        let mut state = State::new(graph, self);
        let projects: Vec<usize> = (0..state.nodes.len())
            .filter(|&node| state.is_project(node))
            .collect();
        state.keep_unreached(&projects);
        state
    }

    fn flaws_of(&self, node: &GraphNode) -> Arc<[Flaw]> {
        match node.kind {
            NodeKind::Project(_) => Arc::default(),
            NodeKind::Package | NodeKind::Fixed => self.flaws.of(&node.name, &node.version),
        }
    }

    fn allows(&self, range: &str, version: &str) -> Option<bool> {
        requirements::allows(self.ecosystem, range, version)
    }

    /// Whether those who ask for a package, of whom no file says what they ask for, will allow another
    /// version: Cargo's and npm's ask for what is compatible, nearly all of them; for others nothing can
    /// be said, and the client will tell.
    fn is_likely_allowed(&self, node: usize, to: &str, state: &State) -> bool {
        let Some(locked) = state.nodes.get(node) else {
            return false;
        };
        match self.ecosystem {
            Ecosystem::Npm | Ecosystem::Cargo => {
                let range = format!("^{}", locked.node.version);
                self.allows(&range, to) == Some(true)
            }
            _ => true,
        }
    }

    /// What one package asks of another, as the registry says.
    fn stated_range(&self, from: &GraphNode, on: &GraphNode) -> Option<Arc<str>> {
        if from.kind != NodeKind::Package {
            return None;
        }
        let needs = self.releases.needs(&from.name, &from.version)?;
        let mut ranges = needs
            .iter()
            .filter(|need| need.name.as_ref() == on.name.as_ref())
            .map(|need| need.range.as_ref());
        let fits = |range: &&str| self.allows(range, &on.version) == Some(true);
        ranges.find(fits).map(Arc::from)
    }

    fn order(&self, left: &str, right: &str) -> Ordering {
        compare(self.ecosystem.facts().scheme, left, right).unwrap_or_else(|_| left.cmp(right))
    }

    /// Whether a version is none that anybody gets who does not ask for it.
    fn is_pre_release(&self, version: &str) -> bool {
        match self.ecosystem {
            Ecosystem::PyPi => version
                .parse::<pep440_rs::Version>()
                .map_or(true, |version| version.any_prerelease()),
            Ecosystem::RubyGems => version.bytes().any(|byte| byte.is_ascii_alphabetic()),
            _ => version
                .split('+')
                .next()
                .is_some_and(|version| version.contains('-')),
        }
    }

    /// Whether the client takes the newest version for such a move, and no other.
    fn takes_newest(&self, how: &How) -> bool {
        let newest = matches!(self.options.choice, Choice::Newest | Choice::NewestAllowed);
        newest && *how == How::Lock
    }

    fn is_refused(&self, name: &str, version: &str) -> bool {
        let refused = &self.options.refused;
        !refused.is_empty() && refused.contains_key(&(name.into(), version.into()))
    }
}
