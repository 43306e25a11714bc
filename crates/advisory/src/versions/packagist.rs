//! Packagist: Composer's normalised versions in the order of PHP's `version_compare`,
//! <https://getcomposer.org/doc/articles/versions.md>.
//!
//! Up to four numbers, or a date; then a stability (`alpha`, `beta`, `RC`, `patch`) with numbers;
//! then perhaps `dev`. A numbered branch (`2.x-dev`) is a version with very large numbers. A named
//! branch (`dev-main`) has no order and is no version here.

use std::cmp::Ordering;
use std::sync::LazyLock;

use linchpin_model::VersionScheme;
use regex::{Captures, Regex};

use super::digits::{Digits, is_number};
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Packagist,
    documentation: "Composer's ordering: up to four numbers, padded with zeros, or a date; then \
        `dev`, `alpha`, `beta` or `RC`, which come before the release in this order, or `patch`, \
        which comes after it. Branches with a name have no order.",
    compare,
};

/// What a part that is left open in a branch's name counts as.
const OPEN: &str = "9999999";

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the patterns are constants, and every test compiles them")
}

static CLASSICAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^[vV]?([0-9]{{1,5}})(?:\.([0-9]+))?(?:\.([0-9]+))?(?:\.([0-9]+))?{MODIFIER}$"
    ))
});
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^[vV]?([0-9]{{4}}(?:[.:-]?[0-9]{{2}}){{1,6}}(?:[.:-]?[0-9]{{1,3}}){{0,2}}){MODIFIER}$"
    ))
});
static BRANCH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*[vV]?([0-9]+)(?:\.([0-9]+|[xX*]))?(?:\.([0-9]+|[xX*]))?(?:\.([0-9]+|[xX*]))?\s*[.-]?(?i:dev)$",
    )
});
static FLAG: LazyLock<Regex> = LazyLock::new(|| pattern("(?i)@(?:stable|RC|beta|alpha|dev)$"));

/// A stability, its numbers, and `dev`.
const MODIFIER: &str = r"[._-]?(?:(?P<stability>(?i:stable|beta|b|RC|alpha|a|patch|pl|p))(?P<numbers>(?:[.-]?[0-9]+)*))?(?P<dev>[.-]?(?i:dev))?";

/// A part of a normalised version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    Number(Digits<'a>),
    /// A word, by its place in PHP's list.
    Stability(u8),
}

/// The place of a word that PHP does not know.
const UNKNOWN: u8 = 0;
const DEV: u8 = 1;
const ALPHA: u8 = 2;
const BETA: u8 = 3;
const RELEASE_CANDIDATE: u8 = 4;
/// Where the end of a version, and a number, stand among the words.
const END: u8 = 5;
const PATCH: u8 = 6;

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    let parse =
        |text| read(text).ok_or_else(|| InvalidVersion::new(VersionScheme::Packagist, text));
    let (left, right) = (parse(left)?, parse(right)?);
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ok(Ordering::Equal),
            (Some(Part::Number(left)), Some(Part::Number(right))) => left.cmp(&right),
            (Some(Part::Number(_)), None) => Ordering::Greater,
            (None, Some(Part::Number(_))) => Ordering::Less,
            (left, right) => rank(left).cmp(&rank(right)),
        };
        if order.is_ne() {
            return Ok(order);
        }
    }
}

fn rank(part: Option<Part<'_>>) -> u8 {
    match part {
        Some(Part::Stability(place)) => place,
        Some(Part::Number(_)) | None => END,
    }
}

fn read(text: &str) -> Option<Vec<Part<'_>>> {
    let mut text = text.trim_matches([' ', '\t', '\n', '\r', '\0', '\x0b']);
    if let Some((version, alias)) = text.split_once(' ')
        && let Some(alias) = alias.trim_start_matches(' ').strip_prefix("as ")
        && !alias.trim_start_matches(' ').contains([' ', ',', '\t'])
        && !version.contains([',', '\t'])
    {
        text = version;
    }
    if let Some(flag) = FLAG.find(text) {
        text = &text[..flag.start()];
    }
    if let Some((version, build)) = text.split_once('+')
        && !version.is_empty()
        && !build.is_empty()
        && !version.contains(is_space_or_comma)
        && !build.contains(is_space)
    {
        text = version;
    }
    if let Some(found) = CLASSICAL.captures(text) {
        let mut parts = numbers(&found, "0");
        add_modifier(&found, &mut parts);
        return Some(parts);
    }
    if let Some(found) = DATE.captures(text) {
        let date = found.get(1)?.as_str();
        let mut parts: Vec<Part<'_>> = date
            .split(['.', ':', '-'])
            .map(|number| Part::Number(Digits::new(number)))
            .collect();
        add_modifier(&found, &mut parts);
        return Some(parts);
    }
    let found = BRANCH.captures(text)?;
    let mut parts = numbers(&found, OPEN);
    parts.push(Part::Stability(DEV));
    Some(parts)
}

fn is_space(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\x0b'
}

fn is_space_or_comma(c: char) -> bool {
    is_space(c) || c == ','
}

/// The four numbers; those left out, or left open, count as `missing`.
fn numbers<'a>(found: &Captures<'a>, missing: &'static str) -> Vec<Part<'a>> {
    (1..=4)
        .map(
            |index| match found.get(index).map(|number| number.as_str()) {
                Some(number) if is_number(number) => Part::Number(Digits::new(number)),
                Some(_) => Part::Number(Digits::from_literal(OPEN)),
                None => Part::Number(Digits::new(missing)),
            },
        )
        .collect()
}

fn add_modifier<'a>(found: &Captures<'a>, parts: &mut Vec<Part<'a>>) {
    if let Some(stability) = found.name("stability") {
        let place = match stability.as_str().as_bytes().first() {
            Some(b'a' | b'A') => ALPHA,
            Some(b'b' | b'B') => BETA,
            Some(b'r' | b'R') => RELEASE_CANDIDATE,
            Some(b'p' | b'P') => PATCH,
            // `stable` in small letters says nothing, and hides what follows it.
            _ if stability.as_str() == "stable" => return,
            // Another spelling of it is a word that PHP does not know, which comes first of all.
            _ => UNKNOWN,
        };
        parts.push(Part::Stability(place));
        if let Some(numbers) = found.name("numbers") {
            parts.extend(
                numbers
                    .as_str()
                    .split(['.', '-'])
                    .filter(|number| !number.is_empty())
                    .map(|number| Part::Number(Digits::new(number))),
            );
        }
    }
    if found.name("dev").is_some() {
        parts.push(Part::Stability(DEV));
    }
}
