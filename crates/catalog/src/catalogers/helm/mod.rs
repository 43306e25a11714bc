//! Helm charts: the charts that they depend on and the images that their values name:
//! <https://helm.sh/docs/topics/charts/>.
//!
//! Templates are not rendered; images written out in them are found as manifests of Kubernetes.

mod chart;
mod values;

use std::collections::{BTreeMap, HashMap};

use linchpin_model::{
    CatalogerId, OccurrenceKind, Package, PackageId, PackageUrl, Role, Scope, TargetPath,
};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::yaml::read_documents;
use crate::image_reference::ImageReference;
use crate::package_roots::is_inside_package;
use chart::{Chart, Dependency};
use values::ImageInValues;

pub(super) static CATALOGER: Helm = Helm;

pub(super) struct Helm;

/// What one file says.
pub(super) enum Fragment {
    Chart(Box<Chart>),
    /// `Chart.lock` or `requirements.lock`.
    Lock(Vec<Dependency>),
    /// `requirements.yaml`, where charts of the first version have their dependencies.
    Requirements(Vec<Dependency>),
    Values(Vec<ImageInValues>),
}

impl Cataloger for Helm {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("helm");
    const DOCUMENTATION: &'static str = "Reads Helm charts (`Chart.yaml`, `Chart.lock`, `requirements.yaml` and its lock, \
        `values.yaml` beside them): the chart as root, the charts that it depends on, those that lie in its folder \
        `charts` as installed, and the images that its values name, with the chart's `appVersion` where a tag is left \
        open. Templates are not rendered.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("Chart.yaml"),
        Pattern::Name("Chart.lock"),
        Pattern::Name("requirements.yaml"),
        Pattern::Name("requirements.lock"),
        Pattern::Name("values.yaml"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        // Files of these names are written by others as well; only a chart must be one.
        let name = entry.path.name();
        let must_be_one = name.starts_with("Chart");
        let documents = match std::str::from_utf8(entry.content) {
            Ok(text) => read_documents(text),
            Err(_) => Err("it is no UTF-8".to_owned()),
        };
        let document = match documents {
            Ok(documents) => documents,
            Err(problem) if must_be_one => return Parsed::failed(problem),
            Err(_) => return Parsed::not_mine(),
        };
        let Some(document) = document.first() else {
            return Parsed::not_mine();
        };
        match name {
            "Chart.yaml" => match chart::read(document) {
                Some(chart) => Parsed::clean(Fragment::Chart(Box::new(chart))),
                None => Parsed::failed("it is no chart: it has no name"),
            },
            "Chart.lock" | "requirements.lock" if document.get("dependencies").is_none() => {
                Parsed::failed("it names no dependencies")
            }
            "Chart.lock" | "requirements.lock" => {
                Parsed::clean(Fragment::Lock(chart::dependencies(document)))
            }
            "requirements.yaml" => {
                Parsed::clean(Fragment::Requirements(chart::dependencies(document)))
            }
            _ => {
                let images = values::images(document);
                if images.is_empty() {
                    return Parsed::not_mine();
                }
                Parsed::clean(Fragment::Values(images))
            }
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut folders: BTreeMap<TargetPath, Folder> = BTreeMap::new();
        for Located { path, layer, value } in fragments {
            let folder = folders.entry(path.parent()).or_default();
            let place = Located {
                path,
                layer,
                value: (),
            };
            match value {
                Fragment::Chart(chart) => folder.chart = Some((*chart, place)),
                Fragment::Lock(list) => folder.lock = Some((list, place)),
                Fragment::Requirements(list) => folder.requirements = Some((list, place)),
                Fragment::Values(images) => folder.values = Some((images, place)),
            }
        }
        // A chart's own folder comes before those in it.
        let mut charts: HashMap<TargetPath, PackageId> = HashMap::new();
        for (path, folder) in &folders {
            let Some((chart, place)) = &folder.chart else {
                continue;
            };
            let parent = parent_chart(path).filter(|parent| charts.contains_key(parent));
            let known = parent.as_ref().and_then(|parent| {
                let parent = folders.get(parent)?;
                parent.purl_of(&chart.name, chart.version.as_deref()?)
            });
            let purl = known.or_else(|| {
                PackageUrl::new("helm", None, &chart.name, chart.version.as_deref()).ok()
            });
            let Some(purl) = purl else { continue };
            let kind = match parent {
                Some(_) => OccurrenceKind::Installed,
                None => OccurrenceKind::Declared,
            };
            let mut package = Package::new(purl, place.occurrence(kind, Self::ID));
            package.description.clone_from(&chart.description);
            package.supplier.clone_from(&chart.maintainer);
            if parent.is_none() {
                package.role = Role::Application;
            }
            let id = assembly.inventory.add(package);
            charts.insert(path.clone(), id);
            if let Some(parent) = parent.and_then(|parent| charts.get(&parent).copied()) {
                assembly.inventory.depend(parent, id, Scope::Runtime);
            }
            folder.add_dependencies(id, assembly);
            folder.add_images(id, chart.app_version.as_deref(), assembly);
        }
    }
}

/// The files of one folder.
#[derive(Default)]
struct Folder {
    chart: Option<(Chart, Located<()>)>,
    lock: Option<(Vec<Dependency>, Located<()>)>,
    requirements: Option<(Vec<Dependency>, Located<()>)>,
    values: Option<(Vec<ImageInValues>, Located<()>)>,
}

impl Folder {
    /// What the chart depends on: as locked, or else as it asks for.
    fn dependencies(&self) -> Option<(&[Dependency], &Located<()>, OccurrenceKind)> {
        if let Some((list, place)) = &self.lock {
            return Some((list, place, OccurrenceKind::Locked));
        }
        let (chart, place) = self.chart.as_ref()?;
        match &self.requirements {
            Some((list, place)) if chart.dependencies.is_empty() => {
                Some((list, place, OccurrenceKind::Declared))
            }
            _ => Some((&chart.dependencies, place, OccurrenceKind::Declared)),
        }
    }

    /// The package URL of a chart that it depends on.
    fn purl_of(&self, name: &str, version: &str) -> Option<PackageUrl> {
        let (dependencies, _, _) = self.dependencies()?;
        let found = dependencies.iter().find(|dependency| {
            dependency.name == name && dependency.exact_version() == Some(version)
        })?;
        found.package_url()
    }

    fn add_dependencies(&self, chart: PackageId, assembly: &mut Assembly<'_>) {
        let Some((dependencies, place, kind)) = self.dependencies() else {
            return;
        };
        for dependency in dependencies
            .iter()
            .filter(|dependency| !dependency.is_local())
        {
            let Some(purl) = dependency.package_url() else {
                continue;
            };
            let package = Package::new(purl, place.occurrence(kind, Helm::ID));
            let id = assembly.inventory.add(package);
            assembly.inventory.depend(chart, id, Scope::Runtime);
        }
    }

    fn add_images(&self, chart: PackageId, app_version: Option<&str>, assembly: &mut Assembly<'_>) {
        let Some((images, place)) = &self.values else {
            return;
        };
        for image in images {
            let name = image.name(app_version);
            let reference = match ImageReference::parse(&name) {
                Ok(reference) => reference,
                Err(problem) => {
                    assembly.inventory.note(place.note(problem.to_string()));
                    continue;
                }
            };
            let Some(purl) = reference.package_url() else {
                continue;
            };
            let mut package = Package::new(
                purl,
                place.occurrence(reference.occurrence_kind(), Helm::ID),
            );
            package.hashes = reference.digest().cloned().into_iter().collect();
            let id = assembly.inventory.add(package);
            assembly.inventory.depend(chart, id, Scope::Runtime);
        }
    }
}

/// The folder of the chart that this one lies in: `web/charts/redis` lies in `web`. Packed charts,
/// `web/charts/redis-18.0.tgz!/redis`, do as well.
fn parent_chart(folder: &TargetPath) -> Option<TargetPath> {
    let (parent, _) = folder.as_str().rsplit_once("/charts/").or_else(|| {
        let inner = folder.as_str().strip_prefix("charts/")?;
        Some(("", inner))
    })?;
    Some(TargetPath::new(parent))
}
