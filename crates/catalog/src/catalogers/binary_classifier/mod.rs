//! Well-known programs and libraries without a package: recognised by their name and by the version
//! that their bytes carry.
//!
//! Which they are is data, in `classes.rs`; only files of these names are read. A program that
//! belongs to a package of the operating system is left to that package, which says more: a
//! distribution ports fixes back without changing the version in the bytes. Nothing is derived
//! from a name alone, and no CPE is made.

mod classes;
mod search;

use std::ops::ControlFlow;

use linchpin_model::{CatalogerId, OccurrenceKind, PackageUrl};
use linchpin_source::{Entry, Pattern, Piece};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, ReadsPieces};
use crate::program_header::ProgramHeader;
use crate::programs::Recognised;
use search::Search;

pub(super) static CATALOGER: BinaryClassifier = BinaryClassifier;

pub(super) struct BinaryClassifier;

/// What one file turned out to be.
pub(super) struct Found {
    /// Names and versions: a program may carry more than one.
    programs: Vec<(&'static str, String)>,
    header: ProgramHeader,
}

/// A file that is being read.
struct Reading {
    name: String,
    /// Nothing until its first piece has come.
    header: Option<ProgramHeader>,
    search: Search,
}

impl Reading {
    fn of(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            header: None,
            search: Search::of(name),
        }
    }
}

impl ReadsPieces<Found> for Reading {
    fn take(&mut self, piece: Piece<'_>) -> ControlFlow<()> {
        if self.header.is_none() {
            self.header = ProgramHeader::read(piece.content, &self.name);
        }
        if self.header.is_none() {
            return ControlFlow::Break(());
        }
        self.search.look_at(piece)
    }

    fn finish(self: Box<Self>) -> Parsed<Found> {
        let Self { header, search, .. } = *self;
        let programs = search.programs();
        match header {
            Some(header) if !programs.is_empty() => Parsed::clean(Found { programs, header }),
            _ => Parsed::not_mine(),
        }
    }
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
        let mut reading = Box::new(Reading::of(entry.path.name()));
        let _ = reading.take(Piece {
            content: entry.content,
            is_last: true,
        });
        reading.finish()
    }

    fn read_in_pieces(entry: &Entry<'_>) -> Option<Box<dyn ReadsPieces<Found>>> {
        Some(Box::new(Reading::of(entry.path.name())))
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
