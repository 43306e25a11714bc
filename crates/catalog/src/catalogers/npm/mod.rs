//! npm: manifests, lockfiles and installed packages, which only make sense together. A lockfile's
//! entry and the installed copy are one package with two occurrences; a manifest counts on its own
//! only where neither says more.
//!
//! Not here: lockfiles of pnpm, Yarn, Bun and Deno, which have catalogers of their own. Packages that
//! they installed are found here, as they lie in `node_modules` too.

mod declared;
pub(super) mod folders;
pub(super) mod graph;
pub(super) mod identity;
mod installed;
pub(super) mod integrity;
mod locked;
pub(super) mod lockfile;
pub(super) mod record;
mod requirements;
pub(super) mod workspaces;

use std::collections::{BTreeMap, BTreeSet};

use linchpin_model::{CatalogerId, TargetPath};
use linchpin_source::{Entry, Pattern};

use self::lockfile::Lockfile;
use self::record::PackageRecord;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, RequirementReader};
use crate::package_roots::is_inside_package;

const ID: CatalogerId = CatalogerId("npm");

pub(super) static CATALOGER: Npm = Npm;

pub(super) struct Npm;

/// What one file tells.
#[derive(Debug)]
pub(super) enum Fragment {
    /// The `package.json` of an installed package.
    Installed(PackageRecord),
    /// The `package.json` of a project.
    Manifest(PackageRecord),
    /// A project's lockfile.
    Locked(Lockfile),
    /// The lockfile that npm keeps beside what it installed.
    Hidden(Lockfile),
}

impl Cataloger for Npm {
    type Fragment = Fragment;
    const ID: CatalogerId = ID;
    const DOCUMENTATION: &'static str = "Reads `package-lock.json` and `npm-shrinkwrap.json` (versions 1 to 3), \
        `node_modules/.package-lock.json`, and `package.json` of projects and of installed packages, those \
        that pnpm and Yarn put into `node_modules` and Debian into `usr/share/nodejs` included. Finds projects, \
        their workspaces, the packages and what needs what, as `require` resolves it. Only \
        `node_modules/<name>` is a package: manifests deeper inside of one are its own test data. Where there is \
        neither a lockfile nor an installed package, what the manifest asks for is listed, with a version only \
        if it is an exact one.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("package.json"),
        Pattern::Name("package-lock.json"),
        Pattern::Name("npm-shrinkwrap.json"),
        Pattern::Suffix("node_modules/.package-lock.json"),
    ];

    const REQUIREMENTS: Option<RequirementReader<Fragment>> = Some(requirements::requirements);

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        match entry.path.name() {
            "package.json" => read_manifest(entry),
            ".package-lock.json" => {
                let folder = entry.path.parent();
                if folder.name() != "node_modules" || is_inside_package(&folder) {
                    return Parsed::not_mine();
                }
                read_lockfile(entry, Fragment::Hidden)
            }
            _ if belongs_to_package(entry.path) => Parsed::not_mine(),
            _ => read_lockfile(entry, Fragment::Locked),
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut installed = Vec::new();
        let mut hidden = Vec::new();
        let mut manifests: BTreeMap<TargetPath, Located<PackageRecord>> = BTreeMap::new();
        let mut lockfiles: BTreeMap<TargetPath, Located<Lockfile>> = BTreeMap::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Installed(value) => installed.push(Located { path, layer, value }),
                Fragment::Hidden(value) => hidden.push(Located { path, layer, value }),
                Fragment::Manifest(_) if is_in_python_environment(&path, assembly) => {}
                Fragment::Manifest(value) => {
                    manifests.insert(path.parent(), Located { path, layer, value });
                }
                Fragment::Locked(value) => {
                    // `npm-shrinkwrap.json` sorts before `package-lock.json`, and is the one that
                    // npm uses if both are there.
                    lockfiles
                        .entry(path.parent())
                        .or_insert(Located { path, layer, value });
                }
            }
        }
        let mut covered: BTreeSet<TargetPath> = BTreeSet::new();
        for lockfile in lockfiles.values() {
            covered.extend(locked::assemble(lockfile, &manifests, assembly));
        }
        covered.extend(installed::assemble(
            &installed, &hidden, &manifests, assembly,
        ));
        declared::assemble(&covered, &manifests, assembly);
    }
}

/// Whether a file lies where Python packages put the data that they bring along, `share/x` of a virtual
/// environment of any name: it is a part of such a package, not a project.
fn is_in_python_environment(path: &TargetPath, assembly: &Assembly<'_>) -> bool {
    let mut folder = path.parent();
    while !folder.is_root() {
        let above = folder.parent();
        if matches!(folder.name(), "share" | "etc" | "lib")
            && assembly.tree.exists(&above.join("pyvenv.cfg"))
        {
            return true;
        }
        folder = above;
    }
    false
}

/// Whether a file is part of an installed package, of the system's ones too.
fn belongs_to_package(path: &TargetPath) -> bool {
    is_inside_package(path)
        || folders::SYSTEM_FOLDERS
            .iter()
            .any(|system| path.as_str().starts_with(system))
}

/// Whether a manifest is that of a package that lies as an archive, as `npm pack` makes them:
/// `a-1.0.0.tgz!/package/package.json`.
fn is_packed(path: &TargetPath) -> bool {
    path.archive_and_inside().is_some_and(|(archive, inside)| {
        inside == "package/package.json" && archive.name().strip_suffix(".tgz").is_some()
    })
}

fn read_manifest(entry: &Entry<'_>) -> Parsed<Fragment> {
    let is_installed =
        folders::installed_folder(entry.path.parent_str()).is_some() || is_packed(entry.path);
    if !is_installed && belongs_to_package(entry.path) {
        return Parsed::not_mine();
    }
    if is_installed && entry.path.as_str().len() > folders::LONGEST_LOCATION {
        return Parsed::failed("lies too deep to be looked at");
    }
    let record: PackageRecord = match crate::documents::json::read_document(entry.content) {
        Ok(record) => record,
        Err(problem) => return Parsed::failed(problem),
    };
    if is_installed {
        return Parsed::clean(Fragment::Installed(record.without_development()));
    }
    let says_something =
        record.name.is_some() || record.needs_something() || !record.workspaces.is_empty();
    if says_something {
        Parsed::clean(Fragment::Manifest(record))
    } else {
        // Such as `{"type":"module"}`, which only tells Node.js how to load the files beside it.
        Parsed::not_mine()
    }
}

fn read_lockfile(entry: &Entry<'_>, kind: fn(Lockfile) -> Fragment) -> Parsed<Fragment> {
    match lockfile::read(entry.content) {
        Ok((lockfile, problems)) => Parsed {
            value: Some(kind(lockfile)),
            problems,
        },
        Err(problem) => Parsed::failed(problem),
    }
}
