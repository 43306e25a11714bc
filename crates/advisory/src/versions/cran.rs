//! CRAN: R's `package_version`,
//! <https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file>.
//!
//! Numbers between dots or dashes, which mean the same; `1.0` comes before `1.0.0`.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::digits::Digits;
use super::numbers::numbers;
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Cran,
    documentation: "R's ordering: at least two numbers between dots or dashes, compared in turn; \
        of two that begin alike the shorter comes first, so `1.0` comes before `1.0.0`.",
    compare,
};

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    Ok(parse(left)?.cmp(&parse(right)?))
}

fn parse(text: &str) -> Result<Vec<Digits<'_>>, InvalidVersion> {
    numbers(text, &['.', '-'])
        .filter(|numbers| numbers.len() > 1)
        .ok_or_else(|| InvalidVersion::new(VersionScheme::Cran, text))
}
