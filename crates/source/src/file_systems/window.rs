//! A stretch of a file or of a virtual disk, read at any place.

use std::fmt;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use super::broken;

/// What can be read at any place: a file, or a disk that a file describes.
pub(super) trait Storage: fmt::Debug + Send + Sync {
    /// Fills the buffer from this place on.
    fn read_exact_at(&self, buffer: &mut [u8], at: u64) -> io::Result<()>;
}

impl Storage for File {
    fn read_exact_at(&self, buffer: &mut [u8], at: u64) -> io::Result<()> {
        FileExt::read_exact_at(self, buffer, at)
    }
}

/// A stretch of a file or disk.
#[derive(Debug, Clone)]
pub(super) struct Window {
    storage: Arc<dyn Storage>,
    offset: u64,
    size: u64,
}

impl Window {
    pub(super) fn new(storage: Arc<dyn Storage>, offset: u64, size: u64) -> Self {
        Self {
            storage,
            offset,
            size,
        }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// A stretch of this stretch; nothing if it is not all inside.
    pub(super) fn part(&self, offset: u64, size: u64) -> Option<Self> {
        let end = offset.checked_add(size)?;
        (end <= self.size).then(|| Self {
            storage: Arc::clone(&self.storage),
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
        self.storage.read_exact_at(buffer, self.offset + at)
    }

    /// As many bytes from this place on as the array has.
    pub(super) fn array<const COUNT: usize>(&self, at: u64) -> io::Result<[u8; COUNT]> {
        let mut bytes = [0; COUNT];
        self.read(at, &mut bytes)?;
        Ok(bytes)
    }

    /// Up to this many bytes from the start.
    pub(super) fn start<const COUNT: usize>(&self) -> Option<[u8; COUNT]> {
        self.array(0).ok()
    }
}
