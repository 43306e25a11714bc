//! Which parts of a mapped file were compared with their checksums already.
//!
//! A checksum costs more than all else of a lookup, and tells of a file that was damaged before it
//! was opened: once for each part and opening is enough. What is kept is a bit for each part,
//! which threads may set at the same time; if two check one part at once, both come to the same.

use std::sync::atomic::{AtomicU64, Ordering};

/// A bit for each part of a file.
#[derive(Debug, Default)]
pub(super) struct Checked(Box<[AtomicU64]>);

impl Checked {
    /// For parts of which none was checked.
    pub(super) fn none_of(parts: usize) -> Self {
        Self(
            std::iter::repeat_with(AtomicU64::default)
                .take(parts.div_ceil(64))
                .collect(),
        )
    }

    /// Whether a part is right: `check` is asked the first time, and again as long as it says no.
    pub(super) fn once(&self, part: usize, check: impl FnOnce() -> bool) -> bool {
        let bit = 1u64 << (part % 64);
        let Some(word) = self.0.get(part / 64) else {
            return check();
        };
        // Nothing else is told by the bit, so that no order with other memory is needed.
        if word.load(Ordering::Relaxed) & bit != 0 {
            return true;
        }
        let right = check();
        if right {
            word.fetch_or(bit, Ordering::Relaxed);
        }
        right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_checked_until_it_was_right_once() {
        let checked = Checked::none_of(65);
        for part in [0, 1, 63, 64] {
            assert!(!checked.once(part, || false));
            assert!(checked.once(part, || true));
            assert!(checked.once(part, || panic!("a second time")));
        }
        assert!(!checked.once(2, || false));
        // There is no such part: nothing is remembered of it.
        assert!(checked.once(1000, || true));
        assert!(!checked.once(1000, || false));
        assert!(!Checked::default().once(0, || false));
    }
}
