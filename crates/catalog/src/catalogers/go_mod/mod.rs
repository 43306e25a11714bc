//! Go projects: `go.mod`, `go.work` and `vendor/modules.txt`.
//!
//! The versions in `go.mod` are those that will be built, so it counts as a lockfile. Which
//! module needs an indirect one is not in it: there is no edge to those. `go.sum` is not read: it
//! also names modules that are never built, and its hashes are of file trees, not of archives.
//! The `go` and `toolchain` lines say which Go is needed at least, not which one builds, so the
//! standard library is only found in programs.

mod module_file;

use std::collections::{HashMap, HashSet};

use linchpin_model::{
    CatalogerId, OccurrenceKind, Package, PackageId, Requirer, Role, Scope, TargetPath,
};
use linchpin_source::{Entry, Pattern};

use self::module_file::{ModuleFile, Requirement, WorkFile, vendored};
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, RequirementReader};
use crate::go_modules::package_url;
use crate::package_roots::is_inside_package;

pub(super) static CATALOGER: GoMod = GoMod;

pub(super) struct GoMod;

/// What one file tells.
#[derive(Debug)]
pub(in crate::catalogers) enum Fragment {
    Module(ModuleFile),
    Workspace(WorkFile),
    Vendored(Vec<Requirement>),
}

impl Cataloger for GoMod {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("go-mod");
    const DOCUMENTATION: &'static str = "Reads `go.mod` with its replacements and exclusions, and `vendor/modules.txt`: \
        modules in the versions that are built, with edges from the project to what it imports itself. The \
        modules of a `go.work` are projects that need each other, and its replacements count for all of them. Which module \
        needs an indirect one is not in these files. The standard library is found in programs only.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("go.mod"),
        Pattern::Name("go.work"),
        Pattern::Suffix("vendor/modules.txt"),
    ];

    const REQUIREMENTS: Option<RequirementReader<Fragment>> = Some(requirements);

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        // The go command, too, passes over folders with this name.
        let is_test_data = entry.path.parts().any(|part| part == "testdata");
        if is_test_data || is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        if entry.path.name() == "modules.txt" {
            return Parsed::clean(Fragment::Vendored(vendored(&text)));
        }
        if entry.path.name() == "go.work" {
            let (file, problems) = WorkFile::parse(&text);
            return Parsed {
                value: Some(Fragment::Workspace(file)),
                problems,
            };
        }
        let (file, problems) = ModuleFile::parse(&text);
        Parsed {
            value: Some(Fragment::Module(file)),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let workspaces = Workspaces::new(&fragments);
        for fragment in &fragments {
            match &fragment.value {
                Fragment::Module(file) => add_project(file, fragment, &workspaces, assembly),
                Fragment::Workspace(_) => {}
                Fragment::Vendored(modules) => {
                    for module in modules {
                        add(module, OccurrenceKind::Installed, fragment, assembly);
                    }
                }
            }
        }
        Workspaces::note_missing(&fragments, assembly);
    }
}

/// Which workspace each folder of a module belongs to.
struct Workspaces<'a> {
    by_folder: HashMap<TargetPath, &'a Located<Fragment>>,
    /// The modules of each workspace, by the place of its file.
    members: HashMap<&'a TargetPath, HashSet<&'a str>>,
}

impl<'a> Workspaces<'a> {
    fn new(fragments: &'a [Located<Fragment>]) -> Self {
        let modules: HashMap<TargetPath, &str> = fragments
            .iter()
            .filter_map(|fragment| match &fragment.value {
                Fragment::Module(file) => Some((fragment.path.parent(), file.module.as_deref()?)),
                _ => None,
            })
            .collect();
        let mut by_folder = HashMap::new();
        let mut members: HashMap<&TargetPath, HashSet<&str>> = HashMap::new();
        for fragment in fragments {
            for folder in folders(fragment) {
                members
                    .entry(&fragment.path)
                    .or_default()
                    .extend(modules.get(&folder));
                by_folder.insert(folder, fragment);
            }
        }
        Self { by_folder, members }
    }

    /// What a module needs, as its workspace has it: other modules of the workspace as they lie
    /// there, and the workspace's replacements.
    fn apply(&self, folder: &TargetPath, requirement: &Requirement) -> Requirement {
        let mut requirement = requirement.clone();
        if let Some(fragment) = self.by_folder.get(folder)
            && let Fragment::Workspace(file) = &fragment.value
        {
            let members = self.members.get(&fragment.path);
            if members.is_some_and(|members| members.contains(requirement.path.as_str())) {
                requirement.version = None;
            } else {
                file.replace(&mut requirement);
            }
        }
        requirement
    }

    /// Says which folders of a workspace hold no module.
    fn note_missing(fragments: &[Located<Fragment>], assembly: &mut Assembly<'_>) {
        for fragment in fragments {
            let missing = folders(fragment)
                .filter(|folder| !assembly.tree.exists(&folder.join("go.mod")))
                .count();
            if missing > 0 {
                let note = format!("folders that it uses and that hold no `go.mod`: {missing}");
                assembly.inventory.note(fragment.note(note));
            }
        }
    }
}

/// The folders of a workspace's modules.
fn folders(fragment: &Located<Fragment>) -> impl Iterator<Item = TargetPath> {
    let uses = match &fragment.value {
        Fragment::Workspace(file) => file.uses.as_slice(),
        _ => &[],
    };
    uses.iter().map(|used| fragment.path.parent().join(used))
}

fn add_project(
    file: &ModuleFile,
    fragment: &Located<Fragment>,
    workspaces: &Workspaces<'_>,
    assembly: &mut Assembly<'_>,
) {
    let folder = fragment.path.parent();
    let purl = match &file.module {
        Some(module) => package_url(module, None),
        None => assembly.unnamed_project(&folder),
    };
    let root = purl.map(|purl| {
        let occurrence = fragment.occurrence(OccurrenceKind::Declared, GoMod::ID);
        let mut package = Package::new(purl, occurrence);
        package.role = Role::Application;
        assembly.inventory.add(package)
    });
    for requirement in &file.requirements {
        let requirement = workspaces.apply(&folder, requirement);
        let part = add(&requirement, OccurrenceKind::Locked, fragment, assembly);
        if let (Some(root), Some(part), true) = (root, part, requirement.is_direct) {
            assembly.inventory.depend(root, part, Scope::Runtime);
        }
    }
}

fn add(
    module: &Requirement,
    kind: OccurrenceKind,
    fragment: &Located<Fragment>,
    assembly: &mut Assembly<'_>,
) -> Option<PackageId> {
    let purl = package_url(&module.path, module.version.as_deref())?;
    let mut package = Package::new(purl, fragment.occurrence(kind, GoMod::ID));
    if module.version.is_none() {
        // A folder of the application stands in the module's place.
        package.role = Role::Application;
    }
    Some(assembly.inventory.add(package))
}

/// What the modules ask for: the least version that will do. What other modules ask for is in no
/// file of the project.
fn requirements(fragments: &[Located<&Fragment>]) -> Vec<linchpin_model::Requirement> {
    let mut requirements = Vec::new();
    for Located { path, value, .. } in fragments {
        let Fragment::Module(module) = value else {
            continue;
        };
        for asked in &module.requirements {
            requirements.push(linchpin_model::Requirement {
                by: Requirer::Project(path.clone()),
                name: asked.path.as_str().into(),
                range: asked.version.as_deref().unwrap_or_default().into(),
                scope: Scope::Runtime,
            });
        }
    }
    requirements
}
