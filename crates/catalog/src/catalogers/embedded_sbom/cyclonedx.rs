//! CycloneDX in JSON: <https://cyclonedx.org/docs/1.6/json/>.

use linchpin_model::PackageUrl;

use super::{Component, Document, digest, items_of, text_of};
use crate::documents::json::Loose;

pub(super) fn read(document: &Loose<'_>) -> Document {
    let mut read = Document::default();
    if let Some(subject) = subject(document) {
        read.subjects.extend(text_of(subject, "bom-ref"));
        // The subject need not have a package URL, most projects have none.
        if text_of(subject, "purl").is_some() {
            add(subject, &mut read);
        }
        add_nested(subject, &mut read);
    }
    add_nested(document, &mut read);
    add_edges(document, &mut read);
    read
}

/// The document of a native image of GraalVM. Its components are packages of Maven, whether they
/// have package URLs, as those since GraalVM 23 do, or not; what nests in them are classes.
pub(in crate::catalogers) fn read_native_image(document: &Loose<'_>) -> Document {
    let mut read = Document::default();
    let subject = subject(document);
    read.subjects
        .extend(subject.and_then(|subject| text_of(subject, "bom-ref")));
    for component in subject.into_iter().chain(items_of(document, "components")) {
        let purl = text_of(component, "purl").or_else(|| purl_of_maven(component));
        match purl {
            Some(purl) => read.components.push(component_of(component, purl)),
            None => read.unnamed += 1,
        }
    }
    add_edges(document, &mut read);
    read
}

fn subject<'b, 'a>(document: &'b Loose<'a>) -> Option<&'b Loose<'a>> {
    document.get("metadata")?.get("component")
}

/// By the coordinates. What has no group, as GraalVM itself, is no package of Maven.
fn purl_of_maven(component: &Loose<'_>) -> Option<String> {
    let [group, name, version] = ["group", "name", "version"].map(|key| text_of(component, key));
    let kind = if group.is_some() { "maven" } else { "generic" };
    PackageUrl::new(kind, group.as_deref(), &name?, version.as_deref())
        .ok()
        .map(|purl| purl.to_string())
}

fn add_edges(document: &Loose<'_>, read: &mut Document) {
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
    read.components.push(component_of(component, purl));
}

fn component_of(component: &Loose<'_>, purl: String) -> Component {
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
    Component {
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
    }
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
