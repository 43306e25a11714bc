//! The whole list of an ecosystem beside the records that are known of it.
//!
//! A list names every record that there is with the moment of its last change, so that what it does
//! not name is gone: merged into another record, filed elsewhere, withdrawn and taken out. Reading
//! from its beginning up to what is known, as most updates do, never tells. And a record may turn up
//! late, with a moment before what was seen already: OSV writes down the moment that the source
//! states, which it reads some time after.

use jiff::SignedDuration;
use linchpin_model::Timestamp;

use super::ecosystem::SHARE;
use crate::database::{Seen, Shard};
use crate::feeds::{CHANGES, Change, Onward, read_changes};
use crate::import::ImportError;
use crate::{Bucket, FeedError};

/// How many records may vanish before a list is believed less than the archive.
const FEW: usize = 10;
/// How much later than its own moment a record may turn up in a list.
const LATE: SignedDuration = SignedDuration::from_hours(3 * 24);
/// More than these are not collected: an archive is read instead.
const MOST: usize = 1_000_000;

/// What is different in a feed.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// The changes since the last one that was seen, that one and its equals among them.
    pub(super) changes: Vec<Change>,
    /// Older changes that were not there the last time.
    pub(super) missed: Vec<Change>,
    /// The ids of known records that are not listed.
    pub(super) gone: Vec<String>,
}

impl Compared {
    /// What a list says that was not read to its end.
    pub(super) fn changes_only(changes: Vec<Change>) -> Self {
        Self {
            changes,
            ..Self::default()
        }
    }

    /// Whether so many are gone that the list may be the one that is wrong: cut off, or empty.
    pub(super) fn is_doubtful(&self, records: u64) -> bool {
        let gone = self.gone.len() as u64;
        gone > 0 && (gone == records || self.gone.len() > FEW && gone > records / SHARE)
    }
}

struct Known<'a> {
    id: &'a str,
    modified: Option<i64>,
    is_listed: bool,
}

/// Compares the lists of an ecosystem's folders with its file. `listed` is when that was last done.
/// Nothing if one of the folders has no list, or the file can not be read.
pub(super) fn compare(
    bucket: &dyn Bucket,
    names: &[String],
    shard: &Shard,
    seen: Seen,
    listed: Option<Timestamp>,
) -> Result<Option<Compared>, ImportError> {
    // In the order of their ids.
    let mut known = Vec::new();
    for record in shard.advisories() {
        let Ok((_, advisory, _)) = record else {
            return Ok(None);
        };
        known.push(Known {
            id: advisory.id,
            modified: advisory.modified,
            is_listed: false,
        });
    }
    let late = listed.and_then(|listed| listed.checked_sub(LATE).ok());
    let mut compared = Compared::default();
    for name in names {
        let path = format!("{name}/{CHANGES}");
        let list = match bucket.stream(&path) {
            Ok(list) => list,
            Err(FeedError::Missing { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        read_changes(list, &path, |change| {
            let place = known.binary_search_by(|record| record.id.cmp(&change.id));
            let record = place.ok().and_then(|place| known.get_mut(place));
            let is_missed = match &record {
                Some(record) => record
                    .modified
                    .is_some_and(|modified| modified < change.moment.as_second()),
                // Most of what is listed and not known was withdrawn long ago.
                None => late.is_some_and(|late| change.moment >= late),
            };
            if let Some(record) = record {
                record.is_listed = true;
            }
            let into = if change.moment >= seen.moment.0 {
                &mut compared.changes
            } else if is_missed {
                &mut compared.missed
            } else {
                return Onward::More;
            };
            if into.len() < MOST {
                into.push(Change {
                    folder: name.clone(),
                    ..change
                });
            }
            Onward::More
        })?;
    }
    compared.gone = known
        .iter()
        .filter(|record| !record.is_listed)
        .map(|record| record.id.to_owned())
        .collect();
    Ok(Some(compared))
}
