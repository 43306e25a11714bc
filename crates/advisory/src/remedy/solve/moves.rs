//! What a move does to what is locked, as the client would do it: everybody who allows the new
//! version gets it, and what it needs is taken from what is there, if that will do, and from the
//! registry otherwise. Whatever somebody does not allow is refused here, so that no plan holds it.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use linchpin_model::{Ecosystem, Scope};

use super::plan::{Blocker, Change, How, Move};
use super::state::{Locked, State};
use super::{Choice, Solver};
use crate::remedy::graph::{GraphEdge, GraphNode, NodeKind};
use crate::remedy::releases::ReleaseNeed;

/// How many packages one move may bring along, and how deep.
const MOST_ALONG: usize = 300;
const DEEPEST: usize = 24;

/// Why a move can not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Somebody does not allow it.
    NotAllowed(Vec<Blocker>),
    /// The package is not locked in that version (any more).
    NotThere,
    /// It would bring along more than anybody wants to look at.
    TooMuch,
}

/// What came of a move.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub(super) state: State,
    pub(super) is_assumed: bool,
}

/// A state in the middle of a move.
struct Work<'s, 'a> {
    solver: &'s Solver<'a>,
    state: State,
    is_assumed: bool,
    along: usize,
}

/// What somebody asks for, before it is known what he gets.
struct Need {
    name: Arc<str>,
    range: Option<Arc<str>>,
    scope: Scope,
    /// What the version before it got.
    before: Option<usize>,
}

impl Solver<'_> {
    /// Makes a move.
    pub(super) fn make(&self, state: &State, moved: &Move) -> Result<Outcome, Refusal> {
        let mut work = Work {
            solver: self,
            state: state.clone(),
            is_assumed: false,
            along: 0,
        };
        let from: Vec<usize> = work
            .state
            .named(&moved.name)
            .into_iter()
            .filter(|&node| {
                let locked = work.state.nodes.get(node);
                locked.is_some_and(|locked| locked.node.version.as_ref() == moved.from.as_ref())
            })
            .collect();
        let &node = from.first().ok_or(Refusal::NotThere)?;
        let versions = self.releases.versions(&moved.name);
        match versions {
            Some(versions) if self.takes_newest(&moved.how) => {
                work.shift_to_newest(&moved.name, &versions)?;
            }
            _ => work.shift(node, &moved.to, &moved.how, 0)?,
        }
        work.state.reach();
        Ok(Outcome {
            state: work.state,
            is_assumed: work.is_assumed,
        })
    }
}

impl Work<'_, '_> {
    /// Gives everybody who allows it another version of a package.
    fn shift(&mut self, node: usize, to: &str, how: &How, depth: usize) -> Result<(), Refusal> {
        let ecosystem = self.solver.ecosystem;
        let mut willing = Vec::new();
        let mut blockers = Vec::new();
        for place in self.state.asking_for(node) {
            let Some(edge) = self.state.edges.get(place) else {
                continue;
            };
            let may_change = match (how, &edge.manifest) {
                (How::Manifest(manifests), Some(manifest)) => manifests.contains(manifest),
                _ => false,
            };
            let (allowed, assumed) = match &edge.range {
                _ if may_change => (true, false),
                Some(range) => match self.solver.allows(range, to) {
                    Some(allowed) => (allowed, false),
                    None => (false, false),
                },
                None => (self.solver.is_likely_allowed(node, to, &self.state), true),
            };
            if allowed {
                self.is_assumed |= assumed;
                willing.push((place, may_change));
            } else {
                blockers.push((place, edge.scope == Scope::Peer));
            }
        }
        let is_peer = blockers.iter().any(|(_, is_peer)| *is_peer);
        let one_each = self.solver.one_version_each;
        if willing.is_empty() || is_peer || (one_each && !blockers.is_empty()) {
            let places = blockers.iter().map(|(place, _)| *place);
            return Err(Refusal::NotAllowed(self.state.blockers(places)));
        }
        let name = match self.state.nodes.get(node) {
            Some(locked) => Arc::clone(&locked.node.name),
            None => return Err(Refusal::NotThere),
        };
        let new = self.take(&name, to, Some(node), depth)?;
        for (place, may_change) in willing {
            if let Some(edge) = self.state.edges.get_mut(place) {
                edge.on = new;
                if may_change {
                    edge.range = Some(least(ecosystem, to).into());
                }
            }
        }
        Ok(())
    }

    /// Gives everybody the newest version that he allows, whichever he has now: the client knows no
    /// other way.
    fn shift_to_newest(&mut self, name: &str, versions: &[Box<str>]) -> Result<(), Refusal> {
        let solver = self.solver;
        let mut places = Vec::new();
        let mut has_moved = false;
        for node in self.state.named(name) {
            let Some(locked) = self.state.nodes.get(node).cloned() else {
                continue;
            };
            for place in self.state.asking_for(node) {
                places.push(place);
                let Some(edge) = self.state.edges.get(place) else {
                    continue;
                };
                let range = edge.range.clone();
                let newest = match &range {
                    Some(range) => solver.choose(versions, |version| {
                        solver.allows(range, version) == Some(true)
                    }),
                    None => {
                        self.is_assumed = true;
                        let likely =
                            |version: &str| solver.is_likely_allowed(node, version, &self.state);
                        solver.choose(versions, likely)
                    }
                };
                let Some(newest) = newest.filter(|newest| {
                    solver.order(newest, &locked.node.version) == Ordering::Greater
                        && !solver.is_refused(name, newest)
                }) else {
                    continue;
                };
                let new = self.take(&locked.node.name, &newest, Some(node), 0)?;
                if let Some(edge) = self.state.edges.get_mut(place) {
                    edge.on = new;
                    has_moved = true;
                }
            }
        }
        if has_moved {
            Ok(())
        } else {
            Err(Refusal::NotAllowed(self.state.blockers(places.into_iter())))
        }
    }

    /// The node of a version; a new one gets what it needs.
    fn take(
        &mut self,
        name: &Arc<str>,
        version: &str,
        instead_of: Option<usize>,
        depth: usize,
    ) -> Result<usize, Refusal> {
        let known = self.state.named(name).into_iter().find(|&node| {
            let locked = self.state.nodes.get(node);
            locked.is_some_and(|locked| locked.node.version.as_ref() == version)
        });
        if let Some(node) = known {
            return Ok(node);
        }
        self.along += 1;
        if self.along > MOST_ALONG || depth > DEEPEST {
            return Err(Refusal::TooMuch);
        }
        let node = GraphNode {
            name: Arc::clone(name),
            version: version.into(),
            kind: NodeKind::Package,
        };
        let new = self.state.nodes.len();
        self.state.nodes.push(Locked {
            flaws: self.solver.flaws_of(&node),
            node: Arc::new(node),
            is_needed: true,
            is_shipped: true,
        });
        for need in self.needs(name, version, instead_of) {
            if let Some(on) = self.meet(&need, new, instead_of, depth)? {
                self.state.edges.push(GraphEdge {
                    from: new,
                    on,
                    range: need.range,
                    scope: need.scope,
                    manifest: None,
                });
            }
        }
        Ok(new)
    }

    /// What a version needs: as the registry says, else what the version before it needed.
    fn needs(&mut self, name: &str, version: &str, instead_of: Option<usize>) -> Vec<Need> {
        let before: Vec<GraphEdge> = self
            .state
            .edges
            .iter()
            .filter(|edge| Some(edge.from) == instead_of)
            .cloned()
            .collect();
        let name_of = |edge: &GraphEdge| {
            let locked = self.state.nodes.get(edge.on);
            locked.map(|locked| Arc::clone(&locked.node.name))
        };
        if let Some(known) = self.solver.releases.needs(name, version) {
            let needs = known.iter().map(|ReleaseNeed { name, range, scope }| Need {
                name: name.as_ref().into(),
                range: Some(range.as_ref().into()),
                scope: *scope,
                before: before
                    .iter()
                    .find(|edge| name_of(edge).is_some_and(|found| found.as_ref() == name.as_ref()))
                    .map(|edge| edge.on),
            });
            return needs.collect();
        }
        self.is_assumed = true;
        let same = before.iter().filter_map(|edge| {
            // What the new version asks for, nobody knows: not what the old one did.
            Some(Need {
                name: name_of(edge)?,
                range: None,
                scope: edge.scope,
                before: Some(edge.on),
            })
        });
        same.collect()
    }

    /// What meets a need. Nothing if that is not known.
    fn meet(
        &mut self,
        need: &Need,
        for_node: usize,
        instead_of: Option<usize>,
        depth: usize,
    ) -> Result<Option<usize>, Refusal> {
        let solver = self.solver;
        let range = need.range.clone();
        let will_do = |version: &str| match &range {
            Some(range) => solver.allows(range, version).unwrap_or(true),
            None => true,
        };
        let named = self.state.named(&need.name);
        let mut fitting: Vec<usize> = named
            .iter()
            .copied()
            .filter(|&node| {
                let locked = self.state.nodes.get(node);
                locked.is_some_and(|locked| will_do(&locked.node.version))
            })
            .collect();
        if let Some(before) = need.before.filter(|before| fitting.contains(before)) {
            return Ok(Some(before));
        }
        fitting.sort_by(|&left, &right| self.order(left, right));
        if let Some(&highest) = fitting.last() {
            return Ok(Some(highest));
        }
        let in_the_way = named.first().copied();
        let versions = solver.releases.versions(&need.name);
        if need.scope == Scope::Optional && in_the_way.is_none() && need.before.is_none() {
            // Nobody took it before: it is for another platform, or was left out.
            return Ok(None);
        }
        let blocked = |work: &Self| {
            let by = work.state.nodes.get(for_node);
            Refusal::NotAllowed(vec![Blocker {
                name: by.map_or("", |locked| &locked.node.name).into(),
                version: by.map_or("", |locked| &locked.node.version).into(),
                range: format!("{} {}", need.name, range.as_deref().unwrap_or_default()).into(),
            }])
        };
        match in_the_way {
            Some(other) if solver.one_version_each => {
                let others: Vec<Arc<str>> = self
                    .state
                    .asking_for(other)
                    .into_iter()
                    .filter_map(|place| self.state.edges.get(place))
                    .filter(|edge| Some(edge.from) != instead_of)
                    .filter_map(|edge| edge.range.clone())
                    .collect();
                let all_allow = |version: &str| {
                    will_do(version)
                        && others
                            .iter()
                            .all(|range| solver.allows(range, version).unwrap_or(false))
                };
                let version = match versions {
                    Some(versions) => solver.choose(&versions, all_allow),
                    // Go says the version itself.
                    None if solver.ecosystem == Ecosystem::Go => range.as_deref().map(Into::into),
                    None => None,
                };
                let version = version.ok_or_else(|| blocked(self))?;
                self.shift_all(other, instead_of, &version, depth)?;
                Ok(self.state.named(&need.name).into_iter().find(|&node| {
                    let locked = self.state.nodes.get(node);
                    locked.is_some_and(|locked| *locked.node.version == *version)
                }))
            }
            Some(_) if need.scope == Scope::Peer => Err(blocked(self)),
            _ => {
                let version = match versions {
                    Some(versions) => solver.choose(&versions, will_do),
                    None if solver.ecosystem == Ecosystem::Go => range.as_deref().map(Into::into),
                    None => None,
                };
                let Some(version) = version else {
                    self.is_assumed = true;
                    return Ok(None);
                };
                self.take(&need.name, &version, need.before, depth + 1)
                    .map(Some)
            }
        }
    }

    /// Moves a package that stands in the way for everybody but the one who is replaced.
    fn shift_all(
        &mut self,
        node: usize,
        instead_of: Option<usize>,
        version: &str,
        depth: usize,
    ) -> Result<(), Refusal> {
        let Some(name) = self
            .state
            .nodes
            .get(node)
            .map(|locked| Arc::clone(&locked.node.name))
        else {
            return Err(Refusal::NotThere);
        };
        let new = self.take(&name, version, Some(node), depth + 1)?;
        for place in self.state.asking_for(node) {
            if let Some(edge) = self.state.edges.get_mut(place)
                && Some(edge.from) != instead_of
            {
                edge.on = new;
            }
        }
        Ok(())
    }

    fn order(&self, left: usize, right: usize) -> Ordering {
        let version = |node: usize| {
            let locked = self.state.nodes.get(node);
            locked.map_or("", |locked| &locked.node.version)
        };
        self.solver.order(version(left), version(right))
    }
}

impl State {
    /// Who asks for what, by the places of the edges.
    pub(super) fn blockers(&self, places: impl Iterator<Item = usize>) -> Vec<Blocker> {
        let edges = places.filter_map(|place| self.edges.get(place));
        let mut blockers: Vec<Blocker> = edges
            .filter_map(|edge| {
                let by = self.nodes.get(edge.from)?;
                Some(Blocker {
                    name: by.node.name.as_ref().into(),
                    version: by.node.version.as_ref().into(),
                    range: edge.range.as_deref().unwrap_or_default().into(),
                })
            })
            .collect();
        blockers.sort();
        blockers.dedup();
        blockers
    }
}

/// What a manifest asks for after a client was told to take a version.
fn least(ecosystem: Ecosystem, version: &str) -> String {
    match ecosystem {
        Ecosystem::Npm => format!("^{version}"),
        Ecosystem::PyPi => format!(">={version}"),
        Ecosystem::RubyGems => format!(">= {version}"),
        _ => version.to_owned(),
    }
}

/// What is another between two states.
pub(super) fn changes(before: &State, after: &State) -> Vec<Change> {
    fn versions(state: &State) -> BTreeMap<&str, Vec<&str>> {
        let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for locked in state.nodes.iter().filter(|locked| locked.is_needed) {
            all.entry(&locked.node.name)
                .or_default()
                .push(&locked.node.version);
        }
        all
    }
    let (old, new) = (versions(before), versions(after));
    let mut names: Vec<&str> = old.keys().chain(new.keys()).copied().collect();
    names.sort_unstable();
    names.dedup();
    let mut all = Vec::new();
    for name in names {
        let old: Vec<&str> = old.get(name).cloned().unwrap_or_default();
        let new: Vec<&str> = new.get(name).cloned().unwrap_or_default();
        let mut gone = old.iter().filter(|version| !new.contains(version));
        let mut come = new.iter().filter(|version| !old.contains(version));
        loop {
            let (from, to) = (gone.next(), come.next());
            if from.is_none() && to.is_none() {
                break;
            }
            all.push(Change {
                name: name.into(),
                from: from.map(|version| (*version).into()),
                to: to.map(|version| (*version).into()),
            });
        }
    }
    all
}

impl Solver<'_> {
    /// The version that the client takes of those that will do.
    pub(super) fn choose(
        &self,
        versions: &[Box<str>],
        will_do: impl Fn(&str) -> bool,
    ) -> Option<Box<str>> {
        let fitting = versions
            .iter()
            .filter(|version| !self.is_pre_release(version) && will_do(version));
        match self.options.choice {
            Choice::Least => fitting.min_by(|left, right| self.order(left, right)),
            Choice::Exact | Choice::Newest | Choice::NewestAllowed => {
                fitting.max_by(|left, right| self.order(left, right))
            }
        }
        .cloned()
    }
}
