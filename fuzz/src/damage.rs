//! A good database, ways to damage it, and to hide the damage from its checksums.
//!
//! The layout is that of `crates/advisory/src/database/layout.rs`, written down a second time: a
//! change of the format that is forgotten here shows at once, because nothing is found any more.

use std::sync::OnceLock;

use linchpin_advisory::STARTER_FILES;

use crate::advisories::{MemoryBucket, compile};

const HEADER: usize = 128;
const SECTIONS: usize = 6;
/// How many records of each ecosystem the sample holds.
const PER_FILE: usize = 4;

/// The records of the sample.
pub fn records() -> Vec<&'static [u8]> {
    STARTER_FILES
        .iter()
        .flat_map(|(_, text)| text.lines().take(PER_FILE))
        .map(str::as_bytes)
        .collect()
}

/// A good database.
pub fn sample() -> &'static [u8] {
    static SAMPLE: OnceLock<Vec<u8>> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let records = records().into_iter().map(<[u8]>::to_vec).collect();
        let mut bytes = compile(&MemoryBucket::Records(records)).expect("the sample is good");
        let before = bytes.clone();
        repair_checksums(&mut bytes);
        assert!(before == bytes, "the layout here is not the database's");
        bytes
    })
}

/// Puts a byte in each of many places: three bytes say where, one what.
pub fn apply(database: &mut [u8], patches: &[u8]) {
    let length = database.len();
    for patch in patches.chunks_exact(4) {
        let place = u32::from_le_bytes([patch[0], patch[1], patch[2], 0]) as usize % length;
        database[place] = patch[3];
    }
}

/// Makes all checksums right, as far as the numbers lead.
pub fn repair_checksums(database: &mut [u8]) {
    let Some(sections) = sections(database) else {
        return;
    };
    let [advisories, entries, summaries, pages, directory, facts] = sections;
    for section in [entries, advisories, summaries] {
        repair_blocks(database, section);
    }
    repair_pages(database, directory, pages);
    let sum = database
        .get(facts.0..facts.0.saturating_add(facts.1))
        .map(checksum);
    if let Some(sum) = sum {
        put(database, 16 + 16 * SECTIONS, sum);
    }
    if let Some(header) = database.get(..HEADER - 4) {
        let sum = checksum(header);
        put(database, HEADER - 4, sum);
    }
}

/// Where each section begins, and its length.
fn sections(database: &[u8]) -> Option<[(usize, usize); SECTIONS]> {
    let mut sections = [(0, 0); SECTIONS];
    for (index, section) in sections.iter_mut().enumerate() {
        let at = 16 + 16 * index;
        *section = (
            u64_at(database, at)? as usize,
            u64_at(database, at + 8)? as usize,
        );
    }
    Some(sections)
}

fn repair_blocks(database: &mut [u8], (start, length): (usize, usize)) {
    let end = start.saturating_add(length).min(database.len());
    let mut at = start;
    while at < end {
        let Some(size) = u32_at(database, at) else {
            return;
        };
        let from = at + 8;
        let to = from.saturating_add(size as usize);
        let Some(sum) = database.get(from..to).map(checksum) else {
            return;
        };
        put(database, at + 4, sum);
        at = to;
    }
}

fn repair_pages(database: &mut [u8], directory: (usize, usize), pages: (usize, usize)) {
    let end = directory.0.saturating_add(directory.1).min(database.len());
    let mut at = directory.0;
    while at.saturating_add(16) <= end {
        let page = u32_at(database, at).zip(u32_at(database, at + 8));
        let sum = page.and_then(|(from, to)| {
            let place = |number: u32| pages.0.checked_add(number as usize * 16);
            database.get(place(from)?..place(to)?).map(checksum)
        });
        if let Some(sum) = sum {
            put(database, at + 4, sum);
        }
        at += 8;
    }
}

fn put(database: &mut [u8], at: usize, number: u32) {
    if let Some(bytes) = database.get_mut(at..at + 4) {
        bytes.copy_from_slice(&number.to_le_bytes());
    }
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
