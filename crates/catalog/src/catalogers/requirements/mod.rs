//! pip's requirements files, `requirements.txt` and those beside it.
//!
//! A pinned requirement names a package; a range names none, and is linked to the copy that is
//! installed for the project, if there is one. Not here: `*.in` files, which are the sources of
//! compiled requirements files and say nothing that those do not.

mod file;

use std::collections::{BTreeMap, HashMap, HashSet};

use linchpin_model::{
    CatalogerId, Occurrence, OccurrenceKind, Package, PackageId, Requirer, Role, Scope, TargetPath,
};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, RequirementReader};
use crate::package_roots::is_inside_package;
use crate::python::declarations::Declaration;
use crate::python::{PyProject, Requirement, is_for_development, package_url, requirement};
use file::{Line, RequirementsFile, Via, exact_version};

pub(super) static CATALOGER: Requirements = Requirements;

pub(super) struct Requirements;

/// What one file tells.
pub(super) enum Fragment {
    Requirements(RequirementsFile),
    /// Names the project.
    Project(PyProject),
}

/// How many files one file may include, through others too.
const MOST_INCLUDED: usize = 100;

impl Cataloger for Requirements {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("requirements");
    const DOCUMENTATION: &'static str = "Reads `requirements*.txt`, `*requirements.txt` and `requirements/*.txt` with the files \
        that they include and the constraints that they name. Pinned requirements are packages, with their hashes and, where \
        pip-compile or uv wrote `# via` comments, edges. Ranges are listed without a version unless a constraint or an \
        installed copy tells it. Files named for development, tests or documentation have that scope.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Suffix("requirements.txt"),
        Pattern::Glob("**/requirements*.txt"),
        Pattern::Glob("**/requirements/*.txt"),
        Pattern::Glob("**/constraints*.txt"),
        Pattern::Name("pyproject.toml"),
    ];

    const REQUIREMENTS: Option<RequirementReader<Fragment>> = Some(requirements);

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let mut problems = Vec::new();
        let value = if entry.path.name() == "pyproject.toml" {
            PyProject::parse(entry.content, &mut problems).map(Fragment::Project)
        } else {
            let file = RequirementsFile::parse(entry.content, &mut problems);
            Some(Fragment::Requirements(file))
        };
        Parsed { value, problems }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut projects = HashMap::new();
        let mut files = BTreeMap::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Project(project) => {
                    projects.insert(path.parent(), project);
                }
                Fragment::Requirements(value) => {
                    files.insert(path.clone(), Located { path, layer, value });
                }
            }
        }
        let scopes = scopes(&files);
        let mut packages: BTreeMap<&TargetPath, Vec<Taken<'_>>> = BTreeMap::new();
        for (path, scope) in &scopes {
            let Some(located) = files.get(path) else {
                continue;
            };
            note_missing(located, &files, assembly);
            if located.value.lines.is_empty() {
                continue;
            }
            let constraints = constraints_of(located, &files);
            let folder = project_folder(path);
            let Some(url) = PyProject::url(projects.get(&folder), &folder, assembly) else {
                continue;
            };
            let declared = located.occurrence(OccurrenceKind::Declared, Self::ID);
            let mut root = Package::new(url, declared.clone());
            root.role = Role::Application;
            let root = assembly.inventory.add(root);
            let project = Project {
                root,
                folder,
                scope: *scope,
                declared,
            };
            let taken = located
                .value
                .lines
                .iter()
                .filter_map(|line| project.take(line, &constraints, assembly))
                .collect();
            packages.insert(&located.path, taken);
        }
        for (path, taken) in &packages {
            add_edges(path, taken, &packages, &files, assembly);
        }
    }
}

/// A line that was taken, and what became of it.
struct Taken<'a> {
    line: &'a Line,
    /// The place of its declaration, and the package if its version is known.
    declaration: Declaration,
}

/// What all lines of a file share.
struct Project {
    root: PackageId,
    folder: TargetPath,
    scope: Scope,
    declared: Occurrence,
}

impl Project {
    /// Adds the package of a line, if its version is known. Nothing if its marker rules out every
    /// Python of today.
    fn take<'a>(
        &self,
        line: &'a Line,
        constraints: &HashMap<&str, &Requirement>,
        assembly: &mut Assembly<'_>,
    ) -> Option<Taken<'a>> {
        let requirement = &line.requirement;
        if requirement
            .marker
            .as_ref()
            .is_some_and(|marker| !marker.holds_for_some_python())
        {
            return None;
        }
        let constraint = constraints.get(requirement.name.as_ref());
        let version = exact_version(requirement)
            .or_else(|| constraint.and_then(|constraint| exact_version(constraint)));
        let package = version.and_then(|version| {
            let url = package_url(&requirement.name, Some(&version))?;
            let locked = Occurrence {
                kind: OccurrenceKind::Locked,
                ..self.declared.clone()
            };
            let mut package = Package::new(url, locked);
            package.scope = self.scope;
            package.hashes.clone_from(&line.hashes);
            Some(assembly.inventory.add(package))
        });
        let declaration = Declaration {
            root: self.root,
            folder: self.folder.clone(),
            requirement: requirement.clone(),
            scope: self.scope,
            occurrence: self.declared.clone(),
            package,
        };
        Some(Taken { line, declaration })
    }
}

/// What the files ask for. Each is a project of its own here: its lines can be changed.
fn requirements(fragments: &[Located<&Fragment>]) -> Vec<linchpin_model::Requirement> {
    let mut requirements = Vec::new();
    for Located { path, value, .. } in fragments {
        if let Fragment::Requirements(file) = value {
            let by = Requirer::Project(path.clone());
            let scope = scope_by_name(path);
            let lines = file.lines.iter();
            requirements
                .extend(lines.map(|line| requirement(by.clone(), &line.requirement, scope)));
        }
    }
    requirements
}

/// The files that are the project's own requirements, with their scope: by their names, or that
/// of a file that includes them, if that is stronger.
fn scopes(files: &BTreeMap<TargetPath, Located<RequirementsFile>>) -> BTreeMap<TargetPath, Scope> {
    let mut scopes = BTreeMap::new();
    let mut waiting: Vec<(TargetPath, Scope)> = files
        .keys()
        .filter(|path| !path.name().starts_with("constraints"))
        .map(|path| (path.clone(), scope_by_name(path)))
        .collect();
    while let Some((path, scope)) = waiting.pop() {
        let Some(located) = files.get(&path) else {
            continue;
        };
        if scopes.get(&path).is_some_and(|known| *known <= scope) {
            continue;
        }
        let includes = located.value.includes.iter();
        waiting.extend(includes.map(|include| (path.parent().join(include), scope)));
        scopes.insert(path, scope);
    }
    scopes
}

fn scope_by_name(path: &TargetPath) -> Scope {
    let stem = path.name().trim_end_matches(".txt");
    let folder = path.parent_str().rsplit('/').next().unwrap_or_default();
    if is_for_development(stem) || is_for_development(folder) {
        Scope::Development
    } else {
        Scope::Runtime
    }
}

/// The folder of the project that a file belongs to: `shop` for `shop/requirements/base.txt` and
/// `shop/docs/requirements.txt`.
fn project_folder(path: &TargetPath) -> TargetPath {
    let folder = path.parent();
    let is_part = matches!(folder.name(), "requirements" | "requirement" | "reqs")
        || is_for_development(folder.name());
    if is_part { folder.parent() } else { folder }
}

fn note_missing(
    located: &Located<RequirementsFile>,
    files: &BTreeMap<TargetPath, Located<RequirementsFile>>,
    assembly: &mut Assembly<'_>,
) {
    let file = &located.value;
    for include in file
        .includes
        .iter()
        .chain(&file.constraints)
        .take(MOST_INCLUDED)
    {
        let path = located.path.parent().join(include);
        if include.contains("://") || !files.contains_key(&path) {
            let why = if !include.contains("://") && assembly.tree.exists(&path) {
                "which is not named like a requirements file and was not read"
            } else {
                "which is not in the target"
            };
            let note = located.note(format!("it includes `{include}`, {why}"));
            assembly.inventory.note(note);
        }
    }
}

/// The exact versions that the constraints of a file, and of those that it includes, name.
fn constraints_of<'a>(
    located: &'a Located<RequirementsFile>,
    files: &'a BTreeMap<TargetPath, Located<RequirementsFile>>,
) -> HashMap<&'a str, &'a Requirement> {
    let mut constraints = HashMap::new();
    let start: Vec<TargetPath> = with_included([located.path.clone()], files)
        .into_iter()
        .flat_map(|included| {
            let named = included.value.constraints.iter().take(MOST_INCLUDED);
            named.map(|name| included.path.parent().join(name))
        })
        .collect();
    for file in with_included(start, files) {
        for line in &file.value.lines {
            if exact_version(&line.requirement).is_some() {
                constraints.insert(line.requirement.name.as_ref(), &line.requirement);
            }
        }
    }
    constraints
}

/// Files and those that they include, each once.
fn with_included(
    start: impl IntoIterator<Item = TargetPath>,
    files: &BTreeMap<TargetPath, Located<RequirementsFile>>,
) -> Vec<&Located<RequirementsFile>> {
    let mut found: Vec<&Located<RequirementsFile>> = Vec::new();
    let mut visited: HashSet<TargetPath> = HashSet::new();
    let mut waiting: Vec<TargetPath> = start.into_iter().collect();
    while found.len() < MOST_INCLUDED
        && let Some(path) = waiting.pop()
    {
        let Some(located) = files.get(&path) else {
            continue;
        };
        if !visited.insert(path) {
            continue;
        }
        found.push(located);
        let includes = located.value.includes.iter().take(MOST_INCLUDED);
        waiting.extend(includes.map(|include| located.path.parent().join(include)));
    }
    found
}

/// Adds the edges of a file's lines, from the project and from each other.
fn add_edges(
    path: &TargetPath,
    taken: &[Taken<'_>],
    packages: &BTreeMap<&TargetPath, Vec<Taken<'_>>>,
    files: &BTreeMap<TargetPath, Located<RequirementsFile>>,
    assembly: &mut Assembly<'_>,
) {
    let mut by_name: HashMap<&str, Vec<PackageId>> = HashMap::new();
    if taken.iter().any(|taken| !taken.line.via.is_empty()) {
        for included in with_included([path.clone()], files) {
            for taken in packages.get(&included.path).into_iter().flatten() {
                if let Some(id) = taken.declaration.package {
                    let name = taken.line.requirement.name.as_ref();
                    by_name.entry(name).or_default().push(id);
                }
            }
        }
    }
    for taken in taken {
        let declaration = &taken.declaration;
        let mut is_direct = taken.line.via.is_empty();
        for via in &taken.line.via {
            // A name that is none of the packages is the project's, as `uv export` writes it.
            let needing = match via {
                Via::Project => None,
                Via::Named(name) => by_name.get(name.as_ref()),
            };
            is_direct |= needing.is_none();
            for &from in needing.into_iter().flatten() {
                if let Some(on) = declaration.package {
                    assembly.inventory.depend(from, on, Scope::Runtime);
                }
            }
        }
        if is_direct {
            if let Some(on) = declaration.package {
                assembly
                    .inventory
                    .depend(declaration.root, on, declaration.scope);
            }
            assembly.declarations.push(declaration.clone());
        }
    }
}
