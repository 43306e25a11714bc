//! The table of predictions of exploitation: for each CVE id two numbers.
//!
//! ```text
//! entries   8 bytes: how many there are
//! checksum  4 bytes: of the number and the directory
//! directory for each page its first id and its checksum, 12 bytes
//! pages     128 entries of 16 bytes, sorted: the id, the probability, the percentile
//! ```
//!
//! A lookup checks the directory and the one page that it reads. Texts would make this table three
//! times as long, so an id is its two numbers.

use std::fmt;

use flate2::Crc;
use linchpin_model::ExploitPrediction;

use super::DatabaseError;
use super::layout::{checksum, u32_at, u64_at};

const HEADER: usize = 12;
const DIRECTORY_ENTRY: usize = 12;
const ENTRY: usize = 16;
const PER_PAGE: usize = 128;

/// The id `CVE-2021-44228` as its two numbers, in the order of the ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CveNumber(u64);

impl CveNumber {
    /// Takes an id apart. `None` for every other sort of id, and for spellings that are not the
    /// canonical one.
    pub(crate) fn parse(id: &str) -> Option<Self> {
        let (year, number) = id.strip_prefix("CVE-")?.split_once('-')?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || !digits(year) || number.len() < 4 || !digits(number) {
            return None;
        }
        if number.len() > 4 && number.starts_with('0') {
            return None;
        }
        let (year, number) = (year.parse::<u16>().ok()?, number.parse::<u32>().ok()?);
        Some(Self(u64::from(year) << 32 | u64::from(number)))
    }

    /// The two numbers as one, whose order is that of the ids.
    pub(super) fn bits(self) -> u64 {
        self.0
    }

    pub(super) fn from_bits(bits: u64) -> Self {
        Self(bits)
    }
}

impl fmt::Display for CveNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, number) = (self.0 >> 32, self.0 & u64::from(u32::MAX));
        write!(formatter, "CVE-{year:04}-{number:04}")
    }
}

/// The table's bytes. The flaws are sorted, each once.
pub(crate) fn write(flaws: &[(CveNumber, ExploitPrediction)]) -> Vec<u8> {
    let mut directory = Vec::new();
    let mut pages = Vec::with_capacity(flaws.len() * ENTRY);
    for page in flaws.chunks(PER_PAGE) {
        let start = pages.len();
        for (CveNumber(id), told) in page {
            pages.extend_from_slice(&id.to_le_bytes());
            pages.extend_from_slice(&told.probability.to_le_bytes());
            pages.extend_from_slice(&told.percentile.to_le_bytes());
        }
        let first = page.first().map_or(0, |(CveNumber(id), _)| *id);
        directory.extend_from_slice(&first.to_le_bytes());
        directory.extend_from_slice(&checksum(&pages[start..]).to_le_bytes());
    }
    let mut table = (flaws.len() as u64).to_le_bytes().to_vec();
    table.extend_from_slice(&directory);
    let sum = checksum(&table);
    table.splice(8..8, sum.to_le_bytes());
    table.extend_from_slice(&pages);
    table
}

const DAMAGED: DatabaseError = DatabaseError::Corrupt {
    what: "a checksum of the predictions of exploitation does not match",
};

/// A table that can be asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Predictions<'a> {
    directory: &'a [u8],
    pages: &'a [u8],
}

impl<'a> Predictions<'a> {
    /// Reads a table, and checks its directory.
    pub(super) fn read(table: &'a [u8]) -> Result<Self, DatabaseError> {
        let read = Self::read_again(table)?;
        let mut sum = Crc::new();
        sum.update(table.get(..8).ok_or(DAMAGED)?);
        sum.update(read.directory);
        if u32_at(table, 8) == Some(sum.sum()) {
            Ok(read)
        } else {
            Err(DAMAGED)
        }
    }

    /// Reads a table whose directory was checked already.
    pub(super) fn read_again(table: &'a [u8]) -> Result<Self, DatabaseError> {
        let read = || {
            let entries = usize::try_from(u64_at(table, 0)?).ok()?;
            let directory = entries.div_ceil(PER_PAGE).checked_mul(DIRECTORY_ENTRY)?;
            let (directory, pages) = table.get(HEADER..)?.split_at_checked(directory)?;
            (entries.checked_mul(ENTRY)? == pages.len()).then_some(Self { directory, pages })
        };
        read().ok_or(DAMAGED)
    }

    /// What it says of a flaw.
    pub(super) fn get(
        &self,
        CveNumber(wanted): CveNumber,
    ) -> Result<Option<ExploitPrediction>, DatabaseError> {
        let (firsts, _) = self.directory.as_chunks::<DIRECTORY_ENTRY>();
        let after = firsts.partition_point(|entry| u64_at(entry, 0).is_some_and(|id| id <= wanted));
        let Some(page) = after.checked_sub(1) else {
            return Ok(None);
        };
        let read = || {
            let bytes = self.pages.chunks(PER_PAGE * ENTRY).nth(page)?;
            (u32_at(firsts.get(page)?, 8)? == checksum(bytes)).then_some(bytes)
        };
        let (entries, _) = read().ok_or(DAMAGED)?.as_chunks::<ENTRY>();
        let found = entries
            .binary_search_by_key(&Some(wanted), |entry| u64_at(entry, 0))
            .ok()
            .and_then(|place| entries.get(place));
        let Some(entry) = found else { return Ok(None) };
        u32_at(entry, 8)
            .zip(u32_at(entry, 12))
            .and_then(|(probability, percentile)| ExploitPrediction::new(probability, percentile))
            .map(Some)
            .ok_or(DAMAGED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(count: u32) -> Vec<(CveNumber, ExploitPrediction)> {
        (0..count)
            .map(|number| {
                let id = format!("CVE-{}-{:04}", 1999 + number / 300, 3 * (number % 300));
                let told = ExploitPrediction::new(number, number / 2).unwrap();
                (CveNumber::parse(&id).unwrap(), told)
            })
            .collect()
    }

    #[test]
    fn what_was_written_is_found_and_nothing_else() {
        for count in [0, 1, 127, 128, 129, 5000] {
            let flaws = sample(count);
            let bytes = write(&flaws);
            let table = Predictions::read(&bytes).unwrap();
            assert_eq!(table.pages.len(), count as usize * ENTRY);
            for (flaw, told) in &flaws {
                assert_eq!(table.get(*flaw).unwrap(), Some(*told));
                assert_eq!(table.get(CveNumber(flaw.0 + 1)).unwrap(), None);
            }
            assert_eq!(table.get(CveNumber(0)).unwrap(), None);
            assert_eq!(table.get(CveNumber(u64::MAX)).unwrap(), None);
        }
    }

    #[test]
    fn every_changed_byte_is_told_or_changes_nothing() {
        let flaws = sample(140);
        let whole = write(&flaws);
        for place in 0..whole.len() {
            let mut changed = whole.clone();
            changed[place] ^= 0x41;
            // One of each page is enough: a page is checked as a whole.
            let told = Predictions::read(&changed).and_then(|table| {
                table.get(flaws[0].0)?;
                table.get(flaws[139].0)
            });
            assert!(
                matches!(told, Err(DatabaseError::Corrupt { .. })),
                "{place}"
            );
        }
        for length in 1..whole.len() {
            assert!(Predictions::read(&whole[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn ids_are_numbers_in_one_spelling() {
        for id in ["CVE-1999-0001", "CVE-2021-44228", "CVE-2024-1000000"] {
            assert_eq!(CveNumber::parse(id).unwrap().to_string(), id);
        }
        for other in [
            "",
            "CVE-",
            "CVE-2021-1",
            "CVE-2021-00001",
            "CVE-21-0001",
            "GHSA-1",
            "CVE-2021-44a8",
            "CVE-2021-99999999999",
            "cve-2021-44228",
            "CVE-+021-0001",
        ] {
            assert_eq!(CveNumber::parse(other), None, "{other}");
        }
    }
}
