//! Which files belong to operating system packages: links language packages to their owners, and
//! tells files that were deleted behind the package manager's back.

use std::collections::{HashMap, HashSet};

use linchpin_model::{FileRecord, InventoryBuilder, Note, NoteKind, PackageId, TargetPath};
use linchpin_source::FileTree;

use crate::programs::Owners;

/// A package and the files that it says are its own, one path per line. A line that starts and ends
/// with a slash is a folder, and the names in the lines after it are files in it: a folder's name
/// is kept once, however many files say to be in it.
#[derive(Debug)]
pub(crate) struct FileClaim {
    pub(crate) package: PackageId,
    pub(crate) list: Box<str>,
}

/// Longest path that can be claimed; the longest of real systems have some 300 bytes.
const LONGEST_PATH: usize = 1024;

/// Folders that images leave out on purpose (dpkg's path-exclude, apk's -doc packages): files
/// missing below them say nothing.
const OFTEN_LEFT_OUT: &[&str] = &[
    "usr/share/doc/",
    "usr/share/doc-base/",
    "usr/share/groff/",
    "usr/share/info/",
    "usr/share/linda/",
    "usr/share/lintian/",
    "usr/share/locale/",
    "usr/share/man/",
    "usr/share/gnome/help/",
    "usr/share/omf/",
];

/// How many missing files a package's record names.
const EXAMPLES: usize = 5;

/// Links every occurrence whose file a claim names to the claiming package, writes down the owners
/// of the files that are asked about, and compares each claim with the files that are there.
pub(crate) fn settle_claims(
    claims: &[FileClaim],
    tree: &dyn FileTree,
    asked: &mut Owners,
    inventory: &mut InventoryBuilder,
) {
    let mut waiting: HashMap<TargetPath, Vec<(PackageId, usize)>> = HashMap::new();
    let owners: HashSet<PackageId> = claims.iter().map(|claim| claim.package).collect();
    for (index, package) in inventory.packages().iter().enumerate() {
        let id = PackageId(index as u32);
        if owners.contains(&id) {
            continue;
        }
        for (place, occurrence) in package.occurrences.iter().enumerate() {
            waiting
                .entry(TargetPath::new(occurrence.path.outermost()))
                .or_default()
                .push((id, place));
        }
    }

    // Most files are nobody's occurrence: only for one that is called so are links followed.
    let wanted = waiting.keys().chain(asked.keys());
    let names: HashSet<String> = wanted.map(|path| path.name().to_owned()).collect();

    for claim in claims {
        let mut record = FileRecord::default();
        let mut folder = "/";
        for line in claim.list.lines().map(str::trim_end) {
            if line.starts_with('/') && line.ends_with('/') {
                folder = line;
                continue;
            }
            let Some(path) = claim_path(folder, line) else {
                continue;
            };
            if path.is_root()
                || OFTEN_LEFT_OUT
                    .iter()
                    .any(|left_out| path.as_str().starts_with(left_out))
            {
                continue;
            }
            record.listed += 1;
            if !tree.exists(&path) {
                record.missing += 1;
                if record.examples.len() < EXAMPLES {
                    record.examples.push(path);
                }
                continue;
            }
            if !names.contains(path.name()) {
                continue;
            }
            let resolved = tree.resolve(&path);
            for place in [Some(&path), resolved.as_ref()].into_iter().flatten() {
                if let Some(owner) = asked.get_mut(place) {
                    owner.get_or_insert(claim.package);
                }
            }
            let owned = waiting.remove(&path).or_else(|| waiting.remove(&resolved?));
            for (package, place) in owned.into_iter().flatten() {
                inventory.package_mut(package).occurrences[place].owner = Some(claim.package);
            }
        }
        if record.missing > 0 {
            inventory.note(missing_files_note(inventory, claim.package, &record));
            inventory.package_mut(claim.package).files = Some(record);
        }
    }
}

/// The file that a line of a claim names. Nothing if its path is too long to be one.
pub(crate) fn claim_path(folder: &str, line: &str) -> Option<TargetPath> {
    if line.starts_with('/') {
        return (line.len() <= LONGEST_PATH).then(|| TargetPath::new(line));
    }
    (folder.len() + line.len() <= LONGEST_PATH && !line.is_empty())
        .then(|| TargetPath::new(&format!("{folder}{line}")))
}

fn missing_files_note(
    inventory: &InventoryBuilder,
    package: PackageId,
    record: &FileRecord,
) -> Note {
    let name = inventory.packages()[package.index()].name();
    let example = record.examples.first().map_or("", TargetPath::as_str);
    let text = if record.missing == record.listed {
        format!(
            "{name}: the package manager lists it as installed, and all its {} files are gone",
            record.listed
        )
    } else {
        format!(
            "{name}: {} of its {} files {} deleted behind the package manager's back, such as `/{example}`",
            record.missing,
            record.listed,
            if record.missing == 1 { "was" } else { "were" }
        )
    };
    Note::general(NoteKind::Inconsistent, text)
}
