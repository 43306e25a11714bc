//! The XML encoding. It has the same model as JSON in another shape: some fields are attributes,
//! lists have an element around them, and the order of elements is fixed. `shapes.rs` has a table
//! of that; reading makes nodes in the shape of JSON, writing takes them.
//!
//! Formulas, declarations, definitions, citations, model cards, cryptographic properties and patents
//! have no line in the table: they are not read from XML, and the writer says that they are lost.

mod read;
mod shapes;
mod write;

pub(crate) use read::{parse, read, version};
pub(crate) use write::write;
