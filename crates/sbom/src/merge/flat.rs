//! All components in one list, those with the same package URL as one.

use std::collections::{BTreeMap, HashMap, HashSet};

use linchpin_model::PackageUrl;

use super::references::{Renamed, move_license_texts, move_statements};
use super::unite;
use crate::document::{Component, ComponentKind, Document};

/// Merges; gives the references of what the whole is made of: what each document was about.
pub(super) fn merge(documents: Vec<(String, Document)>, merged: &mut Document) -> Vec<String> {
    let mut parts = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut taken = Taken::default();
    taken.take(super::WHOLE);
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
    taken: &mut Taken,
    names: &mut Renamed,
) -> String {
    for part in nested_references(&component) {
        if part.is_empty() || taken.take(&part) {
            continue;
        }
        let free = taken.free(&part, number);
        names.insert(part, free);
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
        if taken.take(&wanted) {
            wanted
        } else {
            taken.free(&wanted, number)
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

/// The references that are taken.
#[derive(Default)]
struct Taken {
    references: HashSet<String>,
    /// How often each reference was wanted when it was taken, so that the next one begins there.
    again: HashMap<String, usize>,
}

impl Taken {
    /// Takes a reference, unless it is taken.
    fn take(&mut self, reference: &str) -> bool {
        self.references.insert(reference.to_owned())
    }

    /// A reference that nobody has, and takes it: with the number of the document before it, and
    /// behind that the count of those that wanted the same.
    fn free(&mut self, wanted: &str, number: usize) -> String {
        let again = self.again.entry(wanted.to_owned()).or_default();
        loop {
            let reference = match *again {
                0 => format!("{number}/{wanted}"),
                again => format!("{number}.{again}/{wanted}"),
            };
            *again += 1;
            if self.references.insert(reference.clone()) {
                return reference;
            }
        }
    }
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
