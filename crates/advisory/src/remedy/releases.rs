//! What only a registry knows: which versions of a package there are, and what each of them needs.
//!
//! Declared here, implemented by whoever may ask an ecosystem's client. Nothing is never an error:
//! what is not known is said in the plan.

use std::sync::Arc;

use linchpin_model::Scope;

/// What a version of a package needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseNeed {
    /// The package.
    pub name: Box<str>,
    /// The versions that will do.
    pub range: Box<str>,
    /// What for.
    pub scope: Scope,
}

/// Knows versions that are not in the target.
pub trait Releases {
    /// Says which packages will be asked for, so that they can be looked up at once.
    fn expect(&self, names: &[&str]) {
        let _ = names;
    }

    /// The versions of a package that a client would take, in any order. Nothing if they are not
    /// known.
    fn versions(&self, name: &str) -> Option<Arc<[Box<str>]>>;

    /// What a version needs. Nothing if that is not known.
    fn needs(&self, name: &str, version: &str) -> Option<Arc<[ReleaseNeed]>>;
}

/// Knows no other versions: what is left are those that advisories call fixed.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoReleases;

impl Releases for NoReleases {
    fn versions(&self, _name: &str) -> Option<Arc<[Box<str>]>> {
        None
    }

    fn needs(&self, _name: &str, _version: &str) -> Option<Arc<[ReleaseNeed]>> {
        None
    }
}
