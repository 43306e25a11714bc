//! VDI, VirtualBox's own format: blocks, and a table of them. Its header is described in
//! VirtualBox's sources (`VDICore.h`).
//!
//! Refused: disks that are the difference to another.

use std::io;

use super::blocks::{Block, Table, disk};
use super::{convert, u32_le, u64_le};
use crate::file_systems::window::Window;

const MAGIC: u32 = 0xbeda_107f;
/// From this number on, an entry says that a block is not in the file.
const UNUSED: u32 = 0xffff_fffe;

pub(super) fn open(file: &Window) -> io::Result<Option<Window>> {
    let Some(header) = file.start::<400>() else {
        return Ok(None);
    };
    if u32_le(&header, 64) != MAGIC {
        return Ok(None);
    }
    if u32_le(&header, 68) >> 16 != 1 {
        return Err(convert("it is a VDI of another version"));
    }
    if !matches!(u32_le(&header, 76), 1 | 2) {
        return Err(convert("it is the difference to another disk"));
    }
    let block_size = u64::from(u32_le(&header, 376));
    let table = Blocks {
        at: u64::from(u32_le(&header, 340)),
        data: u64::from(u32_le(&header, 344)),
        length: u32_le(&header, 384),
        block_size,
    };
    disk(file, u64_le(&header, 368), block_size, table).map(Some)
}

#[derive(Debug)]
struct Blocks {
    at: u64,
    data: u64,
    length: u32,
    block_size: u64,
}

impl Table for Blocks {
    fn find(&self, file: &Window, number: u64) -> io::Result<Block> {
        if number >= u64::from(self.length) {
            return Ok(Block::Zeros);
        }
        let at = self.at.saturating_add(number * 4);
        let index = u32::from_le_bytes(file.array(at)?);
        if index >= UNUSED {
            return Ok(Block::Zeros);
        }
        let place = u64::from(index) * self.block_size;
        Ok(Block::At(self.data.saturating_add(place)))
    }
}
