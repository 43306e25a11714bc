//! Projects that ask for crates without a lockfile: what they ask for is listed, with a version only
//! where the requirement admits one alone. A range is not turned into a guess.

use std::collections::{BTreeMap, HashMap, HashSet};

use linchpin_model::{
    Note, NoteKind, OccurrenceKind, Package, PackageId, PackageUrl, Role, TargetPath,
};
use semver::{Op, VersionReq};

use super::inheritance::and_above;
use super::lockfile::Lockfile;
use super::manifest::{Asked, Manifest, Origin};
use super::{CargoLock, git_qualifier};
use crate::addresses::without_credentials;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger as _, Located};

/// Most workspaces without a lockfile that are named.
const MOST_NOTES: usize = 20;

/// Adds the projects that ask for crates and have no lockfile, and says that their parts are known
/// in part only: they must not look clean.
pub(super) fn add_unlocked_projects(
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
    let unlocked: Vec<&Located<Manifest>> = manifests
        .iter()
        .filter(|manifest| {
            !and_above(manifest.path.parent_str()).any(|folder| locked.contains(folder))
        })
        .collect();
    let needed: HashSet<&str> = unlocked
        .iter()
        .flat_map(|manifest| &manifest.value.wishes)
        .filter_map(|wish| match &wish.asked.origin {
            Origin::Folder(folder) => Some(folder.as_str()),
            _ => None,
        })
        .collect();
    let projects: Vec<(&Located<Manifest>, PackageId)> = unlocked
        .into_iter()
        .filter(|manifest| {
            !manifest.value.wishes.is_empty() || needed.contains(manifest.path.parent_str())
        })
        .filter_map(|manifest| Some((manifest, add_project(manifest, assembly)?)))
        .collect();
    let by_folder: HashMap<&str, PackageId> = projects
        .iter()
        .map(|(manifest, project)| (manifest.path.parent_str(), *project))
        .collect();

    let mut without_version: BTreeMap<&str, usize> = BTreeMap::new();
    for (manifest, project) in &projects {
        let ranges = add_wishes(manifest, *project, &by_folder, assembly);
        // The workspace that a member belongs to is the uppermost manifest.
        let workspace = and_above(manifest.path.parent_str())
            .filter(|folder| described.contains(folder))
            .last();
        if let Some(workspace) = workspace.filter(|_| ranges > 0) {
            let known = without_version.entry(workspace).or_default();
            *known = known.saturating_add(ranges);
        }
    }
    let more = without_version.len().saturating_sub(MOST_NOTES);
    for (folder, count) in without_version.into_iter().take(MOST_NOTES) {
        let dependencies = match count {
            1 => "1 dependency has no exact version and is".to_owned(),
            count => format!("{count} dependencies have no exact version and are"),
        };
        assembly.inventory.note(Note::at(
            NoteKind::Unread,
            &TargetPath::new(folder).join("Cargo.toml"),
            None,
            format!(
                "has no Cargo.lock: {dependencies} listed without one; `cargo generate-lockfile` makes one"
            ),
        ));
    }
    if more > 0 {
        assembly.inventory.note(Note::general(
            NoteKind::Unread,
            format!("{more} more projects of Cargo have no lockfile"),
        ));
    }
}

/// Adds a project; nothing for a workspace that is no package itself.
fn add_project(manifest: &Located<Manifest>, assembly: &mut Assembly<'_>) -> Option<PackageId> {
    let declared = manifest.value.package.as_ref()?;
    let version = declared.version.as_deref();
    match PackageUrl::new("cargo", None, &declared.name, version) {
        Ok(purl) => {
            let occurrence = manifest.occurrence(OccurrenceKind::Declared, CargoLock::ID);
            let mut package = Package::new(purl, occurrence);
            package.role = Role::Application;
            package.license.clone_from(&declared.license);
            package.description.clone_from(&declared.description);
            Some(assembly.inventory.add(package))
        }
        Err(error) => {
            assembly.inventory.note(manifest.note(error.to_string()));
            None
        }
    }
}

/// Adds what a project asks for, and says how much of it has no exact version.
fn add_wishes(
    manifest: &Located<Manifest>,
    project: PackageId,
    by_folder: &HashMap<&str, PackageId>,
    assembly: &mut Assembly<'_>,
) -> usize {
    let mut ranges = HashSet::new();
    for wish in &manifest.value.wishes {
        if let Origin::Folder(folder) = &wish.asked.origin
            && let Some(on) = by_folder.get(folder.as_str())
        {
            if *on != project {
                assembly.inventory.depend(project, *on, wish.scope);
            }
            continue;
        }
        let purl = match package_url(&wish.asked) {
            Ok(purl) => purl,
            Err(problem) => {
                assembly.inventory.note(manifest.note(problem));
                continue;
            }
        };
        let occurrence = manifest.occurrence(OccurrenceKind::Declared, CargoLock::ID);
        if purl.version().is_none() {
            ranges.insert(purl.as_str().to_owned());
        }
        let mut package = Package::new(purl, occurrence);
        package.scope = wish.scope;
        let package = assembly.inventory.add(package);
        if package != project {
            assembly.inventory.depend(project, package, wish.scope);
        }
    }
    ranges.len()
}

fn package_url(asked: &Asked) -> Result<PackageUrl, String> {
    let qualifier = match &asked.origin {
        Origin::Git { address, revision } => Some(git_qualifier(
            &format!("git+{address}"),
            revision.as_deref(),
        )),
        // Only a configuration file knows the address that belongs to a name; the name still
        // says that this is not the package of Cargo's own registry.
        Origin::OtherRegistry(registry) => Some(("repository_url", without_credentials(registry))),
        Origin::Registry | Origin::Folder(_) => None,
    };
    let qualifiers: Vec<(&str, &str)> = qualifier
        .iter()
        .map(|(key, value)| (*key, value.as_str()))
        .collect();
    let version = asked.requirement.as_deref().and_then(exact_version);
    PackageUrl::with_qualifiers("cargo", None, &asked.name, version.as_deref(), &qualifiers)
        .map_err(|error| error.to_string())
}

/// The version that a requirement stands for if it admits one only: `=1.2.3`.
fn exact_version(requirement: &str) -> Option<String> {
    let requirement = VersionReq::parse(requirement).ok()?;
    let [only] = requirement.comparators.as_slice() else {
        return None;
    };
    let (Op::Exact, Some(minor), Some(patch)) = (only.op, only.minor, only.patch) else {
        return None;
    };
    let version = semver::Version {
        pre: only.pre.clone(),
        ..semver::Version::new(only.major, minor, patch)
    };
    Some(version.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_version_is_exact() {
        assert_eq!(exact_version("=1.2.3").as_deref(), Some("1.2.3"));
        assert_eq!(exact_version("= 1.2.3-rc.1").as_deref(), Some("1.2.3-rc.1"));
        for range in ["1.2.3", "=1.2", "=1", "*", ">=1, <2", "=1.2.3, <2", "", "x"] {
            assert_eq!(exact_version(range), None, "{range}");
        }
    }
}
