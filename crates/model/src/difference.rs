//! What is different between two inventories or documents: the nouns of a comparison.
//!
//! Which component of one side is which of the other is found in the room `sbom`, which reads
//! both; reports show it. Findings are compared in the room `report`.

use crate::PackageUrl;

/// A component as a comparison names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ComparedComponent {
    /// Its name with its group.
    pub name: String,
    /// Its version, where it has one.
    pub version: Option<String>,
    /// Its package URL, where it has one.
    pub purl: Option<String>,
    /// Its licences in one line, where it has any.
    pub licenses: Option<String>,
}

/// A value before and after.
pub type Change = (Option<String>, Option<String>);

/// A component that is on both sides and not the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangedComponent {
    /// As it was.
    pub before: ComparedComponent,
    /// As it is.
    pub after: ComparedComponent,
    /// The version, if it changed.
    pub version: Option<Change>,
    /// The licences, if they changed.
    pub licenses: Option<Change>,
    /// The supplier, if it changed.
    pub supplier: Option<Change>,
    /// The digests, if they changed: `SHA-256:…`, with blanks between several.
    pub hashes: Option<Change>,
}

/// That one component needs, or has inside, another: their names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ComparedDependency {
    /// The one that needs.
    pub from: String,
    /// The one that is needed.
    pub to: String,
}

/// What is different between two documents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// What is only in the second.
    pub added: Vec<ComparedComponent>,
    /// What is only in the first.
    pub removed: Vec<ComparedComponent>,
    /// What is in both and not the same.
    pub changed: Vec<ChangedComponent>,
    /// Dependencies that are only in the second.
    pub dependencies_added: Vec<ComparedDependency>,
    /// Dependencies that are only in the first.
    pub dependencies_removed: Vec<ComparedDependency>,
}

impl Difference {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What names a package across its versions: its package URL without the version, and without
/// the qualifiers that another release changes. Architectures stay apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageIdentity(String);

impl From<&PackageUrl> for PackageIdentity {
    fn from(purl: &PackageUrl) -> Self {
        let arch = purl.qualifier("arch").unwrap_or_default();
        let namespace = purl.namespace().unwrap_or_default();
        Self(format!(
            "{}/{namespace}/{}?{arch}",
            purl.kind(),
            purl.name()
        ))
    }
}
