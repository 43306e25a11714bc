//! opam: <https://opam.ocaml.org/doc/Manual.html#version-ordering>: Debian's rules for upstream
//! versions, applied to the whole text. There is no epoch, and a dash is a letter like others.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::debian::compare_parts;
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Opam,
    documentation: "Debian's rules for the whole text: runs of digits are compared as numbers, the \
        rest letter by letter; `~` comes before everything, even before the end. There are no \
        epochs and no revisions.",
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
    Ok(compare_parts(left, right))
}
