//! SPDX 3.0.1 in JSON-LD: <https://spdx.github.io/spdx-spec/v3.0.1/>.
//!
//! A document is a graph of elements that name each other by IRIs. The elements of software,
//! licences and vulnerabilities are understood; others are kept as they are.

mod read;
mod words;
mod write;

pub(crate) use read::read;
pub(crate) use write::document as document_node;

/// The context that every document names.
const CONTEXT: &str = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld";

/// The moment that stands where none is known: the field may not be left out.
const NO_TIME: &str = "1970-01-01T00:00:00Z";

/// The name of the extension entries that stand for what SPDX has no field for begins so.
const OWN: &str = "linchpin:";
