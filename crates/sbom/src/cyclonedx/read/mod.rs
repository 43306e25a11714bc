//! CycloneDX as a document. Fields of which nothing is known here are kept as they are.

mod component;
mod metadata;
mod party;
mod vulnerability;

use crate::document::{
    Annotation, Component, Document, Extensions, Family, Hash, HashAlgorithm, Property,
    Relationship, RelationshipKind, Tool,
};
use crate::formats::ReadError;
use crate::node::{Node, ObjectReader, read_object};

/// Collects a document from its parts.
#[derive(Debug, Default)]
pub(crate) struct DocumentReader {
    document: Document,
}

/// Lists of which each element stands for itself.
const LONG: [&str; 4] = [
    "components",
    "dependencies",
    "vulnerabilities",
    "annotations",
];

/// Reads the JSON encoding.
pub(crate) fn read_json(bytes: &[u8]) -> Result<Document, ReadError> {
    let mut reader = DocumentReader::default();
    read_object(bytes, &mut reader)?;
    Ok(reader.finish())
}

/// Reads a component; nothing if it is none.
pub(crate) fn read_component(node: Node) -> Option<Component> {
    component::component(node)
}

impl DocumentReader {
    /// The document.
    pub(crate) fn finish(self) -> Document {
        self.document
    }
}

impl ObjectReader for DocumentReader {
    fn is_long(&self, name: &str) -> bool {
        LONG.contains(&name)
    }

    fn element(&mut self, name: &str, element: Node) {
        let document = &mut self.document;
        match name {
            "components" => document.components.extend(component::component(element)),
            "dependencies" => dependency(&element, &mut document.relationships),
            "vulnerabilities" => document
                .vulnerabilities
                .get_or_insert_default()
                .push(vulnerability::vulnerability(element)),
            "annotations" => match annotation(&element) {
                Some(annotation) => document.annotations.push(annotation),
                None => document
                    .extensions
                    .keep(Family::CycloneDx, "annotations", element),
            },
            _ => {}
        }
    }

    fn field(&mut self, name: String, value: Node) {
        let document = &mut self.document;
        match (name.as_str(), value) {
            ("bomFormat" | "specVersion" | "$schema", _) => {}
            ("serialNumber", Node::Text(serial)) => document.metadata.serial = Some(serial),
            ("version", Node::Number(number)) => document.metadata.revision = number.as_u64(),
            ("metadata", value @ Node::Object(_)) => metadata::metadata(value, document),
            (_, value) => document.extensions.keep(Family::CycloneDx, name, value),
        }
    }
}

/// What the list of vulnerabilities says even if it is empty is not seen by `element`; an empty
/// list and none mean the same.
fn dependency(node: &Node, relationships: &mut Vec<Relationship>) {
    let Some(from) = node.str_of("ref") else {
        return;
    };
    let mut any = false;
    for (field, kind) in [
        ("dependsOn", RelationshipKind::DependsOn(None)),
        ("provides", RelationshipKind::Provides),
    ] {
        for to in node.list_of(field).iter().filter_map(Node::as_str) {
            any = true;
            relationships.push(Relationship::new(from, kind.clone(), to));
        }
    }
    if !any {
        relationships.push(Relationship::new(
            from,
            RelationshipKind::DependsOnNothing,
            "",
        ));
    }
}

/// An annotation; nothing if it is signed or made by a service, of which nothing is known here.
fn annotation(node: &Node) -> Option<Annotation> {
    let annotator = node.get("annotator")?;
    if node.get("signature").is_some() || node.get("bom-ref").is_some() {
        return None;
    }
    let mut annotation = Annotation {
        subjects: node
            .list_of("subjects")
            .iter()
            .filter_map(Node::as_str)
            .map(str::to_owned)
            .collect(),
        timestamp: node.str_of("timestamp").map(str::to_owned),
        text: node.str_of("text").unwrap_or_default().to_owned(),
        ..Annotation::default()
    };
    if let Some(organization) = annotator.get("organization") {
        annotation.annotator = Some(party::organization(organization)?);
    } else if let Some(individual) = annotator.get("individual") {
        annotation.annotator = Some(party::person(individual)?);
    } else {
        annotation.tool = Some(simple_tool(annotator.get("component")?)?);
    }
    Some(annotation)
}

/// A component that says no more than which program it is.
fn simple_tool(node: &Node) -> Option<Tool> {
    let fields = node.as_object()?;
    let simple = |name: &str| matches!(name, "type" | "name" | "version" | "hashes" | "publisher");
    if !fields.iter().all(|(name, _)| simple(name)) || node.str_of("type")? != "application" {
        return None;
    }
    Some(Tool {
        vendor: node.str_of("publisher").map(str::to_owned),
        name: node.str_of("name")?.to_owned(),
        version: node.str_of("version").map(str::to_owned),
        hashes: hashes(node.list_of("hashes")),
    })
}

fn hashes(list: &[Node]) -> Vec<Hash> {
    list.iter()
        .filter_map(|hash| {
            Some(Hash {
                algorithm: HashAlgorithm::from_name(hash.str_of("alg")?),
                value: hash.str_of("content")?.to_owned(),
            })
        })
        .collect()
}

fn properties(list: &[Node]) -> Vec<Property> {
    list.iter()
        .filter_map(|property| {
            Some(Property::new(
                property.str_of("name").unwrap_or_default(),
                property.str_of("value")?,
            ))
        })
        .collect()
}

/// Keeps whatever is left of an object.
fn keep_rest(rest: Node, extensions: &mut Extensions) {
    if let Node::Object(fields) = rest {
        for (name, value) in fields {
            extensions.keep(Family::CycloneDx, name, value);
        }
    }
}

/// Whether the field is there with a type that is not understood: such a component is kept as far
/// as it is.
fn components(list: Vec<Node>) -> Vec<Component> {
    list.into_iter().filter_map(component::component).collect()
}
