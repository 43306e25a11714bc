//! The components of a document as rows, and when it was made, without keeping the document: for
//! whoever asks no more of a large one. CycloneDX in JSON is taken apart as it is read; of other
//! formats the document is made first. The rows are the same.

use super::{ComponentRow, component_rows};
use crate::cyclonedx::DocumentReader;
use crate::document::Document;
use crate::formats::{self, ReadError};
use crate::node::{Node, ObjectReader, read_object};

/// The components of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// All components but the one that the document is about, as [`component_rows`] gives them.
    pub rows: Vec<ComponentRow>,
    /// When the document was made, as it says.
    pub timestamp: Option<String>,
}

/// Lists the components of a document of whatever format.
pub fn list_components(bytes: &[u8]) -> Result<Listing, ReadError> {
    let format = formats::detect(bytes).ok_or(ReadError::Unknown)?;
    if format.id == "cyclonedx-json" {
        let mut reader = ListingReader::default();
        read_object(bytes, &mut reader)?;
        return Ok(reader.finish());
    }
    let reader = format.reader.ok_or(ReadError::Unknown)?;
    let document = (reader.read)(bytes)?;
    Ok(Listing {
        rows: component_rows(&document),
        timestamp: document.metadata.timestamp,
    })
}

/// Makes rows of components as they come, and leaves the rest to the reader of documents.
#[derive(Default)]
struct ListingReader {
    reader: DocumentReader,
    rows: Vec<ComponentRow>,
}

impl ObjectReader for ListingReader {
    fn is_long(&self, name: &str) -> bool {
        self.reader.is_long(name)
    }

    fn element(&mut self, name: &str, element: Node) {
        if name == "components" {
            let components = crate::cyclonedx::read_component(element);
            let document = Document {
                components: components.into_iter().collect(),
                ..Document::default()
            };
            self.rows.extend(component_rows(&document));
        }
    }

    fn field(&mut self, name: String, value: Node) {
        self.reader.field(name, value);
    }
}

impl ListingReader {
    fn finish(self) -> Listing {
        let document = self.reader.finish();
        // What the primary component holds comes first.
        let mut rows = component_rows(&document);
        rows.extend(self.rows);
        Listing {
            rows,
            timestamp: document.metadata.timestamp,
        }
    }
}
