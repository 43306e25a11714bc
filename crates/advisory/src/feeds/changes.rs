//! OSV's lists of changes: `modified_id.csv`, at the top of the bucket and in each ecosystem's
//! folder, <https://google.github.io/osv.dev/data/#downloading-recent-changes>.
//!
//! Each line is a moment, a comma and an id, `2026-08-15T00:05:00Z,GHSA-…`; in the list at the top
//! the ecosystem's folder and a slash come before the id. The newest stand first, so that whoever
//! knows up to where he has read can stop there.

use std::io::{BufRead, BufReader, Read};

use linchpin_model::Timestamp;

use super::FeedError;
use crate::record::is_plain_id;

/// The list's name.
pub(crate) const CHANGES: &str = "modified_id.csv";
/// All of OSV has some 800,000 records.
const MOST_LINES: usize = 10_000_000;
const LONGEST_LINE: u64 = 1000;

/// A record that was changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Change {
    pub(crate) moment: Timestamp,
    /// The folder; empty in the list of one ecosystem.
    pub(crate) folder: String,
    pub(crate) id: String,
}

/// Reads a list from its beginning. `take` is given each change, and says whether it wants older
/// ones; a list that is not in order is read to its end.
pub(crate) fn read_changes(
    reader: impl Read,
    path: &str,
    mut take: impl FnMut(Change) -> Onward,
) -> Result<(), FeedError> {
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    let mut before: Option<Timestamp> = None;
    let mut in_order = true;
    for _ in 0..MOST_LINES {
        line.clear();
        let read = (&mut reader)
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)
            .map_err(|source| FeedError::Unreadable {
                path: path.to_owned(),
                source,
            })?;
        if read == 0 {
            return Ok(());
        }
        // A line that says nothing is passed over: the record will come with the whole archive.
        let Some(change) = change(&line) else {
            continue;
        };
        in_order &= before.is_none_or(|before| change.moment <= before);
        before = Some(change.moment);
        if take(change) == Onward::Enough && in_order {
            return Ok(());
        }
    }
    Err(FeedError::OverLimit {
        path: path.to_owned(),
        what: "the number of changes",
    })
}

/// The number of changes in a list: an entry for fuzzing, which otherwise only an update reaches.
pub fn count_changes(list: &[u8]) -> Result<usize, FeedError> {
    let mut count = 0;
    read_changes(list, "list", |_| {
        count += 1;
        Onward::More
    })?;
    Ok(count)
}

/// Whether older changes are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Onward {
    More,
    Enough,
}

fn change(line: &[u8]) -> Option<Change> {
    let (moment, place) = str::from_utf8(line).ok()?.trim().split_once(',')?;
    let (folder, id) = place.rsplit_once('/').unwrap_or(("", place));
    // Both become a path in the bucket.
    let plain = is_plain_id(id) && !id.starts_with('.') && !id.contains(['\\', '/']);
    let plain = plain && (folder.is_empty() || super::is_plain_name(folder));
    plain.then(|| {
        Some(Change {
            moment: moment.parse().ok()?,
            folder: folder.to_owned(),
            id: id.to_owned(),
        })
    })?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str, until: &str) -> Vec<String> {
        let until: Timestamp = until.parse().unwrap();
        let mut ids = Vec::new();
        read_changes(text.as_bytes(), "list", |change| {
            if change.moment < until {
                return Onward::Enough;
            }
            ids.push(format!("{} {}", change.folder, change.id));
            Onward::More
        })
        .unwrap();
        ids
    }

    #[test]
    fn reading_ends_at_what_is_known_unless_the_order_is_broken() {
        let text = "2026-08-15T00:05:00.5Z,npm/A-1\n2026-08-14T00:00:00Z,PyPI/B-1\nnonsense\n\
            2026-08-13T00:00:00Z,npm/../C-1\n2026-08-12T00:00:00Z,npm/..\n2026-08-11T00:00:00Z,npm/D-1\n\
            2026-08-16T00:00:00Z,npm/E-1\n";
        assert_eq!(ids(text, "2026-08-14T00:00:00Z"), ["npm A-1", "PyPI B-1"]);
        let broken = "2026-08-15T00:00:00Z,npm/A-1\n2026-08-16T00:00:00Z,npm/E-1\n\
            2026-08-01T00:00:00Z,npm/F-1\n2026-08-17T00:00:00Z,npm/G-1\n";
        assert_eq!(
            ids(broken, "2026-08-14T00:00:00Z"),
            ["npm A-1", "npm E-1", "npm G-1"]
        );
        assert_eq!(
            ids("2026-08-15T00:05:00Z,A-1", "2026-01-01T00:00:00Z"),
            [" A-1"]
        );
    }
}
