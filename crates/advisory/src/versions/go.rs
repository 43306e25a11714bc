//! Go: module versions, <https://go.dev/ref/mod#versions>, and versions of the toolchain and its
//! standard library, <https://go.dev/doc/toolchain#version>.
//!
//! A toolchain's `go1.21rc2` is read as the Go vulnerability database writes it, `1.21.0-rc.2`,
//! and `go1.20` as `1.20.0`. Pseudo-versions and `+incompatible` need nothing of their own: the
//! former are pre-releases that sort by date, the latter is build metadata.

use std::borrow::Cow;
use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::digits::{Digits, is_number, split_digits};
use super::semantic::{SemanticVersion, are_identifiers};
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Go,
    documentation: "SemVer 2.0 with or without the leading `v`; pseudo-versions sort as the \
        pre-releases that they are, `+incompatible` does not count. Versions of the toolchain \
        such as `go1.21rc2` are read as `1.21.0-rc.2`.",
    compare,
};

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    Ok(parse(left)?.cmp(&parse(right)?))
}

fn parse(text: &str) -> Result<SemanticVersion<'_>, InvalidVersion> {
    let trimmed = text.trim_ascii();
    match trimmed.strip_prefix("go") {
        Some(toolchain) => read(without_vendor(toolchain)),
        None => read(trimmed.strip_prefix('v').unwrap_or(trimmed)),
    }
    .ok_or_else(|| InvalidVersion::new(VersionScheme::Go, text))
}

/// A toolchain's version without what its vendor or its experiments added:
/// `1.21.3-vendor`, `1.21.3 X:boringcrypto`.
fn without_vendor(toolchain: &str) -> &str {
    toolchain.split(['-', '+', ' ']).next().unwrap_or(toolchain)
}

fn read(text: &str) -> Option<SemanticVersion<'_>> {
    let (numbers, count, tail) = read_numbers(text)?;
    let (before_build, build) = match tail.split_once('+') {
        Some((before_build, build)) => (before_build, Some(build)),
        None => (tail, None),
    };
    let pre_release = match before_build.strip_prefix('-') {
        Some(identifiers) => {
            (count == 3 && are_identifiers(identifiers)).then_some(Cow::Borrowed(identifiers))?
        }
        None if before_build.is_empty() => Cow::Borrowed(""),
        None => read_toolchain_stage(before_build)?,
    };
    // Only whole versions have build metadata: `v1.2` is short for `v1.2.0`, `v1.2+b` is nothing.
    build
        .is_none_or(|build| count == 3 && are_identifiers(build))
        .then_some(SemanticVersion {
            numbers,
            pre_release,
        })
}

/// One to three numbers, how many they were, and what follows them.
fn read_numbers(text: &str) -> Option<([Digits<'_>; 3], usize, &str)> {
    let (major, mut rest) = split_digits(text);
    if major.is_empty() {
        return None;
    }
    let mut numbers = [Digits::new(major), Digits::ZERO, Digits::ZERO];
    let mut count = 1;
    for number in numbers.iter_mut().skip(1) {
        let Some(after_dot) = rest.strip_prefix('.') else {
            break;
        };
        let (run, after_run) = split_digits(after_dot);
        if run.is_empty() {
            return None;
        }
        *number = Digits::new(run);
        count += 1;
        rest = after_run;
    }
    Some((numbers, count, rest))
}

/// The stage of a toolchain before its release, `rc2` or `beta1`, as SemVer writes it.
fn read_toolchain_stage(text: &str) -> Option<Cow<'_, str>> {
    ["alpha", "beta", "rc"].iter().find_map(|stage| {
        text.strip_prefix(stage)
            .filter(|number| is_number(number))
            .map(|number| Cow::Owned(format!("{stage}.{number}")))
    })
}
