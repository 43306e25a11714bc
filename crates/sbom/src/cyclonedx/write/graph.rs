//! The dependency graph: one node for everything that the document knows edges of.

use std::collections::HashMap;

use super::Writing;
use crate::document::{ComponentScope, RelationshipKind};
use crate::node::{Node, ObjectBuilder};

/// The nodes, in the order in which they are first mentioned.
pub(super) fn dependencies(writing: &mut Writing<'_>) -> Vec<Node> {
    let document = writing.document;
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut nodes: Vec<(&str, Vec<&str>, Vec<&str>)> = Vec::new();
    for relationship in &document.relationships {
        let from = relationship.from.as_str();
        let mut at = || {
            let place = *places.entry(from).or_insert(nodes.len());
            if place == nodes.len() {
                nodes.push((from, Vec::new(), Vec::new()));
            }
            place
        };
        match &relationship.kind {
            RelationshipKind::DependsOn(scope) => {
                let place = at();
                if let Some((_, needs, _)) = nodes.get_mut(place) {
                    needs.push(&relationship.to);
                }
                if let Some(scope) = scope.filter(|scope| *scope != ComponentScope::Required) {
                    writing.losses.add(
                        "what a dependency is for",
                        format!("{from} needs {} ({})", relationship.to, scope.label()),
                    );
                }
            }
            RelationshipKind::DependsOnNothing => {
                at();
            }
            RelationshipKind::Provides if writing.minor >= 6 => {
                let place = at();
                if let Some((_, _, provides)) = nodes.get_mut(place) {
                    provides.push(&relationship.to);
                }
            }
            // What is inside of what is said by nesting.
            RelationshipKind::Contains => {}
            RelationshipKind::Provides => {
                writing.losses.add("relationship PROVIDES", from);
            }
            RelationshipKind::GeneratedFrom => {
                writing.losses.add("relationship GENERATED_FROM", from);
            }
            RelationshipKind::Other(kind) => {
                writing.losses.add(format!("relationship {kind}"), from);
            }
        }
    }
    nodes
        .into_iter()
        .map(|(reference, needs, provides)| {
            let mut node = ObjectBuilder::new();
            node.set("ref", reference);
            node.list("dependsOn", unique(needs));
            node.list("provides", unique(provides));
            node.build()
        })
        .collect()
}

fn unique(mut references: Vec<&str>) -> Vec<Node> {
    references.sort_unstable();
    references.dedup();
    references.into_iter().map(Node::text).collect()
}
