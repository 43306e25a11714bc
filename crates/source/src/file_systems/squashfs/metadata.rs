//! The blocks in which a squashfs keeps inodes and folders: 8 KiB each, one after another.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use super::super::broken;
use super::super::window::Window;
use super::compression::Compression;

/// Bytes of an unpacked block.
const BLOCK: usize = 8192;
/// Blocks that are kept: 4 MiB.
const KEPT: usize = 512;

/// A place in the blocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor {
    /// Where the block begins in the file.
    pub(super) block: u64,
    /// Where we are in the unpacked block.
    pub(super) offset: usize,
}

#[derive(Debug, Clone)]
struct Block {
    content: Arc<[u8]>,
    next: u64,
}

/// Reads the blocks.
#[derive(Debug)]
pub(super) struct Metadata {
    window: Window,
    compression: Compression,
    kept: HashMap<u64, Block>,
}

impl Metadata {
    pub(super) fn new(window: Window, compression: Compression) -> Self {
        Self {
            window,
            compression,
            kept: HashMap::new(),
        }
    }

    /// Fills the buffer and moves on, from block to block.
    pub(super) fn read(&mut self, cursor: &mut Cursor, buffer: &mut [u8]) -> io::Result<()> {
        let mut done = 0;
        while done < buffer.len() {
            let block = self.block(cursor.block)?;
            let here = block.content.get(cursor.offset..).unwrap_or_default();
            if here.is_empty() {
                if cursor.offset > block.content.len() {
                    return Err(broken("it refers to a place outside of a block"));
                }
                *cursor = Cursor {
                    block: block.next,
                    offset: 0,
                };
                continue;
            }
            let count = here.len().min(buffer.len() - done);
            buffer[done..done + count].copy_from_slice(&here[..count]);
            done += count;
            cursor.offset += count;
        }
        Ok(())
    }

    fn number<const COUNT: usize>(&mut self, cursor: &mut Cursor) -> io::Result<[u8; COUNT]> {
        let mut bytes = [0; COUNT];
        self.read(cursor, &mut bytes)?;
        Ok(bytes)
    }

    pub(super) fn u16(&mut self, cursor: &mut Cursor) -> io::Result<u16> {
        self.number(cursor).map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self, cursor: &mut Cursor) -> io::Result<u32> {
        self.number(cursor).map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self, cursor: &mut Cursor) -> io::Result<u64> {
        self.number(cursor).map(u64::from_le_bytes)
    }

    fn block(&mut self, at: u64) -> io::Result<Block> {
        const PLAIN: u16 = 1 << 15;
        if let Some(block) = self.kept.get(&at) {
            return Ok(block.clone());
        }
        let mut header = [0; 2];
        self.window.read(at, &mut header)?;
        let header = u16::from_le_bytes(header);
        let size = usize::from(header & !PLAIN);
        if size > BLOCK {
            return Err(broken("a block that is too large"));
        }
        let mut stored = vec![0; size];
        self.window.read(at.saturating_add(2), &mut stored)?;
        let content = if header & PLAIN == 0 {
            let mut content = Vec::new();
            self.compression.unpack(&stored, BLOCK, &mut content)?;
            content
        } else {
            stored
        };
        // Blocks without content could lead on and on.
        if content.is_empty() {
            return Err(broken("a block without content"));
        }
        let block = Block {
            content: content.into(),
            next: at.saturating_add(2 + size as u64),
        };
        if self.kept.len() >= KEPT {
            self.kept.clear();
        }
        self.kept.insert(at, block.clone());
        Ok(block)
    }
}
