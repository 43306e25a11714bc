//! Syft's own JSON: <https://github.com/anchore/syft/tree/main/schema/json>.

use super::{Component, Document, items_of, text_of};
use crate::documents::json::Loose;

pub(super) fn read(document: &Loose<'_>) -> Document {
    let mut read = Document::default();
    for artifact in items_of(document, "artifacts") {
        let Some(purl) = text_of(artifact, "purl") else {
            read.unnamed += 1;
            continue;
        };
        let mut licenses = items_of(artifact, "licenses").iter();
        let places = items_of(artifact, "locations").iter();
        read.components.push(Component {
            reference: text_of(artifact, "id").unwrap_or_else(|| purl.clone()),
            purl,
            license: licenses.find_map(|license| text_of(license, "spdxExpression")),
            files: places.filter_map(|place| text_of(place, "path")).collect(),
            ..Component::default()
        });
    }
    for relationship in items_of(document, "artifactRelationships") {
        let text = |name: &str| text_of(relationship, name);
        // "parent is a dependency of child"
        if text("type").as_deref() == Some("dependency-of")
            && let (Some(on), Some(from)) = (text("parent"), text("child"))
        {
            read.edges.push((from, on));
        }
    }
    read
}
