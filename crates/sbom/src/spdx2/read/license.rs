//! Licences: expressions, and the texts that they refer to.

use std::collections::{HashMap, HashSet};

use super::super::{NO_ASSERTION, NONE};
use crate::document::{Component, Document, License, LicenseChoice, LicenseStanding, LicenseText};
use crate::repetition::Repetition;

/// What a licence field says; nothing for `NOASSERTION`.
pub(super) fn license(text: &str, standing: LicenseStanding) -> Option<License> {
    let choice = match text.trim() {
        "" | NO_ASSERTION => return None,
        NONE => LicenseChoice::NoLicense,
        text => LicenseChoice::Expression(text.to_owned()),
    };
    Some(License::new(choice, standing))
}

/// A licence that is no more than a reference to a text with a name is a licence with that name,
/// as long as there is room to copy it.
pub(super) fn name_references(
    components: &mut [Component],
    texts: &[LicenseText],
    repetition: &Repetition,
) {
    let by_id: HashMap<&str, &LicenseText> =
        texts.iter().map(|text| (text.id.as_str(), text)).collect();
    let licenses = components
        .iter_mut()
        .flat_map(|component| &mut component.licenses);
    for license in licenses {
        if let LicenseChoice::Expression(expression) = &license.choice
            && let Some(text) = by_id.get(expression.as_str())
            && let Some(name) = &text.name
            && repetition
                .allows(name.len() + text.text.len() + text.urls.first().map_or(0, String::len))
        {
            license.choice = LicenseChoice::Name(name.clone());
            license.text =
                Some(text.text.clone()).filter(|text| text != name && text != NO_ASSERTION);
            license.url = text.urls.first().cloned();
        }
    }
}

/// Texts that are with the licences now need not be kept twice.
pub(super) fn forget_named(document: &mut Document) {
    if document.license_texts.is_empty() {
        return;
    }
    let named: HashSet<String> = document
        .all_components()
        .flat_map(|component| &component.licenses)
        .filter_map(|license| match &license.choice {
            LicenseChoice::Name(name) => Some(name.clone()),
            _ => None,
        })
        .collect();
    let mut mentioned = HashSet::new();
    for component in document.all_components() {
        for license in &component.licenses {
            if let LicenseChoice::Expression(text) = &license.choice {
                mentioned.extend(
                    text.split(|next: char| {
                        next.is_whitespace() || matches!(next, '(' | ')' | '+')
                    })
                    .filter(|word| word.starts_with("LicenseRef-"))
                    .map(str::to_owned),
                );
            }
        }
    }
    document.license_texts.retain(|text| {
        mentioned.contains(&text.id)
            || text.comment.is_some()
            || text.urls.len() > 1
            || !text.name.as_ref().is_some_and(|name| named.contains(name))
    });
}
