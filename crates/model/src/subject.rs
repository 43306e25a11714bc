//! The artifact that was looked at: what every statement is about.

use crate::Digest;

/// What sort of thing a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// A folder.
    Directory,
    /// One file.
    File,
    /// An archive of files.
    Archive,
    /// A container image.
    Image,
    /// A git repository at a revision.
    Repository,
    /// A package that was named, and not looked into.
    Package,
}

impl SubjectKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Directory,
        Self::File,
        Self::Archive,
        Self::Image,
        Self::Repository,
        Self::Package,
    ];

    /// What to call it in a report.
    pub fn label(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::File => "file",
            Self::Archive => "archive",
            Self::Image => "image",
            Self::Repository => "repository",
            Self::Package => "package",
        }
    }
}

/// The artifact that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The name a person knows it by: an image reference, else the target as given.
    pub name: String,
    /// What sort of thing.
    pub kind: SubjectKind,
    /// The digest of its manifest (image), bytes (file) or commit (repository). A folder has none.
    pub digest: Option<Digest>,
    /// The platform of an image: `linux/amd64`.
    pub platform: Option<String>,
    /// The digests of an image's layers, lowest first, in the order of `LayerIndex`.
    pub layers: Vec<Digest>,
}
