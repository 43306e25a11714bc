//! Reading the lists of changes of a feed from their beginnings, where the newest stand.

use std::collections::BTreeMap;

use linchpin_model::{Ecosystem, Timestamp};

use crate::database::{Moment, Seen};
use crate::feeds::{CHANGES, Change, Onward, read_changes};
use crate::import::ImportError;
use crate::{Bucket, FeedError};

/// What has changed since it was last seen, by ecosystem, as the list at the top of the bucket says
/// or those of the ecosystems. Nothing of an ecosystem that has no list.
pub(super) fn changes(
    bucket: &dyn Bucket,
    folders: &BTreeMap<Ecosystem, Vec<String>>,
    seen: &BTreeMap<Ecosystem, Seen>,
) -> Result<BTreeMap<Ecosystem, Vec<Change>>, ImportError> {
    let Some(oldest) = seen.values().map(|seen| seen.moment.0).min() else {
        return Ok(BTreeMap::new());
    };
    let list = match bucket.stream(CHANGES) {
        Ok(list) => list,
        Err(FeedError::Missing { .. }) => return own_changes(bucket, folders, seen),
        Err(error) => return Err(error.into()),
    };
    let mut all: BTreeMap<Ecosystem, Vec<Change>> = seen
        .keys()
        .map(|ecosystem| (*ecosystem, Vec::new()))
        .collect();
    read_changes(list, CHANGES, |change| {
        if change.moment < oldest {
            return Onward::Enough;
        }
        let base = change.folder.split(':').next().unwrap_or_default();
        if let Some((ecosystem, _)) = Ecosystem::from_osv(base)
            && seen
                .get(&ecosystem)
                .is_some_and(|seen| change.moment >= seen.moment.0)
            && let Some(changes) = all.get_mut(&ecosystem)
        {
            changes.push(change);
        }
        Onward::More
    })?;
    Ok(all)
}

/// The same by the lists of the ecosystems' folders.
fn own_changes(
    bucket: &dyn Bucket,
    folders: &BTreeMap<Ecosystem, Vec<String>>,
    seen: &BTreeMap<Ecosystem, Seen>,
) -> Result<BTreeMap<Ecosystem, Vec<Change>>, ImportError> {
    let mut all = BTreeMap::new();
    'ecosystems: for (ecosystem, seen) in seen {
        let mut changes = Vec::new();
        for name in folders.get(ecosystem).into_iter().flatten() {
            let path = format!("{name}/{CHANGES}");
            let list = match bucket.stream(&path) {
                Ok(list) => list,
                Err(FeedError::Missing { .. }) => continue 'ecosystems,
                Err(error) => return Err(error.into()),
            };
            read_changes(list, &path, |change| {
                if change.moment < seen.moment.0 {
                    return Onward::Enough;
                }
                changes.push(Change {
                    folder: name.clone(),
                    ..change
                });
                Onward::More
            })?;
        }
        all.insert(*ecosystem, changes);
    }
    Ok(all)
}

/// Up to where the lists of an ecosystem go now. Nothing if one of its folders has no list.
pub(super) fn newest_change(
    bucket: &dyn Bucket,
    names: &[String],
) -> Result<Option<Seen>, ImportError> {
    let mut moments = Vec::new();
    for name in names {
        let path = format!("{name}/{CHANGES}");
        let list = match bucket.stream(&path) {
            Ok(list) => list,
            Err(FeedError::Missing { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let mut first = None;
        read_changes(list, &path, |change| {
            let first = *first.get_or_insert(change.moment);
            if change.moment < first {
                return Onward::Enough;
            }
            moments.push(change.moment);
            Onward::More
        })?;
    }
    Ok(latest(moments.into_iter()))
}

/// The latest of these moments, and how many changes have it.
pub(super) fn latest(moments: impl Iterator<Item = Timestamp>) -> Option<Seen> {
    moments.fold(None, |latest: Option<Seen>, moment| match latest {
        Some(seen) if moment < seen.moment.0 => Some(seen),
        Some(seen) if moment == seen.moment.0 => Some(Seen {
            changes: seen.changes + 1,
            ..seen
        }),
        _ => Some(Seen {
            moment: Moment(moment),
            changes: 1,
        }),
    })
}
