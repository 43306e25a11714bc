//! Julia: `VersionNumber`, <https://docs.julialang.org/en/v1/manual/strings/#man-version-number-literals>.
//!
//! SemVer 2.0 with one to three numbers, in which build metadata counts: the packages of compiled
//! libraries are versioned as `1.2.13+1`. A pre-release may follow without a dash, `1.0rc1`, and a
//! bare dash or plus at the end comes before or after all that go on there.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::digits::{Digits, is_number, split_digits};
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Julia,
    documentation: "SemVer 2.0 as Julia reads it: one to three numbers, then an optional \
        pre-release that comes before the release. Build metadata counts: `1.2.13+1` comes after \
        `1.2.13+0`, and that after `1.2.13`.",
    compare,
};

/// Numbers are kept in 32 bits, numbers among identifiers in 64.
const LARGEST: Digits<'static> = Digits::from_literal("4294967295");
const LARGEST_IDENTIFIER: Digits<'static> = Digits::from_literal("18446744073709551615");

/// Nothing comes before numbers, and numbers before words.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier<'a> {
    Nothing,
    Number(Digits<'a>),
    Word(&'a str),
}

#[derive(Debug)]
struct Version<'a> {
    numbers: [Digits<'a>; 3],
    pre_release: Vec<Identifier<'a>>,
    build: Vec<Identifier<'a>>,
}

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    let parse = |text| read(text).ok_or_else(|| InvalidVersion::new(VersionScheme::Julia, text));
    let (left, right) = (parse(left)?, parse(right)?);
    let is_release = |version: &Version<'_>| version.pre_release.is_empty();
    Ok(left
        .numbers
        .cmp(&right.numbers)
        .then_with(|| is_release(&left).cmp(&is_release(&right)))
        .then_with(|| left.pre_release.cmp(&right.pre_release))
        .then_with(|| left.build.cmp(&right.build)))
}

fn read(text: &str) -> Option<Version<'_>> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let (major, mut rest) = split_digits(text);
    let mut numbers = [Digits::new(major), Digits::ZERO, Digits::ZERO];
    if major.is_empty() {
        return None;
    }
    for number in numbers.iter_mut().skip(1) {
        let Some((run, after)) = rest.strip_prefix('.').map(split_digits) else {
            break;
        };
        if run.is_empty() {
            return None;
        }
        *number = Digits::new(run);
        rest = after;
    }
    if numbers.iter().any(|number| *number > LARGEST) {
        return None;
    }
    let (before_build, build) = match rest.split_once('+') {
        Some((before_build, "")) => (before_build, vec![Identifier::Nothing]),
        Some((before_build, build)) => (before_build, identifiers(build)?),
        None => (rest, Vec::new()),
    };
    let pre_release = match before_build {
        "" => Vec::new(),
        // With a bare dash the version ends.
        "-" if build.is_empty() => vec![Identifier::Nothing],
        "-" => return None,
        text => match text.strip_prefix('-') {
            Some(text) => identifiers(text)?,
            None if text.starts_with(|c: char| c.is_ascii_alphabetic()) => identifiers(text)?,
            None => return None,
        },
    };
    Some(Version {
        numbers,
        pre_release,
        build,
    })
}

fn identifiers(text: &str) -> Option<Vec<Identifier<'_>>> {
    text.split('.')
        .map(|part| {
            if is_number(part) {
                let number = Digits::new(part);
                return (number <= LARGEST_IDENTIFIER).then_some(Identifier::Number(number));
            }
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            (!part.is_empty() && part.bytes().all(plain)).then_some(Identifier::Word(part))
        })
        .collect()
}
