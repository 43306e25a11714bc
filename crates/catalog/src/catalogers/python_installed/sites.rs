//! All folders of installed packages of a target, and which of them a requirement means.

use std::collections::HashMap;

use linchpin_model::TargetPath;

use super::site::{MOST_COPIES, Site};
use crate::python::declarations::Declaration;

/// How many folders are looked at for the one that has a package. Where more have one of its name,
/// nobody can tell which is meant.
const MOST_FOLDERS: usize = 100;

/// The folders, found by what is asked of them, so that a target with thousands of environments
/// and manifests takes no longer than all of them one by one.
#[derive(Debug)]
pub(super) struct Sites<'a> {
    pub(super) all: &'a [Site],
    /// The place of each by its folder.
    pub(super) by_folder: HashMap<&'a str, usize>,
    /// The places of those with a package of this name in normal form.
    by_package: HashMap<&'a str, Vec<usize>>,
    /// The places of the virtual environments of a project, by the project's folder.
    by_project: HashMap<TargetPath, Vec<usize>>,
}

impl<'a> Sites<'a> {
    pub(super) fn new(all: &'a [Site]) -> Self {
        let mut sites = Self {
            all,
            by_folder: HashMap::new(),
            by_package: HashMap::new(),
            by_project: HashMap::new(),
        };
        for (index, site) in all.iter().enumerate() {
            sites.by_folder.entry(site.folder.as_str()).or_insert(index);
            // What lies in an archive is installed for nobody.
            if site
                .packages
                .iter()
                .any(|package| package.path.is_in_archive())
            {
                continue;
            }
            #[expect(
                clippy::iter_over_hash_type,
                reason = "each name gets one place, in whatever order"
            )]
            for name in site.by_name.keys() {
                sites.by_package.entry(name).or_default().push(index);
            }
            if let Some(environment) = site.virtual_environment() {
                // The root's parent is the root itself.
                if !environment.is_root() {
                    let around = environment.parent();
                    sites.by_project.entry(around).or_default().push(index);
                }
                sites.by_project.entry(environment).or_default().push(index);
            }
        }
        sites
    }

    /// The folder and the package in it that a requirement means. A project's own virtual
    /// environment is its own; else it is the one place of the target that has such a package.
    pub(super) fn matching(&self, declaration: &Declaration) -> Option<(usize, usize)> {
        let own = self.by_project.get(&declaration.folder);
        let own = own.into_iter().flatten().take(MOST_FOLDERS);
        if let Some(found) = self.having(own, declaration).next() {
            return Some(found);
        }
        let named = self.by_package.get(declaration.requirement.name.as_ref())?;
        if named.len() > MOST_FOLDERS {
            return None;
        }
        let mut found = self.having(named.iter(), declaration);
        found.next().filter(|_| found.next().is_none())
    }

    /// Those of the folders that have a package as it is asked for.
    fn having<'b>(
        &'b self,
        folders: impl Iterator<Item = &'b usize>,
        declaration: &'b Declaration,
    ) -> impl Iterator<Item = (usize, usize)> {
        let requirement = &declaration.requirement;
        folders.filter_map(|&index| {
            let site = self.all.get(index)?;
            let packages = site.by_name.get(&requirement.name)?;
            let allowed = |package: &&usize| {
                let version = site
                    .packages
                    .get(**package)
                    .map(|found| &found.value.version);
                version.is_some_and(|version| requirement.allows(version.as_deref().unwrap_or("")))
            };
            let package = *packages.iter().take(MOST_COPIES).find(allowed)?;
            Some((index, package))
        })
    }
}
