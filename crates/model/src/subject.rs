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
}

impl SubjectKind {
    /// What to call it in a report.
    pub fn label(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::File => "file",
            Self::Archive => "archive",
            Self::Image => "image",
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
    /// The digest of its manifest (image) or bytes (file). A folder has none.
    pub digest: Option<Digest>,
    /// The platform of an image: `linux/amd64`.
    pub platform: Option<String>,
    /// The digests of an image's layers, lowest first, in the order of `LayerIndex`.
    pub layers: Vec<Digest>,
}
