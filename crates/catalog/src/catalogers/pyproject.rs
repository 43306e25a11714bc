//! A Python project's manifest, `pyproject.toml`, where no lockfile says which versions were taken.
//!
//! What is installed in an environment of the target is linked to it. What is needed to build the
//! project alone, `build-system`, is not in what it makes, and not here.

use linchpin_model::{CatalogerId, OccurrenceKind, Package, Role};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, RequirementReader};
use crate::package_roots::is_inside_package;
use crate::python::declarations::{declare, has_exact_versions};
use crate::python::{PyProject, requirements_of_project};

pub(super) static CATALOGER: PyProjectManifest = PyProjectManifest;

pub(super) struct PyProjectManifest;

impl Cataloger for PyProjectManifest {
    type Fragment = PyProject;
    const ID: CatalogerId = CatalogerId("pyproject");
    const DOCUMENTATION: &'static str = "Reads `pyproject.toml` where no lockfile or `requirements.txt` is beside it: \
        the project as root, and what it asks for. A requirement is linked to the copy that is installed for the project \
        if there is one, and listed otherwise, with a version if it names one only.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("pyproject.toml")];

    const REQUIREMENTS: Option<RequirementReader<PyProject>> = Some(requirements);

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
            if has_exact_versions(&folder, assembly) {
                continue;
            }
            let Some(url) = PyProject::url(Some(&manifest.value), &folder, assembly) else {
                continue;
            };
            let occurrence = manifest.occurrence(OccurrenceKind::Declared, Self::ID);
            let mut root = Package::new(url, occurrence.clone());
            root.role = Role::Application;
            let root = assembly.inventory.add(root);
            let requirements = manifest.value.requirements.iter();
            declare(root, &folder, requirements, &occurrence, assembly);
        }
    }
}

fn requirements(fragments: &[Located<&PyProject>]) -> Vec<linchpin_model::Requirement> {
    fragments
        .iter()
        .flat_map(|manifest| requirements_of_project(&manifest.path, manifest.value))
        .collect()
}
