//! The bytes of a program, readable at any place, so that a large one on disk need not be in memory
//! for a reader that looks at its sections.

use std::cell::Cell;
use std::fmt;
use std::fs::File;
use std::ops::Range;

use object::{ReadCache, ReadRef};

/// Most bytes that are read of one program so, in all: sections that readers look at have some
/// hundred thousand.
const MOST_BYTES: u64 = 64 << 20;

/// A program on disk, of which only what somebody asks for is read.
pub struct ProgramFile {
    cache: ReadCache<File>,
    size: u64,
    left: Cell<u64>,
}

impl ProgramFile {
    pub(crate) fn new(file: File, size: u64) -> Self {
        Self {
            cache: ReadCache::new(file),
            size,
            left: Cell::new(MOST_BYTES),
        }
    }

    /// Whether a stretch is in the file and not too long to be read.
    fn allow(&self, offset: u64, size: u64) -> Result<(), ()> {
        let end = offset.checked_add(size).ok_or(())?;
        if end > self.size {
            return Err(());
        }
        self.spend(size)
    }

    fn spend(&self, size: u64) -> Result<(), ()> {
        let left = self.left.get().checked_sub(size).ok_or(())?;
        self.left.set(left);
        Ok(())
    }
}

impl fmt::Debug for ProgramFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ProgramFile")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// The bytes of a program.
#[derive(Debug, Clone, Copy)]
pub enum ProgramBytes<'a> {
    /// All of them.
    InMemory(&'a [u8]),
    /// Those that are asked for.
    OnDisk(&'a ProgramFile),
}

impl<'a> ReadRef<'a> for ProgramBytes<'a> {
    fn len(self) -> Result<u64, ()> {
        match self {
            Self::InMemory(bytes) => bytes.len().try_into().map_err(|_| ()),
            Self::OnDisk(file) => Ok(file.size),
        }
    }

    fn read_bytes_at(self, offset: u64, size: u64) -> Result<&'a [u8], ()> {
        match self {
            Self::InMemory(bytes) => bytes.read_bytes_at(offset, size),
            Self::OnDisk(file) => {
                file.allow(offset, size)?;
                (&file.cache).read_bytes_at(offset, size)
            }
        }
    }

    fn read_bytes_at_until(self, range: Range<u64>, delimiter: u8) -> Result<&'a [u8], ()> {
        match self {
            Self::InMemory(bytes) => bytes.read_bytes_at_until(range, delimiter),
            Self::OnDisk(file) => {
                let found = (&file.cache).read_bytes_at_until(range, delimiter)?;
                // The cache keeps each of them.
                file.spend(found.len() as u64 + 1)?;
                Ok(found)
            }
        }
    }
}
