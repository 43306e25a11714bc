//! Haskell projects: `*.cabal`, the plan and the freeze file of cabal, and the files of Stack.
//! <https://cabal.readthedocs.io/en/stable/cabal-package-description-file.html>,
//! <https://docs.haskellstack.org/en/stable/topics/lock_files/>.

mod description;
mod freeze;
mod plan;
mod stack;

use std::collections::HashSet;

use linchpin_model::{CatalogerId, PackageUrl, TargetPath};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::lock_graph::{ProjectFile, Tells, assemble_nested_projects};
use crate::package_roots::is_inside_package;

pub(super) static CATALOGER: Haskell = Haskell;

pub(super) struct Haskell;

impl Cataloger for Haskell {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("haskell");
    const DOCUMENTATION: &'static str = "Reads cabal's plan of a build (`plan.json`: all packages with digests and \
        edges), `cabal.project.freeze`, `stack.yaml.lock` and the extra dependencies of `stack.yaml`, and `*.cabal` for \
        the projects themselves and what they ask for: test suites and benchmarks are for development. Where there is a \
        plan, the freeze file beside it adds nothing. What a snapshot of Stack holds is not in its files.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("cabal.project.freeze"),
        Pattern::Name("plan.json"),
        Pattern::Name("stack.yaml"),
        Pattern::Name("stack.yaml.lock"),
        Pattern::Suffix(".cabal"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        match entry.path.name() {
            "cabal.project.freeze" => freeze::read(entry),
            "plan.json" => plan::read(entry),
            "stack.yaml" => stack::read_project(entry),
            "stack.yaml.lock" => stack::read_lock(entry),
            _ => description::read(entry),
        }
    }

    fn assemble(mut fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        let of = |name: &str| -> HashSet<TargetPath> {
            let files = fragments.iter().filter(|file| file.path.name() == name);
            files.map(|file| file.value.folder.clone()).collect()
        };
        let (planned, locked) = (of("plan.json"), of("stack.yaml.lock"));
        fragments.retain(|file| match file.path.name() {
            "cabal.project.freeze" => !planned.contains(&file.value.folder),
            "stack.yaml" => !locked.contains(&file.value.folder),
            _ => true,
        });
        assemble_nested_projects(fragments, Self::ID, assembly);
    }
}

fn package_url(name: &str, version: Option<&str>) -> Option<PackageUrl> {
    PackageUrl::new("hackage", None, name, version).ok()
}

/// A name and version as `acme-missiles-0.3`.
fn name_and_version(text: &str) -> Option<(&str, &str)> {
    let (name, version) = text.rsplit_once('-')?;
    let is_version = version.starts_with(|first: char| first.is_ascii_digit())
        && version.chars().all(|c| c.is_ascii_digit() || c == '.');
    (is_version && !name.is_empty()).then_some((name, version))
}

/// A lockfile of the project in the file's folder.
fn locked(entry: &Entry<'_>, lock: crate::lock_graph::Lock) -> ProjectFile {
    ProjectFile {
        folder: entry.path.parent(),
        tells: Tells::Lock(lock),
    }
}
