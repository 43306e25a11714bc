//! Alpine: `digits{.digits}{letter}{_suffix{digits}}{~hash}{-r digits}`, apk-package(5),
//! <https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/doc/apk-package.5.scd>.
//!
//! A version is a row of tokens. Two versions are compared token by token; where the kinds of
//! token differ, the kind itself decides. As in apk, what breaks the grammar is one last token
//! that comes just before the end: Alpine's advisories have slips such as `10.2.22.r0`, and up to
//! there they still say something. What is not here: the operators of dependencies.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::digits::{Digits, split_digits};
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Alpine,
    documentation: "apk's ordering: numbers, an optional letter, suffixes of which `_alpha`, \
        `_beta`, `_pre` and `_rc` come before the release and `_cvs`, `_svn`, `_git`, `_hg` and \
        `_p` after it, and the package's own revision `-r1`.",
    compare,
};

/// The suffixes in their order, and how many of them come before a release.
const SUFFIXES: [&str; 9] = ["alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p"];
const BEFORE_RELEASE: usize = 4;

/// One part of a version. The order of the variants is that of versions which are the same up to
/// here: one that goes on with a suffix for pre-releases comes first, later one that ends.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Token<'a> {
    PreSuffix(usize),
    Slip,
    End,
    Revision(Digits<'a>),
    CommitHash(&'a str),
    SuffixNumber(Digits<'a>),
    PostSuffix(usize),
    Letter(u8),
    /// A number that begins with a zero is compared as text, and so comes before all others.
    ZeroedNumber(&'a str),
    Number(Digits<'a>),
}

/// How far the reading of a version has come: each kind of part must follow its predecessors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Start,
    Number,
    Letter,
    Suffix,
    SuffixNumber,
    CommitHash,
    Revision,
}

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    for text in [left, right] {
        let readable = text.starts_with(|c: char| c.is_ascii_digit())
            && !text.contains(|c: char| c.is_whitespace() || c.is_control());
        if !readable {
            return Err(InvalidVersion::new(VersionScheme::Alpine, text));
        }
    }
    let (mut left, mut right) = (Tokens::new(left), Tokens::new(right));
    loop {
        let (left, right) = (left.next(), right.next());
        let order = left.cmp(&right);
        if order.is_ne() || matches!(left, Token::End | Token::Slip) {
            return Ok(order);
        }
    }
}

/// The tokens of a version, one after the other.
struct Tokens<'a> {
    rest: &'a str,
    place: Place,
}

impl<'a> Tokens<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            place: Place::Start,
        }
    }

    /// The next token. After the end there are only ends.
    fn next(&mut self) -> Token<'a> {
        next(&mut self.rest, &mut self.place).unwrap_or(Token::Slip)
    }
}

/// Reads the next token; nothing where the text breaks the grammar.
fn next<'a>(rest: &mut &'a str, place: &mut Place) -> Option<Token<'a>> {
    let text = *rest;
    let Some(first) = text.bytes().next() else {
        return (*place != Place::Start).then_some(Token::End);
    };
    let (token, now, after) = match first {
        b'0'..=b'9' if *place == Place::Start => {
            let (run, after) = split_digits(text);
            (Token::Number(Digits::new(run)), Place::Number, after)
        }
        b'.' if *place == Place::Number => {
            let (run, after) = split_digits(text.strip_prefix('.')?);
            let token = match run.bytes().next()? {
                b'0' => Token::ZeroedNumber(run),
                _ => Token::Number(Digits::new(run)),
            };
            (token, Place::Number, after)
        }
        b'a'..=b'z' if *place == Place::Number => {
            (Token::Letter(first), Place::Letter, text.get(1..)?)
        }
        b'_' if (Place::Number..=Place::SuffixNumber).contains(place) => {
            let (name, after) = split_while(text.strip_prefix('_')?, |b| b.is_ascii_lowercase());
            let token = match SUFFIXES.iter().position(|suffix| *suffix == name)? {
                rank if rank < BEFORE_RELEASE => Token::PreSuffix(rank),
                rank => Token::PostSuffix(rank),
            };
            (token, Place::Suffix, after)
        }
        b'0'..=b'9' if *place == Place::Suffix => {
            let (run, after) = split_digits(text);
            (
                Token::SuffixNumber(Digits::new(run)),
                Place::SuffixNumber,
                after,
            )
        }
        b'~' if (Place::Number..Place::CommitHash).contains(place) => {
            let (hash, after) = split_while(
                text.strip_prefix('~')?,
                |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            );
            if hash.is_empty() {
                return None;
            }
            (Token::CommitHash(hash), Place::CommitHash, after)
        }
        b'-' if (Place::Number..Place::Revision).contains(place) => {
            let (run, after) = split_digits(text.strip_prefix("-r")?);
            if run.is_empty() {
                return None;
            }
            (Token::Revision(Digits::new(run)), Place::Revision, after)
        }
        _ => return None,
    };
    *rest = after;
    *place = now;
    Some(token)
}

fn split_while(text: &str, wanted: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text
        .bytes()
        .position(|byte| !wanted(byte))
        .unwrap_or(text.len());
    text.split_at(end)
}
