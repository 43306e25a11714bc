//! Looking into programs: the sections and segments of ELF, PE and Mach-O files.
//!
//! Every offset and size in them is a claim of the file; the `object` crate checks each against
//! the bytes that are there.

use object::read::macho::{MachOFatFile32, MachOFatFile64};
use object::read::{ExportTarget, NameOrOrdinal};
use object::{BinaryFormat, FileKind, Object, ObjectSection, ObjectSegment, ObjectSymbol};

use crate::program_bytes::{ProgramBytes, ProgramData};

/// Most programs for different processors that are looked at in one file.
const MOST_ARCHITECTURES: usize = 8;

/// A program, for one processor.
pub(crate) struct Executable<'a> {
    file: object::File<'a, ProgramData<'a>>,
    data: ProgramData<'a>,
}

impl<'a> Executable<'a> {
    /// The programs in a file: one, or one per processor in a universal file of macOS. None if
    /// it can not be understood.
    pub(crate) fn all_in(content: &'a [u8]) -> Vec<Self> {
        Self::all_in_data(content.into())
    }

    /// The same for a program that may be too large to be kept.
    pub(crate) fn all_in_program(program: &'a ProgramBytes<'_>) -> Vec<Self> {
        Self::all_in_data(program.data())
    }

    fn all_in_data(data: ProgramData<'a>) -> Vec<Self> {
        let stretches: Vec<ProgramData<'_>> = match FileKind::parse(data) {
            Ok(FileKind::MachOFat32) => MachOFatFile32::parse(data)
                .map(|fat| stretches_of(data, fat.arches()))
                .unwrap_or_default(),
            Ok(FileKind::MachOFat64) => MachOFatFile64::parse(data)
                .map(|fat| stretches_of(data, fat.arches()))
                .unwrap_or_default(),
            Ok(_) => vec![data],
            Err(_) => Vec::new(),
        };
        stretches
            .into_iter()
            .filter_map(|data| {
                let file = object::File::parse(data).ok()?;
                Some(Self { file, data })
            })
            .collect()
    }

    /// The bytes of the section with this name.
    pub(crate) fn section(&self, name: &str) -> Option<&'a [u8]> {
        self.file.section_by_name(name)?.data().ok()
    }

    /// Where the section with this name lies, of which not all is wanted.
    pub(crate) fn stretch_of_section(&self, name: &str) -> Option<ProgramData<'a>> {
        let (start, size) = self.file.section_by_name(name)?.file_range()?;
        self.data.stretch(start, size)
    }

    /// Where all sections lie, one after the other.
    pub(crate) fn sections(&self) -> impl Iterator<Item = ProgramData<'a>> {
        self.file.sections().filter_map(|section| {
            let (start, size) = section.file_range()?;
            self.data.stretch(start, size)
        })
    }

    /// Where the segments lie that the program may write to, in which its data are.
    pub(crate) fn data_segments(&self) -> impl Iterator<Item = ProgramData<'a>> {
        self.file
            .segments()
            .filter(is_writable)
            .filter_map(|segment| {
                let (start, size) = segment.file_range();
                self.data.stretch(start, size)
            })
    }

    /// The addresses of these names, where the program has them: among what it exports, or in its
    /// table of symbols. macOS writes an underscore before each. No more is read than it takes.
    pub(crate) fn addresses_of<const N: usize>(&self, names: [&str; N]) -> [Option<u64>; N] {
        let mut found = [None; N];
        let mut look_at = |name: &[u8], address: u64| {
            for (wanted, found) in names.iter().zip(&mut found) {
                let is_it =
                    name == wanted.as_bytes() || name.strip_prefix(b"_") == Some(wanted.as_bytes());
                if is_it && address != 0 && found.is_none() {
                    *found = Some(address);
                }
            }
            found.iter().all(Option::is_some)
        };
        if self.file.format() == BinaryFormat::Pe {
            // Names of programs for Windows are in a table of their own.
            for export in self.file.exports().into_iter().flatten().flatten() {
                if let (NameOrOrdinal::Name(name), ExportTarget::Address { address }) =
                    (export.name(), export.target())
                {
                    look_at(name, address);
                }
            }
        }
        let symbols = self.file.dynamic_symbols().chain(self.file.symbols());
        for symbol in symbols.filter(ObjectSymbol::is_definition) {
            if let Ok(name) = symbol.name_bytes()
                && look_at(name, symbol.address())
            {
                break;
            }
        }
        found
    }

    /// Whether numbers have their lowest byte first.
    pub(crate) fn is_little_endian(&self) -> bool {
        self.file.is_little_endian()
    }

    /// The bytes that lie at an address when the program runs.
    pub(crate) fn at_address(&self, address: u64, length: u64) -> Option<&'a [u8]> {
        self.file.segments().find_map(|segment| {
            let (start, size) = segment.file_range();
            let from = address.checked_sub(segment.address())?;
            self.data.stretch(start, size)?.bytes_at(from, length)
        })
    }
}

fn is_writable<'a>(segment: &object::Segment<'a, '_, ProgramData<'a>>) -> bool {
    segment.permissions().writable()
}

fn stretches_of<'a, A: object::read::macho::FatArch>(
    data: ProgramData<'a>,
    arches: &[A],
) -> Vec<ProgramData<'a>> {
    arches
        .iter()
        .take(MOST_ARCHITECTURES)
        .filter_map(|arch| {
            let (start, size) = arch.file_range();
            data.stretch(start, size)
        })
        .collect()
}
