//! npm: SemVer 2.0, read as leniently as `node-semver` does with its `loose` option,
//! <https://github.com/npm/node-semver>.
//!
//! Leniency: spaces, `v` and `=` in front; leading zeros; a pre-release without its dash
//! (`1.2.3beta`). What is not here: ranges, and the guessing of `coerce`.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::digits::{Digits, split_digits};
use super::semantic::{SemanticVersion, are_identifiers};
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Npm,
    documentation: "SemVer 2.0 as npm reads it: three numbers, then an optional pre-release that \
        comes before the release; build metadata does not count. A leading `v` or `=`, leading \
        zeros and a missing dash before the pre-release are forgiven.",
    compare,
};

/// JavaScript's largest safe integer: a larger major, minor or patch is refused.
const LARGEST: Digits<'static> = Digits::from_literal("9007199254740991");

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    Ok(parse(left)?.cmp(&parse(right)?))
}

fn parse(text: &str) -> Result<SemanticVersion<'_>, InvalidVersion> {
    read(text).ok_or_else(|| InvalidVersion::new(VersionScheme::Npm, text))
}

fn read(text: &str) -> Option<SemanticVersion<'_>> {
    let text = text
        .trim()
        .trim_start_matches(|c: char| c.is_whitespace() || c == 'v' || c == '=');
    let (major, rest) = split_digits(text);
    let (minor, rest) = split_digits(rest.strip_prefix('.')?);
    let rest = rest.strip_prefix('.')?;
    let (patch, tail) = split_digits(rest);
    if major.is_empty() || minor.is_empty() || patch.is_empty() {
        return None;
    }
    // node-semver reads by a regular expression, which gives back a digit of the patch where the
    // rest makes no sense without it: `1.2.34.5` is 1.2.3 with the pre-release `4.5`.
    let (patch, pre_release) = match read_tail(tail) {
        Some(pre_release) => (patch, pre_release),
        None if patch.len() > 1 => {
            let (patch, tail) = rest.split_at(patch.len() - 1);
            (patch, read_tail(tail)?)
        }
        None => return None,
    };
    let numbers = [major, minor, patch].map(Digits::new);
    numbers
        .iter()
        .all(|number| *number <= LARGEST)
        .then_some(SemanticVersion {
            numbers,
            pre_release: pre_release.into(),
        })
}

/// What follows the numbers: a pre-release, with or without a dash, and build metadata.
fn read_tail(tail: &str) -> Option<&str> {
    let pre_release = match tail.split_once('+') {
        Some((pre_release, build)) if are_identifiers(build) => pre_release,
        Some(_) => return None,
        None => tail,
    };
    if pre_release.is_empty() {
        return Some(pre_release);
    }
    // A dash that no identifier follows is itself one.
    pre_release
        .strip_prefix('-')
        .filter(|identifiers| are_identifiers(identifiers))
        .or_else(|| are_identifiers(pre_release).then_some(pre_release))
}
