//! The directory at the end of a zip: which members there are and where they lie.
//!
//! Our own loop, because a directory may list millions of members: it is read as a stream and
//! nothing is kept. Only the directory counts, as for Java and Python; what the members' own
//! headers say besides is not compared. Format: APPNOTE.TXT,
//! <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>.

use std::io::{self, BufReader, Read};

use super::bytes::{Bytes, Stretch, read_exactly};
use crate::layer::LayerError;

const END: [u8; 4] = *b"PK\x05\x06";
const END_LENGTH: u64 = 22;
const END_64_LOCATOR: [u8; 4] = *b"PK\x06\x07";
const END_64: [u8; 4] = *b"PK\x06\x06";
const ENTRY: [u8; 4] = *b"PK\x01\x02";
const LOCAL: [u8; 4] = *b"PK\x03\x04";
/// Longest comment after the directory's end.
const MOST_COMMENT: u64 = u16::MAX as u64;
/// A number that stands in the 64-bit extra field instead.
const ELSEWHERE: u32 = u32::MAX;

/// How a member is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Method(pub(super) u16);

/// A member as the directory lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ZipMember {
    pub(super) name: Vec<u8>,
    pub(super) method: Method,
    pub(super) is_encrypted: bool,
    /// Whether a stream of lzma has a mark at its end instead of a length.
    pub(super) has_end_mark: bool,
    pub(super) crc: u32,
    pub(super) packed_size: u64,
    pub(super) size: u64,
    /// The mode of Unix, where it was written there.
    pub(super) mode: Option<u32>,
    /// Where its own header begins.
    header: u64,
}

impl ZipMember {
    /// Whether it is a file, and no folder or link.
    pub(super) fn is_file(&self) -> bool {
        let kind = self.mode.unwrap_or_default() & 0o170_000;
        !self.name.ends_with(b"/") && matches!(kind, 0 | 0o100_000)
    }

    /// Its packed bytes.
    pub(super) fn packed<'a>(&self, bytes: &'a dyn Bytes) -> io::Result<Stretch<'a>> {
        let header: [u8; 30] = read_exactly(bytes, self.header)?;
        if header[..4] != LOCAL {
            return Err(io::Error::other(
                "there is no file where the directory says",
            ));
        }
        let length = |at: usize| u64::from(u16::from_le_bytes([header[at], header[at + 1]]));
        let start = self.header + 30 + length(26) + length(28);
        if start.saturating_add(self.packed_size) > bytes.size() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Stretch::of(bytes, start, self.packed_size))
    }
}

/// Reads the directory, member by member.
pub(super) struct ZipDirectory<'a> {
    reader: BufReader<Stretch<'a>>,
    /// How many bytes lie before the zip: a script that starts it, a signature.
    before: u64,
    stated: u64,
    seen: u64,
    name_bytes: usize,
}

impl<'a> ZipDirectory<'a> {
    /// Finds the directory. Names longer than `name_bytes` are cut.
    pub(super) fn open(bytes: &'a dyn Bytes, name_bytes: usize) -> Result<Self, LayerError> {
        let (end_at, end) = find_end(bytes)?;
        let mut stated = u64::from(u16_at(&end, 10));
        let mut size = u64::from(u32_at(&end, 12));
        let mut offset = u64::from(u32_at(&end, 16));
        let mut directory_end = end_at;
        if let Some((at, end)) = find_end_64(bytes, end_at)? {
            stated = u64_at(&end, 32);
            size = u64_at(&end, 40);
            offset = u64_at(&end, 48);
            directory_end = at;
        }
        // What stands before the zip moves everything by as much; some writers count it.
        let start = directory_end
            .checked_sub(size)
            .ok_or_else(|| bad("its directory is larger than the file"))?;
        let before = start.saturating_sub(offset);
        let start = if size > 0
            && read_exactly::<4>(bytes, start).ok() != Some(ENTRY)
            && read_exactly::<4>(bytes, offset).ok() == Some(ENTRY)
        {
            offset
        } else {
            start
        };
        let before = if start == offset { 0 } else { before };
        let stretch = Stretch::of(bytes, start, directory_end.saturating_sub(start));
        Ok(Self {
            reader: BufReader::with_capacity(64 << 10, stretch),
            before,
            stated,
            seen: 0,
            name_bytes,
        })
    }

    /// The next member; nothing at the end.
    pub(super) fn next_member(&mut self) -> Result<Option<ZipMember>, LayerError> {
        let mut entry = [0; 46];
        let count = fill(&mut self.reader, &mut entry).map_err(LayerError::Unreadable)?;
        if count == 0 {
            return self.check_count();
        }
        if count < entry.len() || entry[..4] != ENTRY {
            // A signature of the directory, or something unknown, may follow the last member.
            return self.check_count();
        }
        self.seen += 1;
        let name_length = usize::from(u16_at(&entry, 28));
        let extra_length = usize::from(u16_at(&entry, 30));
        let comment_length = usize::from(u16_at(&entry, 32));
        let mut name = vec![0; name_length];
        let mut extra = vec![0; extra_length];
        self.read(&mut name)?;
        self.read(&mut extra)?;
        self.pass(comment_length)?;
        name.truncate(self.name_bytes);
        let made_by = entry[5];
        if made_by == 0 && name.contains(&b'\\') && !name.contains(&b'/') {
            // Some programs of Windows write its separators.
            name.iter_mut()
                .filter(|byte| **byte == b'\\')
                .for_each(|byte| *byte = b'/');
        }
        let mut member = ZipMember {
            name,
            method: Method(u16_at(&entry, 10)),
            is_encrypted: u16_at(&entry, 8) & 1 != 0,
            has_end_mark: u16_at(&entry, 8) & 2 != 0,
            crc: u32_at(&entry, 16),
            packed_size: u64::from(u32_at(&entry, 20)),
            size: u64::from(u32_at(&entry, 24)),
            mode: (made_by == 3)
                .then(|| u32_at(&entry, 38) >> 16)
                .filter(|mode| *mode != 0),
            header: u64::from(u32_at(&entry, 42)),
        };
        take_large_numbers(&mut member, &extra, &entry);
        member.header = member
            .header
            .checked_add(self.before)
            .filter(|header| header.checked_add(1 << 20).is_some())
            .ok_or_else(|| bad("a member lies outside of the file"))?;
        Ok(Some(member))
    }

    /// Old writers count to 65,535 and begin again.
    fn check_count(&self) -> Result<Option<ZipMember>, LayerError> {
        if self.seen % 0x1_0000 == self.stated % 0x1_0000 {
            return Ok(None);
        }
        Err(bad(&format!(
            "its directory says that it has {} members, and lists {}",
            self.stated, self.seen
        )))
    }

    fn read(&mut self, into: &mut [u8]) -> Result<(), LayerError> {
        self.reader
            .read_exact(into)
            .map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => LayerError::Truncated {
                    what: "its directory".to_owned(),
                },
                _ => LayerError::Unreadable(error),
            })
    }

    fn pass(&mut self, count: usize) -> Result<(), LayerError> {
        io::copy(&mut (&mut self.reader).take(count as u64), &mut io::sink())
            .map(|_| ())
            .map_err(LayerError::Unreadable)
    }
}

/// Whether these bytes end like a zip.
pub(super) fn ends_like_a_zip(bytes: &dyn Bytes) -> bool {
    find_end(bytes).is_ok()
}

fn find_end(bytes: &dyn Bytes) -> Result<(u64, [u8; END_LENGTH as usize]), LayerError> {
    let length = bytes.size().min(END_LENGTH + MOST_COMMENT);
    let start = bytes.size() - length;
    let mut tail = Vec::new();
    Stretch::of(bytes, start, length)
        .read_to_end(&mut tail)
        .map_err(LayerError::Unreadable)?;
    let place = tail
        .windows(END_LENGTH as usize)
        .rposition(|window| window.starts_with(&END))
        .ok_or_else(|| bad("it has no directory; it is cut off, or none at all"))?;
    let mut end = [0; END_LENGTH as usize];
    end.copy_from_slice(&tail[place..place + END_LENGTH as usize]);
    Ok((start + place as u64, end))
}

fn find_end_64(bytes: &dyn Bytes, end_at: u64) -> Result<Option<(u64, [u8; 56])>, LayerError> {
    let Some(locator_at) = end_at.checked_sub(20) else {
        return Ok(None);
    };
    let locator: [u8; 20] = read_exactly(bytes, locator_at).map_err(LayerError::Unreadable)?;
    if locator[..4] != END_64_LOCATOR {
        return Ok(None);
    }
    // It lies before the locator, or where that says if nothing stands before the zip.
    for at in [locator_at.checked_sub(56), Some(u64_at(&locator, 8))]
        .into_iter()
        .flatten()
    {
        if let Ok(end) = read_exactly::<56>(bytes, at)
            && end[..4] == END_64
        {
            return Ok(Some((at, end)));
        }
    }
    Err(bad("its directory's end is not where it says"))
}

/// Sizes and places of more than 32 bits stand in an extra field, each only if it is needed.
fn take_large_numbers(member: &mut ZipMember, extra: &[u8], entry: &[u8]) {
    let mut rest = extra;
    while let [id_low, id_high, length_low, length_high, after @ ..] = rest {
        let length = usize::from(u16::from_le_bytes([*length_low, *length_high]));
        let (field, next) = after.split_at(length.min(after.len()));
        rest = next;
        if u16::from_le_bytes([*id_low, *id_high]) != 1 {
            continue;
        }
        let mut numbers = field.chunks_exact(8).map(|chunk| u64_at(chunk, 0));
        for (at, target) in [
            (24, &mut member.size),
            (20, &mut member.packed_size),
            (42, &mut member.header),
        ] {
            if u32_at(entry, at) == ELSEWHERE
                && let Some(number) = numbers.next()
            {
                *target = number;
            }
        }
        return;
    }
}

fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut count = 0;
    while count < buffer.len() {
        match reader.read(&mut buffer[count..]) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}

fn bad(reason: &str) -> LayerError {
    LayerError::BadArchive {
        form: "zip",
        reason: reason.to_owned(),
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes
        .get(at..at + 2)
        .map_or(0, |bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
