//! SemVer 2.0, strictly, <https://semver.org/>, with numbers of any length: for ecosystems that
//! say that their versions are semantic and have no tool whose habits differ.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::semantic::SemanticVersion;
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::SemVer,
    documentation: "SemVer 2.0 as its specification has it: three numbers of any length, then an \
        optional pre-release that comes before the release; build metadata does not count.",
    compare,
};

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    let parse = |text| {
        SemanticVersion::strict(text)
            .ok_or_else(|| InvalidVersion::new(VersionScheme::SemVer, text))
    };
    Ok(parse(left)?.cmp(&parse(right)?))
}
