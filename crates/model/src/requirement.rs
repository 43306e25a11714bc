//! What packages ask of each other, as lockfiles and manifests write it: only advice needs it.
//!
//! An inventory holds which package was taken, not which others would have done: that would cost
//! every scan memory for a text per edge. These are read apart, when somebody asks.

use crate::{Scope, TargetPath};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Requirer {
    /// A project, by its manifest. Whoever owns it may change what it asks for.
    Project(TargetPath),
    /// A package, of which another version may ask for something else.
    Package {
        /// Its name, as its ecosystem's users write it.
        name: Box<str>,
        /// Its version.
        version: Box<str>,
    },
}

/// One thing that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requirement {
    /// Who asks.
    pub by: Requirer,
    /// The name of the package that is asked for.
    pub name: Box<str>,
    /// The versions that will do, in the ecosystem's own notation: `^1.2.0`, `>=2,<3`, `~> 1.2`.
    /// Empty where any will. What is no range of versions (an address, a folder) is given as written.
    pub range: Box<str>,
    /// What for. [`Scope::Peer`] is what the one who asks expects others to bring along.
    pub scope: Scope,
}
