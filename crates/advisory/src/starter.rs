//! The starter set.

/// The names of its files.
pub const STARTER_FILES: &[&str] = &[];
