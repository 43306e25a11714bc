//! Moves that may remove something: those of a flawed package itself, and those of the packages that
//! lead to it, whose other versions may need another version of it or none at all.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

use linchpin_model::{Scope, TargetPath};

use super::plan::{How, Move};
use super::state::State;
use super::{Choice, Manifests, Solver};
use crate::remedy::Jump;
use crate::remedy::graph::NodeKind;

/// How many packages that lead to a flawed one are tried, and how far away they may be.
const MOST_ABOVE: usize = 40;
const FARTHEST_ABOVE: usize = 12;

/// How many packages above are asked for at all; those that lead to most come first.
const MOST_LEADING: usize = 60;

const JUMPS: [Jump; 3] = [Jump::Patch, Jump::Minor, Jump::Major];

/// Who must allow a version, where a client takes several of one package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Anybody,
    Everybody,
}

/// How many versions of a package above are tried.
const MOST_TRIED: usize = 8;

impl Solver<'_> {
    /// All moves that may help, each once.
    pub(super) fn candidates(&self, state: &State) -> Vec<Move> {
        let flawed: Vec<usize> = (0..state.nodes.len())
            .filter(|&node| {
                let locked = state.nodes.get(node);
                locked.is_some_and(|locked| State::counted(locked, self).next().is_some())
            })
            .collect();
        self.expect(flawed.iter().copied(), state);
        let mut moves = BTreeSet::new();
        let mut below: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for &node in &flawed {
            let is_solved = self.of_flawed(node, state, &mut moves);
            for leading in Self::above(node, state) {
                let is_direct = !Self::manifests(leading, state).is_empty();
                if !is_solved || is_direct {
                    below.entry(leading).or_default().insert(node);
                }
            }
        }
        // A package above is worth asking the registry for if something below it has no way out of its
        // own, or if it may remove several things at once.
        let has_way_out: BTreeSet<&str> = moves.iter().map(|moved| moved.name.as_ref()).collect();
        let is_stuck = |node: &usize| {
            let locked = state.nodes.get(*node);
            locked.is_some_and(|locked| !has_way_out.contains(locked.node.name.as_ref()))
        };
        let mut leading: Vec<(usize, BTreeSet<usize>)> = below
            .into_iter()
            .filter(|(_, flawed)| flawed.len() > 1 || flawed.iter().any(is_stuck))
            .collect();
        leading.sort_by_key(|(_, flawed)| Reverse(flawed.len()));
        leading.truncate(MOST_LEADING);
        self.expect(leading.iter().map(|(node, _)| *node), state);
        for (leading, flawed) in leading {
            for flawed in flawed {
                self.of_leading(leading, flawed, state, &mut moves);
            }
        }
        moves.into_iter().collect()
    }

    /// Tells the registry what it will be asked.
    fn expect(&self, nodes: impl Iterator<Item = usize>, state: &State) {
        let packages = nodes
            .filter_map(|node| state.nodes.get(node))
            .filter(|locked| locked.node.kind == NodeKind::Package);
        let names: BTreeSet<&str> = packages.map(|locked| locked.node.name.as_ref()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        self.releases.expect(&names);
    }

    /// The packages that lead to one, nearest first.
    fn above(node: usize, state: &State) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        let mut level = vec![node];
        for _ in 0..FARTHEST_ABOVE {
            let mut next: Vec<usize> = level
                .iter()
                .flat_map(|&node| state.asking_for(node))
                .filter_map(|place| state.edges.get(place))
                .map(|edge| edge.from)
                .filter(|&from| from != node && !state.is_project(from) && !found.contains(&from))
                .collect();
            next.sort_unstable();
            next.dedup();
            next.truncate(MOST_ABOVE.saturating_sub(found.len()));
            if next.is_empty() {
                break;
            }
            found.extend(&next);
            level = next;
        }
        found
    }

    /// The manifests that ask for a package.
    pub(super) fn manifests(node: usize, state: &State) -> Vec<TargetPath> {
        let edges = state.asking_for(node).into_iter();
        let edges = edges.filter_map(|place| state.edges.get(place));
        let mut manifests: Vec<TargetPath> =
            edges.filter_map(|edge| edge.manifest.clone()).collect();
        manifests.sort();
        manifests.dedup();
        manifests
    }

    /// Later versions of a package that a client would take: as the registry says, else those that
    /// advisories call fixed. Sorted, the lowest first.
    pub(super) fn later(&self, node: usize, state: &State) -> Vec<Box<str>> {
        let Some(locked) = state.nodes.get(node) else {
            return Vec::new();
        };
        let (name, version) = (&locked.node.name, &locked.node.version);
        let known = self.releases.versions(name);
        let fixed = locked.flaws.iter().filter_map(|flaw| flaw.fixed.clone());
        let mut later: Vec<Box<str>> = match known {
            Some(known) => known.to_vec(),
            None => fixed.collect(),
        };
        let is_pre = self.is_pre_release(version);
        later.retain(|candidate| {
            self.order(candidate, version) == Ordering::Greater
                && (is_pre || !self.is_pre_release(candidate))
                && !self.is_refused(name, candidate)
        });
        later.sort_by(|left, right| self.order(left, right));
        later.dedup();
        later
    }

    /// What the flaws of a version weigh, as far as they count for this node.
    fn weight(&self, node: usize, version: &str, state: &State) -> u64 {
        let Some(locked) = state.nodes.get(node) else {
            return 0;
        };
        let all = locked.is_shipped || self.options.include_development;
        let flaws = self.flaws.of(&locked.node.name, version);
        let counted = flaws.iter().filter(|flaw| all || flaw.is_urgent);
        counted.map(|flaw| u64::from(flaw.weight)).sum()
    }

    /// Whether those who ask for a package allow a version, those in `manifests` left out, who will.
    fn is_allowed(
        &self,
        node: usize,
        version: &str,
        by: By,
        manifests: &[TargetPath],
        state: &State,
    ) -> bool {
        let places = state.asking_for(node);
        let edges = places.iter().filter_map(|&place| state.edges.get(place));
        let mut allowed = edges.map(|edge| {
            let own = edge.manifest.as_ref();
            own.is_some_and(|manifest| manifests.contains(manifest))
                || match &edge.range {
                    Some(range) => self.allows(range, version) == Some(true),
                    None => self.is_likely_allowed(node, version, state),
                }
        });
        if self.one_version_each || by == By::Everybody {
            allowed.all(|allowed| allowed)
        } else {
            allowed.any(|allowed| allowed)
        }
    }

    /// Moves of a flawed package itself; whether one of them that all allow leaves nothing of it.
    fn of_flawed(&self, node: usize, state: &State, moves: &mut BTreeSet<Move>) -> bool {
        let Some(locked) = state.nodes.get(node) else {
            return true;
        };
        if locked.node.kind != NodeKind::Package {
            return false;
        }
        let version = locked.node.version.as_ref();
        let now = self.weight(node, version, state);
        let manifests = Self::manifests(node, state);
        let later = self.later(node, state);
        let better: Vec<(u64, &str)> = later
            .iter()
            .map(AsRef::as_ref)
            .map(|to: &str| (self.weight(node, to, state), to))
            .filter(|(weight, _)| *weight < now)
            .collect();
        let by_weight = |(weight, _): &&(u64, &str)| *weight;
        // Where the client takes the newest in any case, whether that is near and better counts.
        let only = (self.options.choice == Choice::NewestAllowed && !manifests.is_empty())
            .then(|| self.newest_allowed(node, &later, state));
        let mut is_solved = false;
        // What only some allow leaves the others with what they have; what all allow may be less good.
        for by in [By::Anybody, By::Everybody] {
            let within = better.iter().filter(|(_, to)| {
                self.is_allowed(node, to, by, &[], state)
                    && self.is_near(&manifests, version, to)
                    && only.is_none_or(|only| only == Some(*to))
            });
            // Of equally good ones `min_by_key` takes the first, which is the lowest.
            if let Some((weight, to)) = within.min_by_key(by_weight) {
                moves.insert(Self::to(node, to, self.how_within(node, state), state));
                is_solved |= by == By::Everybody && *weight == 0;
            }
        }
        let tiers = if manifests.is_empty() || self.options.manifests == Manifests::Kept {
            &[][..]
        } else {
            &JUMPS
        };
        for &jump in tiers {
            for by in [By::Anybody, By::Everybody] {
                let tier = better.iter().filter(|(_, to)| {
                    Jump::between(self.ecosystem, version, to) == jump
                        && jump <= self.options.farthest
                        && self.is_allowed(node, to, by, &manifests, state)
                });
                if let Some((_, to)) = tier.min_by_key(by_weight) {
                    moves.insert(Self::to(node, to, How::Manifest(manifests.clone()), state));
                }
            }
        }
        is_solved
    }

    /// Whether a version of a package that the project asks for is near enough. What others allow is
    /// theirs to judge.
    fn is_near(&self, manifests: &[TargetPath], from: &str, to: &str) -> bool {
        manifests.is_empty() || Jump::between(self.ecosystem, from, to) <= self.options.farthest
    }

    /// The version that a client takes that knows no other: the newest that all allow.
    fn newest_allowed<'a>(
        &self,
        node: usize,
        later: &'a [Box<str>],
        state: &State,
    ) -> Option<&'a str> {
        let mut newest_first = later.iter().rev().map(AsRef::as_ref);
        newest_first.find(|to| self.is_allowed(node, to, By::Everybody, &[], state))
    }

    /// What changes for a version that all allow: npm is only told a version through the manifest, so
    /// where the project asks for the package, that is the way.
    fn how_within(&self, node: usize, state: &State) -> How {
        let manifests = Self::manifests(node, state);
        if manifests.is_empty() || self.options.choice != Choice::Newest {
            How::Lock
        } else {
            How::Manifest(manifests)
        }
    }

    fn to(node: usize, to: &str, how: How, state: &State) -> Move {
        let locked = state.nodes.get(node);
        let (name, from) = locked.map_or(("", ""), |locked| {
            (locked.node.name.as_ref(), locked.node.version.as_ref())
        });
        Move {
            name: name.into(),
            from: from.into(),
            to: to.into(),
            how,
        }
    }

    /// Versions of a package above a flawed one.
    fn of_leading(&self, node: usize, flawed: usize, state: &State, moves: &mut BTreeSet<Move>) {
        let Some(locked) = state.nodes.get(node) else {
            return;
        };
        if locked.node.kind != NodeKind::Package
            || self
                .releases
                .needs(&locked.node.name, &locked.node.version)
                .is_none()
        {
            return;
        }
        let version = locked.node.version.as_ref();
        let manifests = Self::manifests(node, state);
        let later = self.later(node, state);
        let within: Vec<&str> = later
            .iter()
            .map(AsRef::as_ref)
            .filter(|to| {
                self.is_allowed(node, to, By::Anybody, &[], state)
                    && self.is_near(&manifests, version, to)
            })
            .collect();
        let how = self.how_within(node, state);
        self.first_that_helps(node, flawed, &within, &how, state, moves);
        if manifests.is_empty() || self.options.manifests == Manifests::Kept {
            return;
        }
        let how = How::Manifest(manifests.clone());
        for jump in JUMPS {
            let tier: Vec<&str> = later
                .iter()
                .map(AsRef::as_ref)
                .filter(|to| {
                    Jump::between(self.ecosystem, version, to) == jump
                        && jump <= self.options.farthest
                        && self.is_allowed(node, to, By::Anybody, &manifests, state)
                })
                .collect();
            self.first_that_helps(node, flawed, &tier, &how, state, moves);
        }
    }

    /// The lowest of some versions that removes something of the flawed package, found by halving: a
    /// package that got rid of a flaw rarely takes it back.
    fn first_that_helps(
        &self,
        node: usize,
        flawed: usize,
        versions: &[&str],
        how: &How,
        state: &State,
        moves: &mut BTreeSet<Move>,
    ) {
        let Some(locked) = state.nodes.get(flawed) else {
            return;
        };
        let (name, version) = (locked.node.name.as_ref(), locked.node.version.as_ref());
        let weight_now = self.flaws_of_name(name, state);
        let helps = |to: &str| -> Option<Move> {
            let moved = Self::to(node, to, how.clone(), state);
            let outcome = self.make(state, &moved).ok()?;
            let gone = outcome.state.named(name).into_iter().all(|node| {
                let locked = outcome.state.nodes.get(node);
                locked.is_none_or(|locked| locked.node.version.as_ref() != version)
            });
            (gone && self.flaws_of_name(name, &outcome.state) < weight_now).then_some(moved)
        };
        let Some((newest, _)) = versions.split_last() else {
            return;
        };
        let Some(mut best) = helps(newest) else {
            return;
        };
        if !self.takes_newest(how) {
            let (mut low, mut high) = (0, versions.len().saturating_sub(1));
            for _ in 0..MOST_TRIED {
                if low >= high {
                    break;
                }
                let middle = low.midpoint(high);
                let Some(to) = versions.get(middle) else {
                    break;
                };
                match helps(to) {
                    Some(moved) => {
                        best = moved;
                        high = middle;
                    }
                    None => low = middle + 1,
                }
            }
        }
        moves.insert(best);
    }

    fn flaws_of_name(&self, name: &str, state: &State) -> u64 {
        let nodes = state.named(name).into_iter();
        let nodes = nodes.filter_map(|node| state.nodes.get(node));
        nodes
            .flat_map(|locked| State::counted(locked, self))
            .map(|flaw| u64::from(flaw.weight))
            .sum()
    }

    /// The packages that the project asks for and through which one comes in, nearest first.
    pub(super) fn through(node: usize, state: &State) -> Vec<Box<str>> {
        let mut names: Vec<(Reverse<bool>, Box<str>)> = Vec::new();
        for above in Self::above(node, state) {
            let asked = state.asking_for(above);
            let direct = asked
                .iter()
                .filter_map(|&place| state.edges.get(place))
                .filter(|edge| state.is_project(edge.from));
            for edge in direct {
                if let Some(locked) = state.nodes.get(above) {
                    let ships = edge.scope != Scope::Development;
                    names.push((Reverse(ships), locked.node.name.as_ref().into()));
                }
            }
        }
        names.sort();
        names.dedup_by(|left, right| left.1 == right.1);
        names.into_iter().map(|(_, name)| name).collect()
    }
}
