//! A graph of SPDX 3 as a document.

use std::collections::HashMap;

use super::{NO_TIME, OWN, words};
use crate::document::{
    Advisory, Affected, Annotation, Component, ComponentKind, ComponentScope, Document,
    ExternalReference, Family, Hash, HashAlgorithm, Identifier, IdentifierKind, License,
    LicenseChoice, LicenseStanding, LicenseText, Occurrence, Party, PartyKind, Property, Rating,
    Relationship, RelationshipKind, SourcePackage, Vulnerability,
};
use crate::formats::ReadError;
use crate::node::{Node, ObjectReader, read_object};
use crate::spdx_names;
use crate::spdx2::{BUILT_FROM, tool};

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
    Ok(Reading {
        elements: &graph.elements,
        places: &places,
        document: Document::default(),
    }
    .all())
}

struct Reading<'a> {
    elements: &'a [Node],
    places: &'a HashMap<String, usize>,
    document: Document,
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

    fn party(&self, node: &'a Node) -> Option<Party> {
        let node = self.resolve(node)?;
        let kind = match type_of(node) {
            "Person" => PartyKind::Person,
            "Organization" => PartyKind::Organization,
            "Agent" => PartyKind::Unknown,
            _ => return None,
        };
        let email = node
            .list_of("externalIdentifier")
            .iter()
            .find(|found| found.str_of("externalIdentifierType") == Some("email"))
            .and_then(|found| found.str_of("identifier"));
        Some(Party {
            email: email.map(str::to_owned),
            ..Party::new(kind, node.str_of("name").unwrap_or_default())
        })
    }

    fn all(mut self) -> Document {
        let elements = self.elements;
        let mut vulnerabilities: HashMap<&str, usize> = HashMap::new();
        let mut components: HashMap<&str, usize> = HashMap::new();
        let mut roots: Vec<&str> = Vec::new();
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
                _ => self
                    .document
                    .extensions
                    .keep(Family::Spdx3, "@graph", node.clone()),
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
        self.document
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
            .filter_map(|node| Some(tool(self.resolve(node)?.str_of("name")?)))
            .collect();
        let metadata = &mut self.document.metadata;
        metadata.timestamp = node
            .str_of("created")
            .filter(|created| *created != NO_TIME)
            .map(str::to_owned);
        metadata.authors = authors;
        metadata.tools = tools;
    }

    fn component(&self, node: &'a Node) -> Component {
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

    fn relationship(
        &mut self,
        node: &'a Node,
        components: &HashMap<&str, usize>,
        vulnerabilities: &HashMap<&str, usize>,
    ) {
        let (Some(from), Some(word)) = (
            node.get("from")
                .map(|from| from.as_str().unwrap_or(id_of(from))),
            node.str_of("relationshipType"),
        ) else {
            return;
        };
        let standing = match word {
            "hasDeclaredLicense" => Some(LicenseStanding::Declared),
            "hasConcludedLicense" => Some(LicenseStanding::Concluded),
            _ => None,
        };
        for to in node.list_of("to") {
            if let Some(standing) = standing {
                let license = self.license(to, standing);
                if let Some(component) = components
                    .get(from)
                    .and_then(|place| self.document.components.get_mut(*place))
                {
                    component.licenses.extend(license);
                }
                continue;
            }
            let to = to.as_str().unwrap_or(id_of(to));
            if word == "hasAssociatedVulnerability" {
                let list = self.document.vulnerabilities.get_or_insert_default();
                if let Some(found) = vulnerabilities
                    .get(to)
                    .and_then(|place| list.get_mut(*place))
                {
                    found.affects.push(Affected {
                        reference: from.to_owned(),
                        ..Affected::default()
                    });
                }
                continue;
            }
            let scope = node.str_of("scope").and_then(words::scope_of);
            let depends = |scope| (RelationshipKind::DependsOn(scope), false);
            let (kind, turned) = match word {
                "dependsOn" if to == "NoneElement" || to.ends_with("/NoneElement") => {
                    (RelationshipKind::DependsOnNothing, false)
                }
                "dependsOn" => depends(scope),
                "hasOptionalDependency" => depends(Some(ComponentScope::Optional)),
                "hasProvidedDependency" => depends(Some(ComponentScope::Provided)),
                "contains" => (RelationshipKind::Contains, false),
                "generates" => (RelationshipKind::GeneratedFrom, true),
                "other" => (RelationshipKind::Other("OTHER".to_owned()), false),
                word => match words::relationship_kind(word) {
                    Some((kind, turned)) => (RelationshipKind::Other(kind.to_owned()), turned),
                    None => (RelationshipKind::Other(word.to_owned()), false),
                },
            };
            let nothing = kind == RelationshipKind::DependsOnNothing;
            let (from, to) = if turned {
                (to, from)
            } else {
                (from, if nothing { "" } else { to })
            };
            let mut relationship = Relationship::new(from, kind, to);
            relationship.comment = node.str_of("comment").map(str::to_owned);
            self.document.relationships.push(relationship);
        }
    }

    fn license(&self, node: &'a Node, standing: LicenseStanding) -> Option<License> {
        if let Some(id) = node.as_str() {
            if id.ends_with("NoneLicense") {
                return Some(License::new(LicenseChoice::NoLicense, standing));
            }
            if let Some(listed) = id.strip_prefix("https://spdx.org/licenses/") {
                let choice = LicenseChoice::Expression(listed.to_owned());
                return Some(License::new(choice, standing));
            }
        }
        let node = self.resolve(node)?;
        if let Some(text) = node.str_of("simplelicensing_licenseExpression") {
            return Some(License::new(
                LicenseChoice::Expression(text.to_owned()),
                standing,
            ));
        }
        let name = node.str_of("name")?;
        let mut license = License::new(LicenseChoice::Name(name.to_owned()), standing);
        license.text = node
            .str_of("simplelicensing_licenseText")
            .filter(|text| *text != name)
            .map(str::to_owned);
        Some(license)
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

fn vulnerability(node: &Node) -> Vulnerability {
    let mut ids = node
        .list_of("externalIdentifier")
        .iter()
        .filter_map(|found| found.str_of("identifier"))
        .map(str::to_owned);
    let name = node.str_of("name").map(str::to_owned);
    let id = name.clone().or_else(|| ids.next()).unwrap_or_default();
    Vulnerability {
        aliases: ids
            .filter(|alias| *alias != id)
            .map(|alias| (alias, None))
            .collect(),
        id,
        description: node.str_of("summary").map(str::to_owned),
        detail: node.str_of("description").map(str::to_owned),
        advisories: node
            .list_of("externalRef")
            .iter()
            .flat_map(|reference| {
                reference.list_of("locator").iter().filter_map(|locator| {
                    Some(Advisory {
                        title: reference.str_of("comment").map(str::to_owned),
                        url: locator.as_str()?.to_owned(),
                    })
                })
            })
            .collect(),
        published: node.str_of("security_publishedTime").map(str::to_owned),
        updated: node.str_of("security_modifiedTime").map(str::to_owned),
        properties: properties(node),
        ..Vulnerability::default()
    }
}

fn rating(node: &Node) -> Rating {
    let vector = node.str_of("security_vectorString");
    let method = if type_of(node).contains("V4") {
        "CVSSv4"
    } else if type_of(node).contains("V2") {
        "CVSSv2"
    } else if vector.is_some_and(|vector| vector.starts_with("CVSS:3.1")) {
        "CVSSv31"
    } else {
        "CVSSv3"
    };
    Rating {
        score: match node.get("security_score") {
            Some(Node::Number(score)) => score.as_f64(),
            Some(Node::Text(score)) => score.parse().ok(),
            _ => None,
        },
        severity: node.str_of("security_severity").map(str::to_owned),
        method: Some(method.to_owned()),
        vector: vector.map(str::to_owned),
        ..Rating::default()
    }
}
