//! What a document says of itself.

use super::Hash;
use super::{Component, Extensions, License, Party};

/// Who made a document, when, and of what.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Metadata {
    /// The document's own name; CycloneDX has none.
    pub name: Option<String>,
    /// Its serial number (`urn:uuid:…`) or namespace.
    pub serial: Option<String>,
    /// How often it was issued with this serial number.
    pub revision: Option<u64>,
    /// When it was made, as written (RFC 3339).
    pub timestamp: Option<String>,
    /// The people who made it.
    pub authors: Vec<Party>,
    /// The programs that made it.
    pub tools: Vec<Tool>,
    /// Who supplied the product that it is about.
    pub supplier: Option<Party>,
    /// Who made the product that it is about.
    pub manufacturer: Option<Party>,
    /// What it is about.
    pub primary: Option<Component>,
    /// The phases of the life of the software that it was made from: `build`, `operations`.
    pub lifecycles: Vec<String>,
    /// The licence of the document itself.
    pub licenses: Vec<License>,
    /// What is said of the document.
    pub comment: Option<String>,
    /// What only one family of formats knows.
    pub extensions: Extensions,
}

/// A program that made a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tool {
    /// Who makes it.
    pub vendor: Option<String>,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Its digests.
    pub hashes: Vec<Hash>,
}
