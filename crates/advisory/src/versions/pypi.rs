//! Python: PEP 440, <https://packaging.python.org/en/latest/specifications/version-specifiers/>.
//!
//! What is not here: the ordering of versions older than PEP 440 (`1.0-whatever`). Python's own
//! tools refuse them today, and so do we. Numbers of more than 64 bits are refused too.

use std::cmp::Ordering;
use std::str::FromStr;

use linchpin_model::VersionScheme;
use pep440_rs::Version;

use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::PyPi,
    documentation: "PEP 440: an optional epoch, numbers padded with zeros, then development, \
        alpha, beta and candidate releases before the release, post-releases after it, and local \
        versions after the public version that they extend.",
    compare,
};

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    Ok(parse(left)?.cmp(&parse(right)?))
}

fn parse(text: &str) -> Result<Version, InvalidVersion> {
    Version::from_str(text).map_err(|_| InvalidVersion::new(VersionScheme::PyPi, text))
}
