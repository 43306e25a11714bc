//! Cargo: SemVer 2.0, strictly, as Cargo itself reads it.
//!
//! Build metadata does not count, as section 10 of <https://semver.org/> demands; RustSec's
//! advisories are matched in the same way.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;
use semver::Version;

use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Cargo,
    documentation: "SemVer 2.0 as Cargo reads it: three numbers, then an optional pre-release \
        that comes before the release; build metadata after `+` does not count.",
    compare,
};

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    Ok(parse(left)?.cmp_precedence(&parse(right)?))
}

fn parse(text: &str) -> Result<Version, InvalidVersion> {
    Version::parse(text).map_err(|_| InvalidVersion::new(VersionScheme::Cargo, text))
}
