//! Hackage: Haskell's `Version`, <https://pvp.haskell.org/>.
//!
//! Numbers between dots; `1.0` comes before `1.0.0`. Tags, which Cabal gave up long ago, are none.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::digits::Digits;
use super::numbers::numbers;
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Hackage,
    documentation: "Haskell's ordering: numbers between dots, compared in turn; of two that begin \
        alike the shorter comes first, so `1.0` comes before `1.0.0`.",
    compare,
};

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    Ok(parse(left)?.cmp(&parse(right)?))
}

fn parse(text: &str) -> Result<Vec<Digits<'_>>, InvalidVersion> {
    // Cabal reads no zeros in front of a number.
    let padded = text
        .split('.')
        .any(|part| part.len() > 1 && part.starts_with('0'));
    numbers(text, &['.'])
        .filter(|_| !padded)
        .ok_or_else(|| InvalidVersion::new(VersionScheme::Hackage, text))
}
