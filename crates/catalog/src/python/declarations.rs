//! What manifests ask for without an exact version, until it is known what is installed.
//!
//! A requirement such as `requests>=2` names no package that could be compared with advisories.
//! If the environment of the project is in the target too, the copy installed there is what was
//! taken; otherwise the package is listed without a version, which is said in a note.

use std::collections::{BTreeMap, HashMap};

use linchpin_model::{Note, NoteKind, Occurrence, Package, PackageId, Scope, TargetPath};

use super::{Requirement, package_url};
use crate::assembly::Assembly;

/// A requirement of a project.
#[derive(Debug, Clone)]
pub(crate) struct Declaration {
    /// The project.
    pub(crate) root: PackageId,
    /// The project's folder.
    pub(crate) folder: TargetPath,
    /// What it asks for.
    pub(crate) requirement: Requirement,
    /// What for.
    pub(crate) scope: Scope,
    /// The manifest that says so.
    pub(crate) occurrence: Occurrence,
    /// The package, once it is known: of an exact version, or as it is installed.
    pub(crate) package: Option<PackageId>,
}

/// How many names a note tells.
const NAMED: usize = 8;

/// Forgets what projects ask for whose lockfile says what they got: the members of a workspace
/// have manifests of their own, and one lockfile together.
pub(crate) fn leave_to_lockfiles(assembly: &mut Assembly<'_>) {
    let packages = assembly.inventory.packages();
    // A project has as many occurrences as files that speak of it, and as many declarations.
    let mut locked: HashMap<PackageId, bool> = HashMap::new();
    assembly.declarations.retain(|declaration| {
        let is_locked = locked.entry(declaration.root).or_insert_with(|| {
            let root = packages.get(declaration.root.index());
            root.is_some_and(|root| {
                let mut paths = root.occurrences.iter().map(|found| found.path.name());
                paths.any(|name| matches!(name, "uv.lock" | "poetry.lock"))
            })
        });
        !*is_locked
    });
}

/// Lists what is still unknown without a version, and says so once for each manifest.
pub(crate) fn settle_declarations(assembly: &mut Assembly<'_>) {
    leave_to_lockfiles(assembly);
    let mut without_version: BTreeMap<Occurrence, Vec<Box<str>>> = BTreeMap::new();
    for declaration in std::mem::take(&mut assembly.declarations) {
        if declaration.package.is_some() {
            continue;
        }
        let Some(url) = package_url(&declaration.requirement.name, None) else {
            continue;
        };
        let mut package = Package::new(url, declaration.occurrence.clone());
        package.scope = declaration.scope;
        let id = assembly.inventory.add(package);
        assembly
            .inventory
            .depend(declaration.root, id, declaration.scope);
        without_version
            .entry(declaration.occurrence)
            .or_default()
            .push(declaration.requirement.name);
    }
    for (occurrence, mut names) in without_version {
        names.sort();
        names.dedup();
        let named = names.iter().take(NAMED).map(AsRef::as_ref);
        let mut text = named.collect::<Vec<&str>>().join(", ");
        if names.len() > NAMED {
            text.push_str(", …");
        }
        let what = match names.len() {
            1 => "1 requirement names no exact version, and no lockfile or installed copy tells it"
                .to_owned(),
            count => format!(
                "{count} requirements name no exact version, and no lockfile or installed copy tells it"
            ),
        };
        assembly.inventory.note(Note::at(
            NoteKind::Unmatched,
            &occurrence.path,
            occurrence.layer,
            format!("{what}: {text}"),
        ));
    }
}
