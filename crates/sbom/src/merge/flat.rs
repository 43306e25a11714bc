//! All components in one list, those with the same package URL as one.

use std::collections::{BTreeMap, BTreeSet};

use linchpin_model::PackageUrl;

use super::references::{Renamed, move_license_texts, move_statements};
use super::unite;
use crate::document::{Component, ComponentKind, Document};

/// Merges; gives the references of what the whole is made of: what each document was about.
pub(super) fn merge(documents: Vec<(String, Document)>, merged: &mut Document) -> Vec<String> {
    let mut parts = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut taken: BTreeSet<String> = BTreeSet::from([super::WHOLE.to_owned()]);
    for (number, (file, mut document)) in (1usize..).zip(documents) {
        move_license_texts(&mut document, merged);
        let primary = document.metadata.primary.take().unwrap_or_else(|| {
            let name = document.metadata.name.clone().unwrap_or(file);
            Component::new("document", ComponentKind::Application, name)
        });
        let mut names = Renamed::new();
        let mut all = vec![primary];
        all.append(&mut document.components);
        for (place, component) in all.into_iter().enumerate() {
            let reference = add(
                component, number, merged, &mut known, &mut taken, &mut names,
            );
            if place == 0 {
                parts.push(reference);
            }
        }
        move_statements(&mut document, &names, merged);
    }
    parts
}

/// Adds a component, or adds what it knows to the one that is there. Gives its reference.
fn add(
    mut component: Component,
    number: usize,
    merged: &mut Document,
    known: &mut BTreeMap<String, usize>,
    taken: &mut BTreeSet<String>,
    names: &mut Renamed,
) -> String {
    for part in nested_references(&component) {
        if part.is_empty() || taken.insert(part.clone()) {
            continue;
        }
        names.insert(part.clone(), free(&part, number, taken));
    }
    let old = component.reference.clone();
    let identity = component
        .purl
        .as_deref()
        .and_then(|purl| purl.parse::<PackageUrl>().ok())
        .map(|purl| purl.as_str().to_owned());
    if let Some(place) = identity.as_ref().and_then(|identity| known.get(identity))
        && let Some(same) = merged.components.get_mut(*place)
    {
        rename(&mut component, names);
        if !old.is_empty() {
            names.insert(old, same.reference.clone());
        }
        absorb(same, component);
        return same.reference.clone();
    }
    let reference = if old.is_empty() {
        let wanted = identity.clone().unwrap_or_else(|| component.full_name());
        if taken.insert(wanted.clone()) {
            wanted
        } else {
            free(&wanted, number, taken)
        }
    } else {
        names.get(&old).cloned().unwrap_or(old)
    };
    rename(&mut component, names);
    component.reference.clone_from(&reference);
    if let Some(identity) = identity {
        known.insert(identity, merged.components.len());
    }
    merged.components.push(component);
    reference
}

/// The references of a component and of everything inside of it.
fn nested_references(component: &Component) -> Vec<String> {
    let mut references = Vec::new();
    let mut waiting = vec![component];
    while let Some(component) = waiting.pop() {
        references.push(component.reference.clone());
        waiting.extend(&component.components);
    }
    references
}

fn rename(component: &mut Component, names: &Renamed) {
    let mut waiting = vec![component];
    while let Some(component) = waiting.pop() {
        if let Some(new) = names.get(&component.reference) {
            component.reference.clone_from(new);
        }
        waiting.extend(&mut component.components);
    }
}

/// A reference that nobody has, and takes it.
fn free(wanted: &str, number: usize, taken: &mut BTreeSet<String>) -> String {
    let mut reference = format!("{number}/{wanted}");
    while !taken.insert(reference.clone()) {
        reference.insert(0, '/');
    }
    reference
}

/// Adds what one component knows to another of the same package URL.
fn absorb(into: &mut Component, from: Component) {
    fn fill<T>(known: &mut Option<T>, more: Option<T>) {
        if known.is_none() {
            *known = more;
        }
    }
    fill(&mut into.group, from.group);
    fill(&mut into.version, from.version);
    fill(&mut into.supplier, from.supplier);
    fill(&mut into.manufacturer, from.manufacturer);
    fill(&mut into.publisher, from.publisher);
    fill(&mut into.copyright, from.copyright);
    fill(&mut into.download, from.download);
    fill(&mut into.homepage, from.homepage);
    fill(&mut into.summary, from.summary);
    fill(&mut into.description, from.description);
    fill(&mut into.source, from.source);
    fill(&mut into.file_name, from.file_name);
    fill(&mut into.media_type, from.media_type);
    // What one of the products needs to run is needed to run the whole.
    into.scope = match (into.scope, from.scope) {
        (Some(one), Some(other)) => Some(one.min(other)),
        _ => None,
    };
    unite(&mut into.identifiers, &from.identifiers);
    unite(&mut into.authors, &from.authors);
    unite(&mut into.licenses, &from.licenses);
    unite(&mut into.hashes, &from.hashes);
    unite(&mut into.external_references, &from.external_references);
    unite(&mut into.occurrences, &from.occurrences);
    unite(&mut into.properties, &from.properties);
    into.components.extend(from.components);
}
