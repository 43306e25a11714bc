//! Which of the candidates are taken.
//!
//! The best by what it removes for what it costs comes first; what the others remove is counted
//! anew before they are taken, as much of it may be gone. That greedy choice is within a small
//! factor of the best, and on real lockfiles nearly always the best: most flaws have one way out.
//! Then every step is left out in turn, and stays out if nothing comes back.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::moves::{Outcome, changes};
use super::plan::{Change, How, Move, PlanStep};
use super::state::{State, more};
use super::{Choice, Solver};
use crate::remedy::Jump;

/// How often new candidates are looked for after some were taken.
const ROUNDS: usize = 4;

/// The most steps of a plan.
const MOST_STEPS: usize = 400;

/// From how many steps on none is left out in turn: the work grows with the square.
const MOST_PRUNED: usize = 120;

/// What is chosen, and what is locked then.
pub(super) struct Chosen {
    pub(super) steps: Vec<PlanStep>,
    pub(super) state: State,
}

impl Solver<'_> {
    pub(super) fn choose_steps(&self, start: &State) -> Chosen {
        let mut taken: Vec<Move> = Vec::new();
        let mut state = start.clone();
        for _ in 0..ROUNDS {
            let before = taken.len();
            self.take_best(&mut state, &mut taken);
            let joined = join(&mut taken);
            if joined {
                state = self.replay(start, &taken).unwrap_or(state);
            }
            if taken.len() <= before && !joined {
                break;
            }
        }
        self.prune(start, &mut taken);
        self.steps(start, &taken)
    }

    fn take_best(&self, state: &mut State, taken: &mut Vec<Move>) {
        // By what each removes for its cost, the best first; the moves themselves break ties.
        let mut waiting: BTreeSet<(Reverse<u64>, Move)> = self
            .candidates(state)
            .into_iter()
            .filter_map(|moved| {
                let (value, _) = self.value(state, &moved)?;
                Some((Reverse(value), moved))
            })
            .collect();
        while let Some((Reverse(stale), moved)) = waiting.pop_first() {
            if taken.len() >= MOST_STEPS {
                return;
            }
            let Some((value, outcome)) = self.value(state, &moved) else {
                continue;
            };
            let next = waiting.first().map_or(0, |(Reverse(value), _)| *value);
            if value < stale && value < next {
                waiting.insert((Reverse(value), moved));
                continue;
            }
            *state = outcome.state;
            taken.push(moved);
        }
    }

    /// What a move removes for what it costs, and what comes of it; nothing if it removes nothing.
    fn value(&self, state: &State, moved: &Move) -> Option<(u64, Outcome)> {
        let outcome = self.make(state, moved).ok()?;
        let gain = state.risk(self).checked_sub(outcome.state.risk(self))?;
        (gain > 0).then(|| (gain * 1000 / self.cost(moved), outcome))
    }

    /// What a move costs: a change of a manifest somewhat more than one of the lockfile alone, a larger
    /// step more than a smaller one, and one that may break something as much as four others.
    fn cost(&self, moved: &Move) -> u64 {
        let jump = Jump::between(self.ecosystem, &moved.from, &moved.to);
        match (&moved.how, jump) {
            (How::Lock, Jump::Patch) => 10,
            (How::Lock, _) => 11,
            (How::Manifest(_), Jump::Patch) => 12,
            (How::Manifest(_), Jump::Minor) => 13,
            (How::Manifest(_), Jump::Major) => 40,
        }
    }

    /// What is locked after some moves; nothing if one can not be made.
    fn replay(&self, start: &State, moves: &[Move]) -> Option<State> {
        let mut state = start.clone();
        for moved in moves {
            state = self.make(&state, moved).ok()?.state;
        }
        Some(state)
    }

    /// Leaves out what is superfluous, what removes least first.
    fn prune(&self, start: &State, taken: &mut Vec<Move>) {
        if taken.len() < 2 || taken.len() > MOST_PRUNED {
            return;
        }
        let Some(end) = self.replay(start, taken) else {
            return;
        };
        let least = end.risk(self);
        for place in (0..taken.len()).rev() {
            let mut fewer = taken.clone();
            fewer.remove(place);
            if let Some(state) = self.replay(start, &fewer)
                && state.risk(self) <= least
            {
                *taken = fewer;
            }
        }
    }

    fn steps(&self, start: &State, moves: &[Move]) -> Chosen {
        let mut state = start.clone();
        let mut steps = Vec::new();
        for moved in moves {
            let Ok(outcome) = self.make(&state, moved) else {
                continue;
            };
            let (old, new) = (state.tally(self), outcome.state.tally(self));
            let risk = state.risk(self).saturating_sub(outcome.state.risk(self));
            let is_direct = matches!(moved.how, How::Manifest(_))
                || state.named(&moved.name).into_iter().any(|node| {
                    let places = state.asking_for(node).into_iter();
                    let mut edges = places.filter_map(|place| state.edges.get(place));
                    edges.any(|edge| state.is_project(edge.from) && edge.manifest.is_some())
                });
            let mut along = changes(&state, &outcome.state);
            let own = |change: &Change| {
                change.name == moved.name && change.from.as_ref() == Some(&moved.from)
            };
            let (is_kept_too, place) = match along.iter().position(own) {
                Some(place) => (false, Some(place)),
                None => (
                    true,
                    along.iter().position(|change| change.name == moved.name),
                ),
            };
            let own = place.map(|place| along.remove(place));
            let mut moved = moved.clone();
            // What the client takes, whatever it was told.
            if (self.options.choice == Choice::NewestAllowed || self.takes_newest(&moved.how))
                && let Some(to) = own.and_then(|own| own.to)
            {
                moved.to = to;
            }
            steps.push(PlanStep {
                is_direct,
                jump: Jump::between(self.ecosystem, &moved.from, &moved.to),
                moved,
                is_kept_too,
                along,
                removes: more(&old, &new),
                introduces: more(&new, &old),
                risk: u32::try_from(risk).unwrap_or(u32::MAX),
                is_assumed: outcome.is_assumed,
            });
            state = outcome.state;
        }
        Chosen { steps, state }
    }
}

/// Two moves of a package one after the other become one, at the place of the later.
fn join(moves: &mut Vec<Move>) -> bool {
    let mut joined = false;
    let mut place = 0;
    while let Some(later) = moves.get(place).cloned() {
        let before = moves.get(..place).unwrap_or_default();
        let earlier = before
            .iter()
            .position(|earlier| earlier.name == later.name && earlier.to == later.from);
        match earlier {
            Some(earlier) => {
                let first = moves.remove(earlier);
                if let Some(later) = place.checked_sub(1).and_then(|place| moves.get_mut(place)) {
                    later.from = first.from;
                }
                joined = true;
            }
            None => place += 1,
        }
    }
    joined
}
