//! What is known to be wrong with a version: feeds, the compiled database, orderings, matching, remedies.

pub mod cvss;
pub mod versions;
