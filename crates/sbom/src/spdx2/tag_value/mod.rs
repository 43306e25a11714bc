//! The tag-value encoding: lines of `Tag: value`, where a value may be a text of several lines
//! between `<text>` and `</text>`.
//!
//! Reading makes nodes in the shape of the JSON encoding. The table of tags stands in `tags.rs`.

mod parse;
mod tags;
mod write;

pub(crate) use parse::parse;
pub(crate) use write::write;
