//! squashfs, version 4: a compressed file system that is only read.
//!
//! Format: <https://dr-emann.github.io/squashfs/>. Read by seeking, with memory for a few blocks:
//! the crates that exist read all inodes into memory, however many a hostile file says there are.
//! Compressed with gzip, xz, lz4 or zstd; lzo and the old lzma are refused. Extended attributes
//! are not looked at.

mod compression;
mod inode;
mod metadata;
mod superblock;
mod tar;

pub(super) use tar::SquashTar;

use std::io;

use super::broken;
use super::window::Window;
use inode::{Inode, InodeKind};
use metadata::{Cursor, Metadata};
use superblock::Superblock;

/// Whether a squashfs begins here.
pub(super) fn is_squashfs(window: &Window) -> bool {
    window.start::<4>() == Some(*superblock::MAGIC)
}

/// A squashfs that was opened.
#[derive(Debug)]
pub(super) struct SquashFs {
    window: Window,
    superblock: Superblock,
    metadata: Metadata,
}

/// An entry of a folder.
#[derive(Debug, Clone)]
struct DirectoryEntry {
    name: Vec<u8>,
    inode: u64,
}

impl SquashFs {
    pub(super) fn open(window: Window) -> io::Result<Self> {
        let superblock = Superblock::read(&window)?;
        let metadata = Metadata::new(window.clone(), superblock.compression);
        Ok(Self {
            window,
            superblock,
            metadata,
        })
    }

    fn root(&self) -> u64 {
        self.superblock.root
    }

    /// Reads the inode that a reference leads to.
    fn inode(&mut self, reference: u64) -> io::Result<Inode> {
        let mut cursor = Cursor {
            block: self.superblock.inodes.saturating_add(reference >> 16),
            offset: (reference & 0xffff) as usize,
        };
        inode::read(&mut self.metadata, &mut cursor, self.superblock.block_size)
    }

    /// The entries of a folder, at most this many.
    fn entries(&mut self, inode: &Inode, most: u64) -> io::Result<Vec<DirectoryEntry>> {
        let InodeKind::Directory {
            block,
            offset,
            size,
        } = inode.kind
        else {
            return Err(broken("a folder that is none"));
        };
        let mut cursor = Cursor {
            block: self.superblock.directories.saturating_add(u64::from(block)),
            offset: usize::from(offset),
        };
        // The length counts three bytes for the two entries that are not there.
        let mut left = u64::from(size).saturating_sub(3);
        let mut entries = Vec::new();
        while left > 0 {
            let count = self.metadata.u32(&mut cursor)?.saturating_add(1);
            let start = self.metadata.u32(&mut cursor)?;
            let _number = self.metadata.u32(&mut cursor)?;
            left = left.saturating_sub(12);
            if count > 256 {
                return Err(broken("a folder with an impossible list"));
            }
            for _ in 0..count {
                let offset = self.metadata.u16(&mut cursor)?;
                let _number = self.metadata.u16(&mut cursor)?;
                let _kind = self.metadata.u16(&mut cursor)?;
                let length = usize::from(self.metadata.u16(&mut cursor)?) + 1;
                if length > 256 {
                    return Err(broken("a name that is too long"));
                }
                let mut name = vec![0; length];
                self.metadata.read(&mut cursor, &mut name)?;
                left = left.saturating_sub(8 + length as u64);
                if name.contains(&b'/') || name.contains(&0) || name == b"." || name == b".." {
                    return Err(broken("a name that can not be"));
                }
                if entries.len() as u64 >= most {
                    return Err(broken(format!("it has more than {most} entries")));
                }
                entries.push(DirectoryEntry {
                    name,
                    inode: (u64::from(start) << 16) | u64::from(offset),
                });
            }
        }
        Ok(entries)
    }

    /// Unpacks a block of data. Its size says whether it is compressed; none means zeros.
    fn data(&self, at: u64, size: u32, into: &mut Vec<u8>) -> io::Result<()> {
        const PLAIN: u32 = 1 << 24;
        let stored = size & !PLAIN;
        let most = self.superblock.block_size;
        if stored > most {
            return Err(broken("a block that is too large"));
        }
        let mut bytes = vec![0; stored as usize];
        self.window.read(at, &mut bytes)?;
        if size & PLAIN == 0 {
            self.superblock
                .compression
                .unpack(&bytes, most as usize, into)
        } else {
            *into = bytes;
            Ok(())
        }
    }

    /// The place and size of a fragment: a block that the ends of several files share.
    fn fragment(&mut self, index: u32) -> io::Result<(u64, u32)> {
        const IN_BLOCK: u32 = 512;
        if index >= self.superblock.fragment_count {
            return Err(broken("a fragment that is not there"));
        }
        let mut place = [0; 8];
        let at = self
            .superblock
            .fragments
            .saturating_add(u64::from(index / IN_BLOCK) * 8);
        self.window.read(at, &mut place)?;
        let mut cursor = Cursor {
            block: u64::from_le_bytes(place),
            offset: (index % IN_BLOCK) as usize * 16,
        };
        let start = self.metadata.u64(&mut cursor)?;
        let size = self.metadata.u32(&mut cursor)?;
        Ok((start, size))
    }
}
