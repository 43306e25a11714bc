//! How old what a feed gives is. A mirror that nobody keeps up answers like one that somebody does,
//! and a database made of it must not look fresh.

use std::collections::BTreeMap;

use linchpin_model::{Ecosystem, Timestamp};

use crate::Bucket;
use crate::feeds::{CHANGES, Onward, read_changes};
use jiff::SignedDuration;

/// After this long the whole list of an ecosystem is read again: a little less than a day, for those
/// who update daily.
pub(super) const IS_DUE: SignedDuration = SignedDuration::from_hours(20);

/// Until when a feed was certainly kept up: the newest change that it lists, or the moment at which
/// a list or an archive was written, as the server says. All of OSV changes several times an hour,
/// a single ecosystem may not for months; so all ecosystems speak for each other. Nothing where
/// there is neither.
pub(super) fn kept_up(
    bucket: &dyn Bucket,
    folders: &BTreeMap<Ecosystem, Vec<String>>,
) -> Option<Timestamp> {
    let top = newest(bucket, CHANGES).max(bucket.modified(CHANGES));
    if top.is_some() {
        return top;
    }
    folders
        .values()
        .flatten()
        .map(|name| {
            let list = format!("{name}/{CHANGES}");
            newest(bucket, &list)
                .max(bucket.modified(&list))
                .max(bucket.modified(&format!("{name}/all.zip")))
        })
        .max()
        .flatten()
}

/// The moment at the beginning of a list. What can not be read says nothing here, and is told where
/// it is needed.
fn newest(bucket: &dyn Bucket, path: &str) -> Option<Timestamp> {
    let list = bucket.stream(path).ok()?;
    let mut first = None;
    let _ = read_changes(list, path, |change| {
        first.get_or_insert(change.moment);
        Onward::Enough
    });
    first
}
