//! The bytes of a database file, from the first to the last.
//!
//! ```text
//! header     160 bytes: magic, format, seven sections, number of buckets, three checksums
//! advisories blocks: one for each advisory, and where its summary is
//! entries    blocks: a package's key, and what each advisory says of it
//! summaries  blocks: compressed texts
//! pages      for each package a hash and an offset into the entries, 16 bytes; sorted by hash
//! directory  for each bucket where its page begins and the page's checksum, 8 bytes
//! scores     for each CVE id that an advisory scores, the id and the advisory's offset, 16 bytes
//! facts      what the file says of itself
//! ```
//!
//! All numbers are little-endian. A block is its length, its checksum (CRC-32) and its bytes. A
//! lookup reads one directory entry, one page and one block, and checks each the first time:
//! whatever is damaged is noticed when it is used, and opening reads the header and the facts alone. The
//! checksums tell accidents; they are no protection against somebody who means harm, which is
//! why nothing here trusts them for more than that.
//!
//! Sections are in the order in which a writer has them, so that it needs none of them in memory
//! whole. Everything that a record says can be read back, so that an update needs the old file and
//! the changed records, and nothing else.

use flate2::Crc;
use linchpin_model::Ecosystem;

use super::DatabaseError;

pub(super) const MAGIC: &[u8; 8] = b"linchpdb";
/// To be raised by one with every change of what is written.
pub(super) const FORMAT: u32 = 4;
pub(super) const HEADER: usize = 160;

/// How many packages share a page, on average.
const PER_PAGE: usize = 16;
pub(super) const DIRECTORY_ENTRY: usize = 8;
pub(super) const PAGE_ENTRY: usize = 16;

/// The parts of the file, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Advisories,
    Entries,
    Summaries,
    Pages,
    Directory,
    Scores,
    Facts,
}

pub(super) const SECTIONS: usize = 7;

/// What the header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    /// Where each section begins, and its length.
    pub(super) sections: [(u64, u64); SECTIONS],
    /// There are two to the power of this many buckets.
    pub(super) bucket_bits: u32,
    /// The checksum of the facts.
    pub(super) facts: u32,
    /// The checksum of the scores.
    pub(super) scores: u32,
}

pub(super) fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

impl Header {
    /// The header's bytes.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&self.bucket_bits.to_le_bytes());
        for (offset, length) in self.sections {
            bytes.extend_from_slice(&offset.to_le_bytes());
            bytes.extend_from_slice(&length.to_le_bytes());
        }
        bytes.extend_from_slice(&self.facts.to_le_bytes());
        bytes.extend_from_slice(&self.scores.to_le_bytes());
        bytes.resize(HEADER - 4, 0);
        let sum = checksum(&bytes);
        bytes.extend_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// Reads the header of a file, and checks that the file is as long as it says. `None` if the
    /// file is something else altogether.
    pub(super) fn read(file: &[u8]) -> Option<Result<Self, DatabaseError>> {
        let start = file.get(..MAGIC.len().min(file.len()))?;
        if start.is_empty() || !MAGIC.starts_with(start) {
            return None;
        }
        Some(Self::read_ours(file))
    }

    fn read_ours(file: &[u8]) -> Result<Self, DatabaseError> {
        const CUT: DatabaseError = DatabaseError::Corrupt {
            what: "the file is cut off",
        };
        let found = u32_at(file, 8).ok_or(CUT)?;
        if found != FORMAT {
            return Err(DatabaseError::WrongVersion {
                found,
                expected: FORMAT,
            });
        }
        let header = file.get(..HEADER).ok_or(CUT)?;
        let (summed, sum) = header.split_at(HEADER - 4);
        if u32_at(sum, 0) != Some(checksum(summed)) {
            return Err(DatabaseError::Corrupt {
                what: "the checksum of the header does not match",
            });
        }
        let mut sections = [(0, 0); SECTIONS];
        let mut end = HEADER as u64;
        for (index, section) in sections.iter_mut().enumerate() {
            let at = 16 + index * 16;
            let offset = u64_at(header, at).ok_or(CUT)?;
            let length = u64_at(header, at + 8).ok_or(CUT)?;
            if offset != end {
                return Err(DatabaseError::Corrupt {
                    what: "the sections do not follow each other",
                });
            }
            end = end.checked_add(length).ok_or(CUT)?;
            *section = (offset, length);
        }
        if end != file.len() as u64 {
            return Err(DatabaseError::Corrupt {
                what: "the file is not as long as its header says",
            });
        }
        let header = Self {
            sections,
            bucket_bits: u32_at(header, 12).ok_or(CUT)?,
            facts: u32_at(header, 16 + 16 * SECTIONS).ok_or(CUT)?,
            scores: u32_at(header, 20 + 16 * SECTIONS).ok_or(CUT)?,
        };
        let directory = header.sections[Section::Directory as usize].1;
        let expected = 1u64
            .checked_shl(header.bucket_bits)
            .and_then(|buckets| buckets.checked_add(1))
            .and_then(|entries| entries.checked_mul(DIRECTORY_ENTRY as u64));
        if header.bucket_bits > 32 || expected != Some(directory) {
            return Err(DatabaseError::Corrupt {
                what: "the directory has another size than its header says",
            });
        }
        Ok(header)
    }
}

/// What comes before a block's bytes: their length and their checksum.
pub(super) const BLOCK_HEADER: usize = 8;

/// The header of a block. `None` if it is too long for one.
pub(super) fn block_header(bytes: &[u8]) -> Option<[u8; BLOCK_HEADER]> {
    let length = u32::try_from(bytes.len()).ok()?.to_le_bytes();
    let sum = checksum(bytes).to_le_bytes();
    let mut header = [0; BLOCK_HEADER];
    header[..4].copy_from_slice(&length);
    header[4..].copy_from_slice(&sum);
    Some(header)
}

/// The blocks of a section, one after the other, with their offsets. Ends after the first that is
/// damaged.
pub(super) fn blocks(section: &[u8]) -> impl Iterator<Item = Result<(u64, &[u8]), DatabaseError>> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let offset = next
            .take()
            .filter(|offset| *offset < section.len() as u64)?;
        let block = read_block(section, offset);
        if let Ok(bytes) = block {
            next = Some(offset + (BLOCK_HEADER + bytes.len()) as u64);
        }
        Some(block.map(|bytes| (offset, bytes)))
    })
}

/// The bytes of the block at an offset of a section.
pub(super) fn read_block(section: &[u8], offset: u64) -> Result<&[u8], DatabaseError> {
    read_block_if(section, offset, |bytes, sum| checksum(bytes) == sum)
}

/// The same, where `is_right` compares the bytes with the checksum.
pub(super) fn read_block_if(
    section: &[u8],
    offset: u64,
    is_right: impl FnOnce(&[u8], u32) -> bool,
) -> Result<&[u8], DatabaseError> {
    let read = || {
        let start = usize::try_from(offset).ok()?;
        let block = section.get(start..)?;
        let length = u32_at(block, 0)? as usize;
        let sum = u32_at(block, 4)?;
        let bytes = block.get(BLOCK_HEADER..)?.get(..length)?;
        is_right(bytes, sum).then_some(bytes)
    };
    read().ok_or(DatabaseError::Corrupt {
        what: "the checksum of a block does not match",
    })
}

/// The key of a package: its ecosystem, release and normalised name.
pub(super) fn key(ecosystem: Ecosystem, release: Option<&str>, name: &str) -> String {
    let base = ecosystem.facts().osv_name;
    let release = release.unwrap_or("");
    // Every lookup makes one: formatting would cost more than all else.
    let mut key = String::with_capacity(base.len() + release.len() + name.len() + 2);
    for part in [base, "\0", release, "\0", name] {
        key.push_str(part);
    }
    key
}

/// The ecosystem's name, the release and the name in a key.
pub(super) fn key_parts(key: &str) -> Option<(&str, Option<&str>, &str)> {
    let mut parts = key.splitn(3, '\0');
    let (base, release) = (parts.next()?, parts.next()?);
    Some((
        base,
        Some(release).filter(|release| !release.is_empty()),
        parts.next()?,
    ))
}

/// FNV-1a, with its bits mixed once more because buckets are chosen by the highest of them. It
/// is part of the format. Names that somebody made to collide cost him his own lookups only.
pub(super) fn hash(key: &str) -> u64 {
    let mut hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 29)
}

/// The number of bits that choose a bucket for this many packages.
pub(super) fn bucket_bits(packages: usize) -> u32 {
    packages
        .div_ceil(PER_PAGE)
        .max(1)
        .next_power_of_two()
        .trailing_zeros()
}

/// The bucket of a hash: its highest bits.
pub(super) fn bucket(hash: u64, bits: u32) -> usize {
    hash.checked_shr(64 - bits).unwrap_or(0) as usize
}
