//! Projects that ask for crates without a lockfile.

use std::collections::{BTreeSet, HashSet};

use linchpin_model::{Note, NoteKind, TargetPath};

use super::lockfile::Lockfile;
use super::manifest::Manifest;
use crate::assembly::Assembly;
use crate::cataloger::Located;

/// Most projects without a lockfile that are named.
const MOST_NOTES: usize = 20;

/// Says which projects ask for crates and have no lockfile: what they are made of is unknown, and
/// must not look clean.
pub(super) fn note_missing_lockfiles(
    manifests: &[Located<Manifest>],
    lockfiles: &[Located<Lockfile>],
    assembly: &mut Assembly<'_>,
) {
    let locked: HashSet<&str> = lockfiles
        .iter()
        .map(|lockfile| lockfile.path.parent_str())
        .collect();
    let described: HashSet<&str> = manifests
        .iter()
        .map(|manifest| manifest.path.parent_str())
        .collect();
    let unlocked: BTreeSet<&str> = manifests
        .iter()
        .filter(|manifest| !manifest.value.wishes.is_empty())
        .map(|manifest| manifest.path.parent_str())
        .filter(|folder| !and_above(folder).any(|folder| locked.contains(folder)))
        // The workspace that a member belongs to is the uppermost manifest.
        .filter_map(|folder| {
            and_above(folder)
                .filter(|folder| described.contains(folder))
                .last()
        })
        .collect();
    for folder in unlocked.into_iter().take(MOST_NOTES) {
        assembly.inventory.note(Note::at(
            NoteKind::Unread,
            &TargetPath::new(folder).join("Cargo.toml"),
            None,
            "there is no Cargo.lock for it, so that its dependencies are unknown; `cargo generate-lockfile` makes one",
        ));
    }
}

/// A folder and all above it, the root of the target last.
fn and_above(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| {
        (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above))
    })
}
