//! A graph of SPDX 3 as a document.

mod assessment;
mod component;
mod relationship;
mod vulnerability;

use std::cell::Cell;
use std::collections::HashMap;

use super::NO_TIME;
use crate::document::{Annotation, Document, Family, LicenseText, Party, PartyKind, Property};
use crate::formats::ReadError;
use crate::node::{Node, ObjectReader, read_object};
use crate::repetition::Repetition;
use crate::spdx2::tool;
use assessment::{Assessment, assessment};
use vulnerability::{rating, vulnerability};

/// The elements of a graph.
#[derive(Debug, Default)]
struct Graph {
    elements: Vec<Node>,
    /// A document of one element has no graph.
    alone: Vec<(String, Node)>,
}

impl ObjectReader for Graph {
    fn is_long(&self, name: &str) -> bool {
        name == "@graph"
    }

    fn element(&mut self, _name: &str, element: Node) {
        self.elements.push(element);
    }

    fn field(&mut self, name: String, value: Node) {
        if name != "@context" {
            self.alone.push((name, value));
        }
    }
}

/// Reads a document.
pub(crate) fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let mut graph = Graph::default();
    read_object(bytes, &mut graph)?;
    if graph.elements.is_empty() && !graph.alone.is_empty() {
        let fields = graph
            .alone
            .into_iter()
            .map(|(name, value)| (name.into(), value));
        graph.elements.push(Node::Object(fields.collect()));
    }
    let places: HashMap<String, usize> = graph
        .elements
        .iter()
        .enumerate()
        .filter_map(|(place, node)| {
            let id = node.str_of("spdxId").or_else(|| node.str_of("@id"))?;
            Some((id.to_owned(), place))
        })
        .collect();
    Reading {
        elements: &graph.elements,
        places: &places,
        document: Document::default(),
        repetition: Repetition::of(bytes.len()),
        refused: Cell::new(false),
    }
    .all()
}

struct Reading<'a> {
    elements: &'a [Node],
    places: &'a HashMap<String, usize>,
    document: Document,
    repetition: Repetition,
    /// Whether something could not be copied that has to be.
    refused: Cell<bool>,
}

fn type_of(node: &Node) -> &str {
    node.str_of("type")
        .or_else(|| node.str_of("@type"))
        .unwrap_or_default()
}

fn id_of(node: &Node) -> &str {
    node.str_of("spdxId")
        .or_else(|| node.str_of("@id"))
        .unwrap_or_default()
}

impl<'a> Reading<'a> {
    /// The element itself, where it may be named or stand in place.
    fn resolve(&self, node: &'a Node) -> Option<&'a Node> {
        match node {
            Node::Text(id) => self.elements.get(*self.places.get(id)?),
            Node::Object(_) => Some(node),
            _ => None,
        }
    }

    /// Whether there is room to copy what an element says. Without it the document is refused.
    fn may_copy(&self, bytes: usize) -> bool {
        let allowed = self.repetition.allows(bytes);
        if !allowed {
            self.refused.set(true);
        }
        allowed
    }

    fn party(&self, node: &'a Node) -> Option<Party> {
        let node = self.resolve(node)?;
        let kind = match type_of(node) {
            "Person" => PartyKind::Person,
            "Organization" => PartyKind::Organization,
            "Agent" => PartyKind::Unknown,
            _ => return None,
        };
        let name = node.str_of("name").unwrap_or_default();
        let identifiers = node.list_of("externalIdentifier");
        if !self.may_copy(100 + name.len() + 100 * identifiers.len()) {
            return None;
        }
        let email = identifiers
            .iter()
            .find(|found| found.str_of("externalIdentifierType") == Some("email"))
            .and_then(|found| found.str_of("identifier"));
        Some(Party {
            email: email.map(str::to_owned),
            ..Party::new(kind, name)
        })
    }

    fn all(mut self) -> Result<Document, ReadError> {
        let elements = self.elements;
        let mut vulnerabilities: HashMap<&str, usize> = HashMap::new();
        let mut components: HashMap<&str, usize> = HashMap::new();
        let mut roots: Vec<&str> = Vec::new();
        let mut assessments: HashMap<usize, Vec<Assessment<'_>>> = HashMap::new();
        for node in elements {
            match type_of(node) {
                "software_Package"
                | "software_File"
                | "ai_AIPackage"
                | "dataset_DatasetPackage" => {
                    components.insert(id_of(node), self.document.components.len());
                    let component = self.component(node);
                    self.document.components.push(component);
                }
                "security_Vulnerability" => {
                    let list = self.document.vulnerabilities.get_or_insert_default();
                    vulnerabilities.insert(id_of(node), list.len());
                    list.push(vulnerability(node));
                }
                "SpdxDocument" => self.top(node),
                "software_Sbom" | "Bom" => {
                    roots.extend(node.list_of("rootElement").iter().filter_map(Node::as_str));
                    for word in node
                        .list_of("software_sbomType")
                        .iter()
                        .filter_map(Node::as_str)
                    {
                        let phase = match word {
                            "source" => "pre-build",
                            "analyzed" => "post-build",
                            "deployed" | "runtime" => "operations",
                            other => other,
                        };
                        self.document.metadata.lifecycles.push(phase.to_owned());
                    }
                }
                _ => {}
            }
        }
        for node in elements {
            let kind = type_of(node);
            match kind {
                "Relationship" | "LifecycleScopedRelationship" => {
                    self.relationship(node, &components, &vulnerabilities);
                }
                "Annotation" => self.annotation(node),
                "simplelicensing_SimpleLicensingText" => {
                    let id = id_of(node).rsplit('#').next().unwrap_or_default();
                    if id.starts_with("LicenseRef-") {
                        self.document.license_texts.push(LicenseText {
                            id: id.to_owned(),
                            name: node.str_of("name").map(str::to_owned),
                            text: node
                                .str_of("simplelicensing_licenseText")
                                .unwrap_or_default()
                                .to_owned(),
                            ..LicenseText::default()
                        });
                    }
                }
                "security_CvssV2VulnAssessmentRelationship"
                | "security_CvssV3VulnAssessmentRelationship"
                | "security_CvssV4VulnAssessmentRelationship" => {
                    let place = node
                        .str_of("from")
                        .and_then(|from| vulnerabilities.get(from));
                    let list = self.document.vulnerabilities.get_or_insert_default();
                    if let Some(found) = place.and_then(|place| list.get_mut(*place)) {
                        found.ratings.push(rating(node));
                    }
                }
                "software_Package"
                | "software_File"
                | "ai_AIPackage"
                | "dataset_DatasetPackage"
                | "security_Vulnerability"
                | "SpdxDocument"
                | "software_Sbom"
                | "Bom"
                | "CreationInfo"
                | "Person"
                | "Organization"
                | "Agent"
                | "SoftwareAgent"
                | "Tool"
                | "simplelicensing_LicenseExpression"
                | "expandedlicensing_CustomLicense" => {}
                _ => {
                    let place = node
                        .str_of("from")
                        .and_then(|from| vulnerabilities.get(from));
                    match (place, assessment(node)) {
                        (Some(place), Some(said)) => {
                            assessments.entry(*place).or_default().push(said);
                        }
                        _ => self.keep(node),
                    }
                }
            }
        }
        if let Some(list) = &mut self.document.vulnerabilities {
            for node in assessment::give(list, &assessments, &self.repetition) {
                self.keep(node);
            }
        }
        if self.document.metadata.timestamp.is_none()
            && let Some(node) = elements.iter().find(|node| type_of(node) == "CreationInfo")
        {
            self.creation(node);
        }
        roots.sort_unstable();
        roots.dedup();
        if let [root] = roots.as_slice()
            && let Some(place) = components.get(root)
        {
            self.document.metadata.primary = Some(self.document.components.remove(*place));
        }
        if self.refused.get() {
            return Err(ReadError::Repetitive);
        }
        Ok(self.document)
    }

    /// Keeps an element that is not understood.
    fn keep(&mut self, node: &Node) {
        let kept = &mut self.document.extensions;
        kept.keep(Family::Spdx3, "@graph", node.clone());
    }

    /// What the document says of itself.
    fn top(&mut self, node: &'a Node) {
        let metadata = &mut self.document.metadata;
        metadata.name = node
            .str_of("name")
            .filter(|name| *name != "sbom")
            .map(str::to_owned);
        metadata.comment = node.str_of("comment").map(str::to_owned);
        metadata.serial = Some(id_of(node).to_owned()).filter(|id| !id.is_empty());
        self.document.properties = properties(node);
        if let Some(creation) = node.get("creationInfo").and_then(|node| self.resolve(node)) {
            self.creation(creation);
        }
    }

    fn creation(&mut self, node: &'a Node) {
        let authors: Vec<Party> = node
            .list_of("createdBy")
            .iter()
            .filter_map(|node| self.party(node))
            .collect();
        let tools = node
            .list_of("createdUsing")
            .iter()
            .filter_map(|node| self.resolve(node)?.str_of("name"))
            .filter(|name| self.may_copy(name.len()))
            .map(tool)
            .collect();
        let metadata = &mut self.document.metadata;
        metadata.timestamp = node
            .str_of("created")
            .filter(|created| *created != NO_TIME)
            .map(str::to_owned);
        metadata.authors = authors;
        metadata.tools = tools;
    }

    fn annotation(&mut self, node: &'a Node) {
        let creation = node
            .get("creationInfo")
            .filter(|creation| {
                creation
                    .as_str()
                    .is_some_and(|id| id.starts_with("_:creationinfo-"))
            })
            .and_then(|creation| self.resolve(creation));
        let annotator = creation
            .and_then(|node| node.list_of("createdBy").first())
            .and_then(|node| self.party(node));
        let subject = node
            .get("subject")
            .map(|subject| subject.as_str().unwrap_or(id_of(subject)));
        self.document.annotations.push(Annotation {
            subjects: subject
                .filter(|subject| self.document.metadata.serial.as_deref() != Some(*subject))
                .map(str::to_owned)
                .into_iter()
                .collect(),
            annotator: annotator.filter(|party| !party.name.is_empty() || party.email.is_some()),
            tool: None,
            timestamp: creation
                .and_then(|node| node.str_of("created"))
                .filter(|created| *created != NO_TIME)
                .map(str::to_owned),
            kind: (node.str_of("annotationType") == Some("review")).then(|| "REVIEW".to_owned()),
            text: node.str_of("statement").unwrap_or_default().to_owned(),
        });
    }
}

/// The named values of an extension that is made for those of CycloneDX.
fn properties(node: &Node) -> Vec<Property> {
    node.list_of("extension")
        .iter()
        .flat_map(|extension| extension.list_of("extension_cdxProperty"))
        .filter_map(|entry| {
            Some(Property::new(
                entry.str_of("extension_cdxPropName")?,
                entry.str_of("extension_cdxPropValue").unwrap_or_default(),
            ))
        })
        .collect()
}
