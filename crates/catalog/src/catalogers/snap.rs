//! Snaps: the description that each carries (`meta/snap.yaml`) and, where it was kept, the list of
//! the distribution's packages that were put into it (`snap/manifest.yaml`):
//! <https://documentation.ubuntu.com/snapcraft/stable/reference/project-file/snapcraft-yaml/>.
//!
//! A snap's packages are those of the Ubuntu release of its base: advisories of that release hold
//! for them. Snaps are read where they are unpacked or mounted; their file system images are not.

use std::collections::BTreeMap;

use linchpin_model::{
    CatalogerId, LayerIndex, OccurrenceKind, Package, PackageId, PackageUrl, Role, Scope,
    TargetPath,
};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::Loose;
use crate::documents::yaml;
use crate::licenses;

pub(super) static CATALOGER: Snap = Snap;

pub(super) struct Snap;

/// What one file tells.
#[derive(Debug)]
pub(in crate::catalogers) enum Fragment {
    Snap(Box<Description>),
    /// Packages of the distribution: `name=version`.
    Manifest(Vec<Box<str>>),
}

/// `meta/snap.yaml`.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Description {
    name: Box<str>,
    version: Option<Box<str>>,
    summary: Option<Box<str>>,
    license: Option<Box<str>>,
    architecture: Option<Box<str>>,
    base: Option<Box<str>>,
}

impl Cataloger for Snap {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("snap");
    const DOCUMENTATION: &'static str = "Reads unpacked or mounted snaps (`meta/snap.yaml`, `snap/manifest.yaml`): the \
        snap with its licence and the base that it needs, and the packages of Ubuntu that were put into it. Leaves \
        out snaps that are still file system images.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Suffix("meta/snap.yaml"),
        Pattern::Suffix("snap/manifest.yaml"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        let text = String::from_utf8_lossy(entry.content);
        let documents = match yaml::read_documents(&text) {
            Ok(documents) => documents,
            Err(problem) => return Parsed::failed(problem),
        };
        let Some(document) = documents.first() else {
            return Parsed::not_mine();
        };
        let text = |name: &str| {
            let text = document.get(name).and_then(Loose::text);
            text.filter(|text| !text.is_empty()).map(Box::<str>::from)
        };
        if entry.path.name() == "manifest.yaml" {
            // Lists of packages stand at the top in old manifests, and in each part in new ones.
            let mut packages = Vec::new();
            let parts = document.get("parts").map_or(&[][..], Loose::members);
            let places = std::iter::once(document).chain(parts.iter().map(|(_, part)| part));
            for place in places {
                for list in ["primed-stage-packages", "stage-packages"] {
                    let list = place.get(list).map_or(&[][..], Loose::items);
                    let before = packages.len();
                    packages.extend(list.iter().filter_map(Loose::text).map(Box::<str>::from));
                    if packages.len() > before {
                        break;
                    }
                }
            }
            packages.sort();
            packages.dedup();
            return Parsed::clean(Fragment::Manifest(packages));
        }
        let Some(name) = text("name") else {
            return Parsed::failed("it names no snap");
        };
        let architectures = document.get("architectures").map_or(&[][..], Loose::items);
        Parsed::clean(Fragment::Snap(Box::new(Description {
            name,
            version: text("version"),
            summary: text("summary"),
            license: text("license"),
            architecture: match architectures {
                [only] => only.text().map(Into::into),
                _ => None,
            },
            base: text("base"),
        })))
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        // By the folder that the snap lies in.
        let mut snaps: BTreeMap<TargetPath, (Located<Description>, PackageId)> = BTreeMap::new();
        let mut manifests = Vec::new();
        for Located { path, layer, value } in fragments {
            let folder = path.parent().parent();
            match value {
                Fragment::Snap(description) => {
                    let found = Located {
                        path,
                        layer,
                        value: *description,
                    };
                    if let Some(id) = add(&found, assembly) {
                        snaps.insert(folder, (found, id));
                    }
                }
                Fragment::Manifest(packages) => manifests.push((folder, path, layer, packages)),
            }
        }
        let mut edges = Vec::new();
        for (found, id) in snaps.values() {
            let base = found.value.base.as_deref();
            let on = snaps
                .values()
                .filter(|(other, _)| base == Some(other.value.name.as_ref()));
            // Several revisions of a base may be kept; which one is in use is not in its files.
            edges.extend(on.take(4).map(|(_, on)| (*id, *on)));
        }
        for (from, on) in edges {
            assembly.inventory.depend(from, on, Scope::Runtime);
        }
        for (folder, path, layer, packages) in manifests {
            let snap = snaps.get(&folder);
            add_stage_packages(&path, layer, &packages, snap, assembly);
        }
    }
}

fn add(found: &Located<Description>, assembly: &mut Assembly<'_>) -> Option<PackageId> {
    let snap = &found.value;
    let purl = PackageUrl::with_qualifiers(
        "snap",
        None,
        &snap.name,
        snap.version.as_deref(),
        &[("arch", snap.architecture.as_deref().unwrap_or_default())],
    );
    match purl {
        Ok(purl) => {
            let occurrence = found.occurrence(OccurrenceKind::Installed, Snap::ID);
            let mut package = Package::new(purl, occurrence);
            package.license = snap.license.as_deref().and_then(licenses::from_expression);
            package.description = snap.summary.as_deref().map(Into::into);
            Some(assembly.inventory.add(package))
        }
        Err(error) => {
            assembly.inventory.note(found.note(error.to_string()));
            None
        }
    }
}

/// The release of Ubuntu that a base is made of: <https://snapcraft.io/docs/base-snaps>.
fn release_of(base: &str) -> Option<String> {
    let year: u32 = match base {
        "core" => 16,
        _ => base.strip_prefix("core")?.parse().ok()?,
    };
    (year >= 16).then(|| format!("ubuntu-{year}.04"))
}

fn add_stage_packages(
    path: &TargetPath,
    layer: Option<LayerIndex>,
    packages: &[Box<str>],
    snap: Option<&(Located<Description>, PackageId)>,
    assembly: &mut Assembly<'_>,
) {
    let located = Located {
        path: path.clone(),
        layer,
        value: (),
    };
    let base = snap.and_then(|(found, _)| found.value.base.as_deref());
    let distro = base.and_then(release_of).unwrap_or_default();
    for package in packages {
        let Some((name, version)) = package.split_once('=') else {
            continue;
        };
        let (name, architecture) = name.split_once(':').unwrap_or((name, ""));
        let purl = PackageUrl::with_qualifiers(
            "deb",
            Some("ubuntu"),
            name,
            Some(version),
            &[("arch", architecture), ("distro", &distro)],
        );
        match purl {
            Ok(purl) => {
                let occurrence = located.occurrence(OccurrenceKind::Embedded, Snap::ID);
                let mut package = Package::new(purl, occurrence);
                package.role = Role::Library;
                let id = assembly.inventory.add(package);
                if let Some((_, snap)) = snap {
                    assembly.inventory.depend(*snap, id, Scope::Runtime);
                }
            }
            Err(error) => assembly.inventory.note(located.note(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_are_releases_of_ubuntu() {
        assert_eq!(release_of("core22").as_deref(), Some("ubuntu-22.04"));
        assert_eq!(release_of("core").as_deref(), Some("ubuntu-16.04"));
        assert_eq!(release_of("bare"), None);
        assert_eq!(release_of("core1"), None);
    }
}
