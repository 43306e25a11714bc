//! Relationships. Each kind is read in the direction in which the document says it of the first.

use super::super::{DOCUMENT, NO_ASSERTION, NONE};
use crate::document::{ComponentScope, Relationship, RelationshipKind};
use crate::node::Node;

/// What a relationship says.
pub(super) enum Found {
    /// The document describes this.
    Describes(String),
    /// Something of two elements.
    Between(Relationship),
}

/// One is inside of the other.
pub(super) fn contains(whole: &str, part: &str) -> Relationship {
    Relationship::new(whole, RelationshipKind::Contains, part)
}

/// A relationship; nothing if a part of it is missing, or if it says that nothing is known.
pub(super) fn relationship(node: &Node) -> Option<Found> {
    let from = node.str_of("spdxElementId")?;
    let kind = node.str_of("relationshipType")?;
    let to = node.str_of("relatedSpdxElement")?;
    if to == NO_ASSERTION {
        return None;
    }
    let depends = |scope| (RelationshipKind::DependsOn(scope), true);
    let (kind, turned) = match kind {
        "DESCRIBES" if from == DOCUMENT => return Some(Found::Describes(to.to_owned())),
        "DESCRIBED_BY" if to == DOCUMENT => return Some(Found::Describes(from.to_owned())),
        "DEPENDS_ON" if to == NONE => (RelationshipKind::DependsOnNothing, false),
        "DEPENDS_ON" => (RelationshipKind::DependsOn(None), false),
        "DEPENDENCY_OF" => depends(None),
        "RUNTIME_DEPENDENCY_OF" => depends(Some(ComponentScope::Required)),
        "OPTIONAL_DEPENDENCY_OF" => depends(Some(ComponentScope::Optional)),
        "PROVIDED_DEPENDENCY_OF" => depends(Some(ComponentScope::Provided)),
        "BUILD_DEPENDENCY_OF" => depends(Some(ComponentScope::Build)),
        "TEST_DEPENDENCY_OF" => depends(Some(ComponentScope::Test)),
        "DEV_DEPENDENCY_OF" => depends(Some(ComponentScope::Development)),
        "CONTAINS" => (RelationshipKind::Contains, false),
        "CONTAINED_BY" => (RelationshipKind::Contains, true),
        "GENERATED_FROM" => (RelationshipKind::GeneratedFrom, false),
        "GENERATES" => (RelationshipKind::GeneratedFrom, true),
        other => (RelationshipKind::Other(other.to_owned()), false),
    };
    if to == NONE && kind != RelationshipKind::DependsOnNothing {
        return None;
    }
    let (from, to) = if turned { (to, from) } else { (from, to) };
    let to = if kind == RelationshipKind::DependsOnNothing {
        ""
    } else {
        to
    };
    let mut relationship = Relationship::new(from, kind, to);
    relationship.comment = node.str_of("comment").map(str::to_owned);
    Some(Found::Between(relationship))
}
