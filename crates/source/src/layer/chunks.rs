//! A layer's unpacked bytes, handed from the thread that reads, hashes and unpacks to the one
//! that looks at the files.

use std::io::{self, Read};

use crossbeam_channel::{Receiver, Sender, bounded};
use linchpin_model::Digest;

use super::compression::{Hasher, Metered, Unpacker};
use super::content::LayerContent;
use super::layer_error::LayerError;
use crate::Limits;

/// Bytes that are handed over at a time.
const CHUNK: usize = 128 << 10;
/// Chunks that may wait: what one side is ahead of the other.
const AHEAD: usize = 8;

/// What a layer's bytes must be.
#[derive(Debug, Clone, Default)]
pub(crate) struct Expected {
    /// The digest and length of the blob as it is stored.
    pub(crate) stored: Option<(Digest, Option<u64>)>,
    /// The digest of the unpacked tar.
    pub(crate) unpacked: Option<Digest>,
}

/// Both ends of the hand-over.
pub(crate) fn hand_over(limits: Limits) -> (ChunkWriter, ChunkReader) {
    let (full_sender, full_receiver) = bounded(AHEAD);
    let (empty_sender, empty_receiver) = bounded(AHEAD + 2);
    let writer = ChunkWriter {
        full: full_sender,
        empty: empty_receiver,
        limits,
    };
    let reader = ChunkReader {
        full: full_receiver,
        empty: empty_sender,
        chunk: Vec::new(),
        start: 0,
        position: 0,
    };
    (writer, reader)
}

/// The end that unpacks.
pub(crate) struct ChunkWriter {
    full: Sender<Vec<u8>>,
    empty: Receiver<Vec<u8>>,
    limits: Limits,
}

impl ChunkWriter {
    /// Unpacks a blob to its end, and checks it. If the other end hangs up, that is no failure:
    /// it has one of its own to report.
    pub(crate) fn unpack(
        self,
        content: &LayerContent,
        expected: &Expected,
    ) -> Result<(), LayerError> {
        let stored_hasher = expected
            .stored
            .as_ref()
            .map(|(digest, _)| Hasher::checking(digest))
            .transpose()?;
        let mut unpacked_hasher = expected
            .unpacked
            .as_ref()
            .map(Hasher::checking)
            .transpose()?;
        if let Some((_, Some(size))) = &expected.stored
            && let Some(found) = content.size()
            && *size != found
        {
            return Err(LayerError::WrongSize {
                expected: *size,
                found,
            });
        }
        let stored = Metered::new(
            content.open(self.limits).map_err(LayerError::Unreadable)?,
            stored_hasher,
        );
        let mut unpacker = Unpacker::new(stored)?;

        let mut unpacked: u64 = 0;
        loop {
            let mut chunk = self.empty.try_recv().unwrap_or_default();
            chunk.resize(CHUNK, 0);
            let count = fill(&mut unpacker, &mut chunk)?;
            if count == 0 {
                break;
            }
            chunk.truncate(count);
            unpacked += count as u64;
            self.check_growth(
                unpacked,
                unpacker.stored().get_ref().count,
                unpacker.is_compressed(),
            )?;
            if let Some(hasher) = &mut unpacked_hasher {
                hasher.update(&chunk);
            }
            if self.full.send(chunk).is_err() {
                return Ok(());
            }
        }

        // What follows the compressed stream belongs to the blob and to its digest.
        let stored = unpacker.stored();
        io::copy(stored, &mut io::sink()).map_err(LayerError::Unreadable)?;
        let metered = stored.get_mut();
        if content.size().is_some_and(|size| metered.count < size) {
            return Err(LayerError::Truncated {
                what: "the file".to_owned(),
            });
        }
        if let (Some((digest, _)), Some(hasher)) = (&expected.stored, metered.hasher.take()) {
            hasher.check(digest)?;
        }
        if let (Some(digest), Some(hasher)) = (&expected.unpacked, unpacked_hasher) {
            hasher.check(digest)?;
        }
        Ok(())
    }

    fn check_growth(&self, unpacked: u64, stored: u64, compressed: bool) -> Result<(), LayerError> {
        if unpacked > self.limits.unpacked_bytes {
            return Err(LayerError::TooLarge {
                most: self.limits.unpacked_bytes,
            });
        }
        let past_start = unpacked > self.limits.ratio_starts_at;
        if compressed && past_start && unpacked / stored.max(1) > self.limits.ratio {
            return Err(LayerError::Bomb {
                ratio: self.limits.ratio,
            });
        }
        Ok(())
    }
}

/// Reads until the chunk is full or the stream ends.
fn fill(reader: &mut impl Read, chunk: &mut [u8]) -> Result<usize, LayerError> {
    let mut count = 0;
    while count < chunk.len() {
        match reader.read(&mut chunk[count..]) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(LayerError::Truncated {
                    what: "its compressed data".to_owned(),
                });
            }
            Err(error) => return Err(LayerError::Unreadable(error)),
        }
    }
    Ok(count)
}

/// The end that looks at the files: a reader that can also pass over bytes at no cost.
pub(crate) struct ChunkReader {
    full: Receiver<Vec<u8>>,
    empty: Sender<Vec<u8>>,
    chunk: Vec<u8>,
    start: usize,
    position: u64,
}

impl ChunkReader {
    /// Makes sure that there are bytes at hand; false at the end of the stream.
    fn refill(&mut self) -> bool {
        while self.start == self.chunk.len() {
            let Ok(next) = self.full.recv() else {
                return false;
            };
            let used = std::mem::replace(&mut self.chunk, next);
            self.start = 0;
            if used.capacity() > 0 {
                // Where nobody waits for the buffer, it is simply dropped.
                let _ = self.empty.try_send(used);
            }
        }
        true
    }
}

/// A stream that can pass over bytes without looking at them.
pub(crate) trait Skip: Read {
    /// Passes over this many bytes; gives the number that were there.
    fn skip(&mut self, count: u64) -> io::Result<u64>;
}

impl Skip for ChunkReader {
    fn skip(&mut self, count: u64) -> io::Result<u64> {
        let mut left = count;
        while left > 0 && self.refill() {
            let here =
                (self.chunk.len() - self.start).min(usize::try_from(left).unwrap_or(usize::MAX));
            self.start += here;
            left -= here as u64;
        }
        self.position += count - left;
        Ok(count - left)
    }
}

impl Read for ChunkReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() || !self.refill() {
            return Ok(0);
        }
        let count = buffer.len().min(self.chunk.len() - self.start);
        buffer[..count].copy_from_slice(&self.chunk[self.start..self.start + count]);
        self.start += count;
        self.position += count as u64;
        Ok(count)
    }
}

impl Skip for io::BufReader<std::fs::File> {
    fn skip(&mut self, count: u64) -> io::Result<u64> {
        // Seeking past the end is allowed; the next read finds the end then.
        let Ok(offset) = i64::try_from(count) else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        self.seek_relative(offset)?;
        Ok(count)
    }
}

impl Skip for &[u8] {
    fn skip(&mut self, count: u64) -> io::Result<u64> {
        let here = usize::try_from(count).unwrap_or(usize::MAX).min(self.len());
        *self = &self[here..];
        Ok(here as u64)
    }
}
