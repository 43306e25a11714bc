//! VHD, of Virtual PC, Hyper-V and Azure: a disk as it is with a footer behind it (fixed), or blocks
//! and a table of them (dynamic): "Virtual Hard Disk Image Format Specification" of Microsoft.
//!
//! Refused: disks that are the difference to another. VHDX is another format.

use std::io;

use super::blocks::{Block, Table, disk};
use super::{convert, u32_be, u64_be};
use crate::file_systems::broken;
use crate::file_systems::window::Window;

const FOOTER: u64 = 512;
const MAGIC: &[u8] = b"conectix";
const HEADER_MAGIC: &[u8] = b"cxsparse";
const SECTOR: u64 = 512;
const UNUSED: u32 = u32::MAX;

pub(super) fn open(file: &Window) -> io::Result<Option<Window>> {
    let Some(at) = file.size().checked_sub(FOOTER) else {
        return Ok(None);
    };
    let footer: [u8; FOOTER as usize] = file.array(at)?;
    if !footer.starts_with(MAGIC) {
        return Ok(None);
    }
    let size = u64_be(&footer, 48);
    match u32_be(&footer, 60) {
        2 => file
            .part(0, size.min(at))
            .map(Some)
            .ok_or_else(|| broken("it is cut off")),
        3 => dynamic(file, size, u64_be(&footer, 16)).map(Some),
        4 => Err(convert("it is the difference to another disk")),
        _ => Err(convert("it is a VHD of a sort that is not known")),
    }
}

fn dynamic(file: &Window, size: u64, header_at: u64) -> io::Result<Window> {
    let header: [u8; 1024] = file.array(header_at)?;
    if !header.starts_with(HEADER_MAGIC) {
        return Err(broken("its header is not where it should be"));
    }
    let block_size = u64::from(u32_be(&header, 32));
    // Before each block, a bit for each of its sectors says whether it was written.
    let bits = block_size / SECTOR / 8;
    let table = Blocks {
        at: u64_be(&header, 16),
        length: u32_be(&header, 28),
        bitmap: bits.div_ceil(SECTOR) * SECTOR,
    };
    disk(file, size, block_size, table)
}

#[derive(Debug)]
struct Blocks {
    at: u64,
    length: u32,
    /// How many bytes precede each block.
    bitmap: u64,
}

impl Table for Blocks {
    fn find(&self, file: &Window, number: u64) -> io::Result<Block> {
        if number >= u64::from(self.length) {
            return Ok(Block::Zeros);
        }
        let at = self.at.saturating_add(number * 4);
        Ok(match u32::from_be_bytes(file.array(at)?) {
            UNUSED => Block::Zeros,
            sector => Block::At(u64::from(sector) * SECTOR + self.bitmap),
        })
    }
}
