//! Whose turn it is: several layers are unpacked and looked at together, and taken in one after
//! another, from the uppermost to the lowest.
//!
//! The layer whose turn it is holds the state of the pass. Layers below it are read ahead; the lists
//! that they make share a fixed room. Whoever finds no room waits for its turn, which comes, since the
//! uppermost layer that is not done never waits.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::ahead::Ahead;
use super::first_pass::FirstPass;
use super::layer_error::LayerError;
use super::stack::FailedLayer;

/// Bytes that may be kept of layers whose turn has not come, in all.
const ROOM: u64 = 8 << 20;

/// A layer that was read before its turn, to its end or to its failure.
pub(super) struct Parked<'a> {
    pub(super) ahead: Ahead<'a>,
    pub(super) room: u64,
    pub(super) outcome: Result<(), LayerError>,
}

/// Another layer has failed, or its thread has: there is no more to do.
#[derive(Debug)]
pub(super) struct Stopped;

/// Whose turn it is.
pub(super) struct Turns<'a> {
    state: Mutex<State<'a>>,
    changed: Condvar,
    /// The same as in the state, to be looked at often.
    next: AtomicUsize,
    stopped: AtomicBool,
}

struct State<'a> {
    /// Unless a layer holds it.
    pass: Option<Box<FirstPass>>,
    /// The layer whose turn it is, counted from the uppermost.
    next: usize,
    parked: BTreeMap<usize, Parked<'a>>,
    room: u64,
    failed: Option<FailedLayer>,
}

impl<'a> Turns<'a> {
    pub(super) fn new(pass: FirstPass) -> Self {
        Self {
            state: Mutex::new(State {
                pass: Some(Box::new(pass)),
                next: 0,
                parked: BTreeMap::new(),
                room: ROOM,
                failed: None,
            }),
            changed: Condvar::new(),
            next: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<'a>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is no more to do.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Ends the work of all.
    pub(super) fn stop(&self) {
        let _state = self.state();
        self.stopped.store(true, Ordering::Relaxed);
        self.changed.notify_all();
    }

    /// Takes the turn if it is there.
    pub(super) fn take(&self, place: usize) -> Option<Box<FirstPass>> {
        if self.next.load(Ordering::Relaxed) != place {
            return None;
        }
        self.state().take(place)
    }

    /// Waits for the turn.
    pub(super) fn wait(&self, place: usize) -> Result<Box<FirstPass>, Stopped> {
        let mut state = self.state();
        loop {
            if self.is_stopped() {
                return Err(Stopped);
            }
            if let Some(pass) = state.take(place) {
                return Ok(pass);
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Leaves a layer that was read ahead until its turn comes; gives it back with the turn if that
    /// is there already.
    pub(super) fn park(
        &self,
        place: usize,
        parked: Parked<'a>,
    ) -> Option<(Box<FirstPass>, Parked<'a>)> {
        let mut state = self.state();
        if let Some(pass) = state.take(place) {
            return Some((pass, parked));
        }
        state.parked.insert(place, parked);
        None
    }

    /// Ends a turn. If the next layer was read already, the turn is given back with that one.
    pub(super) fn pass_on(&self, pass: Box<FirstPass>) -> Option<(Box<FirstPass>, Parked<'a>)> {
        let mut state = self.state();
        state.next += 1;
        self.next.store(state.next, Ordering::Relaxed);
        let next = state.next;
        if let Some(parked) = state.parked.remove(&next) {
            return Some((pass, parked));
        }
        state.pass = Some(pass);
        self.changed.notify_all();
        None
    }

    /// The layer whose turn it is has failed.
    pub(super) fn fail(&self, failed: FailedLayer) {
        self.state().failed = Some(failed);
        self.stop();
    }

    /// Takes a part of the room for what is read ahead; false if there is not so much.
    pub(super) fn take_room(&self, bytes: u64) -> bool {
        let mut state = self.state();
        let left = state.room.checked_sub(bytes);
        state.room = left.unwrap_or(state.room);
        left.is_some()
    }

    /// Gives it back.
    pub(super) fn give_back(&self, bytes: u64) {
        self.state().room += bytes;
    }

    /// What remains when all layers have been taken in.
    pub(super) fn finish(self) -> Result<Option<Box<FirstPass>>, FailedLayer> {
        let state = self.state.into_inner();
        let State { pass, failed, .. } = state.unwrap_or_else(PoisonError::into_inner);
        failed.map_or(Ok(pass), Err)
    }
}

/// Ends the work of all where the thread that holds it fails: they would wait for ever.
pub(super) struct StopOnPanic<'t, 'a>(pub(super) &'t Turns<'a>);

impl Drop for StopOnPanic<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

impl State<'_> {
    fn take(&mut self, place: usize) -> Option<Box<FirstPass>> {
        if self.next != place {
            return None;
        }
        self.pass.take()
    }
}
