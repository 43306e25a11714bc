//! The compiled database: one read-only file, mapped into memory.
//!
//! Opening reads the header and the facts; a lookup reads what it needs. See `layout` for the
//! bytes, `compile` for how they are made.

mod compile;
mod entry;
mod error;
mod layout;
mod predictions;
mod summaries;
mod write;

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use linchpin_model::{AdvisoryFacts, AdvisoryOrigin, Ecosystem, ExploitPrediction, Timestamp};
use memmap2::Mmap;

pub(crate) use compile::{CompileFacts, TooLarge, compile, keep_newest};
pub use entry::{Advisory, Affected, End, Import, Interval, Notice};
pub(crate) use entry::{Exploited, Kind, Rating, Summary, Word};
pub use error::DatabaseError;
pub(crate) use predictions::CveNumber;
pub use summaries::Summaries;
pub(crate) use write::replace_file;

use crate::names::normalise;
use crate::sys;
use entry::FileFacts;
use layout::{DIRECTORY_ENTRY, Header, PAGE_ENTRY, Section};
use predictions::Predictions;

/// A compiled, read-only database of advisories.
pub struct Database {
    bytes: Bytes,
    header: Header,
    facts: FileFacts,
    origin: AdvisoryOrigin,
}

/// Where the bytes are.
enum Bytes {
    Mapped(Mmap),
    Owned(Vec<u8>),
}

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(bytes) => bytes,
            Self::Owned(bytes) => bytes,
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Database")
            .field("origin", &self.origin)
            .field("size", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

impl Database {
    /// Opens a database file.
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        let unreadable = |source: io::Error| {
            if source.kind() == io::ErrorKind::NotFound {
                DatabaseError::NotFound {
                    path: path.to_owned(),
                }
            } else {
                DatabaseError::Unreadable {
                    path: path.to_owned(),
                    source,
                }
            }
        };
        // A pipe would block, a folder or device can not be mapped: told apart before opening.
        let metadata = path.metadata().map_err(unreadable)?;
        if !metadata.is_file() || metadata.len() == 0 {
            return Err(DatabaseError::NotADatabase {
                path: path.to_owned(),
            });
        }
        let file = File::open(path).map_err(unreadable)?;
        let bytes = Bytes::Mapped(sys::map(&file).map_err(unreadable)?);
        Self::read(
            bytes,
            AdvisoryOrigin::File(path.display().to_string()),
            path.to_owned(),
        )
    }

    /// Takes a database that is in memory.
    pub fn from_bytes(bytes: Vec<u8>, origin: AdvisoryOrigin) -> Result<Self, DatabaseError> {
        let name = match &origin {
            AdvisoryOrigin::StarterSet => PathBuf::from("the starter set"),
            AdvisoryOrigin::File(path) => PathBuf::from(path),
        };
        Self::read(Bytes::Owned(bytes), origin, name)
    }

    fn read(bytes: Bytes, origin: AdvisoryOrigin, path: PathBuf) -> Result<Self, DatabaseError> {
        let header = Header::read(&bytes).ok_or(DatabaseError::NotADatabase { path })??;
        let mut database = Self {
            bytes,
            header,
            facts: FileFacts::default(),
            origin,
        };
        let facts = database.section(Section::Facts);
        if layout::checksum(facts) != header.facts {
            return Err(DatabaseError::Corrupt {
                what: "the checksum of its facts does not match",
            });
        }
        database.facts = decode(facts)?;
        Ok(database)
    }

    /// What a result must say of it.
    pub fn facts(&self) -> AdvisoryFacts {
        AdvisoryFacts {
            origin: self.origin.clone(),
            newest: timestamp(self.facts.newest),
            records: self
                .facts
                .records
                .iter()
                .filter_map(|(name, count)| Some((Ecosystem::from_osv(name)?.0, *count)))
                .collect(),
            exploited_catalogue: self.facts.catalogue.clone(),
            exploit_predictions: self.facts.predictions.clone(),
        }
    }

    /// When it was compiled, where its maker said.
    pub fn compiled(&self) -> Option<Timestamp> {
        timestamp(self.facts.compiled)
    }

    /// The size in bytes.
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The number of records for each release of each distribution.
    pub fn releases(&self) -> impl Iterator<Item = (Ecosystem, &str, u64)> {
        self.facts
            .releases
            .iter()
            .filter_map(|(name, release, count)| {
                Some((Ecosystem::from_osv(name)?.0, release.as_str(), *count))
            })
    }

    /// What its advisories say of a package. The name is taken in any spelling.
    pub fn lookup(
        &self,
        ecosystem: Ecosystem,
        release: Option<&str>,
        name: &str,
    ) -> Result<Vec<Affected<&str>>, DatabaseError> {
        let key = layout::key(ecosystem, release, &normalise(ecosystem, name));
        let hash = layout::hash(&key);
        for offset in self
            .page(hash)?
            .chunks_exact(PAGE_ENTRY)
            .filter_map(|entry| {
                let offset = layout::u64_at(entry, 8)?;
                (layout::u64_at(entry, 0) == Some(hash)).then_some(offset)
            })
        {
            let block = layout::read_block(self.section(Section::Entries), offset)?;
            let (found, rest) =
                postcard::take_from_bytes::<&str>(block).map_err(|_| UNDECODABLE)?;
            if found == key {
                return decode(rest);
            }
        }
        Ok(Vec::new())
    }

    /// The advisory behind an answer.
    pub fn advisory(&self, affected: &Affected<&str>) -> Result<Advisory<&str>, DatabaseError> {
        decode(layout::read_block(
            self.section(Section::Advisories),
            affected.advisory,
        )?)
    }

    /// How likely a flaw is to be used in attacks soon, where predictions were imported and have
    /// this id. Only CVE ids have any.
    pub fn exploit_prediction(&self, id: &str) -> Result<Option<ExploitPrediction>, DatabaseError> {
        match CveNumber::parse(id) {
            Some(number) => self.predictions()?.get(number),
            None => Ok(None),
        }
    }

    /// The number of flaws for which there are predictions.
    pub fn predicted(&self) -> Result<u64, DatabaseError> {
        Ok(self.predictions()?.len() as u64)
    }

    fn predictions(&self) -> Result<Predictions<'_>, DatabaseError> {
        Predictions::read(self.section(Section::Predictions))
    }

    /// A reader of summaries.
    pub fn summaries(&self) -> Summaries<'_> {
        Summaries::new(self)
    }

    fn section(&self, section: Section) -> &[u8] {
        // The header was checked against the file's length when it was read.
        let (offset, length) = self.header.sections[section as usize];
        self.bytes
            .get(offset as usize..)
            .and_then(|rest| rest.get(..length as usize))
            .unwrap_or_default()
    }

    /// The page of the index that holds a hash, if any does.
    fn page(&self, hash: u64) -> Result<&[u8], DatabaseError> {
        let find = || {
            let bucket = layout::bucket(hash, self.header.bucket_bits);
            let entry = self
                .section(Section::Directory)
                .get(bucket.checked_mul(DIRECTORY_ENTRY)?..)?;
            let start = layout::u32_at(entry, 0)? as usize;
            let sum = layout::u32_at(entry, 4)?;
            let end = layout::u32_at(entry, DIRECTORY_ENTRY)? as usize;
            let page = self
                .section(Section::Pages)
                .get(start.checked_mul(PAGE_ENTRY)?..end.checked_mul(PAGE_ENTRY)?)?;
            (layout::checksum(page) == sum).then_some(page)
        };
        find().ok_or(DatabaseError::Corrupt {
            what: "the checksum of a page of its index does not match",
        })
    }
}

const UNDECODABLE: DatabaseError = DatabaseError::Corrupt {
    what: "a block does not hold what it should",
};

fn decode<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, DatabaseError> {
    postcard::from_bytes(bytes).map_err(|_| UNDECODABLE)
}

fn timestamp(seconds: Option<i64>) -> Option<Timestamp> {
    Timestamp::from_second(seconds?).ok()
}
