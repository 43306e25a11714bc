//! Inodes of a squashfs: what a file, folder or link is, and where its content lies.

use std::io;

use super::super::broken;
use super::metadata::{Cursor, Metadata};

/// Longest target of a symbolic link.
const LONGEST_LINK: u32 = 65_536;
/// The number of a fragment where there is none.
const NO_FRAGMENT: u32 = u32::MAX;

/// An inode.
#[derive(Debug, Clone)]
pub(super) struct Inode {
    pub(super) mode: u16,
    pub(super) kind: InodeKind,
}

/// What an inode is.
#[derive(Debug, Clone)]
pub(super) enum InodeKind {
    Directory {
        block: u32,
        offset: u16,
        size: u32,
    },
    File(FileContent),
    SymbolicLink(Vec<u8>),
    /// Devices, pipes and sockets.
    Other,
}

/// Where a file's content lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct FileContent {
    pub(super) size: u64,
    /// Where its next block lies.
    pub(super) start: u64,
    /// Blocks that follow.
    pub(super) blocks: u64,
    /// Where the list of their sizes goes on.
    pub(super) sizes: Cursor,
    /// The fragment that holds its end, and where in it.
    pub(super) fragment: Option<(u32, u32)>,
}

/// Reads the inode at a place.
pub(super) fn read(
    metadata: &mut Metadata,
    cursor: &mut Cursor,
    block_size: u32,
) -> io::Result<Inode> {
    let kind = metadata.u16(cursor)?;
    let mode = metadata.u16(cursor)?;
    // Owner, group, time and number.
    let _ = metadata.u32(cursor)?;
    let _ = metadata.u64(cursor)?;
    let kind = match kind {
        1 => {
            let block = metadata.u32(cursor)?;
            let _links = metadata.u32(cursor)?;
            let size = u32::from(metadata.u16(cursor)?);
            let offset = metadata.u16(cursor)?;
            InodeKind::Directory {
                block,
                offset,
                size,
            }
        }
        8 => {
            let _links = metadata.u32(cursor)?;
            let size = metadata.u32(cursor)?;
            let block = metadata.u32(cursor)?;
            let _parent = metadata.u32(cursor)?;
            let _index = metadata.u16(cursor)?;
            let offset = metadata.u16(cursor)?;
            InodeKind::Directory {
                block,
                offset,
                size,
            }
        }
        2 => {
            let start = u64::from(metadata.u32(cursor)?);
            let fragment = metadata.u32(cursor)?;
            let offset = metadata.u32(cursor)?;
            let size = u64::from(metadata.u32(cursor)?);
            InodeKind::File(content(
                size,
                start,
                (fragment, offset),
                *cursor,
                block_size,
            ))
        }
        9 => {
            let start = metadata.u64(cursor)?;
            let size = metadata.u64(cursor)?;
            let _holes = metadata.u64(cursor)?;
            let _links = metadata.u32(cursor)?;
            let fragment = metadata.u32(cursor)?;
            let offset = metadata.u32(cursor)?;
            let _attributes = metadata.u32(cursor)?;
            InodeKind::File(content(
                size,
                start,
                (fragment, offset),
                *cursor,
                block_size,
            ))
        }
        3 | 10 => {
            let _links = metadata.u32(cursor)?;
            let length = metadata.u32(cursor)?;
            if length > LONGEST_LINK {
                return Err(broken("a link that is too long"));
            }
            let mut target = vec![0; length as usize];
            metadata.read(cursor, &mut target)?;
            InodeKind::SymbolicLink(target)
        }
        4..=7 | 11..=14 => InodeKind::Other,
        _ => return Err(broken("an entry of an unknown sort")),
    };
    Ok(Inode { mode, kind })
}

fn content(
    size: u64,
    start: u64,
    (fragment, offset): (u32, u32),
    sizes: Cursor,
    block_size: u32,
) -> FileContent {
    let block_size = u64::from(block_size);
    let has_fragment = fragment != NO_FRAGMENT;
    FileContent {
        size,
        start,
        blocks: if has_fragment {
            size / block_size
        } else {
            size.div_ceil(block_size)
        },
        sizes,
        fragment: has_fragment.then_some((fragment, offset)),
    }
}
