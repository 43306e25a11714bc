//! Archives: what is in them is read as if they were folders.

mod names;

pub use names::{ArchiveFamily, archive_family};
