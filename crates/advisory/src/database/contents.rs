//! All of what a file holds, record by record: what an update copies, and what two databases are
//! compared by.

use super::entry::Advisory;
use super::shard::Shard;
use super::summaries::Unfolded;
use super::{DatabaseError, UNDECODABLE};

/// A record of a file.
#[derive(Debug)]
pub(crate) struct StoredRecord<'a> {
    pub(crate) advisory: Advisory<&'a str>,
    /// The bytes of the advisory's fields.
    pub(crate) bytes: &'a [u8],
    pub(crate) summary: String,
    /// The keys of the packages that it speaks of, in order, and the bytes of what it says.
    pub(crate) packages: Vec<(&'a str, &'a [u8])>,
}

/// Reads the records of a file in the order of their ids.
pub(crate) struct Contents<'a> {
    shard: &'a Shard,
    /// By the offset of the advisory. What it says of packages lies with the packages.
    mentions: Vec<(u64, &'a str, &'a [u8])>,
    summaries: Unfolded<'a>,
}

impl<'a> Contents<'a> {
    pub(crate) fn of(shard: &'a Shard) -> Result<Self, DatabaseError> {
        let mut mentions = Vec::new();
        for entry in shard.entries() {
            let (key, affected) = entry?;
            mentions.extend(
                affected
                    .into_iter()
                    .map(|(offset, bytes)| (offset, key, bytes)),
            );
        }
        mentions.sort_by(|left, right| (left.0, left.1).cmp(&(right.0, right.1)));
        Ok(Self {
            shard,
            mentions,
            summaries: shard.summaries(),
        })
    }

    /// Gives each record to `take`, until it fails.
    pub(crate) fn each<E: From<DatabaseError>>(
        mut self,
        mut take: impl FnMut(StoredRecord<'a>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rest = self.mentions.as_slice();
        for record in self.shard.advisories() {
            let (offset, advisory, bytes) = record?;
            let many = rest.partition_point(|(of, ..)| *of <= offset);
            let (own, after) = rest.split_at(many);
            rest = after;
            let summary = self.summaries.get(advisory.summary.at)?;
            take(StoredRecord {
                advisory,
                bytes,
                summary,
                packages: own.iter().map(|(_, key, bytes)| (*key, *bytes)).collect(),
            })?;
        }
        if rest.is_empty() {
            Ok(())
        } else {
            Err(UNDECODABLE.into())
        }
    }
}
