//! Hex: Elixir's `Version`, <https://hexdocs.pm/elixir/Version.html>, which is SemVer 2.0 with
//! numbers of any length. Mix refuses what has fewer than three numbers or zeros in front.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::semantic::SemanticVersion;
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Hex,
    documentation: "SemVer 2.0 as Elixir's Version reads it: three numbers, then an optional \
        pre-release that comes before the release; build metadata does not count.",
    compare,
};

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    let parse = |text| {
        SemanticVersion::strict(text).ok_or_else(|| InvalidVersion::new(VersionScheme::Hex, text))
    };
    Ok(parse(left)?.cmp(&parse(right)?))
}
