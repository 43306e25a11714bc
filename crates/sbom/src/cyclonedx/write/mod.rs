//! A document as CycloneDX, in the shape of the JSON encoding.
//!
//! What has changed its form between versions is written in the form of the version asked for.

mod component;
mod graph;
mod license;
mod metadata;
mod nesting;
mod party;
mod vulnerability;

use std::collections::HashMap;

use crate::document::{
    Annotation, Document, Extensions, Family, Hash, LicenseText, Losses, Property,
};
use crate::node::{Node, ObjectBuilder};
use crate::serial_number;

/// What all parts of the writer need.
pub(super) struct Writing<'a> {
    /// The second number of the version.
    pub(super) minor: u8,
    /// The document.
    pub(super) document: &'a Document,
    /// The texts of licences by their ids.
    pub(super) texts: HashMap<&'a str, &'a LicenseText>,
    /// What could not be said so far.
    pub(super) losses: Losses,
}

/// The document as a tree, and what could not be said.
pub(crate) fn document(document: &Document, minor: u8) -> (Node, Losses) {
    let mut writing = Writing {
        minor,
        document,
        texts: document
            .license_texts
            .iter()
            .map(|text| (text.id.as_str(), text))
            .collect(),
        losses: Losses::default(),
    };
    let mut root = ObjectBuilder::new();
    // The schemas of old versions are named after their stricter forms.
    let letter = if minor <= 3 { "a" } else { "" };
    root.set(
        "$schema",
        format!("http://cyclonedx.org/schema/bom-1.{minor}{letter}.schema.json"),
    );
    root.set("bomFormat", "CycloneDX");
    root.set("specVersion", format!("1.{minor}"));
    let given = document.metadata.serial.as_deref();
    let serial = given.filter(|serial| is_serial_number(serial));
    if let (Some(namespace), None) = (given, serial) {
        writing.losses.add("namespace of the document", namespace);
    }
    root.text("serialNumber", serial);
    root.set("version", document.metadata.revision.unwrap_or(1));
    root.set("metadata", metadata::metadata(&mut writing));
    let components = nesting::components(&mut writing);
    root.set("components", Node::List(components));
    for name in ["services", "externalReferences"] {
        for value in own(document, name) {
            root.set(name, value);
        }
    }
    root.set(
        "dependencies",
        Node::List(graph::dependencies(&mut writing)),
    );
    for value in own(document, "compositions") {
        root.set("compositions", value);
    }
    if let Some(vulnerabilities) = &document.vulnerabilities {
        let list = vulnerabilities
            .iter()
            .map(|vulnerability| vulnerability::vulnerability(vulnerability, &mut writing))
            .collect();
        root.set("vulnerabilities", Node::List(list));
    }
    let mut annotations: Vec<Node> = document
        .annotations
        .iter()
        .map(|found| annotation(found, &mut writing))
        .collect();
    annotations.extend(own(document, "annotations"));
    root.list("annotations", annotations);
    add_kept_fields(
        &mut root,
        &document.extensions,
        "the document",
        &mut writing.losses,
    );
    foreign(&document.extensions, "the document", &mut writing.losses);
    license::unused_texts(&mut writing);
    let mut node = root.build();
    if serial.is_none() {
        insert_serial_number(&mut node);
    }
    (node, writing.losses)
}

/// What is kept of the document under this name.
fn own(document: &Document, name: &str) -> Vec<Node> {
    document
        .extensions
        .of(Family::CycloneDx)
        .filter(|(found, _)| *found == name)
        .map(|(_, value)| value.clone())
        .collect()
}

/// Whether this is a serial number as the specification wants it.
fn is_serial_number(text: &str) -> bool {
    let Some(uuid) = text.strip_prefix("urn:uuid:") else {
        return false;
    };
    uuid.len() == 36
        && uuid.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

/// A serial number made from everything else.
fn insert_serial_number(node: &mut Node) {
    let serial = serial_number::of(node);
    if let Node::Object(fields) = node {
        let place = fields
            .iter()
            .position(|(name, _)| name == "specVersion")
            .map_or(0, |place| place + 1);
        fields.insert(place, ("serialNumber".into(), serial.into()));
    }
}

/// Says what another family brought, which can not be said here.
pub(super) fn foreign(extensions: &Extensions, whose: &str, losses: &mut Losses) {
    for (family, name) in extensions.foreign(Family::CycloneDx) {
        losses.add(format!("{} field `{name}`", family.label()), whose);
    }
}

fn annotation(annotation: &Annotation, writing: &mut Writing<'_>) -> Node {
    let mut node = ObjectBuilder::new();
    let subjects = annotation.subjects.iter().map(Node::text).collect();
    node.set("subjects", Node::List(subjects));
    let mut annotator = ObjectBuilder::new();
    match (&annotation.annotator, &annotation.tool) {
        (Some(party), _) => match party.kind {
            crate::document::PartyKind::Organization => {
                annotator.set("organization", party::organization(party));
            }
            _ => {
                annotator.set("individual", party::person(party));
            }
        },
        (None, Some(tool)) => {
            annotator.set("component", metadata::tool_component(tool));
        }
        (None, None) => {
            annotator.set("individual", ObjectBuilder::new().build());
        }
    }
    node.set("annotator", annotator.build());
    match &annotation.timestamp {
        Some(timestamp) => node.set("timestamp", timestamp.as_str()),
        None => node.set("timestamp", "1970-01-01T00:00:00Z"),
    };
    node.set("text", annotation.text.as_str());
    if let Some(kind) = &annotation.kind {
        writing.losses.add("kind of an annotation", kind);
    }
    node.build()
}

fn hashes(list: &[Hash], whose: &str, writing: &mut Writing<'_>) -> Vec<Node> {
    list.iter()
        .filter_map(|hash| {
            let Some(name) = hash.algorithm.cyclonedx() else {
                writing
                    .losses
                    .add(format!("{} hash", hash.algorithm.label()), whose);
                return None;
            };
            let mut node = ObjectBuilder::new();
            node.set("alg", name);
            node.set("content", hash.value.as_str());
            Some(node.build())
        })
        .collect()
}

fn properties(list: &[Property]) -> Vec<Node> {
    list.iter()
        .map(|property| self::property(&property.name, &property.value))
        .collect()
}

fn property(name: &str, value: &str) -> Node {
    let mut node = ObjectBuilder::new();
    node.set("name", name).set("value", value);
    node.build()
}

/// Adds what is kept of an object, except what has been written.
fn add_kept(node: &mut ObjectBuilder, extensions: &Extensions, whose: &str, losses: &mut Losses) {
    add_kept_fields(node, extensions, whose, losses);
    foreign(extensions, whose, losses);
}

fn add_kept_fields(
    node: &mut ObjectBuilder,
    extensions: &Extensions,
    whose: &str,
    losses: &mut Losses,
) {
    let own = || extensions.of(Family::CycloneDx);
    if own().any(|(name, _)| name == "signature") {
        losses.add("signature, which holds no longer", whose);
    }
    // Annotations are in their list already.
    node.add_missing(own().filter(|(name, _)| !matches!(*name, "signature" | "annotations")));
}
