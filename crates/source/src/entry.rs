//! A file of the target, as readers see it.

use linchpin_model::{Digest, LayerIndex, TargetPath};

use crate::Bytes;

/// The permission bits of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mode(pub u32);

impl Mode {
    /// Whether anybody may execute it.
    pub fn is_executable(self) -> bool {
        self.0 & 0o111 != 0
    }
}

/// A wanted file with its content.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Where it is in the target.
    pub path: &'a TargetPath,
    /// The layer that it comes from.
    pub layer: Option<LayerIndex>,
    /// Its permission bits.
    pub mode: Mode,
    /// How many bytes it has.
    pub size: u64,
    /// Its bytes: all of them, or the first ones for readers that asked with
    /// [`Pattern::Head`](crate::Pattern), or none for those that asked with `Pattern::Archive`.
    pub content: &'a [u8],
    /// All its bytes, to be read at any place, where it is a program too large to be kept; `content`
    /// has no more than the first [`PROGRAM_HEAD`](crate::PROGRAM_HEAD) bytes then. For readers that
    /// asked with `Pattern::ExecutableWith` or `Pattern::ExecutableContaining`.
    pub bytes: Option<&'a dyn Bytes>,
    /// What it is as an archive, for readers that asked with `Pattern::Archive`.
    pub archive: Option<&'a ArchiveFacts>,
}

impl<'a> Entry<'a> {
    /// A file with all its bytes.
    pub fn whole(
        path: &'a TargetPath,
        layer: Option<LayerIndex>,
        mode: Mode,
        content: &'a [u8],
    ) -> Self {
        Self {
            path,
            layer,
            mode,
            size: content.len() as u64,
            content,
            bytes: None,
            archive: None,
        }
    }
}

/// An archive that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArchiveFacts {
    /// Digests of the archive's own bytes: SHA-1, by which repositories of Java list archives, and
    /// SHA-256. Empty where the archive could not be read to its end.
    pub digests: Vec<Digest>,
    /// Its files in the order in which they are listed; folders and links are left out.
    pub members: Vec<ArchiveMember>,
    /// Whether `members` has all of them: damaged and huge archives end early.
    pub is_complete: bool,
}

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveMember {
    /// Its path inside the archive, normalised.
    pub name: Box<str>,
    /// Its size as the archive states it.
    pub size: u64,
}
