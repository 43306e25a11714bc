//! What was not read of archives. A folder of downloads holds thousands of them: each sort of
//! trouble is one note with a few examples.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use linchpin_model::{Note, NoteKind};

/// How many examples a note gives.
const EXAMPLES: usize = 3;

/// Sorts of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Remark {
    /// A plain archive, which is opened only on request.
    Closed,
    /// A disk, which is read only as a target.
    Disk,
    /// An archive in an archive in an archive…
    TooDeep,
    /// It is larger, or holds more, than what is read.
    OverLimits,
    /// It is not what its name says, or broken.
    Damaged,
    /// A wanted member is encrypted.
    Encrypted,
    /// A wanted member can not be unpacked.
    UnreadableMember,
}

impl Remark {
    fn text(self, count: u64, examples: &str) -> String {
        let archives = if count == 1 {
            "1 archive was".to_owned()
        } else {
            format!("{count} archives were")
        };
        let files = if count == 1 {
            "1 file in archives was".to_owned()
        } else {
            format!("{count} files in archives were")
        };
        match self {
            Self::Closed => format!(
                "{archives} not opened: {examples}; `--archives all` opens plain archives too"
            ),
            Self::Disk => {
                let disks = if count == 1 {
                    "1 image of a disk was".to_owned()
                } else {
                    format!("{count} images of disks were")
                };
                format!("{disks} not opened: {examples}; name one as the target to read it")
            }
            Self::TooDeep => {
                format!("{archives} not opened, nested too deep in others: {examples}")
            }
            Self::OverLimits => {
                format!("{archives} not read to the end, being too large: {examples}")
            }
            Self::Damaged => format!("{archives} not read to the end: {examples}"),
            Self::Encrypted => format!("{files} not read, being encrypted: {examples}"),
            Self::UnreadableMember => format!("{files} not read: {examples}"),
        }
    }
}

/// Collects what was not read, from several threads.
#[derive(Debug, Default)]
pub(crate) struct Remarks(Mutex<BTreeMap<Remark, (u64, BTreeSet<String>)>>);

impl Remarks {
    /// Remarks on an archive or a file in one; the reason is told with it, if there is one.
    pub(crate) fn add(&self, remark: Remark, path: &str, reason: Option<&str>) {
        let mut remarks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, examples) = remarks.entry(remark).or_default();
        *count += 1;
        // The first few in the order of their names: the same ones each time, whichever thread
        // came first.
        if examples.len() < EXAMPLES
            || examples
                .last()
                .is_some_and(|last| path < last.trim_start_matches('`'))
        {
            examples.insert(match reason {
                Some(reason) => format!("`{path}` ({reason})"),
                None => format!("`{path}`"),
            });
            while examples.len() > EXAMPLES {
                examples.pop_last();
            }
        }
    }

    pub(crate) fn into_notes(self) -> impl Iterator<Item = Note> {
        let remarks = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        remarks.into_iter().map(|(remark, (count, examples))| {
            let shown: Vec<String> = examples.into_iter().collect();
            let mut listed = shown.join(", ");
            let more = count.saturating_sub(shown.len() as u64);
            if more > 0 {
                let _ = write!(listed, " and {more} more");
            }
            Note::general(NoteKind::Unread, remark.text(count, &listed))
        })
    }
}
