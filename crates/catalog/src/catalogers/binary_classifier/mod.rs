//! Well-known programs and libraries without a package: recognised by their name and by the version
//! that their bytes carry.
//!
//! Which they are is data, in `classes.rs`; only files of these names are read. A program that
//! belongs to a package of the operating system is left to that package, which says more: a
//! distribution ports fixes back without changing the version in the bytes. Nothing is derived
//! from a name alone, and no CPE is made.

mod classes;
mod search;

use linchpin_model::{CatalogerId, OccurrenceKind, PackageUrl};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::program_header::ProgramHeader;
use crate::programs::Recognised;

pub(super) static CATALOGER: BinaryClassifier = BinaryClassifier;

pub(super) struct BinaryClassifier;

/// What one file turned out to be.
pub(super) struct Found {
    /// Names and versions: a program may carry more than one.
    programs: Vec<(&'static str, String)>,
    header: ProgramHeader,
}

impl Cataloger for BinaryClassifier {
    type Fragment = Found;
    const ID: CatalogerId = CatalogerId("binary-classifier");
    const DOCUMENTATION: &'static str = "Recognises some hundred well-known programs and libraries (interpreters, servers, \
        databases, libraries for cryptography and compression) by their name and the version in their bytes, and adds them \
        as `generic` packages, unless the file belongs to a package of the operating system. Programs of other names are \
        not looked into.";
    const WANTS: &'static [Pattern] = &[Pattern::ExecutableNamed(classes::NAMES)];

    fn read(entry: &Entry<'_>) -> Parsed<Found> {
        let name = entry.path.name();
        let Some(header) = ProgramHeader::read(entry.content, name) else {
            return Parsed::not_mine();
        };
        let programs = search::programs_in(name, entry.content);
        if programs.is_empty() {
            return Parsed::not_mine();
        }
        Parsed::clean(Found { programs, header })
    }

    fn assemble(fragments: Vec<Located<Found>>, assembly: &mut Assembly<'_>) {
        for fragment in &fragments {
            for (name, version) in &fragment.value.programs {
                match PackageUrl::new("generic", None, name, Some(version)) {
                    Ok(purl) => assembly.programs.recognised.push(Recognised {
                        purl,
                        occurrence: fragment.occurrence(OccurrenceKind::Installed, Self::ID),
                        license: None,
                        supplier: None,
                        description: format!(
                            "recognised by the version in its bytes ({})",
                            fragment.value.header.in_words()
                        ),
                    }),
                    Err(error) => assembly.inventory.note(fragment.note(error.to_string())),
                }
            }
        }
    }
}
