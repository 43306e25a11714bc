//! SPDX 2 as a document.

mod license;
mod package;
mod party;
mod relationship;

pub(crate) use package::BUILT_FROM;

use std::collections::HashMap;

use super::{DOCUMENT, NO_TIME, OWN_TOOL, contained_files, tag_value};
use crate::document::{
    Annotation, Component, Document, Extensions, Family, LicenseText, Occurrence, Tool,
};
use crate::formats::ReadError;
use crate::node::{Node, ObjectReader, read_object};
use crate::repetition::Repetition;

/// Collects a document from its parts.
#[derive(Debug, Default)]
struct DocumentReader {
    document: Document,
    /// What the document says that it describes.
    described: Vec<String>,
    /// What was said of components by their ids, to be given to them at the end.
    own_annotations: HashMap<String, Vec<String>>,
}

/// Reads the JSON encoding.
pub(crate) fn read_json(bytes: &[u8]) -> Result<Document, ReadError> {
    let mut reader = DocumentReader::default();
    read_object(bytes, &mut reader)?;
    Ok(reader.finish(bytes.len()))
}

/// Reads the tag-value encoding.
pub(crate) fn read_tag_value(bytes: &[u8]) -> Result<Document, ReadError> {
    let mut reader = DocumentReader::default();
    tag_value::parse(bytes, &mut reader)?;
    Ok(reader.finish(bytes.len()))
}

/// Lists of which each element stands for itself.
const LONG: [&str; 6] = [
    "packages",
    "files",
    "relationships",
    "annotations",
    "hasExtractedLicensingInfos",
    "snippets",
];

impl ObjectReader for DocumentReader {
    fn is_long(&self, name: &str) -> bool {
        LONG.contains(&name)
    }

    fn element(&mut self, name: &str, mut element: Node) {
        match name {
            "packages" | "files" => {
                if element.as_object().is_none() {
                    return;
                }
                let id = element.str_of("SPDXID").unwrap_or_default().to_owned();
                for annotation in element.take_list("annotations") {
                    self.annotation(annotation, &id);
                }
                let component = if name == "files" {
                    package::file(element)
                } else {
                    for file in element.take_list("hasFiles") {
                        if let Node::Text(file) = file {
                            self.document
                                .relationships
                                .push(relationship::contains(&id, &file));
                        }
                    }
                    package::package(element)
                };
                self.document.components.push(component);
            }
            "relationships" => {
                if let Some(found) = relationship::relationship(&element) {
                    match found {
                        relationship::Found::Describes(what) => self.described.push(what),
                        relationship::Found::Between(found) => {
                            self.document.relationships.push(found);
                        }
                    }
                }
            }
            "annotations" => {
                let subject = element.take_text("SPDXREF").unwrap_or_default();
                self.annotation(element, &subject);
            }
            "hasExtractedLicensingInfos" => {
                self.document.license_texts.extend(license_text(&element));
            }
            _ => self.document.extensions.keep(Family::Spdx2, name, element),
        }
    }

    fn field(&mut self, name: String, value: Node) {
        let document = &mut self.document;
        match (name.as_str(), value) {
            ("spdxVersion" | "dataLicense" | "SPDXID", _) => {}
            ("name", Node::Text(text)) => document.metadata.name = Some(text),
            ("comment", Node::Text(text)) => document.metadata.comment = Some(text),
            ("documentNamespace", Node::Text(text)) => document.metadata.serial = Some(text),
            ("documentDescribes", Node::List(list)) => self
                .described
                .extend(list.iter().filter_map(Node::as_str).map(str::to_owned)),
            ("creationInfo", value @ Node::Object(_)) => self.creation(value),
            (_, value) => document.extensions.keep(Family::Spdx2, name, value),
        }
    }
}

impl DocumentReader {
    fn creation(&mut self, mut info: Node) {
        let metadata = &mut self.document.metadata;
        metadata.timestamp = info
            .take_text("created")
            .filter(|created| created != NO_TIME);
        for creator in info.take_list("creators").iter().filter_map(Node::as_str) {
            match creator.split_once(':') {
                Some(("Tool", tool)) => metadata.tools.push(self::tool(tool.trim())),
                _ => metadata.authors.extend(party::party(creator)),
            }
        }
        keep_rest(info, &mut metadata.extensions);
    }

    /// An annotation. One of ours stands for what SPDX has no field for.
    fn annotation(&mut self, node: Node, subject: &str) {
        let text = node.str_of("comment").unwrap_or_default().to_owned();
        let annotator = node.str_of("annotator").unwrap_or_default();
        if annotator == OWN_TOOL {
            self.own_annotations
                .entry(subject.to_owned())
                .or_default()
                .push(text);
            return;
        }
        let mut annotation = Annotation {
            timestamp: node
                .str_of("annotationDate")
                .filter(|date| *date != NO_TIME)
                .map(str::to_owned),
            kind: node.str_of("annotationType").map(str::to_owned),
            text,
            ..Annotation::default()
        };
        if !subject.is_empty() && subject != DOCUMENT {
            annotation.subjects.push(subject.to_owned());
        }
        match annotator.strip_prefix("Tool:") {
            Some(tool) => annotation.tool = Some(self::tool(tool.trim())),
            None => annotation.annotator = party::party(annotator),
        }
        self.document.annotations.push(annotation);
    }

    /// `size` is that of the document in bytes.
    fn finish(mut self, size: usize) -> Document {
        let document = &mut self.document;
        license::name_references(
            &mut document.components,
            &document.license_texts,
            &Repetition::of(size),
        );
        for component in &mut document.components {
            for text in self
                .own_annotations
                .remove(&component.reference)
                .into_iter()
                .flatten()
            {
                understand(&text, component);
            }
        }
        for text in self
            .own_annotations
            .remove(DOCUMENT)
            .into_iter()
            .flatten()
            .chain(self.own_annotations.remove("").into_iter().flatten())
        {
            if let Some((name, value)) = property(&text) {
                document
                    .properties
                    .push(crate::document::Property::new(name, value));
            }
        }
        license::forget_named(document);
        contained_files::forget_what_follows(document);
        // What the document describes is its primary component if it is one.
        self.described.sort();
        self.described.dedup();
        if let [primary] = self.described.as_slice()
            && let Some(place) = document
                .components
                .iter()
                .position(|found| found.reference == *primary)
        {
            document.metadata.primary = Some(document.components.remove(place));
        }
        // A document must have a name, and those without one take that of what they describe.
        let primary = document.metadata.primary.as_ref().map(Component::full_name);
        if document.metadata.name == primary {
            document.metadata.name = None;
        }
        self.document
    }
}

/// `property NAME=VALUE`.
fn property(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix("property ")?.split_once('=')
}

/// What one of our own annotations says of a component.
fn understand(text: &str, component: &mut Component) {
    if let Some(place) = text.strip_prefix("found at ") {
        let (location, context) = match place.rsplit_once(" (") {
            Some((location, context)) if context.ends_with(')') => {
                (location, context.strip_suffix(')'))
            }
            _ => (place, None),
        };
        component.occurrences.push(Occurrence {
            location: location.to_owned(),
            context: context
                .filter(|context| !context.is_empty())
                .map(str::to_owned),
            ..Occurrence::default()
        });
        return;
    }
    let Some((name, value)) = property(text) else {
        return;
    };
    let value = value.to_owned();
    match name {
        "linchpin:scope" => {
            component.scope = crate::document::ComponentScope::from_label(&value);
        }
        "linchpin:group" => component.group = Some(value).filter(|group| !group.is_empty()),
        "linchpin:name" => component.name = value,
        "linchpin:publisher" => component.publisher = Some(value),
        "linchpin:media-type" => component.media_type = Some(value),
        "linchpin:type" => {
            component.kind = crate::document::ComponentKind::from_cyclonedx(&value)
                .or_else(|| crate::document::ComponentKind::from_spdx3(&value))
                .unwrap_or(component.kind);
        }
        _ => component
            .properties
            .push(crate::document::Property::new(name, value)),
    }
}

fn license_text(node: &Node) -> Option<LicenseText> {
    Some(LicenseText {
        id: node.str_of("licenseId")?.to_owned(),
        name: node
            .str_of("name")
            .filter(|name| *name != super::NO_ASSERTION)
            .map(str::to_owned),
        text: node.str_of("extractedText").unwrap_or_default().to_owned(),
        urls: node
            .list_of("seeAlsos")
            .iter()
            .filter_map(Node::as_str)
            .map(str::to_owned)
            .collect(),
        comment: node.str_of("comment").map(str::to_owned),
    })
}

/// `name-1.2.3`: the version begins with a digit, perhaps after a `v`.
pub(crate) fn tool(text: &str) -> Tool {
    let place = text
        .match_indices('-')
        .map(|(place, _)| place)
        .find(|place| {
            let rest = text.get(place + 1..).unwrap_or_default();
            let rest = rest.strip_prefix('v').unwrap_or(rest);
            rest.starts_with(|next: char| next.is_ascii_digit())
        });
    let (name, version) = match place.and_then(|place| text.split_at_checked(place)) {
        Some((name, version)) => (name, version.strip_prefix('-')),
        None => (text, None),
    };
    Tool {
        name: name.to_owned(),
        version: version.map(str::to_owned),
        ..Tool::default()
    }
}

/// Keeps whatever is left of an object.
fn keep_rest(rest: Node, extensions: &mut Extensions) {
    if let Node::Object(fields) = rest {
        for (name, value) in fields {
            extensions.keep(Family::Spdx2, name, value);
        }
    }
}
