//! CycloneDX in JSON: <https://cyclonedx.org/docs/1.6/json/>.

use super::{Component, Document, digest, items_of, text_of};
use crate::documents::json::Loose;

pub(super) fn read(document: &Loose<'_>) -> Document {
    let mut read = Document::default();
    if let Some(subject) = document
        .get("metadata")
        .and_then(|data| data.get("component"))
    {
        read.subjects.extend(text_of(subject, "bom-ref"));
        // The subject need not have a package URL, most projects have none.
        if text_of(subject, "purl").is_some() {
            add(subject, &mut read);
        }
        add_nested(subject, &mut read);
    }
    add_nested(document, &mut read);
    for dependency in items_of(document, "dependencies") {
        let Some(from) = text_of(dependency, "ref") else {
            continue;
        };
        for on in items_of(dependency, "dependsOn")
            .iter()
            .filter_map(Loose::text)
        {
            read.edges.push((from.clone(), on.to_owned()));
        }
    }
    read
}

/// Adds the components in a component or document. The parser bounds how deep they nest.
fn add_nested(holder: &Loose<'_>, read: &mut Document) {
    for component in items_of(holder, "components") {
        // Files are parts of packages, not packages.
        let kind = component.get("type").and_then(Loose::text);
        if !matches!(kind, Some("file" | "operating-system")) {
            add(component, read);
        }
        add_nested(component, read);
    }
}

fn add(component: &Loose<'_>, read: &mut Document) {
    let Some(purl) = text_of(component, "purl") else {
        read.unnamed += 1;
        return;
    };
    let hashes = items_of(component, "hashes").iter();
    let hashes =
        hashes.filter_map(|hash| digest(&text_of(hash, "alg")?, &text_of(hash, "content")?));
    let evidence = component.get("evidence");
    let places = evidence
        .map(|evidence| items_of(evidence, "occurrences"))
        .unwrap_or_default();
    let supplier = component
        .get("supplier")
        .and_then(|supplier| text_of(supplier, "name"));
    read.components.push(Component {
        reference: text_of(component, "bom-ref").unwrap_or_else(|| purl.clone()),
        purl,
        license: license(component),
        hashes: hashes.collect(),
        supplier: supplier.or_else(|| text_of(component, "publisher")),
        description: text_of(component, "description"),
        files: places
            .iter()
            .filter_map(|place| text_of(place, "location"))
            .collect(),
    });
}

/// The licences as one expression; several are all meant.
fn license(component: &Loose<'_>) -> Option<String> {
    let licenses: Option<Vec<String>> = items_of(component, "licenses")
        .iter()
        .map(|choice| {
            text_of(choice, "expression").or_else(|| text_of(choice.get("license")?, "id"))
        })
        .collect();
    let licenses = licenses?;
    match licenses.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        several => Some(format!("({})", several.join(") AND ("))),
    }
}
