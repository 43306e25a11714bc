//! Which files exist in a folder on disk, asked only when somebody wants to know.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use linchpin_model::TargetPath;

use crate::FileTree;

/// Most symbolic links that are followed for one path, as in Linux.
pub(crate) const MOST_LINKS: usize = 40;

/// A folder on disk as a file tree. Links that are absolute are read as a `chroot` would, unless
/// they name a place inside the folder as it lies on the disk.
#[derive(Debug)]
pub(crate) struct DirectoryTree {
    root: PathBuf,
    folders: Mutex<HashMap<TargetPath, Option<TargetPath>>>,
}

/// Why a path leads nowhere.
enum Unresolved {
    Missing,
    Circle,
}

impl DirectoryTree {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self {
            root,
            folders: Mutex::new(HashMap::new()),
        }
    }

    /// The place on disk of a path that was resolved.
    pub(crate) fn on_disk(&self, path: &TargetPath) -> PathBuf {
        self.root.join(path.as_str())
    }

    fn resolve_folder(&self, folder: &TargetPath) -> Option<TargetPath> {
        if folder.is_root() {
            return Some(folder.clone());
        }
        let known = self
            .folders
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .get(folder)
            .cloned();
        if let Some(known) = known {
            return known;
        }
        let resolved = self.follow(folder).ok();
        self.folders
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .insert(folder.clone(), resolved.clone());
        resolved
    }

    /// Whether following this link never ends.
    pub(crate) fn goes_in_circle(&self, path: &TargetPath) -> bool {
        matches!(self.follow(path), Err(Unresolved::Circle))
    }

    fn follow(&self, path: &TargetPath) -> Result<TargetPath, Unresolved> {
        let mut done = TargetPath::default();
        let mut waiting: Vec<String> = path.parts().rev().map(str::to_owned).collect();
        let mut links = 0;
        while let Some(part) = waiting.pop() {
            if part == ".." {
                done = done.parent();
                continue;
            }
            let next = done.join(&part);
            let metadata =
                fs::symlink_metadata(self.on_disk(&next)).map_err(|_| Unresolved::Missing)?;
            if !metadata.is_symlink() {
                done = next;
                continue;
            }
            links += 1;
            if links > MOST_LINKS {
                return Err(Unresolved::Circle);
            }
            let target = fs::read_link(self.on_disk(&next)).map_err(|_| Unresolved::Missing)?;
            let target = if let Ok(inside) = target.strip_prefix(&self.root) {
                done = TargetPath::default();
                inside.to_path_buf()
            } else {
                if target.is_absolute() {
                    done = TargetPath::default();
                }
                target
            };
            waiting.extend(link_parts(&target).into_iter().rev());
        }
        Ok(done)
    }
}

fn link_parts(target: &Path) -> Vec<String> {
    String::from_utf8_lossy(OsStr::as_bytes(target.as_os_str()))
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .map(str::to_owned)
        .collect()
}

impl FileTree for DirectoryTree {
    fn exists(&self, path: &TargetPath) -> bool {
        self.resolve_folder(&path.parent()).is_some_and(|folder| {
            fs::symlink_metadata(self.on_disk(&folder.join(path.name()))).is_ok()
        })
    }

    fn resolve(&self, path: &TargetPath) -> Option<TargetPath> {
        let folder = self.resolve_folder(&path.parent())?;
        self.follow(&folder.join(path.name())).ok()
    }
}
