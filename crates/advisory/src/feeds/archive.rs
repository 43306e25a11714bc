//! The records in one `all.zip`, one at a time and within limits.

use std::borrow::Cow;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use zip::ZipArchive;

use super::{FeedError, SeekableRead};

/// How much a feed may hold. OSV's largest archive of 2026 has some 200,000 records and half a
/// gigabyte.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FeedLimits {
    /// Bytes of one archive as it lies there.
    pub(crate) archive: u64,
    /// Records in one archive.
    pub(crate) count: usize,
    /// Bytes of one record.
    pub(crate) record: u64,
    /// Bytes of all records of one archive.
    pub(crate) total: u64,
    /// How many times larger than the archive all its records together may be, beyond the first
    /// [`FREE`] bytes.
    pub(crate) ratio: u64,
}

/// Below this size no ratio is suspicious.
const FREE: u64 = 64 << 20;

impl Default for FeedLimits {
    fn default() -> Self {
        Self {
            archive: 8 << 30,
            count: 5_000_000,
            record: 32 << 20,
            total: 64 << 30,
            ratio: 200,
        }
    }
}

/// What is said of a record that is too large.
pub(crate) const OVERSIZE: &str = "it is over the limit for the size of a record";

/// An opened archive of records.
pub(crate) struct Archive {
    zip: ZipArchive<Box<dyn SeekableRead>>,
    path: String,
    limits: FeedLimits,
    size: u64,
    next: usize,
    read: u64,
}

/// One record's bytes, or why it can not be had; the archive goes on after it.
pub(crate) struct RawRecord {
    /// The name in the archive.
    pub(crate) name: String,
    /// The bytes, or a fragment that says why there are none.
    pub(crate) bytes: Result<Vec<u8>, String>,
}

impl Archive {
    /// Opens an archive.
    pub(crate) fn open(
        mut reader: Box<dyn SeekableRead>,
        path: &str,
        limits: FeedLimits,
    ) -> Result<Self, FeedError> {
        let over = |what| FeedError::OverLimit {
            path: path.to_owned(),
            what,
        };
        let size = reader
            .seek(SeekFrom::End(0))
            .and_then(|size| reader.rewind().map(|()| size))
            .map_err(|source| FeedError::Unreadable {
                path: path.to_owned(),
                source,
            })?;
        if size > limits.archive {
            return Err(over("the size of an archive"));
        }
        let zip = ZipArchive::new(reader).map_err(|error| FeedError::BadArchive {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
        if zip.len() > limits.count {
            return Err(over("the number of records"));
        }
        Ok(Self {
            zip,
            path: path.to_owned(),
            limits,
            size,
            next: 0,
            read: 0,
        })
    }

    /// The next few records. Empty at the end.
    pub(crate) fn batch(&mut self, most: usize) -> Result<Vec<RawRecord>, FeedError> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while batch.len() < most && bytes < self.limits.record && self.next < self.zip.len() {
            let index = self.next;
            self.next += 1;
            if let Some(record) = self.record(index)? {
                bytes += record.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
                batch.push(record);
            }
        }
        Ok(batch)
    }

    fn record(&mut self, index: usize) -> Result<Option<RawRecord>, FeedError> {
        let left = self.limits.record.min(self.allowance()?);
        let mut entry = match self.zip.by_index(index) {
            Ok(entry) => entry,
            Err(error) => {
                return Ok(Some(RawRecord {
                    name: format!("entry {index}"),
                    bytes: Err(error.to_string()),
                }));
            }
        };
        let name = entry
            .name()
            .map_or_else(|_| format!("entry {index}"), Cow::into_owned);
        if Path::new(&name)
            .extension()
            .is_none_or(|ending| ending != "json")
        {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(entry.size().min(1 << 20) as usize);
        let outcome = entry.by_ref().take(left + 1).read_to_end(&mut bytes);
        drop(entry);
        self.read += bytes.len() as u64;
        self.allowance()?;
        let bytes = match outcome {
            Err(error) => Err(error.to_string()),
            Ok(_) if bytes.len() as u64 > self.limits.record => Err(OVERSIZE.to_owned()),
            Ok(_) => Ok(bytes),
        };
        Ok(Some(RawRecord { name, bytes }))
    }

    /// How many bytes this archive may still unfold to.
    fn allowance(&self) -> Result<u64, FeedError> {
        let most = self
            .limits
            .total
            .min(self.size.saturating_mul(self.limits.ratio).max(FREE));
        most.checked_sub(self.read).ok_or(FeedError::OverLimit {
            path: self.path.clone(),
            what: "the size of all records, or for their compression",
        })
    }
}
