//! VMDK in one file, as VMware keeps disks (`monolithicSparse`) and hands them on
//! (`streamOptimized`, as in OVA): "Virtual Disk Format 5.0" of VMware. A directory names tables, and
//! these name grains, which may be compressed.
//!
//! Refused: disks in several files, and those that are the difference to another.

use std::io::{self, Read};

use flate2::read::ZlibDecoder;

use super::blocks::{Block, Table, disk};
use super::{convert, u32_le, u64_le};
use crate::file_systems::broken;
use crate::file_systems::window::Window;

const MAGIC: &[u8] = b"KDMV";
const SECTOR: u64 = 512;
const IS_COMPRESSED: u32 = 1 << 16;
/// The directory's place stands at the end of the file.
const AT_END: u64 = u64::MAX;
/// Most bytes of the description that are looked at.
const MOST_DESCRIPTION: u64 = 64 << 10;
/// Largest grain that is taken for real; it usually has 64 KiB.
const LARGEST_GRAIN: u64 = 16 << 20;

pub(super) fn open(file: &Window) -> io::Result<Option<Window>> {
    if file.start() == Some(*b"# Disk DescriptorFile") {
        return Err(convert("it describes a disk in other files"));
    }
    let Some(mut header) = file.start::<512>() else {
        return Ok(None);
    };
    if !header.starts_with(MAGIC) {
        return Ok(None);
    }
    let flags = u32_le(&header, 8);
    let description = description(file, &header)?;
    let parent = description
        .lines()
        .find_map(|line| line.trim().strip_prefix("parentCID="));
    if parent.is_some_and(|parent| !parent.trim().eq_ignore_ascii_case("ffffffff")) {
        return Err(convert("it is the difference to another disk"));
    }
    if u64_le(&header, 56) == AT_END {
        // A copy of the header precedes the mark of the end.
        let footer = file.size().checked_sub(2 * SECTOR);
        header = file.array(footer.ok_or_else(|| broken("it is cut off"))?)?;
        if !header.starts_with(MAGIC) {
            return Err(broken("its end is not where it should be"));
        }
    }
    let grain_size = u64_le(&header, 20).saturating_mul(SECTOR);
    let per_table = u64::from(u32_le(&header, 44));
    if grain_size == 0 || grain_size > LARGEST_GRAIN || !(1..=1 << 16).contains(&per_table) {
        return Err(broken("its grains have a size that can not be"));
    }
    let table = Grains {
        is_compressed: flags & IS_COMPRESSED != 0,
        directory: u64_le(&header, 56).saturating_mul(SECTOR),
        per_table,
        grain_size,
    };
    let size = u64_le(&header, 12).saturating_mul(SECTOR);
    disk(file, size, grain_size, table).map(Some)
}

fn description(file: &Window, header: &[u8]) -> io::Result<String> {
    let [at, size] = [28, 36].map(|at| u64_le(header, at).saturating_mul(SECTOR));
    if at == 0 {
        return Ok(String::new());
    }
    let mut text = vec![0; size.min(MOST_DESCRIPTION) as usize];
    file.read(at, &mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

#[derive(Debug)]
struct Grains {
    is_compressed: bool,
    directory: u64,
    per_table: u64,
    grain_size: u64,
}

impl Grains {
    fn unpack(&self, file: &Window, at: u64) -> io::Result<Vec<u8>> {
        // A grain begins with its number and how long it is.
        let length = u64::from(u32_le(&file.array::<12>(at)?, 8));
        if length > 2 * self.grain_size {
            return Err(broken("a grain that is too large"));
        }
        let mut packed = vec![0; length as usize];
        file.read(at.saturating_add(12), &mut packed)?;
        let mut grain = Vec::with_capacity(self.grain_size as usize);
        ZlibDecoder::new(&*packed)
            .take(self.grain_size)
            .read_to_end(&mut grain)?;
        // The last one may be shorter.
        grain.resize(self.grain_size as usize, 0);
        Ok(grain)
    }
}

impl Table for Grains {
    fn find(&self, file: &Window, number: u64) -> io::Result<Block> {
        let entry = |table: u64, index: u64| -> io::Result<u64> {
            let at = table.saturating_add(index * 4);
            Ok(u64::from(u32::from_le_bytes(file.array(at)?)) * SECTOR)
        };
        let table = entry(self.directory, number / self.per_table)?;
        if table == 0 {
            return Ok(Block::Zeros);
        }
        match entry(table, number % self.per_table)? {
            // One says that it was written with zeros.
            0 | SECTOR => Ok(Block::Zeros),
            at if self.is_compressed => self.unpack(file, at).map(Block::Unpacked),
            at => Ok(Block::At(at)),
        }
    }
}
