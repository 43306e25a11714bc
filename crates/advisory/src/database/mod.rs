//! The compiled database.

mod entry;
mod error;

use std::path::Path;

use linchpin_model::{AdvisoryFacts, AdvisoryOrigin, Ecosystem, Timestamp};

pub use entry::{Advisory, Affected, End, Interval};
pub use error::DatabaseError;

/// A compiled, read-only database of advisories.
#[derive(Debug)]
pub struct Database {
    origin: AdvisoryOrigin,
}

impl Database {
    /// Opens a database file.
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        Err(DatabaseError::NotFound { path: path.to_owned() })
    }
    /// Takes a database that is in memory.
    pub fn from_bytes(bytes: Vec<u8>, origin: AdvisoryOrigin) -> Result<Self, DatabaseError> {
        let _ = bytes;
        Ok(Self { origin })
    }
    /// The small set inside the program.
    pub fn starter() -> Result<Self, DatabaseError> {
        Self::from_bytes(Vec::new(), AdvisoryOrigin::StarterSet)
    }
    /// What a result must say of it.
    pub fn facts(&self) -> AdvisoryFacts {
        AdvisoryFacts { origin: self.origin.clone(), newest: None, records: Vec::new(), exploited_catalogue: None }
    }
    /// When it was compiled, where its maker said.
    pub fn compiled(&self) -> Option<Timestamp> {
        None
    }
    /// The number of records for each release of each distribution.
    pub fn releases(&self) -> impl Iterator<Item = (Ecosystem, &str, u64)> {
        std::iter::empty()
    }
    /// What its advisories say of a package.
    pub fn lookup(&self, ecosystem: Ecosystem, release: Option<&str>, name: &str) -> Result<Vec<Affected<&str>>, DatabaseError> {
        let _ = (ecosystem, release, name);
        Ok(Vec::new())
    }
    /// The advisory behind an answer.
    pub fn advisory(&self, affected: &Affected<&str>) -> Result<Advisory<&str>, DatabaseError> {
        let _ = affected;
        Err(DatabaseError::Corrupt { what: "nothing" })
    }
    /// Its summary.
    pub fn summary(&self, advisory: &Advisory<&str>) -> Result<String, DatabaseError> {
        let _ = advisory;
        Ok(String::new())
    }
}
