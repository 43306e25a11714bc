//! Services that a target calls. Only CycloneDX can say them, so that they are kept as its own.

use super::{Document, Family, Property, Relationship, RelationshipKind, TARGET};
use crate::node::{Node, ObjectBuilder};

/// A service outside of the target, which it calls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Service {
    /// Its name within the document.
    pub reference: String,
    /// What people call it.
    pub name: String,
    /// Who runs it.
    pub provider: Option<String>,
    /// Where it is called, as addresses.
    pub endpoints: Vec<String>,
    /// Whether it is called with a credential; nothing if nobody knows.
    pub authenticated: Option<bool>,
    /// What goes there, in words.
    pub data: Vec<String>,
    /// Named values.
    pub properties: Vec<Property>,
}

impl Document {
    /// Adds services that the target calls: data flows to them, over the border of trust.
    pub fn add_services(&mut self, services: &[Service]) {
        if services.is_empty() {
            return;
        }
        self.relationships.retain(|relationship| {
            !(relationship.from == TARGET
                && relationship.kind == RelationshipKind::DependsOnNothing)
        });
        for service in services {
            self.relationships.push(Relationship::new(
                TARGET,
                RelationshipKind::DependsOn(None),
                &service.reference,
            ));
        }
        let list = services.iter().map(node).collect();
        self.extensions
            .keep(Family::CycloneDx, "services", Node::List(list));
    }
}

fn node(service: &Service) -> Node {
    let mut node = ObjectBuilder::new();
    node.set("bom-ref", service.reference.as_str());
    if let Some(provider) = &service.provider {
        let mut entity = ObjectBuilder::new();
        entity.set("name", provider.as_str());
        node.set("provider", entity.build());
    }
    node.set("name", service.name.as_str());
    let endpoints = service.endpoints.iter();
    node.list(
        "endpoints",
        endpoints.map(|text| Node::text(text.as_str())).collect(),
    );
    if let Some(authenticated) = service.authenticated {
        node.set("authenticated", Node::Bool(authenticated));
    }
    node.set("x-trust-boundary", Node::Bool(true));
    let data = service.data.iter().map(|kind| {
        let mut data = ObjectBuilder::new();
        data.set("flow", "outbound");
        data.set("classification", kind.as_str());
        data.build()
    });
    node.list("data", data.collect());
    let properties = service.properties.iter().map(|property| {
        let mut node = ObjectBuilder::new();
        node.set("name", property.name.as_str());
        node.set("value", property.value.as_str());
        node.build()
    });
    node.list("properties", properties.collect());
    node.build()
}
