//! Go projects: `go.mod` and `vendor/modules.txt`.
//!
//! The versions in `go.mod` are those that will be built, so it counts as a lockfile. Which
//! module needs an indirect one is not in it: there is no edge to those. `go.sum` is not read: it
//! also names modules that are never built, and its hashes are of file trees, not of archives.
//! The `go` and `toolchain` lines say which Go is needed at least, not which one builds, so the
//! standard library is only found in programs.

mod module_file;

use linchpin_model::{CatalogerId, OccurrenceKind, Package, PackageId, Role, Scope};
use linchpin_source::{Entry, Pattern};

use self::module_file::{ModuleFile, Requirement, vendored};
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::go_modules::package_url;
use crate::package_roots::is_inside_package;

pub(super) static CATALOGER: GoMod = GoMod;

pub(super) struct GoMod;

/// What one file tells.
#[derive(Debug)]
pub(in crate::catalogers) enum Fragment {
    Module(ModuleFile),
    Vendored(Vec<Requirement>),
}

impl Cataloger for GoMod {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("go-mod");
    const DOCUMENTATION: &'static str = "Reads `go.mod` with its replacements and exclusions, and `vendor/modules.txt`: \
        modules in the versions that are built, with edges from the project to what it imports itself. Which module \
        needs an indirect one is not in these files. The standard library is found in programs only.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("go.mod"),
        Pattern::Suffix("vendor/modules.txt"),
    ];

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
        let (file, problems) = ModuleFile::parse(&text);
        Parsed {
            value: Some(Fragment::Module(file)),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        for fragment in &fragments {
            match &fragment.value {
                Fragment::Module(file) => add_project(file, fragment, assembly),
                Fragment::Vendored(modules) => {
                    for module in modules {
                        add(module, OccurrenceKind::Installed, fragment, assembly);
                    }
                }
            }
        }
    }
}

fn add_project(file: &ModuleFile, fragment: &Located<Fragment>, assembly: &mut Assembly<'_>) {
    let purl = match &file.module {
        Some(module) => package_url(module, None),
        None => assembly.unnamed_project(&fragment.path.parent()),
    };
    let root = purl.map(|purl| {
        let occurrence = fragment.occurrence(OccurrenceKind::Declared, GoMod::ID);
        let mut package = Package::new(purl, occurrence);
        package.role = Role::Application;
        assembly.inventory.add(package)
    });
    for requirement in &file.requirements {
        let part = add(requirement, OccurrenceKind::Locked, fragment, assembly);
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
