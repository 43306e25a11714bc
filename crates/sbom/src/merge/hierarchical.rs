//! Each document as a component with its own parts inside.

use super::references::{Renamed, move_license_texts, move_statements};
use crate::document::{Component, ComponentKind, Document};

/// Merges; gives the references of what the whole is made of.
pub(super) fn merge(documents: Vec<(String, Document)>, merged: &mut Document) -> Vec<String> {
    let mut parts = Vec::new();
    for (number, (file, mut document)) in (1usize..).zip(documents) {
        move_license_texts(&mut document, merged);
        let mut root = document.metadata.primary.take().unwrap_or_else(|| {
            let name = document.metadata.name.clone().unwrap_or(file);
            Component::new("document", ComponentKind::Application, name)
        });
        if root.reference.is_empty() {
            "document".clone_into(&mut root.reference);
        }
        root.components.append(&mut document.components);
        let mut names = Renamed::new();
        let mut waiting = vec![&mut root];
        while let Some(component) = waiting.pop() {
            if !component.reference.is_empty() {
                let new = format!("{number}/{}", component.reference);
                names.insert(component.reference.clone(), new.clone());
                component.reference = new;
            }
            waiting.extend(&mut component.components);
        }
        move_statements(&mut document, &names, merged);
        parts.push(root.reference.clone());
        merged.components.push(root);
    }
    parts
}
