//! SPDX 2.2 and 2.3, whatever its encoding: <https://spdx.github.io/spdx-spec/v2.3/>.
//!
//! Both encodings have one model. The tag-value reader makes [`Node`](crate::node::Node)s in the
//! shape of the JSON encoding, and the tag-value writer writes such nodes.

mod contained_files;
mod read;
mod tag_value;
mod write;

pub(crate) use read::{BUILT_FROM, read_json, read_tag_value, tool};
pub(crate) use tag_value::{parse as parse_tag_value, write as write_tag_value};
pub(crate) use write::{document as document_node, made_of, moment};

/// The versions that are written.
pub(crate) const VERSIONS: &[&str] = &["2.2", "2.3"];

/// The version that is written unless another is asked for.
pub(crate) const DEFAULT_VERSION: &str = "2.3";

/// The id of the document itself.
const DOCUMENT: &str = "SPDXRef-DOCUMENT";

/// How nothing is said.
const NO_ASSERTION: &str = "NOASSERTION";

/// How it is said that there is nothing.
const NONE: &str = "NONE";

/// The moment that stands where none is known: the field may not be left out.
const NO_TIME: &str = "1970-01-01T00:00:00Z";

/// Who makes the annotations that stand for what SPDX has no field for.
const OWN_TOOL: &str = "Tool: linchpin";
