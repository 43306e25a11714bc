//! Bower: what it installed, by the `.bower.json` that it writes into every package, and the project's
//! `bower.json`: <https://github.com/bower/spec/blob/master/json.md>.
//!
//! Bower has no lockfile. No client made the test cases, as its registry could not be reached; they follow
//! the specification and what Bower writes into installed packages.

use std::collections::{BTreeMap, BTreeSet};

use linchpin_model::{
    CatalogerId, LicenseExpression, OccurrenceKind, Package, PackageUrl, Scope, TargetPath,
};
use linchpin_source::{Entry, Pattern};

use super::npm::identity::exact_version;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::{Loose, read_loose};
use crate::licenses::from_name;
use crate::lock_graph::{
    Lock, Need, Part, ProjectFile, Root, Tells, Wish, add_parts, assemble_projects,
};
use crate::package_roots::is_inside_package;
use crate::repository::Repository;

pub(super) static CATALOGER: Bower = Bower;

pub(super) struct Bower;

impl Cataloger for Bower {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("bower");
    const DOCUMENTATION: &'static str = "Reads `bower.json` of projects and the `.bower.json` of packages that Bower \
        installed, in `bower_components` or elsewhere: the project as root, its packages with the repository and commit \
        that they came from, and what needs what. What was asked for and is not installed is listed, with a version only if \
        it is an exact one.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("bower.json"), Pattern::Name(".bower.json")];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        let is_installed = entry.path.name() == ".bower.json";
        let packages = entry.path.parent().parent();
        let belongs_to_other = if is_installed {
            is_inside_package(&packages)
        } else {
            is_inside_package(entry.path)
        };
        if belongs_to_other {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let document = match read_loose(&text) {
            Ok(document) => document,
            Err(problem) => return Parsed::failed(problem),
        };
        if !is_installed {
            let (root, wishes) = project(&document);
            return Parsed::clean(ProjectFile::manifest(entry, root, wishes));
        }
        match installed(&document, entry) {
            Some(part) => Parsed::clean(ProjectFile {
                folder: packages.parent(),
                tells: Tells::Lock(Lock {
                    parts: vec![part],
                    ..Lock::default()
                }),
            }),
            None => Parsed::failed("names no package"),
        }
    }

    fn assemble(fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        // All that is installed for a project is one list.
        let mut lists: BTreeMap<TargetPath, Located<ProjectFile>> = BTreeMap::new();
        let mut files = Vec::new();
        for file in fragments {
            let Tells::Lock(lock) = file.value.tells else {
                files.push(file);
                continue;
            };
            let folder = file.value.folder;
            let list = lists.entry(folder.clone()).or_insert_with(|| Located {
                path: file.path,
                layer: file.layer,
                value: ProjectFile {
                    folder,
                    tells: Tells::Lock(Lock::default()),
                },
            });
            if let Tells::Lock(known) = &mut list.value.tells {
                known.parts.extend(lock.parts);
            }
        }
        // What is asked for and not installed is a part of the list too, lest it be left out.
        let mut described: BTreeSet<TargetPath> = BTreeSet::new();
        for file in &files {
            if let Tells::Manifest(_, wishes) = &file.value.tells
                && let Some(list) = lists.get_mut(&file.value.folder)
                && let Tells::Lock(lock) = &mut list.value.tells
            {
                described.insert(file.value.folder.clone());
                add_missing(file, wishes, lock);
            }
        }
        for (folder, list) in lists {
            if described.contains(&folder) {
                files.push(list);
            } else if let Tells::Lock(lock) = list.value.tells {
                add_parts(lock.parts, &[], assembly);
            }
        }
        assemble_projects(files, Self::ID, assembly);
    }
}

fn add_missing(manifest: &Located<ProjectFile>, wishes: &[Wish], lock: &mut Lock) {
    let installed: BTreeSet<Box<str>> = lock.parts.iter().map(|part| part.key.clone()).collect();
    for wish in wishes.iter().filter(|wish| !installed.contains(&wish.key)) {
        let occurrence = manifest.occurrence(OccurrenceKind::Declared, Bower::ID);
        lock.parts.push(Part {
            key: wish.key.clone(),
            also: Vec::new(),
            package: Package::new(wish.url.clone(), occurrence),
            scope: None,
            needs: Vec::new(),
        });
    }
}

fn package_url(name: &str, version: Option<&str>) -> Option<PackageUrl> {
    PackageUrl::new("bower", None, name, version).ok()
}

fn license(document: &Loose<'_>) -> Option<LicenseExpression> {
    let license = document.get("license")?;
    license
        .text()
        .or_else(|| match license.items() {
            [only] => only.text(),
            // Of several, nothing says whether all or any hold.
            _ => None,
        })
        .and_then(from_name)
}

fn installed(document: &Loose<'_>, entry: &Entry<'_>) -> Option<Part> {
    let name = document.text_of("name")?;
    // A package at a commit or branch has no version, only a release.
    let version = document
        .text_of("version")
        .or_else(|| document.text_of("_release"));
    let url = package_url(name, version)?;
    let mut part = Part::new(name, url, entry, OccurrenceKind::Installed, Bower::ID);
    let commit = document
        .get("_resolution")
        .and_then(|found| found.text_of("commit"));
    let source = document.text_of("_source").and_then(Repository::parse);
    part.package.download = source.map(|source| source.location(commit));
    part.package.license = license(document);
    part.package.description = document.text_of("description").map(str::to_owned);
    let needs = document.members_of("dependencies").iter();
    part.needs = needs.map(|(name, _)| Need::new(name.as_ref())).collect();
    Some(part)
}

fn project(document: &Loose<'_>) -> (Root, Vec<Wish>) {
    let name = document.text_of("name");
    let root = Root {
        url: name.and_then(|name| package_url(name, document.text_of("version"))),
        license: license(document),
        description: document.text_of("description").map(str::to_owned),
        ..Root::default()
    };
    let mut wishes = Vec::new();
    for (list, scope) in [
        ("dependencies", Scope::Runtime),
        ("devDependencies", Scope::Development),
    ] {
        for (name, wanted) in document.members_of(list) {
            let version = wanted.text().and_then(exact_version);
            wishes
                .extend(package_url(name, version).map(|url| Wish::new(name.as_ref(), url, scope)));
        }
    }
    (root, wishes)
}
