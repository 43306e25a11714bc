//! Looking into programs: the sections and segments of ELF, PE and Mach-O files.
//!
//! Every offset and size in them is a claim of the file; the `object` crate checks each against
//! the bytes that are there.

use object::read::macho::{MachOFatFile32, MachOFatFile64};
use object::read::{ExportTarget, NameOrOrdinal};
use object::{BinaryFormat, FileKind, Object, ObjectSection, ObjectSegment, ObjectSymbol};

/// Most programs for different processors that are looked at in one file.
const MOST_ARCHITECTURES: usize = 8;

/// A program, for one processor.
pub(crate) struct Executable<'a>(object::File<'a>);

impl<'a> Executable<'a> {
    /// The programs in a file: one, or one per processor in a universal file of macOS. None if
    /// it can not be understood.
    pub(crate) fn all_in(content: &'a [u8]) -> Vec<Self> {
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
        slices
            .into_iter()
            .filter_map(|slice| object::File::parse(slice).ok().map(Self))
            .collect()
    }

    /// The bytes of the section with this name.
    pub(crate) fn section(&self, name: &str) -> Option<&'a [u8]> {
        self.0.section_by_name(name)?.data().ok()
    }

    /// The bytes of all sections, one after the other.
    pub(crate) fn data_sections(&self) -> impl Iterator<Item = &'a [u8]> {
        self.0.sections().filter_map(|section| section.data().ok())
    }

    /// The bytes of the segments that the program may write to, where its data are.
    pub(crate) fn data_segments(&self) -> impl Iterator<Item = &'a [u8]> {
        self.0
            .segments()
            .filter(is_writable)
            .filter_map(|segment| segment.data().ok())
    }

    /// The addresses of these names, where the program has them: among what it exports, or in its
    /// table of symbols. macOS writes an underscore before each.
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
        };
        if self.0.format() == BinaryFormat::Pe {
            // Names of programs for Windows are in a table of their own.
            for export in self.0.exports().into_iter().flatten().flatten() {
                if let (NameOrOrdinal::Name(name), ExportTarget::Address { address }) =
                    (export.name(), export.target())
                {
                    look_at(name, address);
                }
            }
        }
        let symbols = self.0.dynamic_symbols().chain(self.0.symbols());
        for symbol in symbols.filter(ObjectSymbol::is_definition) {
            if let Ok(name) = symbol.name_bytes() {
                look_at(name, symbol.address());
            }
        }
        found
    }

    /// Whether numbers have their lowest byte first.
    pub(crate) fn is_little_endian(&self) -> bool {
        self.0.is_little_endian()
    }

    /// The bytes that lie at an address when the program runs.
    pub(crate) fn at_address(&self, address: u64, length: u64) -> Option<&'a [u8]> {
        self.0
            .segments()
            .find_map(|segment| segment.data_range(address, length).ok().flatten())
    }
}

fn is_writable(segment: &object::Segment<'_, '_>) -> bool {
    segment.permissions().writable()
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
