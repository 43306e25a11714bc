//! The parts of a disk: the table of the PC (MBR), with those in extended partitions, and that of
//! UEFI (GPT), <https://uefi.org/specs/UEFI/2.10/05_GUID_Partition_Table_Format.html>. Checksums
//! and the copy at the disk's end are not looked at: whoever reads wants what is there.

use std::fmt::Write as _;
use std::io;

use super::window::Window;

/// Most partitions; a table of UEFI has 128 places unless told otherwise.
const MOST: usize = 256;
/// Longest entry of a table of UEFI that is taken for real; all have 128 bytes.
const LONGEST_ENTRY: u32 = 4096;
/// Disks with larger sectors than 512 bytes have the table one sector after the start, too.
const SECTOR_SIZES: [u64; 2] = [512, 4096];

/// A partition.
#[derive(Debug, Clone)]
pub(super) struct Partition {
    /// As the system that runs there counts, from 1.
    pub(super) number: usize,
    pub(super) window: Window,
    /// The unique id, as `/etc/fstab` writes it; only with UEFI's table.
    pub(super) id: Option<String>,
}

/// The partitions of a disk; none if it has no table.
pub(super) fn partitions(disk: &Window) -> io::Result<Vec<Partition>> {
    for sector in SECTOR_SIZES {
        if let Ok(header) = disk.array::<92>(sector)
            && header.starts_with(b"EFI PART")
        {
            return with_guids(disk, &header, sector);
        }
    }
    let Some(start) = disk.start::<512>() else {
        return Ok(Vec::new());
    };
    if !ends_with_signature(&start) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for (index, entry) in entries(&start).enumerate() {
        match entry {
            Entry { kind: 0, .. } => {}
            Entry {
                kind: 0x05 | 0x0f | 0x85,
                start,
                ..
            } => extended(disk, start, &mut found),
            entry => add(disk, index + 1, &entry, &mut found),
        }
    }
    found.sort_by_key(|partition| partition.number);
    Ok(found)
}

/// An entry of a PC's table, in sectors.
struct Entry {
    kind: u8,
    start: u64,
    length: u64,
}

fn ends_with_signature(sector: &[u8; 512]) -> bool {
    sector.ends_with(&[0x55, 0xaa])
}

fn entries(sector: &[u8; 512]) -> impl Iterator<Item = Entry> + '_ {
    let table = sector.get(446..510).unwrap_or_default();
    table.chunks_exact(16).map(|entry| Entry {
        kind: entry[4],
        start: number(entry, 8, 4),
        length: number(entry, 12, 4),
    })
}

fn add(disk: &Window, number: usize, entry: &Entry, found: &mut Vec<Partition>) {
    // A boot sector of another kind ends with the same signature: what lies outside is none.
    if let Some(window) = disk.part(entry.start * 512, entry.length * 512)
        && entry.start > 0
        && entry.length > 0
    {
        found.push(Partition {
            number,
            window,
            id: None,
        });
    }
}

/// Partitions in an extended one: each has a table that names it and the next.
fn extended(disk: &Window, first: u64, found: &mut Vec<Partition>) {
    let mut at = first;
    // However they lead to each other, no more are looked at than there may be.
    for number in 5..MOST {
        let Ok(sector) = disk.array::<512>(at * 512) else {
            break;
        };
        if !ends_with_signature(&sector) {
            break;
        }
        let mut next = None;
        for (place, entry) in entries(&sector).take(2).enumerate() {
            match (place, entry.kind) {
                (_, 0) => {}
                (_, 0x05 | 0x0f | 0x85) => next = Some(first + entry.start),
                (0, _) => {
                    let entry = Entry {
                        start: at + entry.start,
                        ..entry
                    };
                    add(disk, number, &entry, found);
                }
                _ => {}
            }
        }
        match next {
            Some(next) if next != at => at = next,
            _ => break,
        }
    }
}

fn with_guids(disk: &Window, header: &[u8; 92], sector: u64) -> io::Result<Vec<Partition>> {
    let at = number(header, 72, 8).saturating_mul(sector);
    let count = (number(header, 80, 4) as usize).min(MOST);
    let length = number(header, 84, 4);
    if !(128..=u64::from(LONGEST_ENTRY)).contains(&length) {
        return Err(super::broken("its table of partitions can not be"));
    }
    let mut found = Vec::new();
    for index in 0..count {
        let entry: [u8; 128] = disk.array(at.saturating_add(index as u64 * length))?;
        let [start, last] = [32, 40].map(|at| number(&entry, at, 8));
        let is_used = entry[..16].iter().any(|byte| *byte != 0);
        let size = last.checked_sub(start).and_then(|size| size.checked_add(1));
        let window =
            size.and_then(|size| disk.part(start.checked_mul(sector)?, size.checked_mul(sector)?));
        if let (true, Some(window)) = (is_used, window) {
            found.push(Partition {
                number: index + 1,
                window,
                id: Some(guid(&entry[16..32])),
            });
        }
    }
    Ok(found)
}

/// An id as people write it: its first three numbers have their lowest byte first.
fn guid(bytes: &[u8]) -> String {
    let mut text = String::new();
    for place in [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] {
        let byte = bytes.get(place).copied().unwrap_or_default();
        let _ = write!(text, "{byte:02x}");
    }
    for place in [20, 16, 12, 8] {
        text.insert(place, '-');
    }
    text
}

/// A number of up to eight bytes, the lowest first.
fn number(bytes: &[u8], at: usize, length: usize) -> u64 {
    let bytes = bytes.get(at..at + length).unwrap_or_default();
    bytes
        .iter()
        .rev()
        .fold(0, |number, byte| (number << 8) | u64::from(*byte))
}
