//! A stretch of a file, read at any place.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use super::broken;

/// A stretch of a file.
#[derive(Debug, Clone)]
pub(super) struct Window {
    file: Arc<File>,
    offset: u64,
    size: u64,
}

impl Window {
    pub(super) fn new(file: Arc<File>, offset: u64, size: u64) -> Self {
        Self { file, offset, size }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// A stretch of this stretch; nothing if it is not all inside.
    pub(super) fn part(&self, offset: u64, size: u64) -> Option<Self> {
        let end = offset.checked_add(size)?;
        (end <= self.size).then(|| Self {
            file: Arc::clone(&self.file),
            offset: self.offset + offset,
            size,
        })
    }

    /// Fills the buffer from this place on.
    pub(super) fn read(&self, at: u64, buffer: &mut [u8]) -> io::Result<()> {
        let end = at.checked_add(buffer.len() as u64);
        if end.is_none_or(|end| end > self.size) {
            return Err(broken("it refers to a place behind its end"));
        }
        self.file.read_exact_at(buffer, self.offset + at)
    }

    /// Up to this many bytes from the start.
    pub(super) fn start<const COUNT: usize>(&self) -> Option<[u8; COUNT]> {
        let mut start = [0; COUNT];
        self.read(0, &mut start).ok().map(|()| start)
    }
}
