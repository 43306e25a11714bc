//! Which files exist in a target, without keeping their names.

use linchpin_model::TargetPath;

/// Questions about the final file system of a target, after all layers.
pub trait FileTree: Send + Sync + std::fmt::Debug {
    /// Whether a file, folder or link is at this path. Links in the folders above it are followed
    /// inside the target; a link at the path itself counts as being there.
    fn exists(&self, path: &TargetPath) -> bool;

    /// Where a path leads when all symbolic links in it, the last part's included, are followed
    /// inside the target. `None` if nothing is there, or the links go in a circle.
    fn resolve(&self, path: &TargetPath) -> Option<TargetPath>;
}
