//! Installed Python packages: `.dist-info` folders, `.egg-info` folders and files, unpacked eggs.
//! <https://packaging.python.org/en/latest/specifications/recording-installed-packages/>
//!
//! Not here: code that a package vendors without its metadata (`pip/_vendor`), and an `.egg-info`
//! outside of a folder of packages, which is a trace of building the project itself.

mod metadata;
mod site;
mod sites;

use std::collections::{BTreeMap, HashMap};

use linchpin_model::{CatalogerId, OccurrenceKind, Package, PackageId, Role, Scope, TargetPath};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, Stage};
use crate::python::declarations::leave_to_lockfiles;
use crate::python::{Environment, Requirement, major_and_minor, normalise_name, package_url};
use metadata::{Metadata, parse_requires};
use site::{Asked, MOST_COPIES, Site};
use sites::Sites;

pub(super) static CATALOGER: PythonInstalled = PythonInstalled;

pub(super) struct PythonInstalled;

/// What one file tells.
pub(super) enum Fragment {
    /// `METADATA`, `PKG-INFO`, or an `.egg-info` file.
    Package(Box<Metadata>),
    /// `requires.txt` of an egg.
    Requires(Vec<Requirement>),
    /// The version in `pyvenv.cfg`.
    Interpreter(Box<str>),
}

/// The Python of a folder that names none, when the target has no `python3` either: that of the
/// current stable release of Debian.
const LIKELY_VERSION: (u32, u32) = (3, 13);

impl Cataloger for PythonInstalled {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("python-installed");
    const DOCUMENTATION: &'static str = "Reads the metadata of installed Python packages (`.dist-info`, `.egg-info`, unpacked \
        eggs) with licence, supplier and edges. Requirements are evaluated for the interpreter that the folder belongs to; \
        those of an extra are edges only where another package or a manifest asks for the extra. Packages that a package \
        bundles with their metadata are embedded in it. The scope is that of the lockfile or manifest that names the package.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Suffix(".dist-info/METADATA"),
        Pattern::Suffix(".egg-info"),
        Pattern::Suffix(".egg-info/requires.txt"),
        Pattern::Suffix(".egg/EGG-INFO/requires.txt"),
        Pattern::Name("PKG-INFO"),
        Pattern::Name("pyvenv.cfg"),
    ];
    const STAGE: Stage = Stage::Installed;

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        let mut problems = Vec::new();
        let value = match entry.path.name() {
            "pyvenv.cfg" => interpreter_version(entry.content).map(Fragment::Interpreter),
            "requires.txt" => Some(Fragment::Requires(parse_requires(
                entry.content,
                &mut problems,
            ))),
            "PKG-INFO" if !has_metadata_here(entry.path) => None,
            _ => {
                let holder = holder(entry.path);
                Metadata::parse(entry.content, holder.name(), &mut problems)
                    .map(|metadata| Fragment::Package(Box::new(metadata)))
            }
        };
        Parsed { value, problems }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut versions: HashMap<TargetPath, Box<str>> = HashMap::new();
        let mut requires: HashMap<TargetPath, Vec<Requirement>> = HashMap::new();
        let mut found: BTreeMap<TargetPath, Vec<Located<Metadata>>> = BTreeMap::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Interpreter(version) => {
                    versions.insert(path.parent(), version);
                }
                Fragment::Requires(list) => {
                    requires.insert(path.parent(), list);
                }
                Fragment::Package(metadata) if is_installed(&path, assembly) => {
                    let value = *metadata;
                    let folder = holder(&path).parent();
                    let package = Located { path, layer, value };
                    found.entry(folder).or_default().push(package);
                }
                Fragment::Package(_) => {}
            }
        }
        // What `METADATA` says counts before `requires.txt`, as in importlib.
        for package in found.values_mut().flatten() {
            if package.value.requirements.is_empty()
                && let Some(list) = requires.remove(package.path.parent_str())
            {
                package.value.requirements = list;
            }
        }
        let system = system_version(assembly);
        let (mut sites, mut bundles) = (Vec::new(), Vec::new());
        for (folder, packages) in found {
            let version = ancestors(&folder).find_map(|above| versions.get(above));
            let environment =
                Environment::of_folder(folder.as_str(), version.map(AsRef::as_ref), system);
            let is_bundle = bundle_of(&folder).is_some();
            let site = Site::new(folder, environment, packages);
            if is_bundle {
                bundles.push(site);
            } else {
                sites.push(site);
            }
        }
        leave_to_lockfiles(assembly);
        let sites = Sites::new(&sites);
        let asked = match_declarations(&sites, assembly);
        let ids: Vec<Vec<Option<PackageId>>> = sites
            .all
            .iter()
            .zip(&asked)
            .map(|(site, asked)| add_packages(site, asked, assembly))
            .collect();
        add_edges(&sites, &asked, &ids, assembly);
        link_declarations(&sites, &ids, assembly);
        for bundle in &bundles {
            add_bundle(bundle, &sites, &ids, assembly);
        }
    }
}

/// The folder or file that stands for one package: `x.dist-info`, `x.egg-info`, `x.egg`.
fn holder(path: &TargetPath) -> TargetPath {
    if path.name().ends_with(".egg-info") {
        return path.clone();
    }
    let folder = path.parent();
    if folder.name() == "EGG-INFO" {
        return folder.parent();
    }
    folder
}

/// Whether a `PKG-INFO` is that of a package: of an egg, or at the root of an archive of sources,
/// `x-1.0.tar.gz!/x-1.0/PKG-INFO`.
fn has_metadata_here(path: &TargetPath) -> bool {
    let holder = holder(path);
    let is_egg = holder.name().ends_with(".egg-info")
        || holder.name().strip_suffix(".egg").is_some()
        || path.parent().name() == "EGG-INFO";
    let inside = path.archive_and_inside().map(|(_, inside)| inside);
    is_egg || inside.is_some_and(|inside| inside.matches('/').count() == 1)
}

/// Whether metadata is that of an installed package. An `.egg-info` also comes from building a
/// project in its own folder; pip leaves a list of files in those that it installs elsewhere.
fn is_installed(path: &TargetPath, assembly: &Assembly<'_>) -> bool {
    let holder = holder(path);
    if !holder.name().ends_with(".egg-info") {
        return true;
    }
    matches!(holder.parent().name(), "site-packages" | "dist-packages")
        || assembly.tree.exists(&holder.join("installed-files.txt"))
}

/// The folder itself and all above it, as text.
fn ancestors(folder: &TargetPath) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder.as_str()), |folder| {
        folder.rsplit_once('/').map(|(above, _)| above)
    })
}

/// For a folder of packages inside an installed package (`site-packages/setuptools/_vendor`): the
/// folder of packages around it, and the name of the module that bundles it.
fn bundle_of(folder: &TargetPath) -> Option<(&str, &str)> {
    let around = ancestors(folder).skip(1).find(|above| {
        let name = above.rsplit_once('/').map_or(*above, |(_, name)| name);
        matches!(name, "site-packages" | "dist-packages")
    })?;
    let inside = folder.as_str().get(around.len() + 1..)?;
    if matches!(folder.name(), "site-packages" | "dist-packages") {
        return None;
    }
    Some((around, inside.split('/').next()?))
}

/// The version in `pyvenv.cfg`: `version = 3.11.7`, or `version_info = 3.11.7.final.0`.
fn interpreter_version(bytes: &[u8]) -> Option<Box<str>> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        let known = matches!(key.trim(), "version" | "version_info");
        let numbers: Vec<&str> = value.trim().split('.').take(3).collect();
        known.then(|| numbers.join(".").into())
    })
}

/// The version of the target's own `python3`, which `usr/lib/python3/dist-packages` belongs to.
fn system_version(assembly: &Assembly<'_>) -> (u32, u32) {
    let program = assembly.tree.resolve(&TargetPath::new("usr/bin/python3"));
    program
        .and_then(|program| major_and_minor(program.name().strip_prefix("python")?))
        .unwrap_or(LIKELY_VERSION)
}

/// For each site, what manifests ask of it.
fn match_declarations(sites: &Sites<'_>, assembly: &Assembly<'_>) -> Vec<Vec<Asked>> {
    let mut asked: Vec<Vec<Asked>> = sites.all.iter().map(|_| Vec::new()).collect();
    for declaration in &assembly.declarations {
        if let Some((site, package)) = sites.matching(declaration) {
            asked[site].push(Asked {
                package,
                extras: declaration.requirement.extras.clone(),
                scope: declaration.scope,
            });
        }
    }
    asked
}

fn add_packages(
    site: &Site,
    asked: &[Asked],
    assembly: &mut Assembly<'_>,
) -> Vec<Option<PackageId>> {
    let scopes = site.scopes(asked);
    let packages = site.packages.iter().enumerate();
    packages
        .map(|(index, package)| {
            let reached = scopes.get(&index).copied();
            add(package, OccurrenceKind::Installed, reached, assembly)
        })
        .collect()
}

/// Adds one package. What a lockfile or manifest says of its scope stays as it is; the installed
/// copy says nothing about it.
fn add(
    package: &Located<Metadata>,
    kind: OccurrenceKind,
    reached: Option<Scope>,
    assembly: &mut Assembly<'_>,
) -> Option<PackageId> {
    let metadata = &package.value;
    let url = package_url(&metadata.name, metadata.version.as_deref())?;
    let known = assembly.inventory.find(&url).and_then(|id| {
        let known = assembly.inventory.packages().get(id.index())?;
        let told = |kind| kind != OccurrenceKind::Installed && kind != OccurrenceKind::Embedded;
        let is_told = known
            .occurrences
            .iter()
            .any(|occurrence| told(occurrence.kind));
        is_told.then_some((known.role, known.scope))
    });
    let mut added = Package::new(url, package.occurrence(kind, PythonInstalled::ID));
    // An application may be installed in its own environment.
    let (role, scope) = known.unwrap_or((Role::Library, reached.unwrap_or_default()));
    added.role = role;
    added.scope = scope;
    added.license.clone_from(&metadata.license);
    added.supplier.clone_from(&metadata.supplier);
    added.description.clone_from(&metadata.summary);
    Some(assembly.inventory.add(added))
}

fn add_edges(
    sites: &Sites<'_>,
    asked: &[Vec<Asked>],
    ids: &[Vec<Option<PackageId>>],
    assembly: &mut Assembly<'_>,
) {
    // Debian's interpreter sees several folders: its own, and that of the administrator.
    let is_shared = |site: &Site| site.folder.name() == "dist-packages";
    let shared: Vec<(&Site, &Vec<Option<PackageId>>)> = sites
        .all
        .iter()
        .zip(ids)
        .filter(|(site, _)| is_shared(site))
        .take(MOST_COPIES)
        .collect();
    for ((site, asked), own_ids) in sites.all.iter().zip(asked).zip(ids) {
        for (from, name) in site.edges(asked) {
            let here = |site: &Site, ids: &[Option<PackageId>]| -> Vec<PackageId> {
                let places = site.by_name.get(name).into_iter().flatten();
                let places = places.take(MOST_COPIES);
                places.filter_map(|&place| *ids.get(place)?).collect()
            };
            let mut needed = here(site, own_ids);
            if needed.is_empty() && is_shared(site) {
                let others = shared.iter();
                needed = others.flat_map(|(other, ids)| here(other, ids)).collect();
            }
            let Some(Some(from)) = own_ids.get(from) else {
                continue;
            };
            for on in needed {
                assembly.inventory.depend(*from, on, Scope::Runtime);
            }
        }
    }
}

/// Gives requirements without an exact version the copy that is installed for them.
fn link_declarations(
    sites: &Sites<'_>,
    ids: &[Vec<Option<PackageId>>],
    assembly: &mut Assembly<'_>,
) {
    for declaration in &mut assembly.declarations {
        if declaration.package.is_some() {
            continue;
        }
        let Some((site, package)) = sites.matching(declaration) else {
            continue;
        };
        let Some(id) = ids.get(site).and_then(|ids| *ids.get(package)?) else {
            continue;
        };
        declaration.package = Some(id);
        let inventory = &mut *assembly.inventory;
        inventory.depend(declaration.root, id, declaration.scope);
        inventory
            .package_mut(id)
            .occurrences
            .push(declaration.occurrence.clone());
    }
}

/// Packages that a package brings along, with their metadata, for its own use.
fn add_bundle(
    bundle: &Site,
    sites: &Sites<'_>,
    ids: &[Vec<Option<PackageId>>],
    assembly: &mut Assembly<'_>,
) {
    let bundler = bundle_of(&bundle.folder).and_then(|(around, module)| {
        let index = *sites.by_folder.get(around)?;
        let place = sites
            .all
            .get(index)?
            .by_name
            .get(&normalise_name(module))?
            .first()?;
        *ids.get(index)?.get(*place)?
    });
    for package in &bundle.packages {
        let id = add(package, OccurrenceKind::Embedded, None, assembly);
        if let (Some(bundler), Some(id)) = (bundler, id) {
            assembly.inventory.depend(bundler, id, Scope::Runtime);
        }
    }
}
