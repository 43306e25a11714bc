//! What is known between two components.

use super::ComponentScope;

/// A relationship between two things of one document, by their references.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Relationship {
    /// The one of which something is said.
    pub from: String,
    /// What is said.
    pub kind: RelationshipKind,
    /// The other. May be a reference into another document.
    pub to: String,
    /// What else is said about it.
    pub comment: Option<String>,
}

/// What is said of two components.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelationshipKind {
    /// The first needs the second; for what, where that is said.
    DependsOn(Option<ComponentScope>),
    /// The first needs nothing, and the document says so. `to` is empty.
    DependsOnNothing,
    /// The second is inside of the first.
    Contains,
    /// The first was made from the second.
    GeneratedFrom,
    /// The first implements or offers the second.
    Provides,
    /// Another, in SPDX 2's words: `PATCH_FOR`, `VARIANT_OF`.
    Other(String),
}

impl Relationship {
    /// A relationship.
    pub fn new(from: impl Into<String>, kind: RelationshipKind, to: impl Into<String>) -> Self {
        Self {
            from: from.into(),
            kind,
            to: to.into(),
            comment: None,
        }
    }
}
