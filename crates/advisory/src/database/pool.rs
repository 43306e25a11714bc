//! Condensed records on their way into a file: encoded as they come, because a hundred thousand of
//! them as values would take ten times the memory.
//!
//! A record is encoded once, here. Compiling only sorts and copies; an update copies the records
//! that have not changed out of the old file, without looking into them further than it must.

use std::cmp::Ordering;

use serde::Serialize;

use super::contents::StoredRecord;
use super::layout::{hash, key};
use crate::condense::Condensed;

/// There is more than a file of this format can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLarge(pub(crate) &'static str);

/// Which of several records with one id count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeated {
    /// The one that was changed last: the same record is in a feed twice.
    Newest,
    /// All: they speak of different packages.
    All,
}

/// A record, encoded.
#[derive(Debug)]
pub(crate) struct Encoded {
    modified: Option<i64>,
    advisory: Vec<u8>,
    summary: String,
    packages: Vec<(String, Vec<u8>)>,
}

impl Encoded {
    /// Encodes a record. `None` if nothing of it can be matched.
    pub(crate) fn new(record: &Condensed) -> Result<Option<Self>, TooLarge> {
        if record.packages.is_empty() {
            return Ok(None);
        }
        let packages = record
            .packages
            .iter()
            .map(|package| {
                let key = key(package.ecosystem, package.release.as_deref(), &package.name);
                Ok((key, encode(&package.affected)?))
            })
            .collect::<Result<_, TooLarge>>()?;
        Ok(Some(Self {
            modified: record.advisory.modified,
            advisory: encode(&record.advisory)?,
            summary: record.summary.clone(),
            packages,
        }))
    }
}

fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, TooLarge> {
    postcard::to_allocvec(value).map_err(|_| TooLarge("the size of a record"))
}

/// Where a record is in the pool's bytes.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    advisory: u32,
    summary: u32,
    modified: Option<i64>,
    /// The record's mentions are those up to here, from where the record before ends.
    mentions: u32,
}

/// What a record says of one package: where in the pool's bytes.
#[derive(Debug, Clone, Copy)]
struct Mention {
    hash: u64,
    start: usize,
    key: u32,
    affected: u32,
}

/// A record in the pool.
#[derive(Debug, Clone, Copy)]
pub(super) struct PooledRecord<'a> {
    /// The bytes of its [`Advisory`].
    pub(super) advisory: &'a [u8],
    pub(super) summary: &'a str,
    pub(super) modified: Option<i64>,
    /// Its mentions, by their places.
    pub(super) mentions: (u32, u32),
}

/// Encoded records.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    bytes: Vec<u8>,
    spans: Vec<Span>,
    mentions: Vec<Mention>,
}

impl Pool {
    /// Takes a record.
    pub(crate) fn push(&mut self, record: &Encoded) -> Result<(), TooLarge> {
        self.push_parts(
            &record.advisory,
            &record.summary,
            record.modified,
            record
                .packages
                .iter()
                .map(|(key, affected)| (key.as_str(), affected.as_slice())),
        )
    }

    fn push_parts<'a>(
        &mut self,
        advisory: &[u8],
        summary: &str,
        modified: Option<i64>,
        packages: impl Iterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<(), TooLarge> {
        const LIMIT: TooLarge = TooLarge("the number of packages");
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).map_err(|_| LIMIT);
        let start = self.bytes.len();
        self.bytes.extend_from_slice(advisory);
        self.bytes.extend_from_slice(summary.as_bytes());
        for (key, affected) in packages {
            self.mentions.push(Mention {
                hash: hash(key),
                start: self.bytes.len(),
                key: length(key.as_bytes())?,
                affected: length(affected)?,
            });
            self.bytes.extend_from_slice(key.as_bytes());
            self.bytes.extend_from_slice(affected);
        }
        self.spans.push(Span {
            start,
            advisory: length(advisory)?,
            summary: length(summary.as_bytes())?,
            modified,
            mentions: u32::try_from(self.mentions.len()).map_err(|_| LIMIT)?,
        });
        Ok(())
    }

    /// Takes a record of another file.
    pub(crate) fn push_stored(&mut self, record: &StoredRecord<'_>) -> Result<(), TooLarge> {
        self.push_parts(
            record.bytes,
            &record.summary,
            record.advisory.modified,
            record.packages.iter().copied(),
        )
    }

    /// Whether there is no record.
    pub(crate) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The places of the records in the order of their ids.
    pub(super) fn sorted(&self, repeated: Repeated) -> Result<Vec<u32>, TooLarge> {
        let count =
            u32::try_from(self.spans.len()).map_err(|_| TooLarge("the number of records"))?;
        let mut places: Vec<u32> = (0..count).collect();
        places.sort_unstable_by(|left, right| self.order(*left, *right));
        if repeated == Repeated::Newest {
            places.dedup_by(|later, first| self.id(*later) == self.id(*first));
        }
        Ok(places)
    }

    /// By id, the newest first; what is equal in that by its bytes, so that the order in which
    /// records come decides nothing.
    fn order(&self, left: u32, right: u32) -> Ordering {
        let newer = || {
            let modified = |place| self.span(place).and_then(|span| span.modified);
            modified(right).cmp(&modified(left))
        };
        self.id(left)
            .cmp(self.id(right))
            .then_with(newer)
            .then_with(|| self.all(left).cmp(self.all(right)))
    }

    fn span(&self, place: u32) -> Option<&Span> {
        self.spans.get(place as usize)
    }

    /// The id is the first field of an advisory: its length, which is below 256, and its bytes.
    fn id(&self, place: u32) -> &[u8] {
        let id = || {
            let rest = self.bytes.get(self.span(place)?.start..)?;
            let (length, rest) = postcard::take_from_bytes::<u64>(rest).ok()?;
            rest.get(..usize::try_from(length).ok()?)
        };
        id().unwrap_or_default()
    }

    fn all(&self, place: u32) -> &[u8] {
        let all = || {
            let start = self.span(place)?.start;
            match self.span(place.checked_add(1)?) {
                Some(next) => self.bytes.get(start..next.start),
                None => self.bytes.get(start..),
            }
        };
        all().unwrap_or_default()
    }

    pub(super) fn record(&self, place: u32) -> Option<PooledRecord<'_>> {
        let span = self.span(place)?;
        let rest = self.bytes.get(span.start..)?;
        let (advisory, rest) = rest.split_at_checked(span.advisory as usize)?;
        let summary = rest.get(..span.summary as usize)?;
        let first = match place.checked_sub(1) {
            Some(before) => self.span(before)?.mentions,
            None => 0,
        };
        Some(PooledRecord {
            advisory,
            summary: str::from_utf8(summary).ok()?,
            modified: span.modified,
            mentions: (first, span.mentions),
        })
    }

    pub(super) fn mention_hash(&self, mention: u32) -> u64 {
        self.mentions
            .get(mention as usize)
            .map_or(0, |mention| mention.hash)
    }

    /// A mention's key, and the bytes of its [`Affected`].
    pub(super) fn mention(&self, mention: u32) -> Option<(&str, &[u8])> {
        let mention = self.mentions.get(mention as usize)?;
        let rest = self.bytes.get(mention.start..)?;
        let (key, rest) = rest.split_at_checked(mention.key as usize)?;
        Some((
            str::from_utf8(key).ok()?,
            rest.get(..mention.affected as usize)?,
        ))
    }
}
