//! The project files of a target: which project a lockfile belongs to, and what those ask for that
//! have none.

use std::collections::{BTreeMap, HashMap};

use linchpin_model::{OccurrenceKind, Package, PackageId, TargetPath};

use super::project_file::{ProjectFile, Reference, replace_properties};
use super::{ASSETS, ID, application, project_url};
use crate::assembly::Assembly;
use crate::cataloger::Located;
use crate::nuget_packages::{folded, lowest_version, package_url};

/// Files in a project's folder that say which versions were taken.
const EXACT: &[&str] = &[
    "packages.lock.json",
    ASSETS,
    "packages.config",
    "paket.references",
];

/// All project files.
pub(super) struct Projects {
    by_path: BTreeMap<TargetPath, Located<ProjectFile>>,
    by_folder: HashMap<TargetPath, Vec<TargetPath>>,
    by_name: HashMap<String, TargetPath>,
    /// Properties of folders, by the path of their file.
    shared: BTreeMap<TargetPath, ProjectFile>,
}

impl Projects {
    pub(super) fn new(
        by_path: BTreeMap<TargetPath, Located<ProjectFile>>,
        shared: BTreeMap<TargetPath, ProjectFile>,
    ) -> Self {
        let mut by_folder: HashMap<TargetPath, Vec<TargetPath>> = HashMap::new();
        let mut by_name = HashMap::new();
        for path in by_path.keys() {
            by_folder
                .entry(path.parent())
                .or_default()
                .push(path.clone());
            by_name
                .entry(folded(stem(path)))
                .or_insert_with(|| path.clone());
        }
        Self {
            by_path,
            by_folder,
            by_name,
            shared,
        }
    }

    /// The project file of a folder, if there is but one.
    pub(super) fn only_in(&self, folder: &TargetPath) -> Option<&ProjectFile> {
        match self.by_folder.get(folder)?.as_slice() {
            [path] => self.by_path.get(path).map(|file| &file.value),
            _ => None,
        }
    }

    /// The project in a folder: the one of that name, or the only one.
    pub(super) fn root(
        &self,
        folder: &TargetPath,
        name: Option<&str>,
        assembly: &Assembly<'_>,
    ) -> Option<Package> {
        let paths = self.by_folder.get(folder)?;
        let named = name.and_then(|name| {
            paths
                .iter()
                .find(|path| stem(path).eq_ignore_ascii_case(name))
        });
        let path = match paths.as_slice() {
            [only] => only,
            _ => named?,
        };
        self.package(self.by_path.get(path)?, assembly)
    }

    /// The project of this name, wherever it is.
    pub(super) fn by_name(&self, name: &str, assembly: &Assembly<'_>) -> Option<Package> {
        let path = self.by_name.get(&folded(name))?;
        self.package(self.by_path.get(path)?, assembly)
    }

    fn package(&self, file: &Located<ProjectFile>, assembly: &Assembly<'_>) -> Option<Package> {
        let version = self.version(file);
        let purl = project_url(stem(&file.path), version.as_deref())
            .or_else(|| assembly.unnamed_project(&file.path.parent()))?;
        Some(application(purl, file, OccurrenceKind::Declared))
    }

    /// The version that a build would give the project. The SDK takes 1.0.0 if nobody sets one.
    fn version(&self, file: &Located<ProjectFile>) -> Option<String> {
        let files = self.with_shared(file);
        let property = |name: &str| {
            let value = files.iter().find_map(|file| file.properties.get(name))?;
            replace_properties(value, &files)
        };
        let is_set = |name: &str| files.iter().any(|file| file.properties.contains_key(name));
        if is_set("version") {
            return property("version");
        }
        if is_set("versionprefix") {
            let prefix = property("versionprefix")?;
            return Some(match property("versionsuffix") {
                Some(suffix) if !suffix.is_empty() => format!("{prefix}-{suffix}"),
                _ => prefix,
            });
        }
        file.value.uses_sdk.then(|| "1.0.0".to_owned())
    }

    /// A project file and the shared ones that it takes in: of each name the nearest upwards.
    fn with_shared<'a>(&'a self, file: &'a Located<ProjectFile>) -> Vec<&'a ProjectFile> {
        let mut files = vec![&file.value];
        for name in ["Directory.Build.props", "Directory.Packages.props"] {
            let mut folder = file.path.parent();
            loop {
                if let Some(found) = self.shared.get(&folder.join(name)) {
                    files.push(found);
                    break;
                }
                if folder.is_root() {
                    break;
                }
                folder = folder.parent();
            }
        }
        files
    }

    /// Adds the projects that no lockfile speaks for, with what they ask for.
    pub(super) fn add_unlocked(&self, assembly: &mut Assembly<'_>) {
        let mut roots: HashMap<&TargetPath, PackageId> = HashMap::new();
        for (path, file) in &self.by_path {
            let folder = path.parent();
            let is_locked = EXACT
                .iter()
                .any(|name| assembly.tree.exists(&folder.join(name)));
            let Some(package) = self.package(file, assembly) else {
                continue;
            };
            let root = assembly.inventory.add(package);
            roots.insert(path, root);
            if !is_locked {
                self.add_references(file, root, assembly);
            }
        }
        for (path, file) in &self.by_path {
            for other in &file.value.projects {
                let other = path.parent().join(other);
                if let (Some(&from), Some(&on)) = (roots.get(path), roots.get(&other)) {
                    let scope = linchpin_model::Scope::Runtime;
                    assembly.inventory.depend(from, on, scope);
                }
            }
        }
    }

    fn add_references(
        &self,
        file: &Located<ProjectFile>,
        root: PackageId,
        assembly: &mut Assembly<'_>,
    ) {
        let files = self.with_shared(file);
        let central: HashMap<&str, &str> = files
            .iter()
            .flat_map(|file| &file.central)
            .map(|(name, version)| (name.as_str(), version.as_str()))
            .collect();
        // Of several lines about one package the last one with a version counts.
        let mut wanted: BTreeMap<String, Reference> = BTreeMap::new();
        for reference in files.iter().rev().flat_map(|file| &file.references) {
            let slot = wanted
                .entry(folded(&reference.name))
                .or_insert_with(|| reference.clone());
            if reference.version.is_some() {
                slot.version.clone_from(&reference.version);
            }
            slot.scope = slot.scope.max(reference.scope);
        }
        let mut without_version = 0;
        for (name, reference) in wanted {
            let written = reference
                .version
                .as_deref()
                .or_else(|| central.get(name.as_str()).copied());
            let version = written.and_then(|version| replace_properties(version, &files));
            let version = version.as_deref().and_then(lowest_version);
            let Some(purl) = package_url(&reference.name, version) else {
                let name: String = reference.name.chars().take(60).collect();
                let note = file.note(format!("`{name}` is no name that NuGet allows"));
                assembly.inventory.note(note);
                continue;
            };
            without_version += usize::from(version.is_none());
            let mut package = Package::new(purl, file.occurrence(OccurrenceKind::Declared, ID));
            package.scope = reference.scope;
            let package = assembly.inventory.add(package);
            assembly.inventory.depend(root, package, reference.scope);
        }
        if without_version > 0 {
            let packages = match without_version {
                1 => "1 package has no exact version and is".to_owned(),
                count => format!("{count} packages have no exact version and are"),
            };
            assembly
                .inventory
                .note(file.note(format!("has no lockfile: {packages} listed without one")));
        }
    }
}

impl ProjectFile {
    /// The names, as they are compared, of what it asks for its own build alone.
    pub(super) fn private(&self) -> impl Iterator<Item = String> {
        self.references
            .iter()
            .filter(|reference| reference.scope == linchpin_model::Scope::Development)
            .map(|reference| folded(&reference.name))
    }
}

/// The file's name without its ending.
fn stem(path: &TargetPath) -> &str {
    let name = path.name();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
