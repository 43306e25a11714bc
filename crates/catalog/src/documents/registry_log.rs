//! Logs of hives of the Windows registry (`SOFTWARE.LOG1`, `.LOG2`): changes that had not come into
//! the hive when the system was stopped or copied:
//! <https://github.com/msuhanov/regf/blob/master/Windows%20registry%20file%20format%20specification.md>.
//!
//! Both forms are replayed: entries with pages, which Windows writes since 8.1, and the list of
//! changed sectors before that. A hive whose own header is damaged is not repaired.

use std::collections::BTreeMap;

use super::binary::{bytes_at, u32_le};
use super::registry_hive::BASE_BLOCK;

/// What precedes the entries of a log.
const LOG_HEADER: usize = 512;
const SECTOR: usize = 512;
const ENTRY: &[u8] = b"HvLE";
const ENTRY_HEADER: usize = 40;
const CHANGED_SECTORS: &[u8] = b"DIRT";
/// Most entries of one log.
const MOST_ENTRIES: usize = 1_000_000;
/// Largest hive that a log may make; Windows allows 2 GiB.
const LARGEST_HIVE: usize = 512 << 20;

/// Whether changes of this hive are still in its logs.
pub(crate) fn is_unfinished(hive: &[u8]) -> bool {
    let numbers = u32_le(hive, 4).zip(u32_le(hive, 8));
    hive.starts_with(b"regf") && numbers.is_some_and(|(begun, ended)| begun != ended)
}

/// A change: bytes, and where in the cells they belong.
type Pages<'a> = Vec<(usize, &'a [u8])>;

/// What one entry of a log changes.
struct Entry<'a> {
    /// How large the cells are afterwards.
    cells: usize,
    pages: Pages<'a>,
}

/// Brings the changes of its logs into a hive; gives how many there were.
pub(crate) fn replay(hive: &mut Vec<u8>, logs: &[&[u8]]) -> usize {
    let Some(first) = u32_le(hive, 8) else {
        return 0;
    };
    let mut entries: BTreeMap<u32, Entry<'_>> = BTreeMap::new();
    for log in logs {
        collect(log, first, &mut entries);
    }
    // From the first that the hive lacks on, without a gap. What lies there besides is older.
    let mut next = entries.range(first..).next().map(|(number, _)| *number);
    let mut count = 0;
    while let Some((number, entry)) = next.and_then(|number| entries.remove_entry(&number)) {
        apply(hive, &entry);
        count += 1;
        next = number.checked_add(1);
    }
    count
}

fn apply(hive: &mut Vec<u8>, entry: &Entry<'_>) {
    if let Some(size) = entry.cells.checked_add(BASE_BLOCK)
        && size > hive.len()
        && size <= LARGEST_HIVE
    {
        hive.resize(size, 0);
    }
    for (place, bytes) in &entry.pages {
        let place = place.checked_add(BASE_BLOCK);
        let target = place.and_then(|place| hive.get_mut(place..place.checked_add(bytes.len())?));
        if let Some(target) = target {
            target.copy_from_slice(bytes);
        }
    }
}

fn collect<'a>(log: &'a [u8], first: u32, entries: &mut BTreeMap<u32, Entry<'a>>) {
    if !log.starts_with(b"regf") {
        return;
    }
    if bytes_at(log, LOG_HEADER, CHANGED_SECTORS.len()) == Some(CHANGED_SECTORS) {
        // One change, which is whole if its two numbers are the same.
        let numbers = u32_le(log, 4).zip(u32_le(log, 8));
        let is_whole = numbers.is_some_and(|(begun, ended)| begun == ended);
        if let Some(entry) = changed_sectors(log).filter(|_| is_whole) {
            entries.entry(first).or_insert(entry);
        }
        return;
    }
    let mut at = LOG_HEADER;
    for _ in 0..MOST_ENTRIES {
        let Some((number, size, entry)) = read_entry(log, at) else {
            // What follows the last one is left from earlier.
            return;
        };
        entries.entry(number).or_insert(entry);
        at += size;
    }
}

fn read_entry(log: &[u8], at: usize) -> Option<(u32, usize, Entry<'_>)> {
    let size = u32_le(log, at.checked_add(4)?)? as usize;
    let entry = bytes_at(log, at, size)?;
    if !entry.starts_with(ENTRY) || size < ENTRY_HEADER || !size.is_multiple_of(SECTOR) {
        return None;
    }
    let hash = |at: usize| {
        let [low, high] = [u32_le(entry, at)?, u32_le(entry, at + 4)?];
        Some(u64::from(high) << 32 | u64::from(low))
    };
    let is_whole =
        hash(24)? == marvin(entry.get(ENTRY_HEADER..)?) && hash(32)? == marvin(entry.get(..32)?);
    if !is_whole {
        return None;
    }
    let count = u32_le(entry, 20)? as usize;
    let mut page_at = ENTRY_HEADER.checked_add(count.checked_mul(8)?)?;
    let mut pages = Vec::new();
    for index in 0..count {
        let reference = ENTRY_HEADER + 8 * index;
        let place = u32_le(entry, reference)? as usize;
        let length = u32_le(entry, reference + 4)? as usize;
        pages.push((place, bytes_at(entry, page_at, length)?));
        page_at += length;
    }
    let cells = u32_le(entry, 16)? as usize;
    Some((u32_le(entry, 12)?, size, Entry { cells, pages }))
}

/// The older form: a bit for each sector of the cells, then the sectors whose bit is set.
fn changed_sectors(log: &[u8]) -> Option<Entry<'_>> {
    let cells = u32_le(log, 0x28)? as usize;
    let sectors = cells / SECTOR;
    let bits_at = LOG_HEADER + CHANGED_SECTORS.len();
    let bits = bytes_at(log, bits_at, sectors.div_ceil(8))?;
    let mut at = (bits_at + bits.len()).next_multiple_of(SECTOR);
    let mut pages = Vec::new();
    for sector in 0..sectors {
        let is_changed = bits.get(sector / 8)? & (1 << (sector % 8)) != 0;
        if is_changed {
            pages.push((sector * SECTOR, bytes_at(log, at, SECTOR)?));
            at += SECTOR;
        }
    }
    Some(Entry { cells, pages })
}

/// The checksum Marvin32, with the seed that Windows uses for logs.
fn marvin(bytes: &[u8]) -> u64 {
    const SEED: u64 = 0x82ef_4d88_7a4e_55c5;
    let (mut low, mut high) = (SEED as u32, (SEED >> 32) as u32);
    let mut mix = |word: u32| {
        low = low.wrapping_add(word);
        high ^= low;
        low = low.rotate_left(20).wrapping_add(high);
        high = high.rotate_left(9) ^ low;
        low = low.rotate_left(27).wrapping_add(high);
        high = high.rotate_left(19);
        u64::from(high) << 32 | u64::from(low)
    };
    let words = bytes.chunks_exact(4);
    let rest = words.remainder();
    for word in words {
        mix(u32_le(word, 0).unwrap_or_default());
    }
    let last = rest
        .iter()
        .rev()
        .fold(0x80, |last, byte| (last << 8) | u32::from(*byte));
    mix(last);
    mix(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: u32, cells: u32, pages: &[(u32, Vec<u8>)]) -> Vec<u8> {
        let mut body = Vec::new();
        for (place, bytes) in pages {
            body.extend(place.to_le_bytes());
            body.extend((bytes.len() as u32).to_le_bytes());
        }
        body.extend(pages.iter().flat_map(|(_, bytes)| bytes));
        body.resize(
            (body.len() + ENTRY_HEADER).next_multiple_of(SECTOR) - ENTRY_HEADER,
            0,
        );
        let mut entry = ENTRY.to_vec();
        let size = (body.len() + ENTRY_HEADER) as u32;
        for word in [size, 0, number, cells, pages.len() as u32] {
            entry.extend(word.to_le_bytes());
        }
        entry.extend(marvin(&body).to_le_bytes());
        entry.extend(marvin(&entry.clone()).to_le_bytes());
        entry.extend(body);
        entry
    }

    fn hive(begun: u32, ended: u32) -> Vec<u8> {
        let mut hive = b"regf".to_vec();
        hive.extend(begun.to_le_bytes());
        hive.extend(ended.to_le_bytes());
        hive.resize(BASE_BLOCK + 4096, 0);
        hive
    }

    fn log(entries: &[Vec<u8>]) -> Vec<u8> {
        let mut log = b"regf".to_vec();
        log.resize(LOG_HEADER, 0);
        log.extend(entries.concat());
        log
    }

    #[test]
    fn the_checksum_is_the_one_that_others_compute() {
        // Of the same four inputs, by an implementation in another language.
        for (text, expected) in [
            (&b""[..], 0xb39e_fca4_0396_6e08_u64),
            (&b"a"[..], 0x21a0_13c7_26f2_92f4_u64),
            (&b"HvLE"[..], 0x9145_2793_2cf3_36dd_u64),
            (&b"regf log."[..], 0x67a5_473b_224d_dd98_u64),
        ] {
            assert_eq!(marvin(text), expected);
        }
    }

    #[test]
    fn entries_are_applied_in_order_and_without_a_gap() {
        let page = |byte: u8| vec![byte; 512];
        let first = log(&[
            entry(3, 4096, &[(0, page(3))]),
            entry(6, 4096, &[(0, page(6)), (1024, page(66))]),
        ]);
        let second = log(&[
            entry(4, 4096, &[(512, page(4))]),
            entry(5, 8192, &[(4096, page(5))]),
            entry(8, 8192, &[(0, page(8))]),
        ]);
        let mut hive = hive(9, 4);
        assert!(is_unfinished(&hive));
        assert_eq!(replay(&mut hive, &[&first, &second]), 3);
        let cells = &hive[BASE_BLOCK..];
        assert_eq!(cells.len(), 8192);
        assert_eq!(
            [cells[0], cells[512], cells[1024], cells[4096]],
            [6, 4, 66, 5]
        );
        // An entry that was changed ends its log.
        let mut damaged = second.clone();
        damaged[LOG_HEADER + 300] ^= 1;
        let mut again = super::tests::hive(9, 4);
        assert_eq!(replay(&mut again, &[&first, &damaged]), 1);
        for length in 0..second.len() {
            replay(&mut super::tests::hive(9, 4), &[&second[..length]]);
        }
    }

    #[test]
    fn changed_sectors_of_older_logs_are_applied() {
        let mut log = log(&[]);
        log[0x28..0x2c].copy_from_slice(&4096_u32.to_le_bytes());
        log.extend(CHANGED_SECTORS);
        log.push(0b0000_0101);
        log.resize(2 * SECTOR, 0);
        log.extend([1; SECTOR]);
        log.extend([2; SECTOR]);
        let mut hive = hive(2, 1);
        assert_eq!(replay(&mut hive, &[&log]), 1);
        let cells = &hive[BASE_BLOCK..];
        assert_eq!(
            [cells[0], cells[512], cells[1024], cells[1536]],
            [1, 0, 2, 0]
        );
    }
}
