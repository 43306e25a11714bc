//! Bytes that can be read at any place, of an archive or a large program: a file, or a part of memory.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;

use crate::layer::Skip;

/// Bytes that can be read at any place.
pub trait Bytes: Send + Sync + std::fmt::Debug {
    /// How many there are.
    fn size(&self) -> u64;
    /// Reads some of those from this place on; none at the end.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;
}

impl Bytes for Vec<u8> {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = usize::try_from(offset)
            .ok()
            .and_then(|offset| self.get(offset..))
            .unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}

/// A file, with the length that it had when it was opened.
#[derive(Debug)]
pub(crate) struct FileBytes {
    pub(crate) file: File,
    pub(crate) size: u64,
}

impl Bytes for FileBytes {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        // What is behind its end, if it grew or holds the rest of something else, is not of it.
        let left = self.size.saturating_sub(offset);
        let wanted = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        self.file.read_at(&mut buffer[..wanted], offset)
    }
}

/// A stretch of bytes, read from its start to its end.
pub(crate) struct Stretch<'a> {
    bytes: &'a dyn Bytes,
    start: u64,
    position: u64,
    end: u64,
}

impl<'a> Stretch<'a> {
    /// All of them.
    pub(crate) fn whole(bytes: &'a dyn Bytes) -> Self {
        Self::of(bytes, 0, bytes.size())
    }

    /// Those from `start` on, `length` of them or as many as there are.
    pub(crate) fn of(bytes: &'a dyn Bytes, start: u64, length: u64) -> Self {
        Self {
            bytes,
            start,
            position: start,
            end: start.saturating_add(length).min(bytes.size()),
        }
    }
}

impl Read for Stretch<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.end.saturating_sub(self.position);
        let wanted = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        if wanted == 0 {
            return Ok(0);
        }
        let count = self.bytes.read_at(&mut buffer[..wanted], self.position)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Stretch<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => self.start.checked_add(place),
            SeekFrom::End(distance) => self.end.checked_add_signed(distance),
            SeekFrom::Current(distance) => self.position.checked_add_signed(distance),
        };
        let place = place.filter(|place| *place >= self.start);
        self.position = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position - self.start)
    }
}

impl Skip for Stretch<'_> {
    fn skip(&mut self, count: u64) -> io::Result<u64> {
        let count = count.min(self.end.saturating_sub(self.position));
        self.position += count;
        Ok(count)
    }
}

/// The bytes at a place, all of them or nothing.
pub(crate) fn read_exactly<const LENGTH: usize>(
    bytes: &dyn Bytes,
    offset: u64,
) -> io::Result<[u8; LENGTH]> {
    let mut buffer = [0; LENGTH];
    Stretch::of(bytes, offset, LENGTH as u64).read_exact(&mut buffer)?;
    Ok(buffer)
}

/// As many of the first bytes as there are, up to this number.
pub(crate) fn start_of(bytes: &dyn Bytes, most: u64) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    Stretch::of(bytes, 0, most).read_to_end(&mut start)?;
    Ok(start)
}
