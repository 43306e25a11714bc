//! Licences: an id where the schema knows it, else an expression.
//!
//! The schema lists the ids that there were when it was published, and a document with a newer
//! one is invalid; an expression may hold any.

use linchpin_model::LicenseExpression;

use super::wire;

/// Ids that the SPDX list got after the schema of CycloneDX 1.6 was published. A test compares
/// the two lists.
const NEWER: [&str; 13] = [
    "BSD-2-Clause-pos-unchanged",
    "BSD-3-Clause-OpenWebUI",
    "BSD-Source-Code-no-disclaimer",
    "BSD-Source-alt-GPL",
    "BSD-ask-to-endorse",
    "Brian-Gladman-3-Clause-no-conversion",
    "Bugroff",
    "CC-BY-NC-3.0-IGO",
    "FDK-MPEG-H",
    "Hippocratic-3.0-core",
    "Informatica",
    "MVT-1.1",
    "atc-game",
];

/// A licence in the form that the schema wants for it.
pub(super) fn of(license: &LicenseExpression) -> wire::License<'_> {
    let text = license.as_str();
    let several = text.contains([' ', '(', ':', '+']);
    let reference = text.starts_with("LicenseRef-") || text.starts_with("AdditionRef-");
    if several || reference || NEWER.contains(&text) {
        wire::License::Expression { expression: text }
    } else {
        wire::License::Id {
            license: wire::LicenseId { id: text },
        }
    }
}
