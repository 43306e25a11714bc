//! Relationships and annotations.

use std::collections::HashMap;

use super::super::words;
use super::Writing;
use crate::document::{ComponentScope, RelationshipKind};
use crate::node::{Node, ObjectBuilder};
use crate::spdx2;

impl Writing<'_> {
    /// Begins a relationship.
    pub(super) fn relationship(
        &mut self,
        class: &str,
        kind: &str,
        from: &str,
        to: Vec<Node>,
    ) -> ObjectBuilder {
        let id = format!("{}#relationship-{}", self.base, self.relationships);
        self.relationships += 1;
        let mut node = super::element(class, &id);
        node.set("from", from)
            .set("relationshipType", kind)
            .set("to", Node::List(to));
        node
    }

    /// Adds a relationship.
    pub(super) fn relate(&mut self, class: &str, kind: &str, from: &str, to: Vec<Node>) {
        let node = self.relationship(class, kind, from, to).build();
        self.graph.push(node);
    }
}

/// What is said of one thing and several others at once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    from: String,
    kind: &'static str,
    scope: Option<&'static str>,
    comment: Option<String>,
    nothing: bool,
}

/// Adds all relationships, those of the same kind from the same thing as one.
pub(super) fn relationships(writing: &mut Writing<'_>) {
    let document = writing.document;
    let mut places: HashMap<Key, usize> = HashMap::new();
    let mut all: Vec<(Key, Vec<Node>)> = Vec::new();
    let mut add = |key: Key, to: String| {
        let place = *places.entry(key.clone()).or_insert(all.len());
        match all.get_mut(place) {
            Some((_, list)) => list.push(Node::Text(to)),
            None => all.push((key, vec![Node::Text(to)])),
        }
    };
    let key = |from: String, kind| Key {
        from,
        kind,
        scope: None,
        comment: None,
        nothing: false,
    };
    for (number, component) in document.all_components().enumerate() {
        for inner in &component.components {
            let (from, to) = (
                writing.id_of(component, number),
                writing.id(&inner.reference),
            );
            match to {
                Some(to) => add(key(from, "contains"), to),
                None => writing
                    .losses
                    .add("that a component is inside of another", &inner.name),
            }
        }
    }
    for relationship in &document.relationships {
        let nothing = relationship.kind == RelationshipKind::DependsOnNothing;
        let from = writing.id(&relationship.from);
        let to = if nothing {
            Some("NoneElement".to_owned())
        } else {
            writing.id(&relationship.to)
        };
        let (Some(from), Some(to)) = (from, to) else {
            let example = format!("{} to {}", relationship.from, relationship.to);
            writing.losses.add(
                "relationship with something that is not in the document",
                example,
            );
            continue;
        };
        let mut scope = None;
        let mut comment = relationship.comment.clone();
        let (kind, turned) = match &relationship.kind {
            RelationshipKind::DependsOn(Some(ComponentScope::Optional)) => {
                ("hasOptionalDependency", false)
            }
            RelationshipKind::DependsOn(Some(ComponentScope::Provided)) => {
                ("hasProvidedDependency", false)
            }
            RelationshipKind::DependsOn(found) => {
                scope = found.and_then(words::scope);
                if *found == Some(ComponentScope::Excluded) {
                    writing
                        .losses
                        .add("what a dependency is for", &relationship.to);
                }
                ("dependsOn", false)
            }
            RelationshipKind::DependsOnNothing => ("dependsOn", false),
            RelationshipKind::Contains => ("contains", false),
            RelationshipKind::GeneratedFrom => ("generates", true),
            RelationshipKind::Provides => {
                writing
                    .losses
                    .add("that one component implements another", &relationship.from);
                continue;
            }
            RelationshipKind::Other(kind) => words::relationship(kind).unwrap_or_else(|| {
                if kind != "OTHER" {
                    writing.losses.add(
                        format!("relationship {kind} (written as other)"),
                        &relationship.from,
                    );
                    comment = comment.take().or_else(|| Some(kind.clone()));
                }
                ("other", false)
            }),
        };
        let (from, to) = if turned { (to, from) } else { (from, to) };
        add(
            Key {
                from,
                kind,
                scope,
                comment,
                nothing,
            },
            to,
        );
    }
    for (key, to) in all {
        let class = if key.scope.is_some() {
            "LifecycleScopedRelationship"
        } else {
            "Relationship"
        };
        let mut node = writing.relationship(class, key.kind, &key.from, to);
        node.text("scope", key.scope);
        node.text("comment", key.comment.as_deref());
        if key.nothing {
            node.set("completeness", "complete");
        }
        let node = node.build();
        writing.graph.push(node);
    }
}

/// Adds all annotations. Who made one and when is said by a creation info of its own.
pub(super) fn annotations(writing: &mut Writing<'_>) {
    let document = writing.document;
    for (number, annotation) in document.annotations.iter().enumerate() {
        let base = writing.base;
        let mut creation = None;
        if annotation.annotator.is_some() || annotation.timestamp.is_some() {
            let moment = annotation.timestamp.as_deref().and_then(spdx2::moment);
            let mut node = ObjectBuilder::new();
            let id = format!("_:creationinfo-{number}");
            node.set("type", "CreationInfo")
                .set("@id", id.as_str())
                .set("specVersion", "3.0.1")
                .set("created", moment.as_deref().unwrap_or(super::NO_TIME));
            let unknown = crate::document::Party::default();
            let party = annotation.annotator.as_ref().unwrap_or(&unknown);
            let maker = writing.agents.id(party, base, &mut writing.losses);
            node.set("createdBy", Node::List(vec![maker]));
            writing.graph.push(node.build());
            creation = Some(id);
        }
        if let Some(tool) = &annotation.tool {
            writing
                .losses
                .add("tool that made an annotation", &tool.name);
        }
        let mut subjects: Vec<String> = annotation
            .subjects
            .iter()
            .filter_map(|subject| writing.id(subject))
            .collect();
        if annotation.subjects.is_empty() {
            subjects.push(base.to_owned());
        }
        for (part, subject) in subjects.into_iter().enumerate() {
            let mut node = ObjectBuilder::new();
            node.set("type", "Annotation")
                .set("spdxId", format!("{base}#annotation-{number}-{part}"))
                .set(
                    "creationInfo",
                    creation.as_deref().unwrap_or(super::CREATION),
                )
                .set(
                    "annotationType",
                    match annotation.kind.as_deref() {
                        Some("REVIEW") => "review",
                        _ => "other",
                    },
                )
                .set("statement", annotation.text.as_str())
                .set("subject", subject);
            writing.graph.push(node.build());
        }
    }
}
