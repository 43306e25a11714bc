//! Whether a program on disk has a section that a reader looks for, told from its section table
//! alone: a folder of builds holds gigabytes of programs, and nearly none is of interest.

use std::fs::File;
use std::io::{self, Seek};

use object::read::elf::FileHeader;
use object::{FileKind, ReadCache, elf};

/// Whether an ELF file has a section of one of these names. `None` where the table can not tell:
/// another format, no table, or a damaged one. Then the whole file must be looked at.
///
/// The file is at its beginning afterwards.
pub(crate) fn has_one_of(file: &mut File, names: &[&str]) -> io::Result<Option<bool>> {
    let found = look_up(file, names);
    file.rewind()?;
    Ok(found)
}

fn look_up(file: &File, names: &[&str]) -> Option<bool> {
    let cache = ReadCache::new(file);
    match FileKind::parse(&cache).ok()? {
        FileKind::Elf32 => in_elf::<elf::FileHeader32<object::Endianness>>(&cache, names),
        FileKind::Elf64 => in_elf::<elf::FileHeader64<object::Endianness>>(&cache, names),
        _ => None,
    }
}

fn in_elf<Header: FileHeader<Endian = object::Endianness>>(
    cache: &ReadCache<&File>,
    names: &[&str],
) -> Option<bool> {
    let header = Header::parse(cache).ok()?;
    let endian = header.endian().ok()?;
    let sections = header.sections(endian, cache).ok()?;
    if sections.is_empty() {
        return None;
    }
    let mut found = false;
    for section in sections.iter() {
        let name = sections.section_name(endian, section).ok()?;
        found |= names.iter().any(|wanted| wanted.as_bytes() == name);
    }
    Some(found)
}
