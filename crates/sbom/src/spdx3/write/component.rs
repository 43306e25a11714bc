//! Packages and files.

use super::super::words;
use super::{Writing, extension, foreign};
use crate::document::{
    Component, ComponentKind, Family, IdentifierKind, LicenseStanding, Property,
};
use crate::node::{Node, ObjectBuilder};
use crate::spdx_names;
use crate::spdx2::BUILT_FROM;

/// Adds a component to the graph, with its licences.
pub(super) fn component(found: &Component, id: &str, writing: &mut Writing<'_>) {
    let whose = found.full_name();
    let mut own: Vec<Property> = Vec::new();
    let base = writing.base;
    let file = is_file(found);
    let kept_type = found
        .extensions
        .get(Family::Spdx3, "type")
        .and_then(Node::as_str);
    let kind = kept_type.unwrap_or(if file {
        "software_File"
    } else {
        "software_Package"
    });
    let mut node = super::element(kind, id);
    let (name, group) = spdx_names::joined(found);
    node.set("name", name);
    own.extend(group.map(|group| Property::new("linchpin:group", group)));
    node.text("summary", found.summary.as_deref());
    node.text("description", found.description.as_deref());
    node.list("verifiedUsing", hashes(found, &whose, writing));
    if let Some(supplier) = &found.supplier {
        let agent = writing.agents.id(supplier, base, &mut writing.losses);
        node.set("suppliedBy", agent);
    }
    let authors: Vec<Node> = found
        .authors
        .iter()
        .map(|author| writing.agents.id(author, base, &mut writing.losses))
        .collect();
    node.list("originatedBy", authors);
    node.text("software_copyrightText", found.copyright.as_deref());
    match found.kind {
        ComponentKind::Unspecified => {}
        // A file is one already.
        ComponentKind::File if file => {}
        kind => match kind.spdx3() {
            Some(word) => {
                node.set("software_primaryPurpose", word);
            }
            None => {
                node.set("software_primaryPurpose", "other");
                own.push(Property::new("linchpin:type", kind.label()));
            }
        },
    }
    if file {
        match &found.media_type {
            Some(media)
                if media.split('/').count() == 2
                    && !media.starts_with('/')
                    && !media.ends_with('/') =>
            {
                node.set("contentType", media.as_str());
            }
            Some(media) => own.push(Property::new("linchpin:media-type", media)),
            None => {}
        }
    } else {
        node.text("software_packageVersion", found.version.as_deref());
        node.text("software_packageUrl", found.purl.as_deref());
        node.text("software_downloadLocation", found.download.as_deref());
        node.text("software_homePage", found.homepage.as_deref());
        if let Some(source) = &found.source {
            let version = source
                .version
                .as_deref()
                .map(|version| format!(" {version}"));
            let text = format!("{BUILT_FROM}{}{}", source.name, version.unwrap_or_default());
            node.set("software_sourceInfo", text);
        }
        let media = found.media_type.iter();
        own.extend(media.map(|media| Property::new("linchpin:media-type", media)));
    }
    references(found, &mut node, &whose, writing);
    let texts = [
        ("linchpin:file-name", &found.file_name),
        ("linchpin:publisher", &found.publisher),
    ];
    for (name, value) in texts {
        own.extend(value.iter().map(|value| Property::new(name, value)));
    }
    own.extend(
        found
            .scope
            .map(|scope| Property::new("linchpin:scope", scope.label())),
    );
    for occurrence in &found.occurrences {
        let context = match &occurrence.context {
            Some(context) => format!(" ({context})"),
            None if occurrence.location.ends_with(')') => " ()".to_owned(),
            None => String::new(),
        };
        let value = format!("{}{context}", occurrence.location);
        own.push(Property::new("linchpin:occurrence", value));
        if occurrence.line.is_some() || occurrence.symbol.is_some() {
            writing
                .losses
                .add("line or symbol of an occurrence", &occurrence.location);
        }
    }
    if let Some(manufacturer) = &found.manufacturer {
        writing
            .losses
            .add("manufacturer of a component", &manufacturer.name);
    }
    own.extend(found.properties.iter().cloned());
    extension(&mut node, &own);
    node.add_missing(found.extensions.of(Family::Spdx3));
    foreign(&found.extensions, &whose, &mut writing.losses);
    writing.graph.push(node.build());
    licenses(found, id, &whose, writing);
}

/// Whether nothing is known of a component that files have no field for.
fn is_file(found: &Component) -> bool {
    found.kind == ComponentKind::File
        && found.purl.is_none()
        && found.version.is_none()
        && found.download.is_none()
        && found.homepage.is_none()
        && found.source.is_none()
}

fn hashes(found: &Component, whose: &str, writing: &mut Writing<'_>) -> Vec<Node> {
    let mut list = Vec::new();
    for hash in &found.hashes {
        let Some(name) = hash.algorithm.spdx3() else {
            writing
                .losses
                .add(format!("{} hash", hash.algorithm.label()), whose);
            continue;
        };
        let mut node = ObjectBuilder::new();
        node.set("type", "Hash")
            .set("algorithm", name)
            .set("hashValue", hash.value.as_str());
        list.push(node.build());
    }
    list
}

fn references(found: &Component, node: &mut ObjectBuilder, whose: &str, writing: &mut Writing<'_>) {
    let identifiers = found.identifiers.iter().map(|identifier| {
        let mut node = ObjectBuilder::new();
        node.set("type", "ExternalIdentifier")
            .set(
                "externalIdentifierType",
                words::identifier(&identifier.kind),
            )
            .set("identifier", identifier.value.as_str());
        if let IdentifierKind::Other(kind) = &identifier.kind {
            node.set("comment", kind.as_str());
        }
        node.build()
    });
    node.list("externalIdentifier", identifiers.collect());
    let mut list = Vec::new();
    for reference in &found.external_references {
        let mut node = ObjectBuilder::new();
        node.set("type", "ExternalRef");
        let word = words::reference(&reference.kind);
        node.set("externalRefType", word.unwrap_or("other"));
        node.set(
            "locator",
            Node::List(vec![Node::text(reference.url.as_str())]),
        );
        match (&reference.comment, word) {
            (Some(comment), Some(_)) => {
                node.set("comment", comment.as_str());
            }
            (comment, None) => {
                node.set("comment", format!("linchpin:{}", reference.kind));
                if comment.is_some() {
                    writing
                        .losses
                        .add("comment on an external reference", whose);
                }
            }
            (None, Some(_)) => {}
        }
        if !reference.hashes.is_empty() {
            writing.losses.add("hash of an external reference", whose);
        }
        list.push(node.build());
    }
    node.list("externalRef", list);
}

fn licenses(found: &Component, id: &str, whose: &str, writing: &mut Writing<'_>) {
    for (concluded, word) in [(false, "hasDeclaredLicense"), (true, "hasConcludedLicense")] {
        let mut to = Vec::new();
        for license in &found.licenses {
            if (license.standing == LicenseStanding::Concluded) == concluded {
                let base = writing.base;
                to.push(writing.licenses.id(license, writing.document, base));
                foreign(&license.extensions, whose, &mut writing.losses);
                if !license.properties.is_empty() || license.url.is_some() {
                    writing
                        .losses
                        .add("address or properties of a licence", whose);
                }
            }
        }
        if !to.is_empty() {
            writing.relate("Relationship", word, id, to);
        }
    }
}
