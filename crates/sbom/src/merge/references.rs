//! References of several documents in one: each must stay unique, and everything that names it
//! must follow.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Component, Document, LicenseChoice, LicenseText, Property};

/// New references for the old ones of one document.
pub(super) type Renamed = BTreeMap<String, String>;

/// What a reference is called now.
fn renamed(names: &Renamed, reference: &str) -> String {
    names
        .get(reference)
        .cloned()
        .unwrap_or_else(|| reference.to_owned())
}

/// Moves what a document says besides its components over to the merged one.
pub(super) fn move_statements(from: &mut Document, names: &Renamed, merged: &mut Document) {
    for mut relationship in from.relationships.drain(..) {
        relationship.from = renamed(names, &relationship.from);
        if !relationship.to.is_empty() {
            relationship.to = renamed(names, &relationship.to);
        }
        merged.relationships.push(relationship);
    }
    if let Some(vulnerabilities) = from.vulnerabilities.take() {
        let known = merged.vulnerabilities.get_or_insert_with(Vec::new);
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (place, vulnerability) in known.iter().enumerate() {
            places.entry(vulnerability.id.clone()).or_insert(place);
        }
        for mut vulnerability in vulnerabilities {
            for affected in &mut vulnerability.affects {
                affected.reference = renamed(names, &affected.reference);
            }
            // The same flaw, judged the same, is one with all that it affects.
            let same = places
                .get(&vulnerability.id)
                .and_then(|place| known.get_mut(*place))
                .filter(|known| known.analysis == vulnerability.analysis);
            match same {
                Some(same) => {
                    super::unite(&mut same.affects, &vulnerability.affects);
                    super::unite(&mut same.ratings, &vulnerability.ratings);
                    super::unite(&mut same.aliases, &vulnerability.aliases);
                }
                None => {
                    // Names of vulnerabilities must be unique too; the id says which it is.
                    vulnerability.reference = None;
                    places
                        .entry(vulnerability.id.clone())
                        .or_insert(known.len());
                    known.push(vulnerability);
                }
            }
        }
    }
    for mut annotation in from.annotations.drain(..) {
        for subject in &mut annotation.subjects {
            *subject = renamed(names, subject);
        }
        merged.annotations.push(annotation);
    }
    let mut known: BTreeSet<Property> = merged.properties.iter().cloned().collect();
    for property in from.properties.drain(..) {
        if known.insert(property.clone()) {
            merged.properties.push(property);
        }
    }
}

/// Moves the texts of licences over. A reference that means another text in another document gets
/// a number, and the document's components follow.
pub(super) fn move_license_texts(from: &mut Document, merged: &mut Document) {
    let mut known: BTreeMap<String, LicenseText> = merged
        .license_texts
        .iter()
        .map(|text| (text.id.clone(), text.clone()))
        .collect();
    let mut new_names: BTreeMap<String, String> = BTreeMap::new();
    for mut text in from.license_texts.drain(..) {
        match known.get(&text.id) {
            Some(same) if *same == text => continue,
            // Within one document a reference can mean one thing only; the first one holds.
            Some(_) if new_names.contains_key(&text.id) => continue,
            Some(_) => {
                let old = text.id.clone();
                let free = (2u32..=u32::MAX)
                    .map(|number| format!("{old}-{number}"))
                    .find(|id| !known.contains_key(id));
                text.id = free.unwrap_or_default();
                new_names.insert(old, text.id.clone());
            }
            None => {}
        }
        known.insert(text.id.clone(), text.clone());
        merged.license_texts.push(text);
    }
    if new_names.is_empty() {
        return;
    }
    let mut waiting: Vec<&mut Component> = from.components.iter_mut().collect();
    waiting.extend(&mut from.metadata.primary);
    while let Some(component) = waiting.pop() {
        for license in &mut component.licenses {
            if let LicenseChoice::Expression(expression) = &mut license.choice {
                *expression = replaced(expression, &new_names);
            }
        }
        waiting.extend(&mut component.components);
    }
}

/// The expression with the new references, whole words only.
fn replaced(expression: &str, names: &BTreeMap<String, String>) -> String {
    let mut text = String::with_capacity(expression.len());
    let ends = |next: char| next.is_whitespace() || matches!(next, '(' | ')' | '+');
    for piece in expression.split_inclusive(ends) {
        let word = piece.trim_end_matches(ends);
        text.push_str(names.get(word).map_or(word, String::as_str));
        text.push_str(piece.get(word.len()..).unwrap_or_default());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_are_replaced() {
        let names = [("LicenseRef-a".to_owned(), "LicenseRef-a-2".to_owned())].into();
        assert_eq!(
            replaced("MIT AND (LicenseRef-a OR LicenseRef-ab)", &names),
            "MIT AND (LicenseRef-a-2 OR LicenseRef-ab)"
        );
    }
}
