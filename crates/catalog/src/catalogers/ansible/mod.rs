//! Ansible: collections and roles, as a project asks for them, as an author describes them, and as
//! they are installed: <https://docs.ansible.com/ansible/latest/galaxy/user_guide.html>.
//!
//! Collections have a type of package URL of their own; a role of Galaxy has the same with a
//! qualifier, because both share its name spaces.

mod collection;
mod requirements;

use std::collections::HashMap;

use linchpin_model::{
    CatalogerId, LicenseExpression, OccurrenceKind, Package, PackageId, PackageUrl, Role, Scope,
};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::package_roots::is_inside_package;
use crate::references::{Reference, assemble_references, own_folder};

pub(super) static CATALOGER: Ansible = Ansible;

pub(super) struct Ansible;

/// What one file says.
pub(super) enum Fragment {
    Requirements(Vec<Reference>),
    /// A collection: one that is written here, or an installed one.
    Collection(Box<Collection>),
    /// An installed role: its name is that of its folder.
    Role(Option<String>),
}

pub(super) struct Collection {
    namespace: String,
    name: String,
    version: Option<String>,
    license: Option<LicenseExpression>,
    author: Option<String>,
    description: Option<String>,
    download: Option<String>,
    /// Names of the form `namespace.name`, and which versions are asked for.
    dependencies: Vec<(String, String)>,
}

impl Collection {
    fn package_url(&self) -> Option<PackageUrl> {
        collection_url(&self.namespace, &self.name, self.version.as_deref())
    }
}

fn collection_url(namespace: &str, name: &str, version: Option<&str>) -> Option<PackageUrl> {
    PackageUrl::new(
        "ansible",
        Some(&namespace.to_lowercase()),
        &name.to_lowercase(),
        version,
    )
    .ok()
}

impl Cataloger for Ansible {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("ansible");
    const DOCUMENTATION: &'static str = "Reads what Ansible projects ask for (`requirements.yml`: collections and roles), \
        collections that are written here (`galaxy.yml`, as roots), installed collections (`MANIFEST.json`) with their \
        edges, and installed roles (`.galaxy_install_info`). Ranges of versions are no versions: such a requirement has \
        none unless it is installed.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("requirements.yml"),
        Pattern::Glob("**/collections/requirements.yaml"),
        Pattern::Glob("**/roles/requirements.yaml"),
        Pattern::Name("galaxy.yml"),
        Pattern::Glob("**/ansible_collections/*/*/MANIFEST.json"),
        Pattern::Suffix("meta/.galaxy_install_info"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        let text = String::from_utf8_lossy(entry.content);
        let name = entry.path.name();
        let is_collection = entry.path.as_str().contains("ansible_collections/");
        match name {
            "MANIFEST.json" => collection::read_manifest(&text),
            ".galaxy_install_info" => requirements::read_installed_role(&text),
            // What installed packages and collections were developed with is not the target's.
            _ if is_collection || is_inside_package(entry.path) => Parsed::not_mine(),
            "galaxy.yml" => collection::read_galaxy(&text),
            _ => requirements::read(&text),
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut requirements = Vec::new();
        let mut by_name: HashMap<String, PackageId> = HashMap::new();
        let mut edges = Vec::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Requirements(value) => requirements.push(Located { path, layer, value }),
                Fragment::Role(version) => {
                    let place = Located {
                        path,
                        layer,
                        value: (),
                    };
                    let folder = place.path.parent().parent();
                    if let Some(purl) = requirements::role_url(folder.name(), version.as_deref()) {
                        let occurrence = place.occurrence(OccurrenceKind::Installed, Self::ID);
                        assembly.inventory.add(Package::new(purl, occurrence));
                    }
                }
                Fragment::Collection(collection) => {
                    let place = Located {
                        path,
                        layer,
                        value: (),
                    };
                    let Some(purl) = collection.package_url() else {
                        continue;
                    };
                    let is_installed = place.path.name() == "MANIFEST.json";
                    let kind = if is_installed {
                        OccurrenceKind::Installed
                    } else {
                        OccurrenceKind::Declared
                    };
                    let mut package = Package::new(purl, place.occurrence(kind, Self::ID));
                    if !is_installed {
                        package.role = Role::Application;
                    }
                    package.license = collection.license;
                    package.supplier = collection.author;
                    package.description = collection.description;
                    package.download = collection.download;
                    let id = assembly.inventory.add(package);
                    let name = format!("{}.{}", collection.namespace, collection.name);
                    if is_installed {
                        by_name.insert(name, id);
                    }
                    edges.push((id, collection.dependencies, place));
                }
            }
        }
        for (from, dependencies, place) in edges {
            for (name, version) in dependencies {
                let on = match by_name.get(&name) {
                    Some(&on) => Some(on),
                    // Of an installed collection only what is installed too is certain.
                    None if place.path.name() == "MANIFEST.json" => None,
                    None => name.split_once('.').and_then(|(namespace, name)| {
                        let version = requirements::exact_version(&version);
                        let purl = collection_url(namespace, name, version)?;
                        let occurrence = place.occurrence(OccurrenceKind::Declared, Self::ID);
                        Some(assembly.inventory.add(Package::new(purl, occurrence)))
                    }),
                };
                if let Some(on) = on {
                    assembly.inventory.depend(from, on, Scope::Runtime);
                }
            }
        }
        assemble_references(requirements, Self::ID, own_folder, assembly);
    }
}
