//! A file of the target, as readers see it.

use linchpin_model::{LayerIndex, TargetPath};

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
    /// Its bytes, all of them.
    pub content: &'a [u8],
}
