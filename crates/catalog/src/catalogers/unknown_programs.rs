//! Programs and shared libraries that nobody knows: every one in the target is seen by its first
//! bytes, and those that no package claims and no cataloger recognises are told in one note.

use linchpin_model::CatalogerId;
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::program_header::{HEAD, ProgramHeader};

pub(super) static CATALOGER: UnknownPrograms = UnknownPrograms;

pub(super) struct UnknownPrograms;

impl Cataloger for UnknownPrograms {
    type Fragment = ProgramHeader;
    const ID: CatalogerId = CatalogerId("unknown-programs");
    const DOCUMENTATION: &'static str = "Looks at the beginning of every program and shared library (ELF, PE, Mach-O). Those \
        that belong to no package and that no other cataloger recognises are counted in a note, with the first few by \
        name, format and processor, so that nothing is left out in silence. Scripts are not looked at, nor what lies \
        inside installed packages or archives.";
    const WANTS: &'static [Pattern] = &[Pattern::ExecutableHead(HEAD)];

    fn read(entry: &Entry<'_>) -> Parsed<ProgramHeader> {
        let is_in_archive = entry.path.as_str().contains("!/");
        match ProgramHeader::read(entry.content, entry.path.name()) {
            Some(header) if !is_in_archive => Parsed::clean(header),
            _ => Parsed::not_mine(),
        }
    }

    fn assemble(fragments: Vec<Located<ProgramHeader>>, assembly: &mut Assembly<'_>) {
        for fragment in fragments {
            assembly.programs.seen.push((fragment.path, fragment.value));
        }
    }
}
