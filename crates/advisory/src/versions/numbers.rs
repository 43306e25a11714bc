//! Rows of numbers, the shorter of two that begin alike first: what R and Haskell have in common.

use super::digits::{Digits, is_number};

/// The numbers between separators, in order; nothing if a part is no number.
pub(super) fn numbers<'a>(text: &'a str, separators: &[char]) -> Option<Vec<Digits<'a>>> {
    text.split(separators)
        .map(|part| is_number(part).then(|| Digits::new(part)))
        .collect()
}
