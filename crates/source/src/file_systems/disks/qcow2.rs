//! qcow2, QEMU's own format: <https://www.qemu.org/docs/master/interop/qcow2.html>. A first table
//! names second tables, and these name clusters, which may be compressed.
//!
//! Refused: disks that are the difference to another, keep their data in another file, are
//! encrypted, or have clusters in parts.

use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use flate2::read::DeflateDecoder;

use super::blocks::{Block, Table, disk};
use super::{convert, u32_be, u64_be};
use crate::file_systems::broken;
use crate::file_systems::window::Window;

const MAGIC: &[u8] = b"QFI\xfb";
const HEADER: usize = 112;

/// The bits of an entry that are a place in the file.
const PLACE: u64 = 0x00ff_ffff_ffff_fe00;
const IS_COMPRESSED: u64 = 1 << 62;
/// A cluster that reads as zeros, whatever is at its place.
const IS_ZERO: u64 = 1;

/// Most memory that a cluster packed with zstd may ask for: none is larger than 2 MiB.
const ZSTD_WINDOW_LOG: u32 = 22;

pub(super) fn open(file: &Window) -> io::Result<Option<Window>> {
    let Some(header) = file.start::<HEADER>() else {
        return Ok(None);
    };
    if !header.starts_with(MAGIC) {
        return Ok(None);
    }
    let version = u32_be(&header, 4);
    if !matches!(version, 2 | 3) {
        return Err(convert("it is a qcow disk of another version"));
    }
    if u64_be(&header, 8) != 0 {
        return Err(convert("it is the difference to another disk"));
    }
    if u32_be(&header, 32) != 0 {
        return Err(broken("it is encrypted"));
    }
    let features = if version == 3 { u64_be(&header, 72) } else { 0 };
    match features {
        _ if features & 0b10 != 0 => return Err(broken("it is marked as corrupt")),
        _ if features & 0b100 != 0 => return Err(convert("its data is in another file")),
        _ if features & !0b1111 != 0 => {
            return Err(convert(
                "it has features that are not known, or clusters in parts",
            ));
        }
        _ => {}
    }
    let is_zstd = features & 0b1000 != 0 && header[104] == 1;
    let cluster_bits = u32_be(&header, 20);
    if !(9..=21).contains(&cluster_bits) {
        return Err(broken("its clusters have a size that can not be"));
    }
    let table = Tables {
        cluster_bits,
        is_zstd,
        first_length: u32_be(&header, 36),
        first_at: u64_be(&header, 40),
        second: Mutex::new((0, Vec::new())),
    };
    disk(file, u64_be(&header, 24), 1 << cluster_bits, table).map(Some)
}

#[derive(Debug)]
struct Tables {
    cluster_bits: u32,
    is_zstd: bool,
    first_length: u32,
    first_at: u64,
    /// The second table that was read last, and its place.
    second: Mutex<(u64, Vec<u8>)>,
}

impl Tables {
    /// The entry of a cluster in its second table.
    fn entry(&self, file: &Window, number: u64) -> io::Result<u64> {
        // A second table fills a cluster with entries of eight bytes.
        let bits = self.cluster_bits - 3;
        let (first, second) = (number >> bits, number & ((1 << bits) - 1));
        if first >= u64::from(self.first_length) {
            return Ok(0);
        }
        let at = self.first_at.saturating_add(first * 8);
        let place = u64::from_be_bytes(file.array(at)?) & PLACE;
        if place == 0 {
            return Ok(0);
        }
        let mut kept = self.second.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != place || kept.1.is_empty() {
            let mut table = vec![0; 1 << self.cluster_bits];
            file.read(place, &mut table)?;
            *kept = (place, table);
        }
        Ok(u64_be(&kept.1, second as usize * 8))
    }

    fn unpack(&self, file: &Window, entry: u64) -> io::Result<Vec<u8>> {
        let offset_bits = 62 - (self.cluster_bits - 8);
        let place = entry & ((1 << offset_bits) - 1);
        let sectors = (entry & (IS_COMPRESSED - 1)) >> offset_bits;
        let length = (sectors + 1) * 512 - (place & 511);
        // The last one may end before its sector does.
        let length = length.min(file.size().saturating_sub(place));
        let mut packed = vec![0; length as usize];
        file.read(place, &mut packed)?;
        let size = 1_u64 << self.cluster_bits;
        let mut cluster = Vec::with_capacity(size as usize);
        if self.is_zstd {
            let mut decoder = zstd::Decoder::with_buffer(&*packed)?.single_frame();
            decoder.window_log_max(ZSTD_WINDOW_LOG)?;
            decoder.take(size).read_to_end(&mut cluster)?;
        } else {
            DeflateDecoder::new(&*packed)
                .take(size)
                .read_to_end(&mut cluster)?;
        }
        Ok(cluster)
    }
}

impl Table for Tables {
    fn find(&self, file: &Window, number: u64) -> io::Result<Block> {
        let entry = self.entry(file, number)?;
        if entry & IS_COMPRESSED != 0 {
            return self.unpack(file, entry).map(Block::Unpacked);
        }
        Ok(match entry & PLACE {
            0 => Block::Zeros,
            _ if entry & IS_ZERO != 0 => Block::Zeros,
            place => Block::At(place),
        })
    }
}
