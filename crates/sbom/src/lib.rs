//! SBOM documents: what an SBOM says ([`Document`]), and one file or folder per format in
//! `formats/`.
//!
//! A format turns a document into bytes, or bytes into a document: the same values give the same
//! bytes each time. What an inventory holds becomes a document first, and a document that was read
//! becomes an inventory, so that it can be scanned.

pub mod compare;
mod cyclonedx;
pub mod document;
pub mod enrich;
mod flat;
pub mod formats;
pub mod merge;
pub mod node;
pub mod query;
mod repetition;
mod rules;
pub mod score;
mod serial_number;
mod spdx2;
mod spdx3;
mod spdx_names;
pub mod validation;

use linchpin_model::{Finding, Inventory, Suppressed, Timestamp};

pub use document::Document;
pub use flat::{ComponentRow, Listing, component_rows, list_components};
pub use formats::{Format, FormatChoice, ReadError, WriteOptions};

/// What a document is made of.
#[derive(Debug, Clone, Copy)]
pub struct Contents<'a> {
    /// What the target is made of.
    pub inventory: &'a Inventory,
    /// What is wrong with it, if the document shall say so.
    pub findings: Option<&'a [Finding]>,
    /// What was found and does not count, with the grounds. Only looked at beside `findings`.
    pub suppressed: &'a [Suppressed],
}

/// What a document says of its making.
#[derive(Debug, Clone, Copy)]
pub struct SbomOptions<'a> {
    /// The version of the program.
    pub tool_version: &'a str,
    /// The moment to write into the document; without it the document has none, so that the same
    /// target gives the same bytes.
    pub timestamp: Option<Timestamp>,
}
