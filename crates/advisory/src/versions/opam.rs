//! opam: <https://opam.ocaml.org/doc/Manual.html#version-ordering>: Debian's rules without epochs. The
//! manual does not say so, but what follows the last dash is a revision, as with Debian.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::debian::compare_parts;
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Opam,
    documentation: "Debian's rules: runs of digits are compared as numbers, the rest letter by \
        letter; `~` comes before everything, even before the end. What follows the last dash \
        is a revision. There are no epochs.",
    compare,
};

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    for text in [left, right] {
        let valid = !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_+.~".contains(&byte));
        if !valid {
            return Err(InvalidVersion::new(VersionScheme::Opam, text));
        }
    }
    let (left, right) = (parts(left), parts(right));
    Ok(compare_parts(left.0, right.0).then_with(|| compare_parts(left.1, right.1)))
}

/// A version and its revision.
fn parts(text: &str) -> (&str, &str) {
    text.rsplit_once('-').unwrap_or((text, ""))
}
