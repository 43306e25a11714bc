//! rpm: `[epoch:]version[-release]`,
//! <https://rpm-software-management.github.io/rpm/man/rpm-version.7>.
//!
//! Runs of digits and runs of letters are compared in turn, what stands between them does not
//! count. `~` comes before everything, `^` after the end and before everything else.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::digits::{Digits, split_digits};
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Rpm,
    documentation: "rpm's ordering: an optional epoch, the version, an optional release. Runs of \
        digits and of letters are compared in turn, digits after letters; `~` comes before \
        everything, `^` after the end and before everything else.",
    compare,
};

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    let (left, right) = (
        EpochVersionRelease::parse(VersionScheme::Rpm, left)?,
        EpochVersionRelease::parse(VersionScheme::Rpm, right)?,
    );
    Ok(left
        .epoch
        .cmp(&right.epoch)
        .then_with(|| compare_parts(left.version, right.version))
        .then_with(|| match (left.release, right.release) {
            (Some(left), Some(right)) => compare_parts(left, right),
            // A version alone comes before the same with a release.
            (left, right) => left.is_some().cmp(&right.is_some()),
        }))
}

/// The parts of a version of rpm or pacman.
pub(super) struct EpochVersionRelease<'a> {
    pub(super) epoch: Digits<'a>,
    pub(super) version: &'a str,
    pub(super) release: Option<&'a str>,
}

impl<'a> EpochVersionRelease<'a> {
    /// Takes a text apart; it must have a version and no space.
    pub(super) fn parse(scheme: VersionScheme, text: &'a str) -> Result<Self, InvalidVersion> {
        let trimmed = text.trim_ascii();
        let (digits, rest) = split_digits(trimmed);
        let (epoch, rest) = match rest.strip_prefix(':') {
            Some(rest) => (Digits::new(digits), rest),
            None => (Digits::ZERO, trimmed),
        };
        let (version, release) = match rest.rsplit_once('-') {
            Some((version, release)) => (version, Some(release)),
            None => (rest, None),
        };
        let unfit = |c: char| c.is_whitespace() || c.is_control();
        if version.is_empty() || release == Some("") || trimmed.contains(unfit) {
            return Err(InvalidVersion::new(scheme, text));
        }
        Ok(Self {
            epoch,
            version,
            release,
        })
    }
}

/// `rpmvercmp`.
fn compare_parts(mut left: &str, mut right: &str) -> Ordering {
    let counts = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'~' | b'^');
    loop {
        left = skip_until(left, counts);
        right = skip_until(right, counts);
        let order = rank(left).cmp(&rank(right));
        if order.is_ne() {
            return order;
        }
        let (left_run, right_run);
        (left_run, left) = split_run(left);
        (right_run, right) = split_run(right);
        if left_run.is_empty() && right_run.is_empty() {
            // Both are at the same mark, or at their end.
            let (Some(left_rest), Some(right_rest)) = (left.get(1..), right.get(1..)) else {
                return Ordering::Equal;
            };
            (left, right) = (left_rest, right_rest);
            continue;
        }
        let order = compare_runs(left_run, right_run);
        if order.is_ne() {
            return order;
        }
    }
}

/// `~`, the end, `^`, everything else.
fn rank(text: &str) -> u8 {
    match text.as_bytes().first() {
        Some(b'~') => 0,
        None => 1,
        Some(b'^') => 2,
        Some(_) => 3,
    }
}

pub(super) fn skip_until(text: &str, counts: impl Fn(u8) -> bool) -> &str {
    let start = text.bytes().position(counts).unwrap_or(text.len());
    text.get(start..).unwrap_or_default()
}

/// The digits or letters at the beginning of a text, and what follows them.
pub(super) fn split_run(text: &str) -> (&str, &str) {
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    let belongs = |byte: u8| {
        if digits {
            byte.is_ascii_digit()
        } else {
            byte.is_ascii_alphabetic()
        }
    };
    let end = text
        .bytes()
        .position(|byte| !belongs(byte))
        .unwrap_or(text.len());
    text.split_at(end)
}

/// Numbers by value, letters as text; a number comes after letters.
pub(super) fn compare_runs(left: &str, right: &str) -> Ordering {
    let is_digits = |run: &str| run.starts_with(|c: char| c.is_ascii_digit());
    match (is_digits(left), is_digits(right)) {
        (true, true) => Digits::new(left).cmp(&Digits::new(right)),
        (false, false) => left.cmp(right),
        (left, right) => left.cmp(&right),
    }
}
