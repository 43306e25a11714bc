//! Packages and files.

use super::super::{OWN, words};
use super::{Reading, id_of, properties, type_of};
use crate::document::{
    Component, ComponentKind, ComponentScope, ExternalReference, Family, Hash, HashAlgorithm,
    Identifier, IdentifierKind, Occurrence, Property, SourcePackage,
};
use crate::node::Node;
use crate::spdx_names;
use crate::spdx2::BUILT_FROM;

impl<'a> Reading<'a> {
    pub(super) fn component(&self, node: &'a Node) -> Component {
        let text = |name: &str| node.str_of(name).map(str::to_owned);
        let kind = type_of(node);
        let mut component = Component {
            reference: id_of(node).to_owned(),
            kind: match node.str_of("software_primaryPurpose") {
                Some(word) => ComponentKind::from_spdx3(word).unwrap_or_default(),
                None if kind == "software_File" => ComponentKind::File,
                None => ComponentKind::Unspecified,
            },
            name: text("name").unwrap_or_default(),
            version: text("software_packageVersion").filter(|version| !version.is_empty()),
            purl: text("software_packageUrl"),
            supplier: node.get("suppliedBy").and_then(|node| self.party(node)),
            authors: node
                .list_of("originatedBy")
                .iter()
                .filter_map(|node| self.party(node))
                .collect(),
            copyright: text("software_copyrightText"),
            download: text("software_downloadLocation"),
            homepage: text("software_homePage"),
            summary: text("summary"),
            description: text("description"),
            media_type: text("contentType"),
            ..Component::default()
        };
        for hash in node.list_of("verifiedUsing") {
            if let (Some(algorithm), Some(value)) =
                (hash.str_of("algorithm"), hash.str_of("hashValue"))
            {
                component.hashes.push(Hash {
                    algorithm: HashAlgorithm::from_name(algorithm),
                    value: value.to_owned(),
                });
            }
        }
        for identifier in node.list_of("externalIdentifier") {
            let (Some(word), Some(value)) = (
                identifier.str_of("externalIdentifierType"),
                identifier.str_of("identifier"),
            ) else {
                continue;
            };
            let kind = words::identifier_kind(word, identifier.str_of("comment"));
            if kind == IdentifierKind::Purl && component.purl.is_none() {
                component.purl = Some(value.to_owned());
            } else {
                component.identifiers.push(Identifier {
                    kind,
                    value: value.to_owned(),
                });
            }
        }
        for reference in node.list_of("externalRef") {
            let word = reference.str_of("externalRefType").unwrap_or("other");
            let comment = reference.str_of("comment");
            let own = comment.and_then(|comment| comment.strip_prefix(OWN));
            for locator in reference.list_of("locator").iter().filter_map(Node::as_str) {
                component.external_references.push(ExternalReference {
                    kind: own
                        .or_else(|| words::reference_kind(word))
                        .unwrap_or("other")
                        .to_owned(),
                    url: locator.to_owned(),
                    comment: comment.filter(|_| own.is_none()).map(str::to_owned),
                    hashes: Vec::new(),
                });
            }
        }
        let mut source_info = text("software_sourceInfo");
        if let Some(rest) = source_info
            .as_deref()
            .and_then(|text| text.strip_prefix(BUILT_FROM))
        {
            let (name, version) = rest
                .split_once(' ')
                .map_or((rest, None), |(name, rest)| (name, Some(rest)));
            component.source = Some(SourcePackage {
                name: name.to_owned(),
                version: version.map(str::to_owned),
            });
            source_info = None;
        }
        spdx_names::split(&mut component);
        for property in properties(node) {
            understand(property, &mut component);
        }
        keep_rest(node, kind, source_info.is_some(), &mut component);
        component
    }
}

/// One of our own properties stands for a field that SPDX has not.
fn understand(property: Property, component: &mut Component) {
    match property.name.as_str() {
        "linchpin:group" => component.group = Some(property.value),
        "linchpin:file-name" => component.file_name = Some(property.value),
        "linchpin:publisher" => component.publisher = Some(property.value),
        "linchpin:media-type" => component.media_type = Some(property.value),
        "linchpin:scope" => component.scope = ComponentScope::from_label(&property.value),
        "linchpin:type" => {
            component.kind =
                ComponentKind::from_cyclonedx(&property.value).unwrap_or(component.kind);
        }
        "linchpin:occurrence" => {
            let (location, context) = match property.value.rsplit_once(" (") {
                Some((location, context)) if context.ends_with(')') => {
                    (location, context.strip_suffix(')'))
                }
                _ => (property.value.as_str(), None),
            };
            component.occurrences.push(Occurrence {
                location: location.to_owned(),
                context: context
                    .filter(|context| !context.is_empty())
                    .map(str::to_owned),
                ..Occurrence::default()
            });
        }
        _ => component.properties.push(property),
    }
}

/// Keeps the fields that are not understood.
fn keep_rest(node: &Node, kind: &str, source_info: bool, component: &mut Component) {
    const KNOWN: [&str; 20] = [
        "spdxId",
        "@id",
        "@type",
        "type",
        "creationInfo",
        "name",
        "software_primaryPurpose",
        "software_packageVersion",
        "software_packageUrl",
        "suppliedBy",
        "originatedBy",
        "software_copyrightText",
        "software_downloadLocation",
        "software_homePage",
        "summary",
        "description",
        "contentType",
        "verifiedUsing",
        "externalIdentifier",
        "externalRef",
    ];
    if matches!(kind, "ai_AIPackage" | "dataset_DatasetPackage") {
        component
            .extensions
            .keep(Family::Spdx3, "type", Node::text(kind));
    }
    for (name, value) in node.as_object().into_iter().flatten() {
        let own = match name.as_ref() {
            "software_sourceInfo" => !source_info,
            "extension" => value
                .as_list()
                .unwrap_or_default()
                .iter()
                .all(|extension| type_of(extension) == "extension_CdxPropertiesExtension"),
            name => KNOWN.contains(&name),
        };
        if !own {
            component
                .extensions
                .keep(Family::Spdx3, name.to_string(), value.clone());
        }
    }
}
