//! NuGet: the project files of .NET, what their references were resolved to, and the lists of older
//! projects, which only make sense together: the project's name is in its file, the versions in the
//! lockfile.
//!
//! The cases of its tests are written by hand after the documentation, in the form that the client
//! writes. What was built is read by `dotnet-deps`, Paket's lockfile by `paket-lock`.

mod listed;
mod locked;
mod project_file;
mod projects;

use std::collections::{BTreeMap, HashSet};

use linchpin_model::{CatalogerId, OccurrenceKind, Package, PackageUrl, Role, Scope, TargetPath};
use linchpin_source::{Entry, Pattern};

use self::listed::Listed;
use self::locked::{Locked, LockedPackage};
use self::project_file::ProjectFile;
use self::projects::Projects;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::nuget_packages::{folded, package_url};
use crate::package_graph::PackageGraph;
use crate::package_roots::is_inside_package;

const ID: CatalogerId = CatalogerId("nuget");

pub(super) static CATALOGER: NuGet = NuGet;

pub(super) struct NuGet;

/// What one file tells.
pub(super) enum Fragment {
    Project(Box<ProjectFile>),
    /// Properties that all projects below the folder share.
    Shared(Box<ProjectFile>),
    Locked(Locked),
    Listed(Vec<Listed>),
}

/// Where restored assets lie, below the folder of the project.
const ASSETS: &str = "obj/project.assets.json";

impl Cataloger for NuGet {
    type Fragment = Fragment;
    const ID: CatalogerId = ID;
    const DOCUMENTATION: &'static str = "Reads .NET projects: `packages.lock.json` and `obj/project.assets.json` with all \
        packages, digests and edges; `packages.config`, `dotnet-tools.json` and the build SDKs in `global.json`; and, where \
        no lockfile is there, the references in `*.csproj`, `*.fsproj` and `*.vbproj` with the properties and versions of \
        `Directory.Build.props` and `Directory.Packages.props`. A version in a project file counts as the one that NuGet \
        takes; ranges are listed without one. Packages that are private to the build are for development.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Suffix(".csproj"),
        Pattern::Suffix(".fsproj"),
        Pattern::Suffix(".vbproj"),
        Pattern::Name("Directory.Build.props"),
        Pattern::Name("Directory.Packages.props"),
        Pattern::Name("packages.lock.json"),
        Pattern::Name("project.assets.json"),
        Pattern::Name("packages.config"),
        Pattern::Name("dotnet-tools.json"),
        Pattern::Name("global.json"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let content = entry.content;
        let read = match entry.path.name() {
            "packages.lock.json" => locked::read_lockfile(content).map(Fragment::Locked),
            "project.assets.json" => locked::read_assets(content).map(Fragment::Locked),
            "packages.config" => listed::read_packages_config(content).map(Fragment::Listed),
            "dotnet-tools.json" => listed::read_tools(content).map(Fragment::Listed),
            "global.json" => match listed::read_global(content) {
                Ok(list) if !list.is_empty() => Ok(Fragment::Listed(list)),
                // Others have files of this name as well.
                _ => return Parsed::not_mine(),
            },
            "Directory.Build.props" | "Directory.Packages.props" => {
                project_file::read(content).map(|file| Fragment::Shared(Box::new(file)))
            }
            _ => project_file::read(content).map(|file| Fragment::Project(Box::new(file))),
        };
        match read {
            Ok(fragment) => Parsed::clean(fragment),
            Err(problem) => Parsed::failed(problem),
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut projects = BTreeMap::new();
        let mut shared = BTreeMap::new();
        let mut locked = Vec::new();
        let mut listed = Vec::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Project(value) => {
                    let value = *value;
                    projects.insert(path.clone(), Located { path, layer, value });
                }
                Fragment::Shared(value) => {
                    shared.insert(path, *value);
                }
                Fragment::Locked(value) => locked.push(Located { path, layer, value }),
                Fragment::Listed(value) => listed.push(Located { path, layer, value }),
            }
        }
        let projects = Projects::new(projects, shared);
        for file in &locked {
            add_locked(file, &projects, assembly);
        }
        for file in &listed {
            add_listed(file, &projects, assembly);
        }
        projects.add_unlocked(assembly);
    }
}

/// The folder of the project that a lockfile or list belongs to.
fn project_folder(path: &TargetPath) -> TargetPath {
    let folder = path.parent();
    let is_within = match path.name() {
        "project.assets.json" => folder.name() == "obj",
        "dotnet-tools.json" => folder.name() == ".config",
        _ => false,
    };
    if is_within { folder.parent() } else { folder }
}

fn add_locked(file: &Located<Locked>, projects: &Projects, assembly: &mut Assembly<'_>) {
    let folder = project_folder(&file.path);
    let locked = &file.value;
    let mut graph = PackageGraph::default();
    let root = projects
        .root(&folder, locked.name.as_deref(), assembly)
        .or_else(|| {
            let purl = match &locked.name {
                Some(name) => project_url(name, locked.version.as_deref()),
                None => assembly.unnamed_project(&folder),
            };
            Some(application(purl?, file, OccurrenceKind::Declared))
        });
    let Some(root) = root else { return };
    let root = graph.add("", root);
    let own = projects.only_in(&folder);
    let private: HashSet<String> = own
        .into_iter()
        .flat_map(ProjectFile::private)
        .chain(locked.private.iter().cloned())
        .collect();
    let scope_of = |name: &str| {
        if private.contains(name) {
            Scope::Development
        } else {
            Scope::Runtime
        }
    };

    let mut bad_names = 0;
    let mut waiting: Vec<(usize, &str, &LockedPackage)> = Vec::new();
    for framework in &locked.frameworks {
        for package in &framework.packages {
            let found = if package.is_project {
                projects.by_name(&package.name, assembly).or_else(|| {
                    let purl = project_url(&package.name, package.version.as_deref())?;
                    Some(application(purl, file, OccurrenceKind::Declared))
                })
            } else {
                package_url(&package.name, package.version.as_deref()).map(|purl| {
                    let mut found = Package::new(purl, file.occurrence(OccurrenceKind::Locked, ID));
                    found.hashes.extend(package.digest.clone());
                    found
                })
            };
            let Some(found) = found else {
                bad_names += 1;
                continue;
            };
            let place = graph.add(&key(&framework.name, &package.name), found);
            waiting.push((place, &framework.name, package));
        }
    }
    for (place, framework, package) in &waiting {
        // A framework on one platform lists only what is special to that platform.
        let plain = framework
            .split_once('/')
            .map_or(*framework, |(plain, _)| plain);
        for need in &package.needs {
            let on = graph
                .find(&key(framework, need))
                .or_else(|| graph.find(&key(plain, need)));
            if let Some(on) = on {
                graph.depend(*place, on, Scope::Runtime);
            }
        }
        if package.is_direct {
            graph.depend(root, *place, scope_of(&folded(&package.name)));
        }
    }
    let own_projects: Vec<usize> = waiting
        .iter()
        .filter(|(_, _, package)| package.is_project)
        .map(|(place, ..)| *place)
        .collect();
    for place in graph.roots_among(&own_projects) {
        graph.depend(root, place, Scope::Runtime);
    }
    if bad_names > 0 {
        assembly.inventory.note(file.note(format!(
            "packages left out because NuGet allows no such names: {bad_names}"
        )));
    }
    graph.finish(assembly);
}

fn key(framework: &str, name: &str) -> String {
    format!("{framework}\0{}", folded(name))
}

fn add_listed(file: &Located<Vec<Listed>>, projects: &Projects, assembly: &mut Assembly<'_>) {
    let folder = project_folder(&file.path);
    let root = projects.root(&folder, None, assembly).or_else(|| {
        let purl = assembly.unnamed_project(&folder)?;
        Some(application(purl, file, OccurrenceKind::Declared))
    });
    let Some(root) = root else { return };
    let root = assembly.inventory.add(root);
    for listed in &file.value {
        let Some(purl) = package_url(&listed.name, Some(&listed.version)) else {
            let name: String = listed.name.chars().take(60).collect();
            let note = file.note(format!("`{name}` is no name that NuGet allows"));
            assembly.inventory.note(note);
            continue;
        };
        let mut package = Package::new(purl, file.occurrence(OccurrenceKind::Locked, ID));
        package.scope = listed.scope;
        let package = assembly.inventory.add(package);
        assembly.inventory.depend(root, package, listed.scope);
    }
}

/// A project, which may have a name that no package could have.
fn project_url(name: &str, version: Option<&str>) -> Option<PackageUrl> {
    package_url(name, version).or_else(|| PackageUrl::new("generic", None, name, version).ok())
}

fn application<T>(purl: PackageUrl, file: &Located<T>, kind: OccurrenceKind) -> Package {
    let mut package = Package::new(purl, file.occurrence(kind, ID));
    package.role = Role::Application;
    package
}
