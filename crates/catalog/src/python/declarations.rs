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

/// Whether a file beside a manifest says which versions were taken, and others read it.
pub(crate) fn has_exact_versions(folder: &TargetPath, assembly: &Assembly<'_>) -> bool {
    const NAMES: &[&str] = &[
        "Pipfile.lock",
        "conda-lock.yml",
        "pdm.lock",
        "pixi.lock",
        "poetry.lock",
        "pylock.toml",
        "requirements.txt",
        "uv.lock",
    ];
    let mut names = NAMES.iter();
    names.any(|name| assembly.tree.exists(&folder.join(name)))
}

/// Declares what the project in a folder asks for. A requirement of an exact version is a package;
/// the others wait until it is known what is installed.
pub(crate) fn declare<'a>(
    root: PackageId,
    folder: &TargetPath,
    requirements: impl Iterator<Item = &'a (Requirement, Scope)>,
    occurrence: &Occurrence,
    assembly: &mut Assembly<'_>,
) {
    for (requirement, scope) in requirements {
        let pinned = requirement.pinned();
        let url = pinned.and_then(|version| package_url(&requirement.name, Some(version)));
        let package = url.map(|url| {
            let mut package = Package::new(url, occurrence.clone());
            package.scope = *scope;
            let package = assembly.inventory.add(package);
            assembly.inventory.depend(root, package, *scope);
            package
        });
        assembly.declarations.push(Declaration {
            root,
            folder: folder.clone(),
            requirement: requirement.clone(),
            scope: *scope,
            occurrence: occurrence.clone(),
            package,
        });
    }
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
                paths.any(is_lockfile)
            })
        });
        !*is_locked
    });
}

/// Whether a file of this name locks all that a project asks for.
fn is_lockfile(name: &str) -> bool {
    matches!(name, "pdm.lock" | "pixi.lock" | "poetry.lock" | "uv.lock") || is_pylock(name)
}

/// `pylock.toml`, or one of several with a name of its own, `pylock.dev.toml`.
pub(crate) fn is_pylock(name: &str) -> bool {
    let rest = name.strip_prefix("pylock.");
    rest.is_some_and(|rest| rest == "toml" || rest.strip_suffix(".toml").is_some())
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
