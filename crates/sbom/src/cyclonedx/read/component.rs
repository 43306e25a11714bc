//! Components.

use super::{components, hashes, keep_rest, party, properties};
use crate::document::{
    Component, ComponentKind, ComponentScope, Extensions, ExternalReference, Family, Identifier,
    IdentifierKind, License, LicenseChoice, LicenseStanding, Occurrence, Party, PartyKind,
    SourcePackage,
};
use crate::node::Node;

/// A component. Nothing if it is no object.
pub(super) fn component(mut node: Node) -> Option<Component> {
    node.as_object()?;
    let mut component = Component {
        reference: node.take_text("bom-ref").unwrap_or_default(),
        name: node.take_text("name").unwrap_or_default(),
        group: node.take_text("group").filter(|group| !group.is_empty()),
        version: node
            .take_text("version")
            .filter(|version| !version.is_empty()),
        purl: node.take_text("purl"),
        publisher: node.take_text("publisher"),
        copyright: node.take_text("copyright"),
        description: node.take_text("description"),
        media_type: node.take_text("mime-type"),
        hashes: hashes(&node.take_list("hashes")),
        properties: properties(&node.take_list("properties")),
        licenses: licenses(node.take_list("licenses")),
        components: components(node.take_list("components")),
        ..Component::default()
    };
    if let Some(kind) = node.str_of("type") {
        component.kind = ComponentKind::from_cyclonedx(kind).unwrap_or_default();
        node.take("type");
    }
    if let Some(scope) = node.take_text("scope") {
        component.scope = match scope.as_str() {
            "required" => Some(ComponentScope::Required),
            "optional" => Some(ComponentScope::Optional),
            "excluded" => Some(ComponentScope::Excluded),
            _ => None,
        };
    }
    if let Some(supplier) = node.get("supplier").and_then(party::organization) {
        component.supplier = Some(supplier);
        node.take("supplier");
    }
    if let Some(manufacturer) = node.get("manufacturer").and_then(party::organization) {
        component.manufacturer = Some(manufacturer);
        node.take("manufacturer");
    }
    component.authors = node
        .list_of("authors")
        .iter()
        .filter_map(party::person)
        .collect();
    node.take("authors");
    if let Some(author) = node.take_text("author") {
        component
            .authors
            .push(Party::new(PartyKind::Unknown, author));
    }
    identifiers(&mut node, &mut component);
    references(node.take_list("externalReferences"), &mut component);
    evidence(&mut node, &mut component);
    own_properties(&mut component);
    keep_rest(node, &mut component.extensions);
    Some(component)
}

fn identifiers(node: &mut Node, component: &mut Component) {
    if let Some(cpe) = node.take_text("cpe") {
        component.identifiers.push(Identifier {
            kind: IdentifierKind::of_cpe(&cpe),
            value: cpe,
        });
    }
    for (field, kind) in [
        ("omniborId", IdentifierKind::Gitoid),
        ("swhid", IdentifierKind::Swhid),
    ] {
        for value in node.take_list(field) {
            if let Node::Text(value) = value {
                component.identifiers.push(Identifier {
                    kind: kind.clone(),
                    value,
                });
            }
        }
    }
    // A tag that says nothing but its id and the component's own name.
    if let Some(tag) = node.get("swid")
        && let Some(fields) = tag.as_object()
        && fields
            .iter()
            .all(|(name, _)| matches!(name.as_ref(), "tagId" | "name"))
        && tag.str_of("name") == Some(&component.name)
        && let Some(id) = tag.str_of("tagId")
    {
        let value = id.to_owned();
        component.identifiers.push(Identifier {
            kind: IdentifierKind::Swid,
            value,
        });
        node.take("swid");
    }
}

fn references(list: Vec<Node>, component: &mut Component) {
    for node in list {
        let known = node.as_object().is_some_and(|fields| {
            fields
                .iter()
                .all(|(name, _)| matches!(name.as_ref(), "type" | "url" | "comment" | "hashes"))
        });
        let (Some(kind), Some(url)) = (node.str_of("type"), node.str_of("url")) else {
            continue;
        };
        if !known {
            component
                .extensions
                .keep(Family::CycloneDx, "externalReferences", node);
            continue;
        }
        let plain = node.get("comment").is_none() && node.get("hashes").is_none();
        match kind {
            "website" if plain && component.homepage.is_none() => {
                component.homepage = Some(url.to_owned());
            }
            "distribution" if plain && component.download.is_none() => {
                component.download = Some(url.to_owned());
            }
            _ => component.external_references.push(ExternalReference {
                kind: kind.to_owned(),
                url: url.to_owned(),
                comment: node.str_of("comment").map(str::to_owned),
                hashes: hashes(node.list_of("hashes")),
            }),
        }
    }
}

fn evidence(node: &mut Node, component: &mut Component) {
    let Some(mut evidence) = node.take("evidence") else {
        return;
    };
    let mut strange = Vec::new();
    for occurrence in evidence.take_list("occurrences") {
        let known = occurrence.as_object().is_some_and(|fields| {
            fields.iter().all(|(name, _)| {
                matches!(
                    name.as_ref(),
                    "location" | "additionalContext" | "line" | "symbol"
                )
            })
        });
        match occurrence.str_of("location") {
            Some(location) if known => component.occurrences.push(Occurrence {
                location: location.to_owned(),
                context: occurrence.str_of("additionalContext").map(str::to_owned),
                line: match occurrence.get("line") {
                    Some(Node::Number(line)) => line.as_u64(),
                    _ => None,
                },
                symbol: occurrence.str_of("symbol").map(str::to_owned),
            }),
            _ => strange.push(occurrence),
        }
    }
    if !strange.is_empty()
        && let Node::Object(fields) = &mut evidence
    {
        fields.push(("occurrences".into(), Node::List(strange)));
    }
    if !evidence.is_empty() {
        component
            .extensions
            .keep(Family::CycloneDx, "evidence", evidence);
    }
}

/// Our own properties that stand for fields which CycloneDX has not.
fn own_properties(component: &mut Component) {
    let mut source = SourcePackage::default();
    let mut scope = None;
    component.properties.retain(|property| {
        let value = || property.value.clone();
        match property.name.as_str() {
            "linchpin:source:name" => source.name = value(),
            "linchpin:source:version" => source.version = Some(value()),
            "linchpin:scope" => match ComponentScope::from_label(&property.value) {
                Some(found) => scope = Some(found),
                None => return true,
            },
            "linchpin:summary" => component.summary = Some(value()),
            "linchpin:file-name" => component.file_name = Some(value()),
            "linchpin:cpe" => component.identifiers.push(Identifier {
                kind: IdentifierKind::of_cpe(&property.value),
                value: value(),
            }),
            "linchpin:purl" => component.identifiers.push(Identifier {
                kind: IdentifierKind::Purl,
                value: value(),
            }),
            name => match name.strip_prefix("linchpin:identifier:") {
                Some(kind) => component.identifiers.push(Identifier {
                    kind: match kind {
                        "swid" => IdentifierKind::Swid,
                        "swhid" => IdentifierKind::Swhid,
                        "gitoid" => IdentifierKind::Gitoid,
                        kind => IdentifierKind::Other(kind.to_owned()),
                    },
                    value: value(),
                }),
                None => return true,
            },
        }
        false
    });
    if !source.name.is_empty() {
        component.source = Some(source);
    }
    component.scope = scope.or(component.scope);
}

/// A list of licences: objects with an id or a name, and expressions.
pub(super) fn licenses(list: Vec<Node>) -> Vec<License> {
    list.into_iter().filter_map(license).collect()
}

fn license(mut node: Node) -> Option<License> {
    let mut license = License::default();
    let mut inner = match node.take("license") {
        Some(inner) => {
            keep_rest(node, &mut license.extensions);
            inner
        }
        None => node,
    };
    license.choice = if let Some(id) = inner
        .take_text("id")
        .or_else(|| inner.take_text("expression"))
    {
        LicenseChoice::Expression(id)
    } else {
        LicenseChoice::Name(inner.take_text("name")?)
    };
    license.standing = match inner.take_text("acknowledgement").as_deref() {
        Some("declared") => LicenseStanding::Declared,
        Some("concluded") => LicenseStanding::Concluded,
        _ => LicenseStanding::Unsaid,
    };
    license.url = inner.take_text("url");
    license.properties = properties(&inner.take_list("properties"));
    text(&mut inner, &mut license.text, &mut license.extensions);
    keep_rest(inner, &mut license.extensions);
    Some(license)
}

/// A text in the open. One that is encoded, or of a certain type, is kept as it is.
fn text(inner: &mut Node, text: &mut Option<String>, extensions: &mut Extensions) {
    let Some(mut attachment) = inner.take("text") else {
        return;
    };
    let plain = attachment.as_object().is_some_and(|fields| {
        fields.iter().all(|(name, value)| {
            name == "content" || (name == "contentType" && value.as_str() == Some("text/plain"))
        })
    });
    match attachment.take_text("content") {
        Some(content) if plain => *text = Some(content),
        Some(content) => {
            if let Node::Object(fields) = &mut attachment {
                fields.push(("content".into(), Node::Text(content)));
            }
            extensions.keep(Family::CycloneDx, "text", attachment);
        }
        None => {}
    }
}
