//! Package notes in ELF files: a section in which the builder says which package a file belongs to:
//! <https://systemd.io/ELF_PACKAGE_METADATA/>.
//!
//! Most such files are installed by the package manager that the note names; those are the manager's.
//! The note counts where a file was taken out of its package, and says what it is.

use linchpin_model::{CatalogerId, LicenseExpression, OccurrenceKind, PackageUrl};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::{Loose, read_loose};
use crate::executable_files::Executable;
use crate::program_bytes::ProgramBytes;
use crate::program_header::ProgramHeader;
use crate::programs::Recognised;

pub(super) static CATALOGER: ElfPackageNotes = ElfPackageNotes;

pub(super) struct ElfPackageNotes;

const SECTION: &str = ".note.package";

/// The note's type: "FDO" with a version in mind.
const TYPE: u32 = 0xcafe_1a7e;

/// What a note says.
pub(super) struct PackageNote {
    purl: PackageUrl,
    license: Option<LicenseExpression>,
    header: ProgramHeader,
}

impl Cataloger for ElfPackageNotes {
    type Fragment = PackageNote;
    const ID: CatalogerId = CatalogerId("elf-package-notes");
    const DOCUMENTATION: &'static str = "Reads the notes in which programs and libraries name the package that they were \
        built for (section `.note.package`): type, name, version, architecture, distribution. Files that an installed \
        package claims are left to it. Platform names such as `osCpe` are not used.";
    const WANTS: &'static [Pattern] = &[Pattern::ExecutableWith(&[SECTION])];

    fn read(entry: &Entry<'_>) -> Parsed<PackageNote> {
        let Some(header) = ProgramHeader::read(entry.content, entry.path.name()) else {
            return Parsed::not_mine();
        };
        let program = ProgramBytes::of(entry);
        let executables = Executable::all_in_program(&program);
        let Some(section) = executables.iter().find_map(|one| one.section(SECTION)) else {
            return program
                .problem()
                .map_or_else(Parsed::not_mine, Parsed::failed);
        };
        let is_big_endian = entry.content.get(5) == Some(&2);
        let note = description(section, is_big_endian)
            .ok_or_else(|| "its package note can not be read".to_owned())
            .and_then(|text| read_note(text, header));
        match note {
            Ok(note) => Parsed::clean(note),
            Err(problem) => Parsed::failed(problem),
        }
    }

    fn assemble(fragments: Vec<Located<PackageNote>>, assembly: &mut Assembly<'_>) {
        for fragment in fragments {
            let occurrence = fragment.occurrence(OccurrenceKind::Installed, Self::ID);
            assembly.programs.recognised.push(Recognised {
                purl: fragment.value.purl,
                occurrence,
                license: fragment.value.license,
                supplier: None,
                description: format!(
                    "named by the package note in it ({})",
                    fragment.value.header.in_words()
                ),
            });
        }
    }
}

/// The text of the note: name size, text size, type, name, text, each padded to four bytes.
fn description(section: &[u8], is_big_endian: bool) -> Option<&str> {
    let mut rest = section;
    // A section may hold several notes; the first of the right type counts.
    for _ in 0..8 {
        let number = |at: usize| {
            let bytes = *rest.get(at..)?.first_chunk::<4>()?;
            Some(if is_big_endian {
                u32::from_be_bytes(bytes)
            } else {
                u32::from_le_bytes(bytes)
            })
        };
        let name_size = usize::try_from(number(0)?).ok()?;
        let text_size = usize::try_from(number(4)?).ok()?;
        let kind = number(8)?;
        let start = name_size.checked_next_multiple_of(4)?.checked_add(12)?;
        let end = start.checked_add(text_size)?;
        let text = rest.get(start..end)?;
        if kind == TYPE {
            let text = std::str::from_utf8(text).ok()?;
            return Some(text.trim_end_matches('\0'));
        }
        rest = rest.get(end.checked_next_multiple_of(4)?..)?;
    }
    None
}

fn read_note(text: &str, header: ProgramHeader) -> Result<PackageNote, String> {
    let note = read_loose(text).map_err(|problem| format!("its package note {problem}"))?;
    let member = |name: &str| {
        note.get(name)
            .and_then(Loose::text)
            .filter(|text| !text.is_empty())
    };
    if let Some(purl) = member("purl").and_then(|purl| purl.parse::<PackageUrl>().ok()) {
        return Ok(PackageNote {
            purl,
            license: None,
            header,
        });
    }
    let (Some(kind), Some(name)) = (member("type"), member("name")) else {
        return Err("its package note has no type or no name".to_owned());
    };
    let (kind, is_of_a_distribution) = match kind {
        "deb" | "rpm" | "apk" | "alpm" => (kind, true),
        "arch" => ("alpm", true),
        _ => ("generic", false),
    };
    let namespace = member("os").filter(|_| is_of_a_distribution);
    // The release of an rpm stands in its version; the architecture of others may.
    let distribution = match (member("os"), member("osVersion")) {
        (Some(system), Some(release)) => format!("{system}-{release}"),
        _ => String::new(),
    };
    let qualifiers = [
        ("arch", member("architecture").unwrap_or_default()),
        ("distro", distribution.as_str()),
    ];
    let qualifiers = if is_of_a_distribution {
        &qualifiers[..]
    } else {
        &[]
    };
    let purl = PackageUrl::with_qualifiers(kind, namespace, name, member("version"), qualifiers);
    Ok(PackageNote {
        purl: purl.map_err(|error| error.to_string())?,
        license: member("license").and_then(|text| LicenseExpression::parse(text).ok()),
        header,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(text: &str) -> Vec<u8> {
        let mut note = Vec::new();
        note.extend(4_u32.to_le_bytes());
        note.extend((text.len() as u32).to_le_bytes());
        note.extend(TYPE.to_le_bytes());
        note.extend(b"FDO\0");
        note.extend(text.as_bytes());
        note
    }

    #[test]
    fn notes_are_read_and_damaged_ones_end() {
        let text = r#"{"type":"rpm","name":"hello","version":"1.0-1.fc40","architecture":"x86_64","os":"fedora","osVersion":"40"}"#;
        let bytes = note(text);
        assert_eq!(description(&bytes, false), Some(text));
        for length in 0..bytes.len() {
            let _ = description(&bytes[..length], false);
        }
        assert_eq!(description(&[0xff; 64], false), None);
        assert_eq!(description(&bytes, true), None);
        let header = ProgramHeader {
            format: "ELF",
            architecture: "x86-64",
            is_library: false,
        };
        assert_eq!(
            read_note(text, header).unwrap().purl.as_str(),
            "pkg:rpm/fedora/hello@1.0-1.fc40?arch=x86_64&distro=fedora-40"
        );
        assert!(read_note("{}", header).is_err());
        assert!(read_note("[", header).is_err());
    }
}
