//! Debian: `[epoch:]upstream[-revision]`, deb-version(7),
//! <https://manpages.debian.org/stable/dpkg-dev/deb-version.7.en.html>.
//!
//! As `dpkg --compare-versions` does, characters that the policy forbids are compared all the
//! same; only what dpkg gives up on is refused.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::digits::{Digits, is_number, split_digits};
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Debian,
    documentation: "dpkg's ordering: an optional epoch, the upstream version, an optional \
        revision. Runs of digits are compared as numbers, the rest letter by letter; `~` comes \
        before everything, even before the end.",
    compare,
};

/// Epochs are kept in a signed 32-bit number by dpkg.
const LARGEST_EPOCH: Digits<'static> = Digits::from_literal("2147483647");

struct Version<'a> {
    epoch: Digits<'a>,
    upstream: &'a str,
    revision: &'a str,
}

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    let (left, right) = (parse(left)?, parse(right)?);
    Ok(left
        .epoch
        .cmp(&right.epoch)
        .then_with(|| compare_parts(left.upstream, right.upstream))
        .then_with(|| compare_parts(left.revision, right.revision)))
}

fn parse(text: &str) -> Result<Version<'_>, InvalidVersion> {
    let invalid = || InvalidVersion::new(VersionScheme::Debian, text);
    let trimmed = text.trim_ascii();
    if trimmed.is_empty() || trimmed.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(invalid());
    }
    let (epoch, rest) = match trimmed.split_once(':') {
        Some((epoch, rest)) if is_number(epoch) => (Digits::new(epoch), rest),
        Some(_) => return Err(invalid()),
        None => (Digits::ZERO, trimmed),
    };
    let (upstream, revision) = match rest.rsplit_once('-') {
        Some((_, "")) => return Err(invalid()),
        Some(parts) => parts,
        None => (rest, ""),
    };
    if epoch > LARGEST_EPOCH || upstream.is_empty() {
        return Err(invalid());
    }
    Ok(Version {
        epoch,
        upstream,
        revision,
    })
}

/// Compares upstream versions or revisions: in turn a run without digits and a run of digits.
pub(super) fn compare_parts(mut left: &str, mut right: &str) -> Ordering {
    while !left.is_empty() || !right.is_empty() {
        let (left_text, left_rest) = split_text(left);
        let (right_text, right_rest) = split_text(right);
        let (left_number, left_rest) = split_digits(left_rest);
        let (right_number, right_rest) = split_digits(right_rest);
        let order = compare_texts(left_text, right_text)
            .then_with(|| Digits::new(left_number).cmp(&Digits::new(right_number)));
        if order.is_ne() {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
    Ordering::Equal
}

fn split_text(text: &str) -> (&str, &str) {
    let end = text
        .bytes()
        .position(|byte| byte.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

/// Letter by letter: `~`, then the end (or a digit), then letters, then everything else.
fn compare_texts(left: &str, right: &str) -> Ordering {
    let rank = |byte: Option<u8>| match byte {
        Some(b'~') => (0, 0),
        None => (1, 0),
        Some(byte) if byte.is_ascii_alphabetic() => (2, byte),
        Some(byte) => (3, byte),
    };
    let (mut left, mut right) = (left.bytes(), right.bytes());
    loop {
        let (left, right) = (left.next(), right.next());
        if left.is_none() && right.is_none() {
            return Ordering::Equal;
        }
        let order = rank(left).cmp(&rank(right));
        if order.is_ne() {
            return order;
        }
    }
}
