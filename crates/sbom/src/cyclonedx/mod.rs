//! CycloneDX, whatever its encoding: <https://cyclonedx.org/specification/overview/>.
//!
//! Both encodings have one model. Reading makes [`Node`](crate::node::Node)s in the shape of the
//! JSON encoding and understands those; writing makes such nodes. What a field's meaning is stands
//! in `read/` and `write/`; how they are encoded is the format's matter.

mod read;
mod write;
pub(crate) mod xml;

pub(crate) use read::{DocumentReader, read_component, read_json};

use crate::document::{Document, Losses};
use crate::node::Node;
use crate::rules;

/// The versions that are read and written, as their second number.
pub(crate) const VERSIONS: &[&str] = &["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];

/// The version that is written unless another is asked for.
pub(crate) const DEFAULT_VERSION: &str = "1.6";

/// The second number of a version; 6 for what is unknown.
pub(crate) fn minor(version: &str) -> u8 {
    version
        .strip_prefix("1.")
        .and_then(|minor| minor.parse().ok())
        .filter(|minor| (2..=7).contains(minor))
        .unwrap_or(6)
}

/// The document as a tree that keeps the rules of this version, and what could not be said.
pub(crate) fn fitting_node(document: &Document, version: &str) -> (Node, Losses) {
    let minor = minor(version);
    let (mut node, mut losses) = write::document(document, minor);
    let rules = rules::cyclonedx(minor);
    // Old versions let unknown fields pass, which are to be taken out all the same.
    if minor <= 3 || !rules.holds("document", &node) {
        rules::fit(rules, "document", &mut node, &mut losses);
    }
    (node, losses)
}
