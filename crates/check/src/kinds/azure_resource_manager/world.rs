//! What may be spent on evaluating the files of one that nobody calls.

use std::cell::Cell;

/// How much may be evaluated: values, and bytes of texts by 64.
const MOST_WORK: usize = 400_000;

/// Deepest nesting of evaluation.
const DEEPEST: usize = 120;

/// Most files that one calls, those that these call among them, and most templates within one.
const MOST_MODULES: usize = 200;

/// What is left.
pub(super) struct World {
    work: Cell<usize>,
    depth: Cell<usize>,
    modules: Cell<usize>,
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            work: Cell::new(MOST_WORK),
            depth: Cell::new(0),
            modules: Cell::new(MOST_MODULES),
        }
    }

    /// Takes so much off; false when nothing is left.
    pub(super) fn spend(&self, work: usize) -> bool {
        let left = self.work.get();
        self.work.set(left.saturating_sub(work));
        left > work
    }

    /// Whether all has been spent.
    pub(super) fn is_spent(&self) -> bool {
        self.work.get() == 0
    }

    /// Does something one level deeper, unless that is too deep.
    pub(super) fn deeper<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        let depth = self.depth.get();
        if depth >= DEEPEST || !self.spend(1) {
            return None;
        }
        self.depth.set(depth + 1);
        let done = work();
        self.depth.set(depth);
        Some(done)
    }

    /// Begins another file or template; false when there were enough.
    pub(super) fn begin_module(&self) -> bool {
        let left = self.modules.get();
        self.modules.set(left.saturating_sub(1));
        left > 0
    }
}
