//! vcpkg: the manifest `vcpkg.json`, the list of installed ports, and the SPDX document that vcpkg
//! leaves with each installed port. <https://learn.microsoft.com/vcpkg/reference/vcpkg-json>.

mod installed;
mod manifest;

use std::collections::HashMap;

use linchpin_model::{CatalogerId, PackageUrl, TargetPath};
use linchpin_source::{Entry, Pattern};

use self::installed::Document;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::lock_graph::{ProjectFile, Tells, assemble_projects};

pub(super) static CATALOGER: Vcpkg = Vcpkg;

pub(super) struct Vcpkg;

/// What one file tells.
pub(super) enum Fragment {
    Project(ProjectFile),
    /// The document of one port, and the folder that ports are installed in.
    Document(TargetPath, Document),
}

impl Cataloger for Vcpkg {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("vcpkg");
    const DOCUMENTATION: &'static str = "Reads `vcpkg.json`, the list of installed ports (`vcpkg/status`) with edges, and \
        `share/*/vcpkg.spdx.json` of installed ports with licence and where the source came from. Ports that only run \
        while building are for the build. Without an installed copy, what the manifest asks for is listed, with a \
        version only where it is overridden.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("vcpkg.json"),
        Pattern::Name("vcpkg.spdx.json"),
        Pattern::Suffix("vcpkg/status"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        let text = String::from_utf8_lossy(entry.content);
        match entry.path.name() {
            "status" => installed::read_status(&text, entry),
            "vcpkg.spdx.json" => installed::read_document(&text, entry),
            // Ports of vcpkg itself, and overlays of projects.
            _ if entry.path.parts().rev().nth(2) == Some("ports") => Parsed::not_mine(),
            _ => manifest::read(&text, entry),
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut projects = Vec::new();
        let mut documents: HashMap<(TargetPath, String), Located<Document>> = HashMap::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Project(value) => projects.push(Located { path, layer, value }),
                Fragment::Document(folder, value) => {
                    let key = (folder, value.key.clone());
                    documents.insert(key, Located { path, layer, value });
                }
            }
        }
        for file in &mut projects {
            let place = file.path.parent().parent();
            if let Tells::Lock(lock) = &mut file.value.tells {
                for part in &mut lock.parts {
                    if let Some(found) = documents.remove(&(place.clone(), part.key.to_string())) {
                        installed::complete(part, found);
                    }
                }
            }
        }
        assemble_projects(projects, Self::ID, assembly);
        // Documents whose list is not there: a port that was copied without it.
        let mut alone: Vec<Located<Document>> = documents.into_values().collect();
        alone.sort_by(|left, right| left.path.cmp(&right.path));
        for document in alone {
            installed::add_alone(document, assembly);
        }
    }
}

/// The package URL of a port. The revision of the port is told where it is not 0.
fn package_url(name: &str, version: Option<&str>, revision: Option<&str>) -> Option<PackageUrl> {
    let revision = revision
        .filter(|revision| *revision != "0")
        .unwrap_or_default();
    let qualifiers = [("port_version", revision)];
    PackageUrl::with_qualifiers("vcpkg", None, name, version, &qualifiers).ok()
}
