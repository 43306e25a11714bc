//! Numbers of any length, kept as their digits: no version overflows, and none is rounded.

use std::cmp::Ordering;

/// A run of digits, compared by its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Digits<'a>(&'a str);

impl<'a> Digits<'a> {
    /// Nought.
    pub(super) const ZERO: Digits<'static> = Digits("");

    /// A number written in the program, without leading zeros.
    pub(super) const fn from_literal(digits: &'static str) -> Digits<'static> {
        Digits(digits)
    }

    /// Takes a run of ASCII digits, which the caller has found; leading zeros fall away. An empty
    /// run is nought.
    pub(super) fn new(run: &'a str) -> Self {
        debug_assert!(run.bytes().all(|byte| byte.is_ascii_digit()));
        Self(run.trim_start_matches('0'))
    }
}

impl Ord for Digits<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0
            .len()
            .cmp(&other.0.len())
            .then_with(|| self.0.cmp(other.0))
    }
}

impl PartialOrd for Digits<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The digits at the beginning of a text, and what follows them.
pub(super) fn split_digits(text: &str) -> (&str, &str) {
    let end = text
        .bytes()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

/// Whether a text is digits and nothing else.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
