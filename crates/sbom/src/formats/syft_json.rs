//! Format `syft-json`: what Syft writes for itself, <https://github.com/anchore/syft/tree/main/schema/json>.
//! Read only.

use linchpin_model::PackageUrl;

use super::{Format, ReadError, Reader, looks_like_json};
use crate::document::{
    Component, ComponentKind, Document, Family, Hash, HashAlgorithm, Identifier, IdentifierKind,
    License, LicenseChoice, LicenseStanding, Occurrence, Property, Relationship, RelationshipKind,
    Tool,
};
use crate::node::{Node, ObjectReader, read_object};

/// Syft's own JSON.
pub const FORMAT: Format = Format {
    id: "syft-json",
    documentation: "What Syft writes for itself; only read.",
    holds_findings: false,
    versions: &[],
    default_version: "",
    writer: None,
    reader: Some(Reader { detect, read }),
};

fn detect(head: &[u8]) -> bool {
    looks_like_json(head, &["artifacts"])
        && looks_like_json(head, &["foundBy", "artifactRelationships", "descriptor"])
        && !looks_like_json(head, &["bomFormat", "spdxVersion", "@context"])
}

/// The reference of what was scanned.
const SOURCE: &str = "source";

fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let mut reader = SyftReader::default();
    read_object(bytes, &mut reader)?;
    Ok(reader.finish())
}

#[derive(Debug, Default)]
struct SyftReader {
    document: Document,
    source: String,
}

impl ObjectReader for SyftReader {
    fn is_long(&self, name: &str) -> bool {
        matches!(name, "artifacts" | "artifactRelationships" | "files")
    }

    fn element(&mut self, name: &str, element: Node) {
        match name {
            "artifacts" => self.document.components.extend(artifact(element)),
            "artifactRelationships" => self.document.relationships.extend(relationship(&element)),
            "files" => self.document.components.extend(file(&element)),
            _ => {}
        }
    }

    fn field(&mut self, name: String, value: Node) {
        match name.as_str() {
            "source" => self.source(&value),
            "distro" => distribution(&value, &mut self.document),
            "descriptor" => {
                self.document.metadata.timestamp = value
                    .str_of("timestamp")
                    .filter(|text| !text.is_empty())
                    .map(str::to_owned);
                if let Some(name) = value.str_of("name") {
                    self.document.metadata.tools.push(Tool {
                        name: name.to_owned(),
                        version: value.str_of("version").map(str::to_owned),
                        ..Tool::default()
                    });
                }
            }
            "schema" => {}
            _ => self.document.extensions.keep(Family::Syft, name, value),
        }
    }
}

impl SyftReader {
    fn source(&mut self, node: &Node) {
        let metadata = node.get("metadata").or_else(|| node.get("target"));
        let text = |name: &str| metadata.and_then(|metadata| metadata.str_of(name));
        let kind = match node.str_of("type") {
            Some("image") => ComponentKind::Container,
            Some("file") => ComponentKind::File,
            _ => ComponentKind::Application,
        };
        let name = node
            .str_of("name")
            .filter(|name| !name.is_empty())
            .or_else(|| text("userInput"))
            .or_else(|| text("path"))
            .or_else(|| node.str_of("target"))
            .unwrap_or("unnamed");
        let mut primary = Component::new(SOURCE, kind, name);
        primary.version = node
            .str_of("version")
            .or_else(|| text("manifestDigest"))
            .filter(|version| !version.is_empty())
            .map(str::to_owned);
        if let (Some(os), Some(architecture)) = (text("os"), text("architecture")) {
            let platform = format!("{os}/{architecture}");
            primary
                .properties
                .push(Property::new("linchpin:platform", platform));
        }
        let layers = metadata.map_or(&[][..], |metadata| metadata.list_of("layers"));
        for (number, layer) in layers.iter().enumerate() {
            if let Some(digest) = layer.str_of("digest") {
                let name = format!("linchpin:layer:{number}");
                primary.properties.push(Property::new(name, digest));
            }
        }
        node.str_of("id")
            .unwrap_or_default()
            .clone_into(&mut self.source);
        self.document.metadata.primary = Some(primary);
    }

    fn finish(mut self) -> Document {
        for relationship in &mut self.document.relationships {
            for end in [&mut relationship.from, &mut relationship.to] {
                if !self.source.is_empty() && *end == self.source {
                    SOURCE.clone_into(end);
                }
            }
        }
        self.document
    }
}

fn distribution(node: &Node, document: &mut Document) {
    let Some(id) = node.str_of("id").filter(|id| !id.is_empty()) else {
        return;
    };
    let text = |name: &str| {
        node.str_of(name)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let mut component = Component::new("operating-system", ComponentKind::OperatingSystem, id);
    component.version = text("versionID");
    component.description = text("prettyName");
    if let Some(codename) = text("versionCodename") {
        component
            .properties
            .push(Property::new("linchpin:codename", codename));
    }
    document.components.push(component);
}

fn artifact(mut node: Node) -> Option<Component> {
    node.as_object()?;
    let mut component = Component::new(
        node.take_text("id").unwrap_or_default(),
        ComponentKind::Library,
        node.take_text("name").unwrap_or_default(),
    );
    component.version = node
        .take_text("version")
        .filter(|version| !version.is_empty());
    component.purl = node.take_text("purl").filter(|purl| !purl.is_empty());
    for cpe in node.take_list("cpes") {
        let text = cpe.as_str().or_else(|| cpe.str_of("cpe"));
        component.identifiers.extend(text.map(|text| Identifier {
            kind: IdentifierKind::of_cpe(text),
            value: text.to_owned(),
        }));
    }
    for license in node.take_list("licenses") {
        component.licenses.extend(self::license(&license));
    }
    for location in node.take_list("locations") {
        if let Some(path) = location.str_of("path").or_else(|| location.as_str()) {
            component.occurrences.push(Occurrence {
                location: path.trim_start_matches('/').to_owned(),
                context: None,
                line: None,
                symbol: None,
            });
        }
    }
    let metadata = node.take("metadata");
    if let Some(metadata) = &metadata {
        if let Some(source) = metadata
            .str_of("source")
            .filter(|source| !source.is_empty())
            && component
                .purl
                .as_deref()
                .is_some_and(|purl| purl.starts_with("pkg:deb/"))
        {
            component.source = Some(crate::document::SourcePackage {
                name: source.to_owned(),
                version: metadata
                    .str_of("sourceVersion")
                    .filter(|version| !version.is_empty())
                    .map(str::to_owned),
            });
        }
        let text = |name: &str| {
            metadata
                .str_of(name)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        component.description = text("description");
        component.homepage = text("homepage");
        component.supplier = text("maintainer").map(|line| {
            crate::document::Party::from_line(crate::document::PartyKind::Organization, &line)
        });
    }
    if let Some(purl) = component
        .purl
        .as_deref()
        .and_then(|purl| purl.parse::<PackageUrl>().ok())
        && let Some(namespace) = purl.namespace()
        && let Some(rest) = component.name.strip_prefix(namespace)
        && let Some(name) = rest.strip_prefix(['/', ':']).map(str::to_owned)
    {
        component.name = name;
        component.group = Some(namespace.to_owned());
    }
    for name in ["type", "foundBy", "language"] {
        if let Some(value) = node.take_text(name).filter(|value| !value.is_empty()) {
            component
                .properties
                .push(Property::new(format!("syft:package:{name}"), value));
        }
    }
    if let Some(metadata) = metadata {
        component
            .extensions
            .keep(Family::Syft, "metadata", metadata);
    }
    Some(component)
}

/// A licence: a text in old documents, an object in new ones.
fn license(node: &Node) -> Option<License> {
    let (value, expression, standing) = match node {
        Node::Text(value) => (value.as_str(), None, LicenseStanding::Declared),
        node => (
            node.str_of("value")?,
            node.str_of("spdxExpression")
                .filter(|text| !text.is_empty()),
            match node.str_of("type") {
                Some("concluded") => LicenseStanding::Concluded,
                _ => LicenseStanding::Declared,
            },
        ),
    };
    let choice = match expression {
        Some(expression) => LicenseChoice::Expression(expression.to_owned()),
        None if value.is_empty() => return None,
        None => match linchpin_model::LicenseExpression::parse(value) {
            Ok(expression) => LicenseChoice::Expression(expression.as_str().to_owned()),
            Err(_) => LicenseChoice::Name(value.to_owned()),
        },
    };
    Some(License::new(choice, standing))
}

fn relationship(node: &Node) -> Option<Relationship> {
    let (parent, child) = (node.str_of("parent")?, node.str_of("child")?);
    let kind = match node.str_of("type")? {
        "contains" => RelationshipKind::Contains,
        // The parent is what the child needs.
        "dependency-of" => {
            return Some(Relationship::new(
                child,
                RelationshipKind::DependsOn(None),
                parent,
            ));
        }
        other => RelationshipKind::Other(other.to_uppercase().replace('-', "_")),
    };
    Some(Relationship::new(parent, kind, child))
}

fn file(node: &Node) -> Option<Component> {
    let path = node.get("location")?.str_of("path")?;
    let mut component = Component::new(
        node.str_of("id")?,
        ComponentKind::File,
        path.trim_start_matches('/'),
    );
    component.hashes = node
        .list_of("digests")
        .iter()
        .filter_map(|digest| {
            Some(Hash {
                algorithm: HashAlgorithm::from_name(digest.str_of("algorithm")?),
                value: digest.str_of("value")?.to_owned(),
            })
        })
        .collect();
    component.media_type = node
        .get("metadata")
        .and_then(|metadata| metadata.str_of("mimeType"))
        .filter(|text| !text.is_empty())
        .map(str::to_owned);
    Some(component)
}
