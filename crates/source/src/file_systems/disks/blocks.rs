//! What the formats have in common: a disk is cut into blocks of one size, and a table says where
//! in the file each of them is.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::super::broken;
use super::super::window::{Storage, Window};

/// Where a block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// Nobody wrote to it.
    Zeros,
    /// At this place of the file, as it is.
    At(u64),
    /// Here it is: it had to be unpacked.
    Unpacked(Vec<u8>),
}

/// A format's table.
pub(super) trait Table: fmt::Debug + Send + Sync {
    /// Finds the block with this number.
    fn find(&self, file: &Window, number: u64) -> io::Result<Block>;
}

/// Largest block that is taken for real; those of VHD have 2 MiB.
const LARGEST_BLOCK: u64 = 64 << 20;

/// A disk made of blocks.
#[derive(Debug)]
struct Blocks<T> {
    file: Window,
    block_size: u64,
    table: T,
    /// The block that was unpacked last, with its number.
    unpacked: Mutex<Option<(u64, Vec<u8>)>>,
}

/// A disk of this size.
pub(super) fn disk<T: Table + 'static>(
    file: &Window,
    size: u64,
    block_size: u64,
    table: T,
) -> io::Result<Window> {
    if block_size == 0 || block_size > LARGEST_BLOCK {
        return Err(broken("its blocks have a size that can not be"));
    }
    let blocks = Blocks {
        file: file.clone(),
        block_size,
        table,
        unpacked: Mutex::new(None),
    };
    Ok(Window::new(Arc::new(blocks), 0, size))
}

impl<T: Table> Blocks<T> {
    /// Fills the buffer from within one block.
    fn read_within(&self, number: u64, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let mut kept = self.unpacked.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(|(kept, _)| *kept != number) {
            match self.table.find(&self.file, number)? {
                Block::Zeros => {
                    buffer.fill(0);
                    return Ok(());
                }
                Block::At(place) => {
                    drop(kept);
                    return self.file.read(place.saturating_add(offset), buffer);
                }
                Block::Unpacked(bytes) => *kept = Some((number, bytes)),
            }
        }
        let bytes = kept.as_ref().map(|(_, bytes)| bytes.as_slice());
        let bytes = usize::try_from(offset)
            .ok()
            .and_then(|offset| bytes?.get(offset..)?.get(..buffer.len()))
            .ok_or_else(|| broken("a block that is too short"))?;
        buffer.copy_from_slice(bytes);
        Ok(())
    }
}

impl<T: Table> Storage for Blocks<T> {
    fn read_exact_at(&self, mut buffer: &mut [u8], mut at: u64) -> io::Result<()> {
        while !buffer.is_empty() {
            let (number, offset) = (at / self.block_size, at % self.block_size);
            let left = usize::try_from(self.block_size - offset).unwrap_or(usize::MAX);
            let (first, rest) = buffer.split_at_mut(left.min(buffer.len()));
            self.read_within(number, offset, first)?;
            at = at.saturating_add(first.len() as u64);
            buffer = rest;
        }
        Ok(())
    }
}
