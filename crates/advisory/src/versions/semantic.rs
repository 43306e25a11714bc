//! The precedence of SemVer 2.0, section 11 of <https://semver.org/>, for numbers of any length.
//!
//! npm and Go read the text in their own ways; the order of what they have read is the same.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::digits::{Digits, is_number, split_digits};

/// The parts that count. Build metadata does not.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SemanticVersion<'a> {
    /// Major, minor, patch.
    pub(super) numbers: [Digits<'a>; 3],
    /// The pre-release identifiers with the dots between them; empty for a release.
    pub(super) pre_release: Cow<'a, str>,
}

impl<'a> SemanticVersion<'a> {
    /// Reads a version by the letter of the specification; nothing if it is none.
    pub(super) fn strict(text: &'a str) -> Option<Self> {
        let (text, build) = match text.split_once('+') {
            Some((text, build)) => (text, Some(build)),
            None => (text, None),
        };
        let (release, pre_release) = match text.split_once('-') {
            Some((release, pre_release)) => (release, Some(pre_release)),
            None => (text, None),
        };
        let padded = |number: &str| number.len() > 1 && number.starts_with('0');
        if !build.is_none_or(are_identifiers)
            || !pre_release.is_none_or(|identifiers| {
                are_identifiers(identifiers)
                    && !identifiers
                        .split('.')
                        .any(|identifier| is_number(identifier) && padded(identifier))
            })
        {
            return None;
        }
        let (major, rest) = split_digits(release);
        let (minor, rest) = split_digits(rest.strip_prefix('.')?);
        let (patch, rest) = split_digits(rest.strip_prefix('.')?);
        let numbers = [major, minor, patch];
        let fit = |number: &&str| !number.is_empty() && !padded(number);
        (rest.is_empty() && numbers.iter().all(fit)).then(|| Self {
            numbers: numbers.map(Digits::new),
            pre_release: pre_release.unwrap_or_default().into(),
        })
    }
}

impl Ord for SemanticVersion<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| {
            compare_pre_releases(&self.pre_release, &other.pre_release, compare_identifiers)
        })
    }
}

impl PartialOrd for SemanticVersion<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares pre-releases identifier by identifier; the empty one is the release itself and comes
/// last.
pub(super) fn compare_pre_releases(
    left: &str,
    right: &str,
    compare_identifiers: impl Fn(&str, &str) -> Ordering,
) -> Ordering {
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

pub(super) fn compare_identifiers(left: &str, right: &str) -> Ordering {
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
