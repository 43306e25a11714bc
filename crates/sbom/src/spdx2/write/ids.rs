//! Ids of elements: `SPDXRef-` and letters, digits, dots and dashes.

use std::collections::{HashMap, HashSet};

use super::super::DOCUMENT;
use crate::document::{Component, Document};

/// The id of each reference of the document.
pub(super) struct Ids<'a> {
    by_reference: HashMap<&'a str, String>,
    /// Of components without a reference, in the order of the document.
    nameless: HashMap<*const Component, String>,
}

impl<'a> Ids<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let mut used: HashSet<String> = HashSet::from([DOCUMENT.to_owned()]);
        let mut by_reference = HashMap::new();
        let mut nameless = HashMap::new();
        // Ids that are right already keep their right to themselves.
        for component in document.all_components() {
            if is_id(&component.reference) && used.insert(component.reference.clone()) {
                by_reference.insert(component.reference.as_str(), component.reference.clone());
            }
        }
        let mut next: HashMap<String, usize> = HashMap::new();
        for component in document.all_components() {
            let reference = component.reference.as_str();
            if by_reference
                .get(reference)
                .is_some_and(|id| id == reference)
            {
                continue;
            }
            let stem = if reference.is_empty() {
                format!(
                    "{}-{}",
                    component.name,
                    component.version.as_deref().unwrap_or_default()
                )
            } else {
                reference.to_owned()
            };
            let stem = format!("SPDXRef-{}", made_of(&stem));
            let mut id = stem.clone();
            let number = next.entry(stem.clone()).or_insert(1);
            while used.contains(&id) {
                *number += 1;
                id = format!("{stem}-{number}");
            }
            used.insert(id.clone());
            if reference.is_empty() {
                nameless.insert(std::ptr::from_ref(component), id);
            } else {
                by_reference.entry(reference).or_insert(id);
            }
        }
        Self {
            by_reference,
            nameless,
        }
    }

    /// The id of a component.
    pub(super) fn of(&self, component: &Component) -> &str {
        self.by_reference
            .get(component.reference.as_str())
            .or_else(|| self.nameless.get(&std::ptr::from_ref(component)))
            .map_or(DOCUMENT, String::as_str)
    }

    /// The id for a reference. What is in another document, or an id of something that is kept as
    /// it was, stays.
    pub(super) fn of_reference(&self, reference: &'a str) -> Option<&str> {
        match self.by_reference.get(reference) {
            Some(id) => Some(id),
            None if reference.starts_with("DocumentRef-") || is_id(reference) => Some(reference),
            None => None,
        }
    }
}

fn is_id(text: &str) -> bool {
    text.strip_prefix("SPDXRef-")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(is_allowed))
        && text != DOCUMENT
}

fn is_allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')
}

/// The text with a dash for whatever may not stand in an id.
pub(crate) fn made_of(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for letter in text
        .strip_prefix("SPDXRef-")
        .unwrap_or(text)
        .chars()
        .take(200)
    {
        match letter {
            letter if letter.is_ascii_alphanumeric() || letter == '.' => made.push(letter),
            _ if made.ends_with('-') => {}
            _ => made.push('-'),
        }
    }
    if made.is_empty() {
        "unnamed".to_owned()
    } else {
        made
    }
}
