//! One file of a database: the advisories of an ecosystem, mapped into memory.
//!
//! Opening reads the header and the facts; a lookup reads what it needs. See `layout` for the
//! bytes, `compile` for how they are made.

use std::fmt;
use std::path::PathBuf;

use linchpin_model::Ecosystem;
use memmap2::Mmap;

use super::checked::Checked;
use super::entry::{Advisory, AdvisoryPlace, Affected, FileFacts, Summary, SummaryPlace};
use super::layout::{self, DIRECTORY_ENTRY, Header, PAGE_ENTRY, Section};
use super::predictions::CveNumber;
use super::scores;
use super::summaries::Unfolded;
use super::{DatabaseError, UNDECODABLE, decode};

/// Where the bytes of a file are.
pub(super) enum Bytes {
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

/// An opened file.
pub(crate) struct Shard {
    bytes: Bytes,
    header: Header,
    facts: FileFacts,
    /// The pages of the index, by their buckets.
    checked_pages: Checked,
    /// The blocks of packages, by their places in the index.
    checked_entries: Checked,
    /// The scores, which are one part.
    checked_scores: Checked,
}

impl fmt::Debug for Shard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Shard")
            .field("size", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// What an entry holds: a package's key, and for each advisory its offset and the bytes of what it
/// says.
type Entry<'a> = (&'a str, Vec<(u64, &'a [u8])>);

impl Shard {
    /// Reads the header and the facts. The path is for messages.
    pub(super) fn read(bytes: Bytes, path: PathBuf) -> Result<Self, DatabaseError> {
        let header = Header::read(&bytes).ok_or(DatabaseError::NotADatabase { path })??;
        let mut shard = Self {
            bytes,
            header,
            facts: FileFacts::default(),
            checked_pages: Checked::default(),
            checked_entries: Checked::default(),
            checked_scores: Checked::none_of(1),
        };
        let facts = shard.section(Section::Facts);
        if layout::checksum(facts) != header.facts {
            return Err(DatabaseError::Corrupt {
                what: "the checksum of its facts does not match",
            });
        }
        shard.facts = decode(facts)?;
        shard.checked_pages =
            Checked::none_of(shard.section(Section::Directory).len() / DIRECTORY_ENTRY);
        shard.checked_entries = Checked::none_of(shard.section(Section::Pages).len() / PAGE_ENTRY);
        Ok(shard)
    }

    pub(crate) fn facts(&self) -> &FileFacts {
        &self.facts
    }

    pub(super) fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// What its advisories say of a package, whose name is normalised. `number` is this file's
    /// among those of the database.
    pub(super) fn lookup(
        &self,
        number: usize,
        ecosystem: Ecosystem,
        release: Option<&str>,
        name: &str,
    ) -> Result<Vec<Affected<&str>>, DatabaseError> {
        let key = layout::key(ecosystem, release, name);
        let hash = layout::hash(&key);
        let (first, page) = self.page(hash)?;
        let (entries, _) = page.as_chunks::<PAGE_ENTRY>();
        for (place, entry) in entries.iter().enumerate() {
            if layout::u64_at(entry, 0) != Some(hash) {
                continue;
            }
            let offset = layout::u64_at(entry, 8).ok_or(UNDECODABLE)?;
            let block =
                layout::read_block_if(self.section(Section::Entries), offset, |bytes, sum| {
                    self.checked_entries
                        .once(first + place, || layout::checksum(bytes) == sum)
                })?;
            let (found, rest) =
                postcard::take_from_bytes::<&str>(block).map_err(|_| UNDECODABLE)?;
            if found != key {
                continue;
            }
            let (count, mut rest) =
                postcard::take_from_bytes::<u64>(rest).map_err(|_| UNDECODABLE)?;
            let mut told = Vec::with_capacity(usize::try_from(count).unwrap_or(0).min(64));
            for _ in 0..count {
                let ((offset, affected), after) =
                    postcard::take_from_bytes::<(u64, Affected<&str>)>(rest)
                        .map_err(|_| UNDECODABLE)?;
                told.push(Affected {
                    advisory: AdvisoryPlace {
                        shard: number,
                        offset,
                    },
                    ..affected
                });
                rest = after;
            }
            return Ok(told);
        }
        Ok(Vec::new())
    }

    /// The advisory at an offset, and the bytes of its fields.
    pub(super) fn advisory(
        &self,
        number: usize,
        offset: u64,
    ) -> Result<(Advisory<&str>, &[u8]), DatabaseError> {
        read_advisory(
            number,
            layout::read_block(self.section(Section::Advisories), offset)?,
        )
    }

    /// The advisory whose score for a flaw counts most among those of this file.
    pub(super) fn scoring(
        &self,
        number: usize,
        flaw: CveNumber,
    ) -> Result<Option<Advisory<&str>>, DatabaseError> {
        let Some(offset) = scores::find(self.scores()?, flaw)? else {
            return Ok(None);
        };
        let (advisory, _) = self.advisory(number, offset)?;
        match scores::scored(&advisory) {
            Some((scored, _)) if scored == flaw => Ok(Some(advisory)),
            _ => Err(UNDECODABLE),
        }
    }

    fn scores(&self) -> Result<&[u8], DatabaseError> {
        let section = self.section(Section::Scores);
        if self
            .checked_scores
            .once(0, || layout::checksum(section) == self.header.scores)
        {
            Ok(section)
        } else {
            Err(DatabaseError::Corrupt {
                what: "the checksum of its scores does not match",
            })
        }
    }

    /// All advisories in the order of their ids: offset, advisory, and the bytes of its fields.
    pub(crate) fn advisories(
        &self,
    ) -> impl Iterator<Item = Result<(u64, Advisory<&str>, &[u8]), DatabaseError>> {
        layout::blocks(self.section(Section::Advisories)).map(|block| {
            let (offset, block) = block?;
            let (advisory, bytes) = read_advisory(0, block)?;
            Ok((offset, advisory, bytes))
        })
    }

    /// All packages, in no order that means anything.
    pub(super) fn entries(&self) -> impl Iterator<Item = Result<Entry<'_>, DatabaseError>> {
        layout::blocks(self.section(Section::Entries)).map(|block| {
            let (_, block) = block?;
            let ((key, count), mut rest) =
                postcard::take_from_bytes::<(&str, u64)>(block).map_err(|_| UNDECODABLE)?;
            let mut told = Vec::new();
            for _ in 0..count {
                let (offset, after) =
                    postcard::take_from_bytes::<u64>(rest).map_err(|_| UNDECODABLE)?;
                let (_, end) =
                    postcard::take_from_bytes::<Affected<&str>>(after).map_err(|_| UNDECODABLE)?;
                let length = after.len().checked_sub(end.len()).ok_or(UNDECODABLE)?;
                told.push((offset, after.get(..length).ok_or(UNDECODABLE)?));
                rest = end;
            }
            Ok((key, told))
        })
    }

    /// Reads everything, as a lookup of every package would, and counts it.
    pub(super) fn verify(&self) -> Result<(), DatabaseError> {
        let mut packages = 0;
        for entry in self.entries() {
            let (key, told) = entry?;
            let (base, release, name) = layout::key_parts(key).ok_or(UNDECODABLE)?;
            // What nothing here can look up is no damage.
            if let Some((ecosystem, _)) = Ecosystem::from_osv(base) {
                let found = self.lookup(0, ecosystem, release, name)?;
                if found.len() != told.len() {
                    return Err(UNDECODABLE);
                }
            }
            for (offset, _) in told {
                self.advisory(0, offset)?;
            }
            packages += 1;
        }
        for flaw in scores::flaws(self.scores()?) {
            self.scoring(0, flaw)?.ok_or(UNDECODABLE)?;
        }
        let mut summaries = self.summaries();
        for record in self.advisories() {
            summaries.get(record?.1.summary.at)?;
        }
        if packages != self.facts.packages {
            return Err(DatabaseError::Corrupt {
                what: "it holds another number of packages than it says",
            });
        }
        Ok(())
    }

    pub(super) fn summaries(&self) -> Unfolded<'_> {
        Unfolded::new(self)
    }

    pub(super) fn section(&self, section: Section) -> &[u8] {
        // The header was checked against the file's length when it was read.
        let (offset, length) = self.header.sections[section as usize];
        self.bytes
            .get(offset as usize..)
            .and_then(|rest| rest.get(..length as usize))
            .unwrap_or_default()
    }

    /// The page of the index that holds a hash, if any does, and the place of its first package.
    fn page(&self, hash: u64) -> Result<(usize, &[u8]), DatabaseError> {
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
            self.checked_pages
                .once(bucket, || layout::checksum(page) == sum)
                .then_some((start, page))
        };
        find().ok_or(DatabaseError::Corrupt {
            what: "the checksum of a page of its index does not match",
        })
    }
}

fn read_advisory(number: usize, block: &[u8]) -> Result<(Advisory<&str>, &[u8]), DatabaseError> {
    let (advisory, rest) =
        postcard::take_from_bytes::<Advisory<&str>>(block).map_err(|_| UNDECODABLE)?;
    let at: Summary = decode(rest)?;
    let length = block.len().checked_sub(rest.len()).ok_or(UNDECODABLE)?;
    let fields = block.get(..length).ok_or(UNDECODABLE)?;
    let advisory = Advisory {
        summary: SummaryPlace { shard: number, at },
        ..advisory
    };
    Ok((advisory, fields))
}
