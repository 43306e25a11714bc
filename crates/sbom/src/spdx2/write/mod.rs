//! A document as SPDX 2, in the shape of the JSON encoding.
//!
//! Where SPDX has no field, an annotation of ours says it: `property NAME=VALUE` and `found at
//! PLACE`. Our reader understands these, other readers show them.

mod ids;
mod license;
mod package;
mod party;
mod relationship;

use std::collections::HashMap;

use linchpin_model::Timestamp;

use super::contained_files::{ContainedFiles, is_file};
use super::{DOCUMENT, NO_ASSERTION, NO_TIME, OWN_TOOL};
use crate::document::{Annotation, Component, Document, Extensions, Family, Losses};
use crate::node::{Node, ObjectBuilder};
use crate::serial_number;
use ids::Ids;
pub(crate) use ids::made_of;
use license::Licenses;

/// What all parts of the writer need.
struct Writing<'a> {
    document: &'a Document,
    /// Whether it is SPDX 2.2.
    old: bool,
    ids: Ids<'a>,
    licenses: Licenses,
    contained: ContainedFiles<'a>,
    /// The annotations of each component.
    annotations: HashMap<&'a str, Vec<&'a Annotation>>,
    /// The moment for what must have one.
    moment: String,
    losses: Losses,
}

/// The document as a tree, and what could not be said.
pub(crate) fn document(document: &Document, version: &str) -> (Node, Losses) {
    let metadata = &document.metadata;
    let mut writing = Writing {
        document,
        old: version == "2.2",
        ids: Ids::new(document),
        licenses: Licenses::new(document),
        contained: ContainedFiles::of(document),
        annotations: by_subject(document),
        moment: metadata
            .timestamp
            .as_deref()
            .and_then(moment)
            .unwrap_or_else(|| NO_TIME.to_owned()),
        losses: Losses::default(),
    };
    let primary = metadata.primary.as_ref();
    let mut root = ObjectBuilder::new();
    root.set(
        "spdxVersion",
        format!("SPDX-{}", if version == "2.2" { "2.2" } else { "2.3" }),
    );
    root.set("dataLicense", "CC0-1.0");
    root.set("SPDXID", DOCUMENT);
    let name = metadata
        .name
        .clone()
        .or_else(|| primary.map(Component::full_name))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "sbom".to_owned());
    root.set("name", name);
    let namespace = metadata
        .serial
        .as_deref()
        .filter(|serial| is_namespace(serial));
    if let (Some(serial), None) = (&metadata.serial, namespace) {
        writing.losses.add("serial number that is no URI", serial);
    }
    root.text("documentNamespace", namespace);
    root.text("comment", metadata.comment.as_deref());
    root.set("creationInfo", creation(&mut writing));
    let kept = document.extensions.of(Family::Spdx2);
    let mut snippets = Vec::new();
    let mut external = Vec::new();
    for (name, value) in kept {
        match name {
            "snippets" => snippets.push(value.clone()),
            "externalDocumentRefs" => match value.as_list() {
                Some(list) => external.extend(list.iter().cloned()),
                None => external.push(value.clone()),
            },
            _ => {}
        }
    }
    let others = ["snippets", "externalDocumentRefs"];
    let kept = document.extensions.of(Family::Spdx2);
    root.add_missing(kept.filter(|(name, _)| !others.contains(name)));
    root.list("externalDocumentRefs", external);
    let mut packages = Vec::new();
    let mut files = Vec::new();
    for component in document.all_components() {
        if is_file(component) {
            files.push(package::file(component, &mut writing));
        } else {
            packages.push(package::package(component, &mut writing));
        }
    }
    root.list("packages", packages);
    root.list("files", files);
    root.list("snippets", snippets);
    root.list("hasExtractedLicensingInfos", writing.licenses.texts());
    let mut annotations: Vec<Node> = document
        .properties
        .iter()
        .map(|found| own_annotation(&property(&found.name, &found.value), &writing.moment))
        .collect();
    annotations.extend(
        document
            .annotations
            .iter()
            .filter(|found| found.subjects.is_empty())
            .map(|found| annotation(found, &writing.moment)),
    );
    root.list("annotations", annotations);
    let relationships = relationship::relationships(&mut writing);
    root.list("relationships", relationships);
    say_losses(&mut writing);
    let mut node = root.build();
    if namespace.is_none() {
        let name = serial_number::of(&node);
        if let Node::Object(fields) = &mut node {
            let place = fields.len().min(4);
            fields.insert(place, ("documentNamespace".into(), name.into()));
        }
    }
    (node, writing.losses)
}

/// The annotations by what they are about.
fn by_subject(document: &Document) -> HashMap<&str, Vec<&Annotation>> {
    let mut all: HashMap<&str, Vec<&Annotation>> = HashMap::new();
    for annotation in &document.annotations {
        for subject in &annotation.subjects {
            all.entry(subject).or_default().push(annotation);
        }
    }
    all
}

/// Whether this is a URI without a fragment.
fn is_namespace(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        !rest.is_empty()
            && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    }) && text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"#<>\"{}|\\^`".contains(&byte))
}

/// A moment as SPDX wants it: in UTC, to the second.
pub(crate) fn moment(text: &str) -> Option<String> {
    let moment: Timestamp = text.parse().ok()?;
    Timestamp::from_second(moment.as_second())
        .ok()
        .map(|moment| moment.to_string())
}

fn creation(writing: &mut Writing<'_>) -> Node {
    let metadata = &writing.document.metadata;
    let mut creators = Vec::new();
    for tool in &metadata.tools {
        let name = match &tool.version {
            Some(version) => format!("Tool: {}-{version}", tool.name),
            None => format!("Tool: {}", tool.name),
        };
        creators.push(Node::Text(name));
        if tool.vendor.is_some() || !tool.hashes.is_empty() {
            writing.losses.add("vendor or hash of a tool", &tool.name);
        }
    }
    for author in &metadata.authors {
        creators.push(Node::Text(party::text(author, &mut writing.losses)));
    }
    if creators.is_empty() {
        creators.push(Node::text(OWN_TOOL));
    }
    let mut info = ObjectBuilder::new();
    info.set("created", writing.moment.as_str());
    info.set("creators", Node::List(creators));
    for (name, value) in metadata.extensions.of(Family::Spdx2) {
        info.set(name.to_owned(), value.clone());
    }
    info.build()
}

/// What no field and no annotation has room for.
fn say_losses(writing: &mut Writing<'_>) {
    let document = writing.document;
    let metadata = &document.metadata;
    let losses = &mut writing.losses;
    for vulnerability in document.vulnerabilities.iter().flatten() {
        losses.add("vulnerability", &vulnerability.id);
    }
    if let Some(supplier) = &metadata.supplier {
        losses.add("supplier of the document", &supplier.name);
    }
    if let Some(manufacturer) = &metadata.manufacturer {
        losses.add("manufacturer of the document", &manufacturer.name);
    }
    for phase in &metadata.lifecycles {
        losses.add("lifecycle phase", phase);
    }
    for license in &metadata.licenses {
        if license.choice.as_str() != "CC0-1.0" {
            losses.add("licence of the document", license.choice.as_str());
        }
    }
    if metadata.revision.is_some_and(|revision| revision != 1) {
        losses.add(
            "revision of the document",
            metadata.revision.unwrap_or_default().to_string(),
        );
    }
    foreign(&metadata.extensions, "the document", losses);
    foreign(&document.extensions, "the document", losses);
}

/// Says what another family brought, which can not be said here.
fn foreign(extensions: &Extensions, whose: &str, losses: &mut Losses) {
    for (family, name) in extensions.foreign(Family::Spdx2) {
        losses.add(format!("{} field `{name}`", family.label()), whose);
    }
}

fn property(name: &str, value: &str) -> String {
    format!("property {name}={value}")
}

/// An annotation that stands for what SPDX has no field for.
fn own_annotation(text: &str, moment: &str) -> Node {
    let mut node = ObjectBuilder::new();
    node.set("annotationDate", moment)
        .set("annotationType", "OTHER")
        .set("annotator", OWN_TOOL)
        .set("comment", text);
    node.build()
}

fn annotation(found: &Annotation, moment: &str) -> Node {
    let annotator = match (&found.annotator, &found.tool) {
        (Some(annotator), _) => party::text(annotator, &mut Losses::default()),
        (None, Some(tool)) => match &tool.version {
            Some(version) => format!("Tool: {}-{version}", tool.name),
            None => format!("Tool: {}", tool.name),
        },
        (None, None) => format!("Person: {NO_ASSERTION}"),
    };
    let date = found.timestamp.as_deref().and_then(self::moment);
    let kind = found
        .kind
        .as_deref()
        .filter(|kind| *kind == "REVIEW")
        .unwrap_or("OTHER");
    let mut node = ObjectBuilder::new();
    node.set("annotationDate", date.as_deref().unwrap_or(moment))
        .set("annotationType", kind)
        .set("annotator", annotator)
        .set("comment", found.text.as_str());
    node.build()
}
