//! What a manifest asks for where neither a lockfile nor installed packages say what that came to.
//! An exact version is a version; a range is not turned into a guess.

use std::collections::{BTreeMap, BTreeSet};

use linchpin_model::{OccurrenceKind, Package, TargetPath};

use super::ID;
use super::identity::{exact_version, package_url, project};
use super::lockfile::split_alias;
use super::record::{Need, NeedKind, PackageRecord};
use super::workspaces::{Workspaces, relative_to};
use crate::assembly::Assembly;
use crate::cataloger::Located;

/// Lockfiles that other catalogers read, and then speak for the project.
const READ_BY_OTHERS: &[&str] = &[
    ".pnp.cjs",
    ".pnp.data.json",
    "bun.lock",
    "deno.lock",
    "pnpm-lock.yaml",
    "yarn.lock",
];

/// Lockfiles of npm. Where one is there and yet did not count, it could not be read, and a note
/// says so already.
const UNREADABLE: &[&str] = &["npm-shrinkwrap.json", "package-lock.json"];

/// Lockfiles that nothing here reads.
const UNKNOWN: &[&str] = &["bun.lockb"];

/// Adds the projects that nothing else speaks for.
pub(super) fn assemble(
    covered: &BTreeSet<TargetPath>,
    manifests: &BTreeMap<TargetPath, Located<PackageRecord>>,
    assembly: &mut Assembly<'_>,
) {
    let workspace_roots: BTreeMap<&TargetPath, Workspaces> = manifests
        .iter()
        .filter(|(_, manifest)| !manifest.value.workspaces.is_empty())
        .map(|(folder, manifest)| (folder, Workspaces::compile(&manifest.value.workspaces)))
        .collect();
    for (folder, manifest) in manifests {
        if covered.contains(folder)
            || !manifest.value.needs_something()
            || belongs_to_other(folder, &workspace_roots, assembly)
        {
            continue;
        }
        add_project(folder, manifest, assembly);
    }
}

/// Whether another cataloger's lockfile speaks for this project: one beside it, or one of the
/// project whose workspace it is.
fn belongs_to_other(
    folder: &TargetPath,
    workspace_roots: &BTreeMap<&TargetPath, Workspaces>,
    assembly: &Assembly<'_>,
) -> bool {
    let has = |folder: &TargetPath, names: &[&str]| {
        names
            .iter()
            .any(|name| assembly.tree.exists(&folder.join(name)))
    };
    if has(folder, READ_BY_OTHERS) {
        return true;
    }
    let mut above = folder.clone();
    while !above.is_root() {
        above = above.parent();
        let is_member = workspace_roots
            .get(&above)
            .zip(relative_to(&above, folder))
            .is_some_and(|(workspaces, relative)| workspaces.contain(relative));
        if is_member && has(&above, READ_BY_OTHERS) {
            return true;
        }
        if has(&above, &["pnpm-workspace.yaml"]) && has(&above, READ_BY_OTHERS) {
            return true;
        }
    }
    false
}

fn add_project(
    folder: &TargetPath,
    manifest: &Located<PackageRecord>,
    assembly: &mut Assembly<'_>,
) {
    let record = &manifest.value;
    let root = project(
        record.name.as_deref(),
        record.version.as_deref(),
        folder,
        manifest.occurrence(OccurrenceKind::Declared, ID),
        assembly,
    );
    let Some(mut root) = root else {
        return;
    };
    record.describe(&mut root);
    let root = assembly.inventory.add(root);

    let mut without_version = 0;
    for need in record.needs(true) {
        let Some((name, version)) = wanted(&need) else {
            continue;
        };
        let Some(purl) = package_url(name, version) else {
            continue;
        };
        if version.is_none() {
            without_version += 1;
        }
        let mut package = Package::new(purl, manifest.occurrence(OccurrenceKind::Declared, ID));
        package.scope = need.kind.scope();
        let package = assembly.inventory.add(package);
        assembly.inventory.depend(root, package, need.kind.scope());
    }

    let exists = |name: &&&str| assembly.tree.exists(&folder.join(name));
    if UNREADABLE.iter().any(|name| exists(&name)) || without_version == 0 {
        return;
    }
    let missing = match UNKNOWN.iter().find(exists) {
        Some(unknown) => format!("has a lockfile that is not read, `{unknown}`"),
        None => "has no lockfile".to_owned(),
    };
    let dependencies = match without_version {
        1 => "1 dependency has no exact version and is".to_owned(),
        count => format!("{count} dependencies have no exact version and are"),
    };
    assembly
        .inventory
        .note(manifest.note(format!("{missing}: {dependencies} listed without one")));
}

/// The package that is asked for and its version, if only one will do. Nothing for folders, which
/// are projects of their own, and for peers that may be missing.
fn wanted(need: &Need) -> Option<(&str, Option<&str>)> {
    if need.kind == NeedKind::OptionalPeer {
        return None;
    }
    let wanted = need.wanted.trim();
    if let Some(alias) = wanted.strip_prefix("npm:") {
        let (name, range) = split_alias(alias);
        return Some((name, range.and_then(exact_version)));
    }
    if ["file:", "link:", "workspace:", "portal:"]
        .into_iter()
        .any(|local| wanted.starts_with(local))
    {
        return None;
    }
    Some((&need.name, exact_version(wanted)))
}
