//! Programs and shared libraries without a package: what their bytes say they are, and those of
//! which nothing is known. Both can be told only when all catalogers have run and it is known
//! which files belong to whom.

use std::collections::{HashMap, HashSet};

use linchpin_model::{
    InventoryBuilder, LicenseExpression, Note, NoteKind, Occurrence, Package, PackageId,
    PackageUrl, TargetPath,
};

use crate::package_roots::is_inside_package;
use crate::program_header::ProgramHeader;

/// A program or library that says itself what it is.
#[derive(Debug)]
pub(crate) struct Recognised {
    pub(crate) purl: PackageUrl,
    pub(crate) occurrence: Occurrence,
    pub(crate) license: Option<LicenseExpression>,
    pub(crate) supplier: Option<String>,
    pub(crate) description: String,
}

/// What was seen of the programs of a target.
#[derive(Debug, Default)]
pub(crate) struct Programs {
    pub(crate) recognised: Vec<Recognised>,
    pub(crate) seen: Vec<(TargetPath, ProgramHeader)>,
}

/// The files whose owner is asked for, and the owners that were found.
pub(crate) type Owners = HashMap<TargetPath, Option<PackageId>>;

/// Most examples in the note on unknown programs.
const EXAMPLES: usize = 5;

impl Programs {
    /// The files whose owners decide what is said of them.
    pub(crate) fn asked_owners(&self) -> Owners {
        let recognised = self.recognised.iter().map(|one| &one.occurrence.path);
        let seen = self.seen.iter().map(|(path, _)| path);
        recognised
            .chain(seen)
            .map(|path| (path.clone(), None))
            .collect()
    }

    /// Adds the recognised programs that belong to no package of the operating system: of the
    /// others it says more than their bytes can. Then tells of all that nobody knows.
    pub(crate) fn settle(self, owners: &Owners, inventory: &mut InventoryBuilder) {
        let is_owned = |path: &TargetPath| owners.get(path).is_some_and(Option::is_some);
        for one in self.recognised {
            if !is_owned(&one.occurrence.path) {
                let mut package = Package::new(one.purl, one.occurrence);
                package.description = Some(one.description);
                package.license = one.license;
                package.supplier = one.supplier;
                inventory.add(package);
            }
        }
        let known: HashSet<&str> = inventory
            .packages()
            .iter()
            .flat_map(|package| &package.occurrences)
            .map(|occurrence| occurrence.path.as_str())
            .collect();
        let unknown: Vec<&(TargetPath, ProgramHeader)> = self
            .seen
            .iter()
            .filter(|(path, _)| {
                !is_owned(path) && !known.contains(path.as_str()) && !is_inside_package(path)
            })
            .collect();
        if let Some(note) = unknown_programs_note(&unknown) {
            inventory.note(note);
        }
    }
}

fn unknown_programs_note(unknown: &[&(TargetPath, ProgramHeader)]) -> Option<Note> {
    let libraries = unknown
        .iter()
        .filter(|(_, header)| header.is_library)
        .count();
    let programs = unknown.len().checked_sub(libraries)?;
    let count = |number: usize, one: &str, many: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        number => Some(format!("{number} {many}")),
    };
    let counts: Vec<String> = [
        count(programs, "program", "programs"),
        count(libraries, "shared library", "shared libraries"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if counts.is_empty() {
        return None;
    }
    // Programs say more than the libraries that came with them.
    let mut examples: Vec<&(TargetPath, ProgramHeader)> = unknown.to_vec();
    examples.sort_by_key(|(path, header)| (header.is_library, path));
    let examples: Vec<String> = examples
        .iter()
        .take(EXAMPLES)
        .map(|(path, header)| format!("`/{path}` ({})", header.in_words()))
        .collect();
    let text = format!(
        "{} {} to no package and could not be recognised, such as {}",
        counts.join(" and "),
        if unknown.len() == 1 {
            "belongs"
        } else {
            "belong"
        },
        examples.join(", ")
    );
    Some(Note::general(NoteKind::Unread, text))
}
