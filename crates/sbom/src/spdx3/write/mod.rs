//! A document as a graph of SPDX 3.0.1.

mod agents;
mod assessment;
mod component;
mod licenses;
mod relationship;
mod vulnerability;

use std::collections::{HashMap, HashSet};

use super::{CONTEXT, NO_TIME};
use crate::document::{Component, Document, Extensions, Family, Losses, Property};
use crate::node::{Node, ObjectBuilder};
use crate::serial_number;
use crate::spdx2;
use agents::Agents;
use licenses::Licenses;

/// The name of the creation info that everything shares.
const CREATION: &str = "_:creationinfo";

/// What all parts of the writer need.
struct Writing<'a> {
    document: &'a Document,
    base: &'a str,
    ids: HashMap<&'a str, String>,
    agents: Agents,
    licenses: Licenses,
    graph: Vec<Node>,
    relationships: usize,
    losses: Losses,
}

/// The document as a tree, and what could not be said.
pub(crate) fn document(document: &Document) -> (Node, Losses) {
    let given = document
        .metadata
        .serial
        .as_deref()
        .filter(|serial| is_base(serial));
    match given {
        Some(base) => graph(document, base.trim_end_matches('#')),
        None => {
            // A name made from the content, which has no name of its own.
            let nameless = graph(document, "urn:uuid:00000000-0000-0000-0000-000000000000").0;
            let name = serial_number::of(&nameless);
            // Two such trees of a large document would be one too many.
            drop(nameless);
            let (node, mut losses) = graph(document, &name);
            if let Some(serial) = &document.metadata.serial {
                losses.add("serial number that is no IRI", serial);
            }
            (node, losses)
        }
    }
}

fn is_base(text: &str) -> bool {
    ["http://", "https://", "urn:"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
        && crate::rules::is_iri_reference(text)
}

fn graph(document: &Document, base: &str) -> (Node, Losses) {
    let mut writing = Writing {
        document,
        base,
        ids: ids(document, base),
        agents: Agents::default(),
        licenses: Licenses::default(),
        graph: Vec::new(),
        relationships: 0,
        losses: Losses::default(),
    };
    let metadata = &document.metadata;
    let mut elements = Vec::new();
    for (number, component) in document.all_components().enumerate() {
        let id = writing.id_of(component, number);
        elements.push(Node::text(id.as_str()));
        component::component(component, &id, &mut writing);
    }
    relationship::relationships(&mut writing);
    vulnerability::vulnerabilities(&mut writing);
    relationship::annotations(&mut writing);

    let moment = metadata.timestamp.as_deref().and_then(spdx2::moment);
    let mut creation = ObjectBuilder::new();
    creation
        .set("type", "CreationInfo")
        .set("@id", CREATION)
        .set("specVersion", "3.0.1")
        .set("created", moment.as_deref().unwrap_or(NO_TIME));
    let (makers, tools) = agents::makers(&mut writing);
    creation.set("createdBy", Node::List(makers));
    creation.list("createdUsing", tools);

    let root = match &metadata.primary {
        Some(primary) => vec![Node::Text(writing.id_of(primary, 0))],
        None => elements.clone(),
    };
    let sbom_id = format!("{base}#sbom");
    let mut sbom = element("software_Sbom", &sbom_id);
    sbom.list("software_sbomType", sbom_types(&mut writing));
    sbom.list("element", elements);
    sbom.list("rootElement", root);
    let mut top = element("SpdxDocument", base);
    top.text("name", metadata.name.as_deref().or(Some("sbom")));
    top.text("comment", metadata.comment.as_deref());
    let mut profiles = vec!["core", "software", "simpleLicensing"];
    if document.vulnerabilities.is_some() {
        profiles.push("security");
    }
    top.set(
        "profileConformance",
        Node::List(profiles.into_iter().map(Node::text).collect()),
    );
    top.set("rootElement", Node::List(vec![Node::text(sbom_id)]));
    extension(&mut top, &document.properties);
    say_losses(&mut writing);

    let mut list = vec![creation.build(), top.build(), sbom.build()];
    list.extend(writing.agents.elements(base));
    list.extend(std::mem::take(&mut writing.graph));
    list.extend(writing.licenses.elements(base));
    for (name, value) in document.extensions.of(Family::Spdx3) {
        if name == "@graph" {
            list.push(with_creation(value));
        }
    }
    let mut node = ObjectBuilder::new();
    node.set("@context", CONTEXT);
    node.set("@graph", Node::List(list));
    (node.build(), writing.losses)
}

/// An element with what every element has.
fn element(kind: &str, id: &str) -> ObjectBuilder {
    let mut node = ObjectBuilder::new();
    node.set("type", kind)
        .set("spdxId", id)
        .set("creationInfo", CREATION);
    node
}

impl<'a> Writing<'a> {
    /// The id of a component; one without a reference goes by its place.
    fn id_of(&self, component: &Component, number: usize) -> String {
        match self.ids.get(component.reference.as_str()) {
            Some(id) => id.clone(),
            None => format!("{}#component-{number}", self.base),
        }
    }

    /// The id for a reference.
    fn id(&self, reference: &'a str) -> Option<String> {
        self.ids
            .get(reference)
            .cloned()
            .or_else(|| is_base(reference).then(|| reference.to_owned()))
    }
}

/// What is kept names the creation info of the document that it came from.
fn with_creation(node: &Node) -> Node {
    let mut node = node.clone();
    if let Node::Object(fields) = &mut node {
        for (name, value) in fields.iter_mut() {
            if name == "creationInfo" {
                *value = Node::text(CREATION);
            }
        }
    }
    node
}

/// The id of each reference.
fn ids<'a>(document: &'a Document, base: &str) -> HashMap<&'a str, String> {
    let mut ids = HashMap::new();
    let mut used = HashSet::new();
    let mut next: HashMap<String, usize> = HashMap::new();
    for component in document.all_components() {
        let reference = component.reference.as_str();
        if reference.is_empty() || ids.contains_key(reference) {
            continue;
        }
        if is_base(reference) && used.insert(reference.to_owned()) {
            ids.insert(reference, reference.to_owned());
            continue;
        }
        let stem = format!("{base}#SPDXRef-{}", spdx2::made_of(reference));
        let number = next.entry(stem.clone()).or_insert(1);
        let mut id = stem.clone();
        while !used.insert(id.clone()) {
            *number += 1;
            id = format!("{stem}-{number}");
        }
        ids.insert(reference, id);
    }
    ids
}

/// Named values, in the extension that is made for those of CycloneDX.
fn extension(node: &mut ObjectBuilder, properties: &[Property]) {
    if properties.is_empty() {
        return;
    }
    let entries = properties.iter().map(|property| {
        let mut entry = ObjectBuilder::new();
        entry
            .set("type", "extension_CdxPropertyEntry")
            .set("extension_cdxPropName", property.name.as_str())
            .set("extension_cdxPropValue", property.value.as_str());
        entry.build()
    });
    let mut all = ObjectBuilder::new();
    all.set("type", "extension_CdxPropertiesExtension");
    all.set("extension_cdxProperty", Node::List(entries.collect()));
    node.set("extension", Node::List(vec![all.build()]));
}

fn sbom_types(writing: &mut Writing<'_>) -> Vec<Node> {
    let mut types: Vec<Node> = Vec::new();
    for phase in &writing.document.metadata.lifecycles {
        let word = match phase.as_str() {
            "design" => "design",
            "pre-build" => "source",
            "build" => "build",
            "post-build" => "analyzed",
            "operations" => "deployed",
            _ => {
                writing.losses.add("lifecycle phase", phase);
                continue;
            }
        };
        types.push(Node::text(word));
    }
    types
}

fn say_losses(writing: &mut Writing<'_>) {
    let document = writing.document;
    let metadata = &document.metadata;
    let losses = &mut writing.losses;
    if let Some(supplier) = &metadata.supplier {
        losses.add("supplier of the document", &supplier.name);
    }
    if let Some(manufacturer) = &metadata.manufacturer {
        losses.add("manufacturer of the document", &manufacturer.name);
    }
    for license in &metadata.licenses {
        losses.add("licence of the document", license.choice.as_str());
    }
    if let Some(revision) = metadata.revision.filter(|revision| *revision != 1) {
        losses.add("revision of the document", revision.to_string());
    }
    foreign(&metadata.extensions, "the document", losses);
    foreign(&document.extensions, "the document", losses);
}

/// Says what another family brought, which can not be said here.
fn foreign(extensions: &Extensions, whose: &str, losses: &mut Losses) {
    for (family, name) in extensions.foreign(Family::Spdx3) {
        losses.add(format!("{} field `{name}`", family.label()), whose);
    }
}
