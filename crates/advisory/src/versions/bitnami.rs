//! Bitnami: the version of the component, and the revision of Bitnami's own packaging,
//! `8.0.13-3`, <https://github.com/bitnami/vulndb>.
//!
//! Advisories name the component's version alone. A revision comes after it: by SemVer, `8.0.13-3`
//! would be a pre-release of `8.0.13`, and every fixed image would seem affected. What follows a
//! dash and is no number is a pre-release, as in SemVer.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::digits::{Digits, is_number};
use super::semantic::{are_identifiers, compare_identifiers, compare_pre_releases};
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Bitnami,
    documentation: "One to four numbers, padded with zeros, and after a dash either the revision \
        of the package, which comes after the version alone, or a pre-release, which comes before \
        it; build metadata does not count.",
    compare,
};

#[derive(Debug)]
struct Version<'a> {
    numbers: [Digits<'a>; 4],
    /// Empty for a release.
    pre_release: &'a str,
    revision: Digits<'a>,
}

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    let parse = |text| read(text).ok_or_else(|| InvalidVersion::new(VersionScheme::Bitnami, text));
    let (left, right) = (parse(left)?, parse(right)?);
    Ok(left
        .numbers
        .cmp(&right.numbers)
        .then_with(|| {
            compare_pre_releases(left.pre_release, right.pre_release, compare_identifiers)
        })
        .then_with(|| left.revision.cmp(&right.revision)))
}

fn read(text: &str) -> Option<Version<'_>> {
    let text = text.trim_ascii();
    let (text, build) = match text.split_once('+') {
        Some((text, build)) => (text, Some(build)),
        None => (text, None),
    };
    let (release, tail) = match text.split_once('-') {
        Some((release, tail)) => (release, Some(tail)),
        None => (text, None),
    };
    if !build.is_none_or(are_identifiers) || !tail.is_none_or(are_identifiers) {
        return None;
    }
    let mut numbers = [Digits::ZERO; 4];
    for (place, part) in release.split('.').enumerate() {
        *numbers.get_mut(place)? = is_number(part).then(|| Digits::new(part))?;
    }
    let (pre_release, revision) = match tail {
        Some(tail) if is_number(tail) => ("", Digits::new(tail)),
        Some(tail) => (tail, Digits::ZERO),
        None => ("", Digits::ZERO),
    };
    Some(Version {
        numbers,
        pre_release,
        revision,
    })
}
