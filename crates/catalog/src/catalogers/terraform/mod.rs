//! Terraform and OpenTofu: providers and modules:
//! <https://developer.hashicorp.com/terraform/language>, and the lockfile
//! <https://developer.hashicorp.com/terraform/language/files/dependency-lock>.
//!
//! The lockfile says which providers were taken; of modules only what the configuration asks for is
//! known, and the manifest of those that were fetched into `.terraform`.

mod blocks;
mod configuration;
mod lockfile;
mod source;

use std::collections::{BTreeMap, HashSet};

use linchpin_model::{CatalogerId, OccurrenceKind, Package, Role, Scope, TargetPath};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::package_roots::is_inside_package;
use crate::references::{Reference, folder_above};

pub(super) static CATALOGER: Terraform = Terraform;

pub(super) struct Terraform;

/// What one file says.
pub(super) struct Fragment {
    kind: Kind,
    references: Vec<Reference>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Lock,
    Configuration,
    /// The modules that were fetched.
    Modules,
}

impl Cataloger for Terraform {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("terraform");
    const DOCUMENTATION: &'static str = "Reads Terraform's and OpenTofu's lockfile (providers with their hashes), the \
        `required_providers` and modules of configurations, and the list of fetched modules. A provider that the lockfile \
        of its folder names is taken from there; without one it counts only if its exact version is written. Modules of \
        registries and repositories are packages, those of the same tree are not.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name(".terraform.lock.hcl"),
        Pattern::Suffix(".tf"),
        Pattern::Suffix(".tofu"),
        Pattern::Suffix(".terraform/modules/modules.json"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        // Modules that were fetched into `.terraform` are not the project's own.
        let is_fetched = entry.path.as_str().contains(".terraform/");
        let name = entry.path.name();
        if is_inside_package(entry.path) || (is_fetched && name != "modules.json") {
            return Parsed::not_mine();
        }
        let Ok(text) = std::str::from_utf8(entry.content) else {
            return Parsed::failed("it is no UTF-8");
        };
        let (kind, references) = match name {
            "modules.json" => (Kind::Modules, configuration::fetched_modules(entry.content)),
            ".terraform.lock.hcl" => (Kind::Lock, lockfile::read(text)),
            _ => (Kind::Configuration, configuration::read(text)),
        };
        let parsed = references.into_parsed();
        Parsed {
            value: match (parsed.value, kind) {
                // A lockfile without providers still says that there are none.
                (None, Kind::Lock) if parsed.problems.is_empty() => Some(Vec::new()),
                (value, _) => value,
            }
            .map(|references| Fragment { kind, references }),
            problems: parsed.problems,
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let locked: HashSet<TargetPath> = fragments
            .iter()
            .filter(|fragment| fragment.value.kind == Kind::Lock)
            .map(|fragment| fragment.path.parent())
            .collect();
        let mut roots = BTreeMap::new();
        for Located { path, layer, value } in fragments {
            let folder = folder_above(&path, &[".terraform"]);
            let place = Located {
                path,
                layer,
                value: (),
            };
            let is_configuration = value.kind == Kind::Configuration;
            let has_lock = is_configuration && locked.contains(&folder);
            for reference in value.references {
                let is_provider = reference.scope == Scope::Runtime;
                let has_version = reference.purl.version().is_some();
                if is_configuration && is_provider && (has_lock || !has_version) {
                    continue;
                }
                let Some(url) = assembly.unnamed_project(&folder) else {
                    continue;
                };
                let root = *roots.entry(folder.clone()).or_insert_with(|| {
                    let declared = place.occurrence(OccurrenceKind::Declared, Self::ID);
                    let mut root = Package::new(url, declared);
                    root.role = Role::Application;
                    assembly.inventory.add(root)
                });
                let mut package =
                    Package::new(reference.purl, place.occurrence(reference.kind, Self::ID));
                package.hashes = reference.hashes;
                package.download = reference.download;
                let package = assembly.inventory.add(package);
                assembly.inventory.depend(root, package, Scope::Runtime);
            }
        }
    }
}
