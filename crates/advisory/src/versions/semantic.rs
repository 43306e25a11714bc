//! The precedence of SemVer 2.0, section 11 of <https://semver.org/>, for numbers of any length.
//!
//! npm and Go read the text in their own ways; the order of what they have read is the same.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::digits::{Digits, is_number};

/// The parts that count. Build metadata does not.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SemanticVersion<'a> {
    /// Major, minor, patch.
    pub(super) numbers: [Digits<'a>; 3],
    /// The pre-release identifiers with the dots between them; empty for a release.
    pub(super) pre_release: Cow<'a, str>,
}

impl Ord for SemanticVersion<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| compare_pre_releases(&self.pre_release, &other.pre_release))
    }
}

impl PartialOrd for SemanticVersion<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares pre-releases; the empty one is the release itself and comes last.
fn compare_pre_releases(left: &str, right: &str) -> Ordering {
    match (left.is_empty(), right.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(left), Some(right)) => compare_identifiers(left, right),
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn compare_identifiers(left: &str, right: &str) -> Ordering {
    match (is_number(left), is_number(right)) {
        (true, true) => Digits::new(left).cmp(&Digits::new(right)),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => left.cmp(right),
    }
}

/// Whether a text is identifiers with dots between them, as pre-releases and build metadata are.
pub(super) fn are_identifiers(text: &str) -> bool {
    text.split('.').all(|identifier| {
        !identifier.is_empty()
            && identifier
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}
