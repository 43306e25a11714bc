//! Several documents as one.
//!
//! *Flat*: components with the same package URL become one that knows what any of them knew.
//! *Hierarchical*: each document stays whole, as a component with its own parts inside; nothing is
//! united, and references get the number of their document before them.

mod flat;
mod hierarchical;
mod references;

use crate::document::{
    Component, ComponentKind, Document, Family, Losses, Metadata, Relationship, RelationshipKind,
};

/// How documents are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeMode {
    /// Into one list of components.
    Flat,
    /// Each as a component of its own.
    Hierarchical,
}

/// What the merged document is about.
#[derive(Debug, Clone, Copy)]
pub struct MergeOptions<'a> {
    /// How.
    pub mode: MergeMode,
    /// The name of the whole.
    pub name: &'a str,
    /// The version of the whole.
    pub version: Option<&'a str>,
}

/// The reference of the whole.
const WHOLE: &str = "merged";

/// Merges documents, each with the name of the file that it came from. Gives what could not be
/// kept.
pub fn merge(documents: Vec<(String, Document)>, options: &MergeOptions<'_>) -> (Document, Losses) {
    let mut losses = Losses::default();
    let mut merged = Document {
        metadata: metadata(&documents, options),
        ..Document::default()
    };
    for (name, document) in &documents {
        for family in [
            Family::CycloneDx,
            Family::Spdx2,
            Family::Spdx3,
            Family::Syft,
        ] {
            for (field, _) in document
                .extensions
                .of(family)
                .chain(document.metadata.extensions.of(family))
            {
                losses.add(format!("{field} of the whole document"), name);
            }
        }
    }
    let parts = match options.mode {
        MergeMode::Flat => flat::merge(documents, &mut merged),
        MergeMode::Hierarchical => hierarchical::merge(documents, &mut merged),
    };
    merged.relationships.extend(
        parts
            .into_iter()
            .map(|part| Relationship::new(WHOLE, RelationshipKind::DependsOn(None), part)),
    );
    merged.relationships.sort();
    merged.relationships.dedup();
    // Who needs something does not need nothing.
    let needy: std::collections::BTreeSet<String> = merged
        .relationships
        .iter()
        .filter(|relationship| matches!(relationship.kind, RelationshipKind::DependsOn(_)))
        .map(|relationship| relationship.from.clone())
        .collect();
    merged.relationships.retain(|relationship| {
        relationship.kind != RelationshipKind::DependsOnNothing
            || !needy.contains(&relationship.from)
    });
    (merged, losses)
}

fn metadata(documents: &[(String, Document)], options: &MergeOptions<'_>) -> Metadata {
    let mut metadata = Metadata {
        primary: Some(Component {
            version: options.version.map(str::to_owned),
            ..Component::new(WHOLE, ComponentKind::Application, options.name)
        }),
        ..Metadata::default()
    };
    for (_, document) in documents {
        let from = &document.metadata;
        unite(&mut metadata.authors, &from.authors);
        unite(&mut metadata.tools, &from.tools);
        unite(&mut metadata.lifecycles, &from.lifecycles);
    }
    metadata
}

/// Adds what is not there yet.
fn unite<T: Clone + PartialEq>(known: &mut Vec<T>, more: &[T]) {
    for item in more {
        if !known.contains(item) {
            known.push(item.clone());
        }
    }
}
