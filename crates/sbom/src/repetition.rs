//! How much a document may say by naming what it said elsewhere.
//!
//! In SPDX a licence or a person is written once and named by all that have it. Our document holds
//! a copy with each, so that a text of a megabyte that ten thousand packages name would take ten
//! gigabytes. Readers ask here before they copy. What to do where there is no room is theirs to
//! say: a licence can stay a reference, a name can not.

use std::cell::Cell;

/// What every document may copy, in bytes.
const ALWAYS: usize = 64 << 20;
/// How often a document may copy as much as it holds itself.
const TIMES: usize = 4;

/// The room that is left.
#[derive(Debug)]
pub(crate) struct Repetition {
    room: Cell<usize>,
}

impl Repetition {
    /// For a document of so many bytes.
    pub(crate) fn of(size: usize) -> Self {
        Self {
            room: Cell::new(size.saturating_mul(TIMES).saturating_add(ALWAYS)),
        }
    }

    /// Whether so many bytes may be copied; if so, they are counted.
    pub(crate) fn allows(&self, bytes: usize) -> bool {
        let left = self.room.get().checked_sub(bytes);
        if let Some(left) = left {
            self.room.set(left);
        }
        left.is_some()
    }
}
