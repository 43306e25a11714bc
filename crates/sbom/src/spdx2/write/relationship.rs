//! Relationships, in the direction that SPDX has a word for.

use super::super::{DOCUMENT, NONE};
use super::Writing;
use crate::document::{ComponentScope, RelationshipKind};
use crate::node::{Node, ObjectBuilder};

/// What the document describes, then everything else.
pub(super) fn relationships(writing: &mut Writing<'_>) -> Vec<Node> {
    let document = writing.document;
    let mut list = Vec::new();
    match &document.metadata.primary {
        Some(primary) => list.push(node(DOCUMENT, "DESCRIBES", writing.ids.of(primary))),
        None => list.extend(
            document
                .components
                .iter()
                .map(|component| node(DOCUMENT, "DESCRIBES", writing.ids.of(component))),
        ),
    }
    for component in document.all_components() {
        for inner in &component.components {
            list.push(node(
                writing.ids.of(component),
                "CONTAINS",
                writing.ids.of(inner),
            ));
        }
    }
    for relationship in &document.relationships {
        let nothing = relationship.kind == RelationshipKind::DependsOnNothing;
        let from = writing.ids.of_reference(&relationship.from);
        let to = if nothing {
            Some(NONE)
        } else {
            writing.ids.of_reference(&relationship.to)
        };
        let (Some(from), Some(to)) = (from, to) else {
            let example = format!("{} to {}", relationship.from, relationship.to);
            writing.losses.add(
                "relationship with something that is not in the document",
                example,
            );
            continue;
        };
        let (first, kind, second) = match &relationship.kind {
            RelationshipKind::DependsOn(scope) => match scope {
                None => (from, "DEPENDS_ON", to),
                Some(ComponentScope::Required) => (to, "RUNTIME_DEPENDENCY_OF", from),
                Some(ComponentScope::Optional) => (to, "OPTIONAL_DEPENDENCY_OF", from),
                Some(ComponentScope::Provided) => (to, "PROVIDED_DEPENDENCY_OF", from),
                Some(ComponentScope::Build) => (to, "BUILD_DEPENDENCY_OF", from),
                Some(ComponentScope::Test) => (to, "TEST_DEPENDENCY_OF", from),
                Some(ComponentScope::Development) => (to, "DEV_DEPENDENCY_OF", from),
                Some(ComponentScope::Excluded) => {
                    writing
                        .losses
                        .add("what a dependency is for", &relationship.to);
                    (from, "DEPENDS_ON", to)
                }
            },
            RelationshipKind::DependsOnNothing => (from, "DEPENDS_ON", to),
            RelationshipKind::Contains => (from, "CONTAINS", to),
            RelationshipKind::GeneratedFrom => (from, "GENERATED_FROM", to),
            RelationshipKind::Provides => {
                writing
                    .losses
                    .add("that one component implements another", &relationship.from);
                continue;
            }
            RelationshipKind::Other(kind) => match known(kind, writing.old) {
                Some(kind) => (from, kind, to),
                None => {
                    writing
                        .losses
                        .add(format!("relationship {kind} (written as OTHER)"), from);
                    (from, "OTHER", to)
                }
            },
        };
        let mut built = node(first, kind, second);
        if let (Some(comment), Node::Object(fields)) = (&relationship.comment, &mut built) {
            fields.push(("comment".into(), Node::text(comment)));
        }
        list.push(built);
    }
    list
}

fn node(from: &str, kind: &str, to: &str) -> Node {
    let mut node = ObjectBuilder::new();
    node.set("spdxElementId", from)
        .set("relationshipType", kind)
        .set("relatedSpdxElement", to);
    node.build()
}

/// The kinds that are not understood as one of ours, and those that 2.2 has not.
fn known(kind: &str, old: bool) -> Option<&'static str> {
    const NEW: [&str; 2] = ["REQUIREMENT_DESCRIPTION_FOR", "SPECIFICATION_FOR"];
    const KINDS: [&str; 32] = [
        "AMENDS",
        "ANCESTOR_OF",
        "BUILD_TOOL_OF",
        "COPY_OF",
        "DATA_FILE_OF",
        "DEPENDENCY_MANIFEST_OF",
        "DESCENDANT_OF",
        "DESCRIBED_BY",
        "DESCRIBES",
        "DEV_TOOL_OF",
        "DISTRIBUTION_ARTIFACT",
        "DOCUMENTATION_OF",
        "DYNAMIC_LINK",
        "EXAMPLE_OF",
        "EXPANDED_FROM_ARCHIVE",
        "FILE_ADDED",
        "FILE_DELETED",
        "FILE_MODIFIED",
        "HAS_PREREQUISITE",
        "METAFILE_OF",
        "OPTIONAL_COMPONENT_OF",
        "OTHER",
        "PACKAGE_OF",
        "PATCH_APPLIED",
        "PATCH_FOR",
        "PREREQUISITE_FOR",
        "STATIC_LINK",
        "TEST_CASE_OF",
        "TEST_OF",
        "TEST_TOOL_OF",
        "VARIANT_OF",
        "DEPENDENCY_OF",
    ];
    KINDS
        .into_iter()
        .chain(NEW.into_iter().filter(|_| !old))
        .find(|known| *known == kind)
}
