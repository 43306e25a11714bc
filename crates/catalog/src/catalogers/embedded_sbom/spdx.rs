//! SPDX 2.2 and 2.3 in JSON: <https://spdx.github.io/spdx-spec/v2.3/>.

use super::{Component, Document, digest, items_of, text_of};
use crate::documents::json::Loose;

pub(super) fn read(document: &Loose<'_>) -> Document {
    let mut read = Document::default();
    read.subjects.extend(
        items_of(document, "documentDescribes")
            .iter()
            .filter_map(Loose::text)
            .map(str::to_owned),
    );
    for relationship in items_of(document, "relationships") {
        let text = |name: &str| text_of(relationship, name);
        let (Some(from), Some(kind), Some(on)) = (
            text("spdxElementId"),
            text("relationshipType"),
            text("relatedSpdxElement"),
        ) else {
            continue;
        };
        match kind.as_str() {
            "DESCRIBES" => {
                read.subjects.insert(on);
            }
            "DEPENDS_ON" | "CONTAINS" => read.edges.push((from, on)),
            "DEPENDENCY_OF" | "CONTAINED_BY" | "RUNTIME_DEPENDENCY_OF" => {
                read.edges.push((on, from));
            }
            _ => {}
        }
    }
    for package in items_of(document, "packages") {
        add(package, &mut read);
    }
    read
}

fn add(package: &Loose<'_>, read: &mut Document) {
    let Some(reference) = text_of(package, "SPDXID") else {
        return;
    };
    let mut references = items_of(package, "externalRefs").iter();
    let purl = references.find_map(|external| {
        let kind = text_of(external, "referenceType")?;
        (kind == "purl").then(|| text_of(external, "referenceLocator"))?
    });
    let Some(purl) = purl else {
        // What the document is about need not have a package URL.
        if !read.subjects.contains(&reference) {
            read.unnamed += 1;
        }
        return;
    };
    let hashes = items_of(package, "checksums").iter();
    let hashes = hashes.filter_map(|hash| {
        digest(
            &text_of(hash, "algorithm")?,
            &text_of(hash, "checksumValue")?,
        )
    });
    let supplier = text_of(package, "supplier").map(|supplier| {
        supplier
            .trim_start_matches("Organization: ")
            .trim_start_matches("Person: ")
            .to_owned()
    });
    read.components.push(Component {
        reference,
        purl,
        license: text_of(package, "licenseDeclared"),
        hashes: hashes.collect(),
        supplier,
        description: text_of(package, "summary"),
        files: Vec::new(),
    });
}
