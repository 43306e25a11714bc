//! A disk as a target: its file systems together, and what of it was not read.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use linchpin_model::{Note, NoteKind, Subject};

use super::partitions::{Partition, partitions};
use super::volumes::{self, Content, content};
use super::window::Window;
use super::{broken, disks, tar_sink};
use crate::{Source, SourceError, SourceOptions, TarSource, Visited, Visitor, Wants};

/// A disk with file systems.
#[derive(Debug)]
pub(super) struct DiskSource {
    files: TarSource,
    /// What was not read, once it was visited.
    remarks: Arc<Mutex<BTreeSet<String>>>,
}

/// Opens a disk; gives nothing if the file is none.
pub(super) fn open(
    file: &Window,
    subject: Subject,
    options: &SourceOptions,
) -> io::Result<Option<DiskSource>> {
    let disk = disks::open(file)?;
    let is_certain = disk.is_some();
    let disk = disk.unwrap_or_else(|| file.clone());
    let parts = match content(&disk) {
        Content::Ext4 | Content::SquashFs => vec![Partition {
            number: 1,
            window: disk,
            id: None,
        }],
        _ => partitions(&disk)?,
    };
    let contents: Vec<Content> = parts.iter().map(|part| content(&part.window)).collect();
    let is_read = |content: &Content| matches!(content, Content::Ext4 | Content::SquashFs);
    if !contents.iter().any(is_read) {
        // Many files happen to begin like a disk; what is certain to be one is told.
        let names: BTreeSet<&str> = contents
            .iter()
            .filter_map(|content| match content {
                Content::Unread(name) if is_certain || *name != volumes::UNKNOWN => Some(*name),
                _ => None,
            })
            .collect();
        return match names.is_empty() {
            true if is_certain => Err(broken("the disk has no file system that is read")),
            true => Ok(None),
            false => Err(broken(format!(
                "the disk has no file system that is read, but {}",
                Vec::from_iter(names).join(", ")
            ))),
        };
    }
    let remarks = Arc::new(Mutex::new(BTreeSet::new()));
    let (limits, stored) = (options.limits, file.size());
    let kept = Arc::clone(&remarks);
    let begin = move || -> io::Result<Box<dyn Read + Send>> {
        let (parts, kept) = (parts.clone(), Arc::clone(&kept));
        let tar = tar_sink::written_by(stored, limits, move |sink| {
            let remarks = volumes::write(parts, &limits, sink)?;
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = remarks;
            Ok(())
        })?;
        Ok(Box::new(tar))
    };
    Ok(Some(DiskSource {
        files: TarSource::new(subject, begin, options.clone()),
        remarks,
    }))
}

impl Source for DiskSource {
    fn subject(&self) -> &Subject {
        self.files.subject()
    }

    fn visit(&self, wants: &Wants, visitor: &dyn Visitor) -> Result<Visited, SourceError> {
        let mut visited = self.files.visit(wants, visitor)?;
        let remarks = self.remarks.lock().unwrap_or_else(PoisonError::into_inner);
        let notes = remarks
            .iter()
            .map(|text| Note::general(NoteKind::Unread, text));
        visited.notes.extend(notes);
        Ok(visited)
    }
}
