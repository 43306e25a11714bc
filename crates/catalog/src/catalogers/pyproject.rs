//! A Python project's manifest, `pyproject.toml`, where no lockfile says which versions were taken.
//!
//! Names and ranges only: what is installed in an environment of the target is linked to it.

use linchpin_model::{CatalogerId, OccurrenceKind, Package, Role};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::package_roots::is_inside_package;
use crate::python::PyProject;
use crate::python::declarations::Declaration;

pub(super) static CATALOGER: PyProjectManifest = PyProjectManifest;

pub(super) struct PyProjectManifest;

/// Files beside the manifest that say which versions were taken, and that others read.
const EXACT: &[&str] = &["uv.lock", "poetry.lock", "Pipfile.lock", "requirements.txt"];

impl Cataloger for PyProjectManifest {
    type Fragment = PyProject;
    const ID: CatalogerId = CatalogerId("pyproject");
    const DOCUMENTATION: &'static str = "Reads `pyproject.toml` where no lockfile or `requirements.txt` is beside it: \
        the project as root, and what it asks for. A requirement is linked to the copy that is installed for the project \
        if there is one, and listed without a version otherwise.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("pyproject.toml")];

    fn read(entry: &Entry<'_>) -> Parsed<PyProject> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let mut problems = Vec::new();
        let project = PyProject::parse(entry.content, &mut problems);
        Parsed {
            value: project.filter(|project| project.name.is_some()),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<PyProject>>, assembly: &mut Assembly<'_>) {
        for manifest in fragments {
            let folder = manifest.path.parent();
            let is_there = |name: &&str| assembly.tree.exists(&folder.join(name));
            if EXACT.iter().any(is_there) {
                continue;
            }
            let Some(url) = PyProject::url(Some(&manifest.value), &folder, assembly) else {
                continue;
            };
            let occurrence = manifest.occurrence(OccurrenceKind::Declared, Self::ID);
            let mut root = Package::new(url, occurrence.clone());
            root.role = Role::Application;
            let root = assembly.inventory.add(root);
            for (requirement, scope) in &manifest.value.requirements {
                assembly.declarations.push(Declaration {
                    root,
                    folder: folder.clone(),
                    requirement: requirement.clone(),
                    scope: *scope,
                    occurrence: occurrence.clone(),
                    package: None,
                });
            }
        }
    }
}
