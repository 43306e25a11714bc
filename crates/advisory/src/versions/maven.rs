//! Maven: the order of versions in the POM reference,
//! <https://maven.apache.org/pom.html#version-order-specification>.
//!
//! Maven's own `ComparableVersion` builds nested lists, and its releases disagree with each other
//! and with themselves on odd texts: in some, `1` comes before `1.sp.1`, that before `1-alpha`,
//! and that before `1` again. Here the rules of the reference are followed with one flat row of
//! tokens, whose order has no such circles; on the versions that people write it is the same.
//! An underscore is a letter, as it is to the program, although the reference names it among the
//! separators.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::digits::{Digits, split_digits};
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Maven,
    documentation: "Maven's ordering: numbers and qualifiers between dots, dashes and changes \
        from digits to letters. Trailing zeros, `ga`, `final` and `release` do not count; `alpha`, \
        `beta`, `milestone`, `rc` and `snapshot` come before the release, `sp` and all other \
        words after it.",
    compare,
};

/// The qualifiers that Maven knows, in their order; the empty one is the release.
const QUALIFIERS: [&str; 7] = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];

/// What a version that has ended is padded with: the release.
const END: Token<'static> = Token::Known(5);

/// A part of a version. The order of the variants is the order of versions that are the same up
/// to here: `-qualifier`, then `-number`, then `.number`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Token<'a> {
    Known(usize),
    Custom(&'a str),
    DashNumber(Digits<'a>),
    DotNumber(Digits<'a>),
}

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    let lower = |text: &str| {
        let right = !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '\0');
        right
            .then(|| text.to_lowercase())
            .ok_or_else(|| InvalidVersion::new(VersionScheme::Maven, text))
    };
    let (left, right) = (lower(left.trim_ascii())?, lower(right.trim_ascii())?);
    let (left, right) = (tokens(&left), tokens(&right));
    let length = left.len().max(right.len());
    let padded = |tokens: Vec<_>| {
        tokens
            .into_iter()
            .chain(std::iter::repeat(END))
            .take(length)
    };
    Ok(padded(left).cmp(padded(right)))
}

/// The tokens that count.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    // The first number stands as after a dot.
    let mut after_dot = true;
    loop {
        let after = if rest.starts_with(|c: char| c.is_ascii_digit()) || starts_with_separator(rest)
        {
            // Between two separators, and at the ends, stands a zero.
            let (run, remaining) = split_digits(rest);
            if after_dot {
                tokens.push(Token::DotNumber(Digits::new(run)));
            } else {
                drop_nothings(&mut tokens);
                tokens.push(Token::DashNumber(Digits::new(run)));
            }
            remaining
        } else {
            let end = rest
                .bytes()
                .position(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
                .unwrap_or(rest.len());
            let (word, remaining) = rest.split_at(end);
            let before_digit = remaining.starts_with(|c: char| c.is_ascii_digit());
            // A qualifier after a dot is the same as one after a dash.
            drop_nothings(&mut tokens);
            tokens.push(qualifier(word, before_digit));
            remaining
        };
        if after.is_empty() {
            drop_nothings(&mut tokens);
            return tokens;
        }
        // A change between digits and letters is a dash that nobody wrote.
        after_dot = after.starts_with('.');
        rest = after.strip_prefix(['.', '-']).unwrap_or(after);
    }
}

fn starts_with_separator(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(['.', '-'])
}

fn qualifier(word: &str, before_digit: bool) -> Token<'_> {
    let name = match word {
        "a" if before_digit => "alpha",
        "b" if before_digit => "beta",
        "m" if before_digit => "milestone",
        "cr" => "rc",
        "ga" | "final" | "release" => "",
        other => other,
    };
    QUALIFIERS
        .iter()
        .position(|known| *known == name)
        .map_or(Token::Custom(name), Token::Known)
}

/// Takes away what does not count at the end of a version or before a dash: zeros and releases.
fn drop_nothings(tokens: &mut Vec<Token<'_>>) {
    while let Some(last) = tokens.last() {
        let nothing = match last {
            Token::DashNumber(number) | Token::DotNumber(number) => *number == Digits::ZERO,
            qualifier => *qualifier == END,
        };
        if !nothing {
            break;
        }
        tokens.pop();
    }
}
