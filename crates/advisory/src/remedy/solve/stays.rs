//! What a plan does not remove, and why not.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::plan::{Stay, Why};
use super::state::{Locked, State};
use super::{Manifests, Solver};
use crate::remedy::Jump;
use crate::remedy::flaws::Flaw;
use crate::remedy::graph::NodeKind;

impl Solver<'_> {
    pub(super) fn stays(&self, state: &State) -> Vec<Stay> {
        let mut stays = Vec::new();
        for (node, locked) in state.nodes.iter().enumerate() {
            let mut by_reason: BTreeMap<Why, Vec<Box<str>>> = BTreeMap::new();
            for flaw in State::counted(locked, self) {
                let why = self.why(node, locked, flaw, state);
                by_reason.entry(why).or_default().push(flaw.id.clone());
            }
            let by_reason = self.join(by_reason);
            if by_reason.is_empty() {
                continue;
            }
            let through = Self::through(node, state);
            let older = self.older(node, locked, state);
            for (why, mut flaws) in by_reason {
                flaws.sort();
                stays.push(Stay {
                    name: locked.node.name.as_ref().into(),
                    version: locked.node.version.as_ref().into(),
                    flaws,
                    why,
                    is_direct: !Self::manifests(node, state).is_empty(),
                    through: through.clone(),
                    older: older.clone(),
                });
            }
        }
        stays.sort();
        stays
    }

    /// Of reasons that differ in the version alone, the highest version stands for all.
    fn join(&self, by_reason: BTreeMap<Why, Vec<Box<str>>>) -> Vec<(Why, Vec<Box<str>>)> {
        let mut joined: Vec<(Why, Vec<Box<str>>)> = Vec::new();
        for (why, flaws) in by_reason {
            let same = joined.iter_mut().find(|(other, _)| match (&why, other) {
                (Why::TooFar { .. }, Why::TooFar { .. }) => true,
                (Why::NotAllowed { by, .. }, Why::NotAllowed { by: others, .. }) => by == others,
                _ => false,
            });
            let Some((other, all)) = same else {
                joined.push((why, flaws));
                continue;
            };
            all.extend(flaws);
            if let (
                Why::TooFar { version, .. } | Why::NotAllowed { version, .. },
                Why::TooFar {
                    version: highest, ..
                }
                | Why::NotAllowed {
                    version: highest, ..
                },
            ) = (&why, &*other)
                && self.order(version, highest) == Ordering::Greater
            {
                *other = why;
            }
        }
        joined
    }

    fn why(&self, node: usize, locked: &Locked, flaw: &Flaw, state: &State) -> Why {
        if flaw.is_attack {
            return Why::Attack;
        }
        if locked.node.kind == NodeKind::Fixed {
            return Why::NotFromRegistry;
        }
        let name = &locked.node.name;
        let has_it = |version: &str| {
            let flaws = self.flaws.of(name, version);
            flaws.iter().any(|other| other.id == flaw.id)
        };
        if let Some(refused) = self.refusal(name, flaw) {
            return refused;
        }
        let later = self.later(node, state);
        let Some(version) = later.into_iter().find(|version| !has_it(version)) else {
            return match &flaw.fixed {
                // Known to be fixed there, but nobody said whether it is to be had.
                Some(version) if self.releases.versions(name).is_none() => Why::NothingBetter {
                    version: version.clone(),
                },
                _ => Why::NoFix,
            };
        };
        let manifests = Self::manifests(node, state);
        let jump = Jump::between(self.ecosystem, &locked.node.version, &version);
        let places = state.asking_for(node).into_iter().filter(|&place| {
            let Some(edge) = state.edges.get(place) else {
                return false;
            };
            let own = edge.manifest.is_some()
                && self.options.manifests == Manifests::Changed
                && jump <= self.options.farthest;
            let forbids = match &edge.range {
                Some(range) => self.allows(range, &version) != Some(true),
                None => !self.is_likely_allowed(node, &version, state),
            };
            forbids && !own
        });
        let mut by = state.blockers(places);
        if jump > self.options.farthest && !manifests.is_empty() {
            let others = by.iter().any(|blocker| !blocker.is_project(state));
            if !others {
                return Why::TooFar { version, jump };
            }
            by.retain(|blocker| !blocker.is_project(state));
        }
        if by.is_empty() {
            return Why::NothingBetter { version };
        }
        Why::NotAllowed { version, by }
    }

    /// What the client said of a version without a flaw.
    fn refusal(&self, name: &str, flaw: &Flaw) -> Option<Why> {
        let refused = self.options.refused.iter().filter(|((of, version), _)| {
            let has_it = self.flaws.of(name, version);
            **of == *name && !has_it.iter().any(|other| other.id == flaw.id)
        });
        let ((_, version), because) =
            refused.min_by(|((_, left), _), ((_, right), _)| self.order(left, right))?;
        Some(Why::Refused {
            version: version.clone(),
            because: because.clone(),
        })
    }

    /// The newest older version without any flaw that all allow.
    fn older(&self, node: usize, locked: &Locked, state: &State) -> Option<Box<str>> {
        if locked.node.kind != NodeKind::Package {
            return None;
        }
        let versions = self.releases.versions(&locked.node.name)?;
        let places = state.asking_for(node);
        let older = versions.iter().filter(|version| {
            self.order(version, &locked.node.version) == Ordering::Less
                && !self.is_pre_release(version)
                && places.iter().all(|&place| {
                    let range = state
                        .edges
                        .get(place)
                        .and_then(|edge| edge.range.as_deref());
                    range.is_some_and(|range| self.allows(range, version) == Some(true))
                })
                && self.flaws.of(&locked.node.name, version).is_empty()
        });
        older.max_by(|left, right| self.order(left, right)).cloned()
    }
}

impl super::plan::Blocker {
    fn is_project(&self, state: &State) -> bool {
        state.nodes.iter().any(|locked| {
            matches!(locked.node.kind, NodeKind::Project(_))
                && locked.node.name.as_ref() == self.name.as_ref()
        })
    }
}
