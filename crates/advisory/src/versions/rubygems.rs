//! RubyGems: `Gem::Version`, <https://docs.ruby-lang.org/en/master/Gem/Version.html>.
//!
//! A version is a row of numbers and words. Zeros at the end do not count, neither before the
//! first word nor at the very end; a word comes before every number, and so makes a pre-release.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::digits::{Digits, split_digits};
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::RubyGems,
    documentation: "Numbers and words between dots, padded with zeros; a word makes a \
        pre-release, which comes before the release, and a dash is read as `.pre.`.",
    compare,
};

/// A part of a version; words come before numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Segment<'a> {
    Word(&'a str),
    Number(Digits<'a>),
}

const ZERO: Segment<'static> = Segment::Number(Digits::ZERO);

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    let (left, right) = (parse(left)?, parse(right)?);
    let length = left.len().max(right.len());
    let padded = |segments: Vec<_>| {
        segments
            .into_iter()
            .chain(std::iter::repeat(ZERO))
            .take(length)
    };
    Ok(padded(left).cmp(padded(right)))
}

fn parse(text: &str) -> Result<Vec<Segment<'_>>, InvalidVersion> {
    let trimmed = text.trim_ascii();
    if !is_correct(trimmed) {
        return Err(InvalidVersion::new(VersionScheme::RubyGems, text));
    }
    let mut segments = Vec::new();
    let mut rest = trimmed;
    while let Some(first) = rest.bytes().next() {
        let after = if first.is_ascii_digit() {
            let (run, after) = split_digits(rest);
            segments.push(Segment::Number(Digits::new(run)));
            after
        } else if first.is_ascii_alphabetic() {
            let end = rest
                .bytes()
                .position(|byte| !byte.is_ascii_alphabetic())
                .unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            segments.push(Segment::Word(word));
            after
        } else {
            if first == b'-' {
                segments.push(Segment::Word("pre"));
            }
            rest.get(1..).unwrap_or_default()
        };
        rest = after;
    }
    Ok(without_zeros(segments))
}

/// The segments without the zeros that do not count.
fn without_zeros(mut segments: Vec<Segment<'_>>) -> Vec<Segment<'_>> {
    let first_word = segments
        .iter()
        .position(|segment| matches!(segment, Segment::Word(_)))
        .unwrap_or(segments.len());
    let words = segments.split_off(first_word);
    drop_zeros(&mut segments);
    segments.extend(words);
    drop_zeros(&mut segments);
    segments
}

fn drop_zeros(segments: &mut Vec<Segment<'_>>) {
    while segments.last() == Some(&ZERO) {
        segments.pop();
    }
}

/// The grammar: a number, then parts of letters and digits between dots, then perhaps a dash and
/// such parts in which more dashes may stand. Nothing at all is version 0.
fn is_correct(text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    let (release, pre_release) = match text.split_once('-') {
        Some((release, pre_release)) => (release, Some(pre_release)),
        None => (text, None),
    };
    let mut parts = release.split('.');
    let number = parts.next().unwrap_or_default();
    super::digits::is_number(number)
        && parts
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        && pre_release.is_none_or(super::semantic::are_identifiers)
}
