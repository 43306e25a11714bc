//! Looking into programs: the sections and segments of ELF, PE and Mach-O files.
//!
//! Every offset and size in them is a claim of the file; the `object` crate checks each against
//! the bytes that are there. Of a large ELF file on disk only what is asked for is read: its symbols,
//! which that crate would read as well, are left alone.

use linchpin_source::ProgramBytes;
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader};
use object::read::macho::{MachOFatFile32, MachOFatFile64};
use object::{Endianness, FileKind, Object, ObjectSection, ObjectSegment, ReadRef, elf};

/// Most programs for different processors that are looked at in one file.
const MOST_ARCHITECTURES: usize = 8;

/// Most bytes of a segment on disk that are looked at.
const MOST_OF_SEGMENT: u64 = 16 << 20;

/// A program, for one processor.
pub(crate) struct Executable<'a>(Form<'a>);

enum Form<'a> {
    InMemory(Box<object::File<'a>>),
    OnDisk(ElfOnDisk<'a>),
}

impl<'a> Executable<'a> {
    /// The programs in a file: one, or one per processor in a universal file of macOS. None if
    /// it can not be understood.
    pub(crate) fn all_in(program: ProgramBytes<'a>) -> Vec<Self> {
        let content = match program {
            ProgramBytes::InMemory(content) => content,
            ProgramBytes::OnDisk(_) => {
                let read = ElfOnDisk::read(program);
                return read
                    .map(|read| Self(Form::OnDisk(read)))
                    .into_iter()
                    .collect();
            }
        };
        let slices: Vec<&[u8]> = match FileKind::parse(content) {
            Ok(FileKind::MachOFat32) => MachOFatFile32::parse(content)
                .map(|fat| slices_of(content, fat.arches()))
                .unwrap_or_default(),
            Ok(FileKind::MachOFat64) => MachOFatFile64::parse(content)
                .map(|fat| slices_of(content, fat.arches()))
                .unwrap_or_default(),
            Ok(_) => vec![content],
            Err(_) => Vec::new(),
        };
        let parsed = slices
            .into_iter()
            .map(object::File::parse)
            .filter_map(Result::ok);
        parsed.map(|parsed| Self(Form::InMemory(Box::new(parsed)))).collect()
    }

    /// The bytes of the section with this name.
    pub(crate) fn section(&self, name: &str) -> Option<&'a [u8]> {
        match &self.0 {
            Form::InMemory(file) => file.section_by_name(name)?.data().ok(),
            Form::OnDisk(file) => file.section(name),
        }
    }

    /// The bytes of the segments that the program may write to, where its data are.
    pub(crate) fn data_segments(&self) -> Vec<&'a [u8]> {
        match &self.0 {
            Form::InMemory(file) => file
                .segments()
                .filter(|segment| segment.permissions().writable())
                .filter_map(|segment| segment.data().ok())
                .collect(),
            Form::OnDisk(file) => file.data_segments().collect(),
        }
    }

    /// The bytes that lie at an address when the program runs.
    pub(crate) fn at_address(&self, address: u64, length: u64) -> Option<&'a [u8]> {
        match &self.0 {
            Form::InMemory(file) => file
                .segments()
                .find_map(|segment| segment.data_range(address, length).ok().flatten()),
            Form::OnDisk(file) => file.at_address(address, length),
        }
    }
}

fn slices_of<'a, A: object::read::macho::FatArch>(
    content: &'a [u8],
    arches: &[A],
) -> Vec<&'a [u8]> {
    arches
        .iter()
        .take(MOST_ARCHITECTURES)
        .filter_map(|arch| arch.data(content).ok())
        .collect()
}

/// The tables of an ELF file on disk.
struct ElfOnDisk<'a> {
    bytes: ProgramBytes<'a>,
    /// Name, place and length of each section that the file holds.
    sections: Vec<(&'a [u8], u64, u64)>,
    segments: Vec<Segment>,
}

/// What the file says is loaded when the program runs.
struct Segment {
    is_writable: bool,
    address: u64,
    offset: u64,
    size: u64,
}

impl<'a> ElfOnDisk<'a> {
    fn read(bytes: ProgramBytes<'a>) -> Option<Self> {
        match FileKind::parse(bytes) {
            Ok(FileKind::Elf32) => Self::read_as::<elf::FileHeader32<Endianness>>(bytes),
            Ok(FileKind::Elf64) => Self::read_as::<elf::FileHeader64<Endianness>>(bytes),
            _ => None,
        }
    }

    fn read_as<Header: FileHeader<Endian = Endianness>>(bytes: ProgramBytes<'a>) -> Option<Self> {
        let header = Header::parse(bytes).ok()?;
        let endian = header.endian().ok()?;
        let table = header.sections(endian, bytes).ok()?;
        let sections = table.iter().filter_map(|section| {
            let name = table.section_name(endian, section).ok()?;
            let (offset, size) = section.file_range(endian)?;
            Some((name, offset, size))
        });
        let segments = header.program_headers(endian, bytes).unwrap_or_default();
        let loaded = segments
            .iter()
            .filter(|one| one.p_type(endian) == elf::PT_LOAD);
        let segments = loaded.map(|segment| Segment {
            is_writable: segment.p_flags(endian).contains(elf::PF_W),
            address: segment.p_vaddr(endian).into(),
            offset: segment.p_offset(endian).into(),
            size: segment.p_filesz(endian).into(),
        });
        Some(Self {
            bytes,
            sections: sections.collect(),
            segments: segments.collect(),
        })
    }

    fn section(&self, name: &str) -> Option<&'a [u8]> {
        let mut sections = self.sections.iter();
        let (_, offset, size) = sections.find(|(found, ..)| *found == name.as_bytes())?;
        self.bytes.read_bytes_at(*offset, *size).ok()
    }

    fn data_segments(&self) -> impl Iterator<Item = &'a [u8]> {
        let writable = self.segments.iter().filter(|segment| segment.is_writable);
        writable.filter_map(|segment| {
            let size = segment.size.min(MOST_OF_SEGMENT);
            self.bytes.read_bytes_at(segment.offset, size).ok()
        })
    }

    fn at_address(&self, address: u64, length: u64) -> Option<&'a [u8]> {
        self.segments.iter().find_map(|segment| {
            let from = address.checked_sub(segment.address)?;
            if from.checked_add(length)? > segment.size {
                return None;
            }
            let offset = segment.offset.checked_add(from)?;
            self.bytes.read_bytes_at(offset, length).ok()
        })
    }
}
