//! Pub: Dart's `pub_semver`, <https://dart.dev/tools/pub/versioning>.
//!
//! SemVer 2.0, but build metadata counts: a version with a build comes after the same one without,
//! and builds are compared as pre-releases are. Zeros in front are forgiven, and an identifier is a
//! number where Dart's `int.tryParse` takes it for one: with a sign and in hexadecimal, too.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::digits::{Digits, split_digits};
use super::semantic::are_identifiers;
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Pub,
    documentation: "SemVer 2.0 as Dart's pub reads it: three numbers, then an optional \
        pre-release that comes before the release. Build metadata counts: `1.0.0+1` comes after \
        `1.0.0`.",
    compare,
};

/// Numbers are kept in signed 64 bits.
const LARGEST: Digits<'static> = Digits::from_literal("9223372036854775807");

struct Version<'a> {
    numbers: [Digits<'a>; 3],
    /// Empty for a release.
    pre_release: &'a str,
    /// Empty where there is none.
    build: &'a str,
}

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    let parse = |text| read(text).ok_or_else(|| InvalidVersion::new(VersionScheme::Pub, text));
    let (left, right) = (parse(left)?, parse(right)?);
    let is_release = |version: &Version<'_>| version.pre_release.is_empty();
    Ok(left
        .numbers
        .cmp(&right.numbers)
        .then_with(|| is_release(&left).cmp(&is_release(&right)))
        .then_with(|| compare_lists(left.pre_release, right.pre_release))
        .then_with(|| compare_lists(left.build, right.build)))
}

fn read(text: &str) -> Option<Version<'_>> {
    let (major, rest) = split_digits(text);
    let (minor, rest) = split_digits(rest.strip_prefix('.')?);
    let (patch, tail) = split_digits(rest.strip_prefix('.')?);
    let (tail, build) = match tail.split_once('+') {
        Some((tail, build)) if are_identifiers(build) => (tail, build),
        Some(_) => return None,
        None => (tail, ""),
    };
    let pre_release = match tail.strip_prefix('-') {
        Some(identifiers) if are_identifiers(identifiers) => identifiers,
        None if tail.is_empty() => "",
        _ => return None,
    };
    let numbers = [major, minor, patch];
    if numbers.iter().any(|number| number.is_empty()) {
        return None;
    }
    let numbers = numbers.map(Digits::new);
    numbers
        .iter()
        .all(|number| *number <= LARGEST)
        .then_some(Version {
            numbers,
            pre_release,
            build,
        })
}

/// Identifier by identifier; an end comes before everything, numbers before words.
fn compare_lists(left: &str, right: &str) -> Ordering {
    let identifiers = |text| {
        str::split(text, '.')
            .filter(|identifier: &&str| !identifier.is_empty())
            .map(|identifier| match integer(identifier) {
                Some(number) => (0, number, ""),
                None => (1, 0, identifier),
            })
    };
    identifiers(left).cmp(identifiers(right))
}

fn integer(identifier: &str) -> Option<i64> {
    let (sign, digits) = match identifier.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", identifier),
    };
    if let Some(digits) = digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
        let fits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        return i64::from_str_radix(&format!("{sign}{digits}"), 16)
            .ok()
            .filter(|_| fits);
    }
    let fits = digits.bytes().all(|byte| byte.is_ascii_digit());
    identifier.parse().ok().filter(|_| fits)
}
