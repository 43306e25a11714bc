//! Go: a requirement is the least version that will do, <https://go.dev/ref/mod#minimal-version-selection>.
//! Other major versions have other paths and never come into question.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use crate::versions::compare;

pub(super) fn allows(range: &str, version: &str) -> Option<bool> {
    if range.is_empty() {
        return Some(true);
    }
    Some(compare(VersionScheme::Go, version, range).ok()? != Ordering::Less)
}
