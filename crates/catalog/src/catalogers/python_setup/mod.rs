//! Python projects that describe themselves to setuptools: `setup.cfg` and `setup.py`, where neither a
//! lockfile nor `pyproject.toml` says more. `setup.py` is a program; it is read, and never run.

mod configuration;
mod source_text;

use std::collections::BTreeMap;

use linchpin_model::{CatalogerId, OccurrenceKind, Package, Role, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::package_roots::is_inside_package;
use crate::python::declarations::{declare, has_exact_versions};
use crate::python::{PyProject, Requirement, is_for_development, normalise_name};

pub(super) static CATALOGER: PythonSetup = PythonSetup;

pub(super) struct PythonSetup;

/// What one of the two files says.
#[derive(Debug, Default)]
pub(super) struct Setup {
    project: PyProject,
    /// Whether it says anything of a project.
    is_empty: bool,
    /// What is computed when it runs, and so unknown.
    computed: Vec<&'static str>,
}

impl Cataloger for PythonSetup {
    type Fragment = Setup;
    const ID: CatalogerId = CatalogerId("python-setup");
    const DOCUMENTATION: &'static str = "Reads `setup.cfg`, and the literals in the call of `setup` in `setup.py` without \
        running it: the project as root, and what it asks for, where no lockfile or `requirements.txt` is beside it. A \
        requirement of one version is that package; others are linked to the copy that is installed for the project, or \
        listed without a version. What `setup.py` computes is told in a note.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("setup.cfg"), Pattern::Name("setup.py")];

    fn read(entry: &Entry<'_>) -> Parsed<Setup> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let mut problems = Vec::new();
        let setup = if entry.path.name() == "setup.cfg" {
            Some(read_configuration(&text, &mut problems))
        } else {
            source_text::read(&text).map(|found| read_source(found, &mut problems))
        };
        Parsed {
            value: setup.filter(|setup| !setup.is_empty),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<Setup>>, assembly: &mut Assembly<'_>) {
        // Both files describe one project; what one does not say, the other may.
        let mut projects: BTreeMap<_, Vec<Located<Setup>>> = BTreeMap::new();
        for fragment in fragments {
            let folder = fragment.path.parent();
            projects.entry(folder).or_default().push(fragment);
        }
        for (folder, files) in projects {
            if has_exact_versions(&folder, assembly) {
                continue;
            }
            let mut project = PyProject::default();
            for file in &files {
                let said = &file.value.project;
                project.name = project.name.or_else(|| said.name.clone());
                project.version = project.version.or_else(|| said.version.clone());
            }
            if project.name.is_none() && assembly.tree.exists(&folder.join("pyproject.toml")) {
                // That one names the project, and is read by `pyproject`.
                continue;
            }
            let Some(url) = PyProject::url(Some(&project), &folder, assembly) else {
                continue;
            };
            for file in &files {
                let occurrence = file.occurrence(OccurrenceKind::Declared, Self::ID);
                let mut root = Package::new(url.clone(), occurrence.clone());
                root.role = Role::Application;
                let root = assembly.inventory.add(root);
                let requirements = file.value.project.requirements.iter();
                declare(root, &folder, requirements, &occurrence, assembly);
                if !file.value.computed.is_empty() {
                    let names = file.value.computed.join("`, `");
                    assembly.inventory.note(file.note(format!(
                        "`{names}` is computed when the file runs, so that not all it asks for is known"
                    )));
                }
            }
        }
    }
}

fn read_configuration(text: &str, problems: &mut Vec<String>) -> Setup {
    let mut setup = Setup {
        is_empty: true,
        ..Setup::default()
    };
    // Values that are read from elsewhere: `attr: package.__version__`, `file: requirements.in`.
    let literal = |value: &str| !value.starts_with("attr:") && !value.starts_with("file:");
    for setting in configuration::read(text) {
        let value = setting.value.as_str();
        let scope = match (setting.section.as_str(), setting.key.as_str()) {
            ("metadata", "name") => {
                setup.is_empty = false;
                setup.project.name = Some(normalise_name(value));
                continue;
            }
            ("metadata", "version") => {
                setup.project.version = Some(value.into()).filter(|_| literal(value));
                continue;
            }
            ("options", "install_requires") => Scope::Runtime,
            ("options", "tests_require") => Scope::Development,
            ("options.extras_require", extra) => scope_of_extra(extra),
            _ => continue,
        };
        setup.is_empty = false;
        if literal(value) {
            add(configuration::lines(value), scope, &mut setup, problems);
        } else {
            setup.computed.push("install_requires");
        }
    }
    setup
}

fn read_source(found: source_text::SetupText, problems: &mut Vec<String>) -> Setup {
    let mut setup = Setup {
        computed: found.computed,
        ..Setup::default()
    };
    setup.project.name = found.name.as_deref().map(normalise_name);
    setup.project.version = found.version.map(Into::into);
    for (texts, scope) in [
        (&found.install_requires, Scope::Runtime),
        (&found.extras_require, Scope::Optional),
        (&found.tests_require, Scope::Development),
    ] {
        let texts = texts.iter().map(String::as_str);
        add(texts, scope, &mut setup, problems);
    }
    // `setup()` alone leaves all to `setup.cfg`.
    setup.is_empty = setup.project.name.is_none()
        && setup.project.requirements.is_empty()
        && setup.computed.is_empty();
    setup
}

fn add<'a>(
    texts: impl Iterator<Item = &'a str>,
    scope: Scope,
    setup: &mut Setup,
    problems: &mut Vec<String>,
) {
    for text in texts {
        match Requirement::parse(text) {
            Ok(requirement) => setup.project.requirements.push((requirement, scope)),
            Err(problem) => problems.push(problem),
        }
    }
}

fn scope_of_extra(extra: &str) -> Scope {
    if is_for_development(extra) {
        Scope::Development
    } else {
        Scope::Optional
    }
}
