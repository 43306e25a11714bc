//! Tags of repositories: SemVer 2.0 as people write it on tags, `v4`, `v1.2`, `2.29.0-beta.1`.
//!
//! GitHub's actions, Swift's packages and extensions of editors have versions of this form. Numbers
//! left out count as zero, as they do where OSV reads such versions. A tag with fewer than three
//! numbers often moves; what that means for a match is the matcher's business.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::digits::{Digits, split_digits};
use super::semantic::{SemanticVersion, are_identifiers};
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Tag,
    documentation: "SemVer 2.0 as tags have it: an optional `v`, one to three numbers of which \
        those left out are zero, then an optional pre-release that comes before the release; build \
        metadata does not count.",
    compare,
};

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    let parse = |text| read(text).ok_or_else(|| InvalidVersion::new(VersionScheme::Tag, text));
    Ok(parse(left)?.cmp(&parse(right)?))
}

fn read(text: &str) -> Option<SemanticVersion<'_>> {
    let text = text.trim_ascii();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let (text, build) = match text.split_once('+') {
        Some((text, build)) => (text, Some(build)),
        None => (text, None),
    };
    let (release, pre_release) = match text.split_once('-') {
        Some((release, pre_release)) => (release, Some(pre_release)),
        None => (text, None),
    };
    if !build.is_none_or(are_identifiers) || !pre_release.is_none_or(are_identifiers) {
        return None;
    }
    let mut numbers = [Digits::ZERO; 3];
    for (place, part) in release.split('.').enumerate() {
        let (run, rest) = split_digits(part);
        if run.is_empty() || !rest.is_empty() {
            return None;
        }
        *numbers.get_mut(place)? = Digits::new(run);
    }
    Some(SemanticVersion {
        numbers,
        pre_release: pre_release.unwrap_or_default().into(),
    })
}
