//! The header of an rpm package, as packages and databases hold it: an index of tags and the data
//! that they point to: <https://rpm-software-management.github.io/rpm/manual/format_header.html>.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::documents::binary::{bytes_at, u16_be, u32_be};

/// Most tags of one header; those of the largest packages have about a hundred.
const MOST_TAGS: usize = 65_536;

const ENTRY: usize = 16;

/// Before the index: how many tags there are, and how many bytes of data.
const INTRODUCTION: usize = 8;

/// What a header in a package file starts with, four reserved bytes included.
const MAGIC: &[u8] = &[0x8e, 0xad, 0xe8, 0x01];

/// The tags that are read: <https://rpm-software-management.github.io/rpm/manual/tags.html>.
#[derive(Debug, Clone, Copy)]
#[repr(u32)]
pub(super) enum Tag {
    Name = 1000,
    Version = 1001,
    Release = 1002,
    Epoch = 1003,
    Summary = 1004,
    Vendor = 1011,
    License = 1014,
    Packager = 1015,
    Architecture = 1022,
    OldFileNames = 1027,
    FileStates = 1029,
    FileModes = 1030,
    FileFlags = 1037,
    SourcePackage = 1044,
    ProvideName = 1047,
    RequireFlags = 1048,
    RequireName = 1049,
    RequireVersion = 1050,
    ProvideVersion = 1113,
    DirIndexes = 1116,
    BaseNames = 1117,
    DirNames = 1118,
    ModularityLabel = 5096,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    kind: u32,
    offset: usize,
    count: usize,
}

/// A header whose index was read.
#[derive(Debug)]
pub(super) struct Header<'a> {
    entries: HashMap<u32, Entry>,
    data: &'a [u8],
}

impl<'a> Header<'a> {
    /// A header as databases keep it, without magic bytes.
    pub(super) fn read(blob: &'a [u8]) -> Result<Self, &'static str> {
        Self::with_length(blob).map(|(header, _)| header)
    }

    /// A header as a package file has it, and how many bytes it takes.
    pub(super) fn read_in_file(content: &'a [u8]) -> Result<(Self, usize), &'static str> {
        if !content.starts_with(MAGIC) {
            return Err("there is no header where one must be");
        }
        let blob = content.get(8..).unwrap_or_default();
        let (header, length) = Self::with_length(blob)?;
        Ok((header, length + 8))
    }

    fn with_length(blob: &'a [u8]) -> Result<(Self, usize), &'static str> {
        const CUT: &str = "a header is cut off";
        let tags = u32_be(blob, 0).ok_or(CUT)? as usize;
        let length = u32_be(blob, 4).ok_or(CUT)? as usize;
        if tags > MOST_TAGS {
            return Err("a header has an impossible number of tags");
        }
        let index = bytes_at(blob, INTRODUCTION, tags * ENTRY).ok_or(CUT)?;
        let start = INTRODUCTION + tags * ENTRY;
        let data = bytes_at(blob, start, length).ok_or(CUT)?;
        let mut entries = HashMap::with_capacity(tags);
        for entry in index.chunks_exact(ENTRY) {
            let field = |at| u32_be(entry, at).unwrap_or_default();
            // Of a tag that was changed after the package was signed the later entry counts.
            entries.insert(
                field(0),
                Entry {
                    kind: field(4),
                    offset: field(8) as usize,
                    count: field(12) as usize,
                },
            );
        }
        Ok((Self { entries, data }, start + length))
    }

    /// Whether the header has a tag at all.
    pub(super) fn has(&self, tag: Tag) -> bool {
        self.entries.contains_key(&(tag as u32))
    }

    /// A text, the first one of a list or of translations.
    pub(super) fn text(&self, tag: Tag) -> Option<Cow<'a, str>> {
        self.texts(tag).next().filter(|text| !text.is_empty())
    }

    /// All texts of a tag.
    pub(super) fn texts(&self, tag: Tag) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        // Types: one text, a list, and a text in several languages.
        let entry = self
            .entries
            .get(&(tag as u32))
            .filter(|entry| matches!(entry.kind, 6 | 8 | 9));
        let mut rest = entry.and_then(|entry| self.data.get(entry.offset..));
        let count = entry.map_or(0, |entry| entry.count);
        std::iter::from_fn(move || {
            let bytes = rest?;
            let Some(end) = bytes.iter().position(|&byte| byte == 0) else {
                rest = None;
                return None;
            };
            let (text, after) = bytes.split_at_checked(end)?;
            rest = after.get(1..);
            Some(String::from_utf8_lossy(text))
        })
        .take(count)
    }

    /// All numbers of a tag, whatever their size.
    pub(super) fn numbers(&self, tag: Tag) -> impl Iterator<Item = u32> + use<'a> {
        let entry = self.entries.get(&(tag as u32)).copied();
        let size = match entry.map(|entry| entry.kind) {
            Some(1 | 2) => 1,
            Some(3) => 2,
            Some(4) => 4,
            _ => 0,
        };
        let bytes = entry
            .filter(|_| size > 0)
            .and_then(|entry| bytes_at(self.data, entry.offset, entry.count.checked_mul(size)?))
            .unwrap_or_default();
        bytes
            .chunks_exact(size.max(1))
            .map(move |chunk| match size {
                4 => u32_be(chunk, 0).unwrap_or_default(),
                2 => u16_be(chunk, 0).map_or(0, u32::from),
                _ => chunk.first().copied().map_or(0, u32::from),
            })
    }

    /// The first number of a tag.
    pub(super) fn number(&self, tag: Tag) -> Option<u32> {
        self.numbers(tag).next()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A header with these texts.
    pub(in super::super) fn header_of(texts: &[(Tag, &str)]) -> Vec<u8> {
        let mut index = Vec::new();
        let mut data = Vec::new();
        for (tag, text) in texts {
            for word in [*tag as u32, 6, data.len() as u32, 1] {
                index.extend(word.to_be_bytes());
            }
            data.extend(text.as_bytes());
            data.push(0);
        }
        let mut header = Vec::new();
        header.extend((texts.len() as u32).to_be_bytes());
        header.extend((data.len() as u32).to_be_bytes());
        header.extend(index);
        header.extend(data);
        header
    }

    #[test]
    fn a_header_that_claims_too_much_is_refused() {
        let good = header_of(&[(Tag::Name, "a"), (Tag::Version, "1")]);
        let header = Header::read(&good).unwrap();
        assert_eq!(header.text(Tag::Version).as_deref(), Some("1"));
        assert_eq!(header.number(Tag::Epoch), None);
        for length in 0..good.len() {
            assert!(Header::read(&good[..length]).is_err());
        }
        assert!(Header::read(&[0xff; 64]).is_err());
    }

    #[test]
    fn a_list_ends_with_the_data() {
        let mut bytes = header_of(&[(Tag::Name, "a"), (Tag::BaseNames, "x\0y\0z")]);
        // The count of the second entry.
        bytes[8 + 16 + 12..][..4].copy_from_slice(&u32::MAX.to_be_bytes());
        bytes[8 + 16 + 4..][..4].copy_from_slice(&8_u32.to_be_bytes());
        let header = Header::read(&bytes).unwrap();
        let names: Vec<Cow<'_, str>> = header.texts(Tag::BaseNames).collect();
        assert_eq!(names, ["x", "y", "z"]);
        assert_eq!(header.numbers(Tag::BaseNames).count(), 0);
    }
}
