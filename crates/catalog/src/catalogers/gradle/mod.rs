//! Gradle projects: lockfiles, build files, version catalogues, and the digests of dependency
//! verification. <https://docs.gradle.org/current/userguide/dependency_locking.html>,
//! <https://docs.gradle.org/current/userguide/version_catalogs.html>.
//!
//! A build file is a program in Groovy or Kotlin; its literal dependencies are read and nothing is
//! evaluated. Lockfiles have no edges between artifacts.

mod build_file;
mod catalogue;
mod lockfile;
mod verification;

use std::collections::{BTreeMap, HashMap, HashSet};

use linchpin_model::{CatalogerId, Digest, Scope, TargetPath};
use linchpin_source::{Entry, Pattern};

use self::catalogue::Catalogue;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::lock_graph::{Part, ProjectFile, Root, Tells, Wish, assemble_projects};
use crate::maven::Coordinate;
use crate::package_roots::is_inside_package;

pub(super) static CATALOGER: Gradle = Gradle;

pub(super) struct Gradle;

/// What one file tells.
pub(super) enum Fragment {
    /// A lockfile; its folder is that of the project.
    Lock(TargetPath, Vec<Part>),
    /// A build file: coordinates and aliases of a version catalogue, with scopes.
    Build(Vec<(Wanted, Scope)>),
    Catalogue(Catalogue),
    /// Digests by coordinates.
    Verification(Vec<(String, Digest)>),
}

/// Something that a build file asks for.
#[derive(Debug, Clone)]
pub(super) enum Wanted {
    Coordinate(Coordinate),
    /// `libs.some.name` is `some.name`.
    Alias(String),
}

impl Cataloger for Gradle {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("gradle");
    const DOCUMENTATION: &'static str = "Reads `gradle.lockfile`, `buildscript-gradle.lockfile`, \
        `settings-gradle.lockfile` and `gradle/dependency-locks/*.lockfile`, the literal dependencies of `build.gradle` \
        and `build.gradle.kts`, version catalogues (`*.versions.toml`), and digests from `verification-metadata.xml`. \
        Configurations tell what is for tests or only for the build. The formats have no edges between artifacts; edges \
        from a project go to what its build file names.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("build.gradle"),
        Pattern::Name("build.gradle.kts"),
        Pattern::Name("buildscript-gradle.lockfile"),
        Pattern::Name("gradle.lockfile"),
        Pattern::Name("settings-gradle.lockfile"),
        Pattern::Name("verification-metadata.xml"),
        Pattern::Suffix(".versions.toml"),
        Pattern::Glob("**/gradle/dependency-locks/*.lockfile"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        match entry.path.name() {
            "build.gradle" | "build.gradle.kts" => build_file::read(&text),
            "verification-metadata.xml" => verification::read(entry.content),
            name if name.ends_with(".versions.toml") => catalogue::read(&text),
            _ => lockfile::read(&text, entry),
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut catalogues: BTreeMap<TargetPath, Located<Catalogue>> = BTreeMap::new();
        let mut digests: HashMap<String, Vec<Digest>> = HashMap::new();
        let mut builds = Vec::new();
        let mut locks = Vec::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Catalogue(value) => {
                    // `gradle/libs.versions.toml` is that of the folder above.
                    let folder = path.parent();
                    let folder = if folder.name() == "gradle" {
                        folder.parent()
                    } else {
                        folder
                    };
                    let entry = Located { path, layer, value };
                    catalogues.entry(folder).or_insert(entry);
                }
                Fragment::Verification(found) => {
                    for (key, digest) in found {
                        digests.entry(key).or_default().push(digest);
                    }
                }
                Fragment::Build(value) => builds.push(Located { path, layer, value }),
                Fragment::Lock(folder, parts) => locks.push(Located {
                    path,
                    layer,
                    value: (folder, parts),
                }),
            }
        }
        let locked: HashSet<TargetPath> = locks.iter().map(|lock| lock.value.0.clone()).collect();
        let mut files = Vec::new();
        let mut used: HashSet<TargetPath> = HashSet::new();
        for Located { path, layer, value } in builds {
            let folder = path.parent();
            let around = nearest(&catalogues, &folder);
            let mut wishes = Vec::new();
            for (wanted, scope) in value {
                let coordinates: Vec<Coordinate> = match wanted {
                    Wanted::Coordinate(coordinate) => vec![coordinate],
                    Wanted::Alias(alias) => around
                        .map(|(_, catalogue)| catalogue.value.named(&alias))
                        .unwrap_or_default(),
                };
                wishes.extend(coordinates.iter().filter_map(|coordinate| {
                    Some(Wish::new(
                        coordinate.key(),
                        coordinate.package_url()?,
                        scope,
                    ))
                }));
            }
            used.extend(around.map(|(folder, _)| folder.clone()));
            if wishes.is_empty() && !locked.contains(&folder) {
                continue;
            }
            let tells = Tells::Manifest(Root::default(), wishes);
            let value = ProjectFile { folder, tells };
            files.push(Located { path, layer, value });
        }
        // A catalogue that no build file was found for: all that it lists.
        for (folder, Located { path, layer, value }) in catalogues {
            if !used.contains(&folder) {
                let wishes = value.all().filter_map(|coordinate| {
                    let url = coordinate.package_url()?;
                    Some(Wish::new(coordinate.key(), url, Scope::Runtime))
                });
                let tells = Tells::Manifest(Root::default(), wishes.collect());
                let value = ProjectFile { folder, tells };
                files.push(Located { path, layer, value });
            }
        }
        files.extend(
            locks
                .into_iter()
                .map(|lock| lockfile::complete(lock, &digests)),
        );
        assemble_projects(files, Self::ID, assembly);
    }
}

/// The version catalogue of the nearest folder around a project.
fn nearest<'c>(
    catalogues: &'c BTreeMap<TargetPath, Located<Catalogue>>,
    folder: &TargetPath,
) -> Option<(&'c TargetPath, &'c Located<Catalogue>)> {
    let mut folder = folder.clone();
    loop {
        if let Some(found) = catalogues.get_key_value(&folder) {
            return Some(found);
        }
        if folder.is_root() {
            return None;
        }
        folder = folder.parent();
    }
}
