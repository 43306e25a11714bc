//! SBOM documents: one file per format in `formats/`.
//!
//! A format turns an inventory (and, where it can hold them, findings) into bytes: the same
//! values give the same bytes each time. Reading, comparing and merging documents is not here yet.

pub mod formats;

use linchpin_model::{Finding, Inventory, Timestamp};

pub use formats::Format;

/// What a document is made of.
#[derive(Debug, Clone, Copy)]
pub struct Contents<'a> {
    /// What the target is made of.
    pub inventory: &'a Inventory,
    /// What is wrong with it, if the document shall say so.
    pub findings: Option<&'a [Finding]>,
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
