//! The first bytes of a squashfs.

use std::io;

use super::super::broken;
use super::super::window::Window;
use super::compression::Compression;

pub(super) const MAGIC: &[u8; 4] = b"hsqs";
const SIZE: usize = 96;

/// What the first bytes say, as far as it is needed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Superblock {
    pub(super) block_size: u32,
    pub(super) fragment_count: u32,
    pub(super) compression: Compression,
    pub(super) root: u64,
    pub(super) inodes: u64,
    pub(super) directories: u64,
    pub(super) fragments: u64,
}

impl Superblock {
    pub(super) fn read(window: &Window) -> io::Result<Self> {
        let bytes: [u8; SIZE] = window.start().ok_or_else(|| broken("it is cut off"))?;
        let short = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        let word = |at: usize| u32::from(short(at)) | (u32::from(short(at + 2)) << 16);
        let long = |at: usize| u64::from(word(at)) | (u64::from(word(at + 4)) << 32);
        let (major, minor) = (short(28), short(30));
        if (major, minor) != (4, 0) {
            return Err(broken(format!(
                "it is squashfs of version {major}.{minor}, and 4.0 is read"
            )));
        }
        let block_size = word(12);
        if !block_size.is_power_of_two() || !(4096..=1 << 20).contains(&block_size) {
            return Err(broken("its blocks have an impossible size"));
        }
        if long(40) > window.size() {
            return Err(broken("it is cut off"));
        }
        Ok(Self {
            block_size,
            fragment_count: word(16),
            compression: Compression::of(short(20))?,
            root: long(32),
            inodes: long(64),
            directories: long(72),
            fragments: long(80),
        })
    }
}
