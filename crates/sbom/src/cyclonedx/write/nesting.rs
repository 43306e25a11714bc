//! What is inside of what. CycloneDX says it by nesting, and only of one whole: what several
//! contain, or what goes round in a circle, stays at the top.

use std::collections::HashMap;

use super::Writing;
use super::component::component;
use crate::document::{Component, RelationshipKind};
use crate::node::Node;

/// The deepest nesting that is written. Readers stop somewhere, ours at 128 levels of JSON, of
/// which a component takes two.
const DEEPEST: usize = 24;

/// The components at the top, with those inside of them.
pub(super) fn components(writing: &mut Writing<'_>) -> Vec<Node> {
    let document = writing.document;
    let tops: HashMap<&str, usize> = document
        .components
        .iter()
        .enumerate()
        .map(|(index, component)| (component.reference.as_str(), index))
        .collect();
    let primary = document
        .metadata
        .primary
        .as_ref()
        .map(|primary| primary.reference.as_str());
    let mut parents: Vec<Option<usize>> = vec![None; document.components.len()];
    for relationship in &document.relationships {
        if relationship.kind != RelationshipKind::Contains
            // Everything at the top is in the primary component anyway.
            || (primary == Some(relationship.from.as_str())
                && tops.contains_key(relationship.to.as_str()))
        {
            continue;
        }
        let place = tops
            .get(relationship.from.as_str())
            .zip(tops.get(relationship.to.as_str()));
        let slot = place.and_then(|(from, to)| Some((*from, parents.get_mut(*to)?)));
        match slot {
            Some((from, slot @ None)) => *slot = Some(from),
            Some((from, Some(known))) if *known == from => {}
            _ => writing
                .losses
                .add("relationship CONTAINS", &relationship.from),
        }
    }
    for start in 0..parents.len() {
        let mut at = start;
        let mut depth = 0;
        while let Some(parent) = parents.get(at).copied().flatten() {
            at = parent;
            depth += 1;
            if depth > DEEPEST {
                if let Some(slot) = parents.get_mut(start) {
                    *slot = None;
                }
                let whose = document
                    .components
                    .get(start)
                    .map_or("", |found| &found.reference);
                writing.losses.add("relationship CONTAINS", whose);
                break;
            }
        }
    }
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); parents.len()];
    let mut top = Vec::new();
    for (index, parent) in parents.iter().enumerate() {
        match parent.and_then(|parent| children.get_mut(parent)) {
            Some(list) => list.push(index),
            None => top.push(index),
        }
    }
    top.into_iter()
        .filter_map(|index| {
            Some(nested(
                index,
                document.components.get(index)?,
                &children,
                writing,
            ))
        })
        .collect()
}

fn nested(
    index: usize,
    found: &Component,
    children: &[Vec<usize>],
    writing: &mut Writing<'_>,
) -> Node {
    let document = writing.document;
    let inside = children
        .get(index)
        .into_iter()
        .flatten()
        .filter_map(|child| {
            Some(nested(
                *child,
                document.components.get(*child)?,
                children,
                writing,
            ))
        })
        .collect();
    component(found, inside, writing)
}
