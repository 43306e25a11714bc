//! What a cataloger works on when it assembles: the inventory so far, and questions about the
//! target's files.

use std::fmt;

use linchpin_model::{InventoryBuilder, PackageId, PackageUrl, TargetPath};
use linchpin_source::FileTree;

use crate::ownership::FileClaim;
use crate::programs::Programs;
use crate::python::declarations::Declaration;

/// What a cataloger may use and change when it assembles.
pub(crate) struct Assembly<'a> {
    /// Packages, edges and notes go here.
    pub(crate) inventory: &'a mut InventoryBuilder,
    /// Which files exist, and where links lead.
    pub(crate) tree: &'a dyn FileTree,
    /// The target's own name, for a project at its root that has none.
    pub(crate) target_name: &'a str,
    /// Which files an operating system package says are its own.
    pub(crate) claims: Vec<FileClaim>,
    /// What Python projects ask for, until it is known what is installed for them.
    pub(crate) declarations: Vec<Declaration>,
    /// Programs, until it is known which of them belong to packages.
    pub(crate) programs: Programs,
}

impl Assembly<'_> {
    /// The package URL of a project whose manifest gives it no name: it is called after the folder
    /// that it lies in, `pkg:generic/services/api`.
    pub(crate) fn unnamed_project(&self, folder: &TargetPath) -> Option<PackageUrl> {
        if folder.is_root() {
            return PackageUrl::new("generic", None, self.target_name, None).ok();
        }
        PackageUrl::new("generic", Some(folder.parent_str()), folder.name(), None).ok()
    }

    /// Says that a package of the operating system owns these files: one absolute path per line,
    /// as the package manager wrote them.
    pub(crate) fn claim_files(&mut self, package: PackageId, list: Box<str>) {
        self.claims.push(FileClaim { package, list });
    }
}

impl fmt::Debug for Assembly<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Assembly").finish_non_exhaustive()
    }
}
