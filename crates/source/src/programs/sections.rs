//! What the table of sections of an ELF file tells, without the rest of the file.

use std::ops::Range;

use object::read::elf::{FileHeader, SectionHeader, SectionTable};
use object::{FileKind, ReadCache, ReadRef, elf};

use crate::Bytes;
use crate::archives::Stretch;

/// What was told.
#[derive(Debug, Default)]
pub(super) struct Look {
    /// Whether it has a section of one of the names. `None` where the table can not tell: another
    /// format, no table, or a damaged one.
    pub(super) has_one: Option<bool>,
    /// Where data lies that is in memory when the program runs and is no code.
    pub(super) data: Option<Vec<Range<u64>>>,
}

/// Whether an ELF file has a section of one of these names. `None` where the table can not tell:
/// then the whole file must be looked at.
pub(super) fn has_one_of<'a>(content: impl ReadRef<'a>, names: &[&str]) -> Option<bool> {
    look_at(content, names).has_one
}

/// What the table tells of a file that can be read at any place.
pub(super) fn look_at_bytes(bytes: &dyn Bytes, names: &[&str]) -> Look {
    let cache = ReadCache::new(Stretch::whole(bytes));
    look_at(&cache, names)
}

fn look_at<'a>(content: impl ReadRef<'a>, names: &[&str]) -> Look {
    match FileKind::parse(content) {
        Ok(FileKind::Elf32) => in_elf::<elf::FileHeader32<object::Endianness>, _>(content, names),
        Ok(FileKind::Elf64) => in_elf::<elf::FileHeader64<object::Endianness>, _>(content, names),
        _ => None,
    }
    .unwrap_or_default()
}

/// Sections of data in which nobody looks for texts.
const TABLES: [&[u8]; 3] = [b".eh_frame", b".eh_frame_hdr", b".gcc_except_table"];

/// All names, read in one go: a program on disk would have to be read at each of them.
fn names_of_sections<'a, Header: FileHeader<Endian = object::Endianness>, Content: ReadRef<'a>>(
    header: &Header,
    endian: object::Endianness,
    sections: &SectionTable<'a, Header, Content>,
    content: Content,
) -> Option<&'a [u8]> {
    let index = header.section_strings_index(endian, content).ok()?;
    let section = sections.section(index).ok()?;
    let (start, size) = section.file_range(endian)?;
    if size > MOST_OF_NAMES {
        return None;
    }
    content.read_bytes_at(start, size).ok()
}

/// Most bytes of all names of sections together. Real ones have some hundreds.
const MOST_OF_NAMES: u64 = 1 << 20;

/// Most sections that are looked at. Programs have some tens.
const MOST_SECTIONS: usize = 10_000;

fn in_elf<'a, Header: FileHeader<Endian = object::Endianness>, Content: ReadRef<'a>>(
    content: Content,
    names: &[&str],
) -> Option<Look> {
    let header = Header::parse(content).ok()?;
    let endian = header.endian().ok()?;
    let sections = header.sections(endian, content).ok()?;
    if sections.is_empty() || sections.len() > MOST_SECTIONS {
        return None;
    }
    let texts = names_of_sections(header, endian, &sections, content)?;
    let mut found = false;
    let mut data = Vec::new();
    for section in sections.iter() {
        let name = usize::try_from(section.sh_name(endian)).ok();
        let name = name.and_then(|start| texts.get(start..))?;
        let name = memchr::memchr(0, name).and_then(|end| name.get(..end))?;
        found |= names.iter().any(|wanted| wanted.as_bytes() == name);
        let flags = section.sh_flags(endian);
        let loaded = flags.contains(elf::SHF_ALLOC);
        let code = flags.contains(elf::SHF_EXECINSTR);
        let in_file = section.sh_type(endian) == elf::SHT_PROGBITS;
        if loaded && !code && in_file && !TABLES.contains(&name) {
            let start: u64 = section.sh_offset(endian).into();
            let size: u64 = section.sh_size(endian).into();
            data.push(start..start.saturating_add(size));
        }
    }
    Some(Look {
        has_one: Some(found),
        data: Some(data),
    })
}
