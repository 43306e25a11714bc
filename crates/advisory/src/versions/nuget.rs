//! NuGet: `NuGetVersion`,
//! <https://learn.microsoft.com/nuget/concepts/package-versioning>.
//!
//! SemVer 2.0 with one to four numbers, of which those left out are nought, and labels compared
//! without regard to case. Zeros in front do not count, and are no part of a label that is a number.
//! There may be spaces around a number. Build metadata does not count.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::digits::{Digits, is_number};
use super::semantic::{are_identifiers, compare_pre_releases};
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::NuGet,
    documentation: "SemVer 2.0 as NuGet reads it: one to four numbers, then an optional \
        pre-release that comes before the release, whose letters are compared without regard to \
        case; build metadata does not count.",
    compare,
};

/// Numbers are kept in signed 32 bits.
const LARGEST: Digits<'static> = Digits::from_literal("2147483647");

struct Version<'a> {
    numbers: [Digits<'a>; 4],
    labels: &'a str,
}

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    let parse = |text| read(text).ok_or_else(|| InvalidVersion::new(VersionScheme::NuGet, text));
    let (left, right) = (parse(left)?, parse(right)?);
    Ok(left
        .numbers
        .cmp(&right.numbers)
        .then_with(|| compare_pre_releases(left.labels, right.labels, compare_label)))
}

fn read(text: &str) -> Option<Version<'_>> {
    let text = text.trim();
    let (text, build) = match text.split_once('+') {
        Some((text, build)) => (text, Some(build)),
        None => (text, None),
    };
    let (release, labels) = match text.split_once('-') {
        Some((release, labels)) => (release, Some(labels)),
        None => (text, None),
    };
    if !build.is_none_or(are_identifiers) || !labels.is_none_or(are_labels) {
        return None;
    }
    let mut numbers = [Digits::ZERO; 4];
    for (index, part) in release.split('.').enumerate() {
        let number = numbers.get_mut(index)?;
        let part = part.trim();
        *number = is_number(part).then(|| Digits::new(part))?;
        if *number > LARGEST {
            return None;
        }
    }
    Some(Version {
        numbers,
        labels: labels.unwrap_or_default(),
    })
}

/// Whether these are labels: identifiers, of which a number has no zeros in front.
fn are_labels(text: &str) -> bool {
    let is_padded = |label: &str| label.len() > 1 && label.starts_with('0') && is_number(label);
    are_identifiers(text) && !text.split('.').any(is_padded)
}

/// Numbers come before words. A number that does not fit into 32 bits is a word, and a sign makes
/// a number of what follows it: labels are read as .NET reads integers.
fn compare_label(left: &str, right: &str) -> Ordering {
    match (left.parse::<i32>(), right.parse::<i32>()) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => left
            .bytes()
            .map(|byte| byte.to_ascii_uppercase())
            .cmp(right.bytes().map(|byte| byte.to_ascii_uppercase())),
    }
}
