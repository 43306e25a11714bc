//! Conan: its class `Version`, <https://docs.conan.io/2/tutorial/versioning.html>, which orders
//! versions of any shape.
//!
//! Parts between dots are numbers or words. A number and a word are compared as texts, so that the
//! relation contradicts itself: `2` comes before `10`, `10` before `1a` and `1a` before `2`. It is
//! followed all the same, because Conan's ranges are.

use std::borrow::Cow;
use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::digits::is_number;
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Conan,
    documentation: "Conan's ordering: parts between dots, compared as numbers where both are, else \
        as texts; zeros at the end do not count. What follows a dash makes a pre-release, which \
        comes before the release, and what follows the last plus a build, which comes after it.",
    compare,
};

/// A part. Python reads integers with a sign and with single underscores between digits.
#[derive(Debug, PartialEq, Eq)]
enum Item<'a> {
    Number {
        negative: bool,
        digits: Cow<'a, str>,
    },
    Word(&'a str),
}

#[derive(Debug, PartialEq, Eq)]
struct Version<'a> {
    items: Vec<Item<'a>>,
    pre_release: Option<Vec<Item<'a>>>,
    build: Option<Vec<Item<'a>>>,
}

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    let parse = |text| read(text).ok_or_else(|| InvalidVersion::new(VersionScheme::Conan, text));
    let (left, right) = (parse(left)?, parse(right)?);
    Ok(compare_items(&left.items, &right.items)
        .then_with(|| match (&left.pre_release, &right.pre_release) {
            (Some(left), Some(right)) => compare_items(left, right),
            (left, right) => right.is_some().cmp(&left.is_some()),
        })
        .then_with(|| match (&left.build, &right.build) {
            (Some(left), Some(right)) => compare_items(left, right),
            (left, right) => left.is_some().cmp(&right.is_some()),
        }))
}

fn read(text: &str) -> Option<Version<'_>> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+.-".contains(&byte);
    if text.is_empty() || !text.bytes().all(allowed) {
        return None;
    }
    let (text, build) = match text.rsplit_once('+') {
        Some((text, build)) => (text, Some(build)),
        None => (text, None),
    };
    let (text, pre_release) = match text.split_once('-') {
        Some((text, pre_release)) => (text, Some(pre_release)),
        None => (text, None),
    };
    Some(Version {
        items: items(text),
        pre_release: pre_release.map(items),
        build: build.map(items),
    })
}

/// The parts without the zeros at the end.
fn items(text: &str) -> Vec<Item<'_>> {
    let mut items: Vec<Item<'_>> = text.split('.').map(item).collect();
    let is_zero = |item: &Item<'_>| matches!(item, Item::Number { digits, .. } if digits == "0");
    while items.last().is_some_and(is_zero) {
        items.pop();
    }
    items
}

fn item(text: &str) -> Item<'_> {
    let (negative, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) => (text.starts_with('-'), digits),
        None => (false, text),
    };
    if !digits.split('_').all(is_number) {
        return Item::Word(text);
    }
    let digits = if digits.contains('_') {
        Cow::Owned(digits.replace('_', ""))
    } else {
        Cow::Borrowed(digits)
    };
    let digits = match digits.trim_start_matches('0') {
        "" => Cow::Borrowed("0"),
        short if short.len() == digits.len() => digits,
        short => Cow::Owned(short.to_owned()),
    };
    Item::Number {
        negative: negative && digits != "0",
        digits,
    }
}

fn compare_items(left: &[Item<'_>], right: &[Item<'_>]) -> Ordering {
    left.iter()
        .zip(right)
        .map(|(left, right)| compare_item(left, right))
        .find(|order| order.is_ne())
        .unwrap_or_else(|| left.len().cmp(&right.len()))
}

fn compare_item(left: &Item<'_>, right: &Item<'_>) -> Ordering {
    match (left, right) {
        (
            Item::Number {
                negative: false,
                digits: left,
            },
            Item::Number {
                negative: false,
                digits: right,
            },
        ) => compare_digits(left, right),
        (
            Item::Number {
                negative: true,
                digits: left,
            },
            Item::Number {
                negative: true,
                digits: right,
            },
        ) => compare_digits(right, left),
        (
            Item::Number { negative: left, .. },
            Item::Number {
                negative: right, ..
            },
        ) => right.cmp(left),
        (left, right) => left.text().cmp(&right.text()),
    }
}

fn compare_digits(left: &str, right: &str) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

impl Item<'_> {
    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Word(word) => Cow::Borrowed(word),
            Self::Number {
                negative: false,
                digits,
            } => Cow::Borrowed(digits),
            Self::Number {
                negative: true,
                digits,
            } => Cow::Owned(format!("-{digits}")),
        }
    }
}
