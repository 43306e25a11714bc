//! What several standards ask of a document and its components.

use std::collections::BTreeSet;

use linchpin_model::{LicenseExpression, Timestamp};

use crate::document::{
    Component, ComponentKind, Document, HashAlgorithm, LicenseChoice, LicenseStanding, Party,
    RelationshipKind,
};
use crate::flat::is_licensed;

/// A document, looked at once.
pub(super) struct Facts<'a> {
    pub(super) document: &'a Document,
    /// The components that are judged.
    pub(super) components: Vec<&'a Component>,
    /// The references of which the document says what they need, or that they need nothing.
    spoken_of: BTreeSet<&'a str>,
    /// The references that stand in any relationship.
    related: BTreeSet<&'a str>,
}

impl<'a> Facts<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let mut spoken_of = BTreeSet::new();
        let mut related = BTreeSet::new();
        for relationship in &document.relationships {
            match relationship.kind {
                RelationshipKind::DependsOn(_)
                | RelationshipKind::Contains
                | RelationshipKind::DependsOnNothing => {
                    spoken_of.insert(relationship.from.as_str());
                }
                _ => {}
            }
            related.insert(relationship.from.as_str());
            related.insert(relationship.to.as_str());
        }
        Self {
            document,
            components: document
                .all_components()
                .filter(|component| component.kind != ComponentKind::File)
                .collect(),
            spoken_of,
            related,
        }
    }

    pub(super) fn has_author(&self) -> bool {
        let metadata = &self.document.metadata;
        !metadata.authors.is_empty()
            || metadata.manufacturer.is_some()
            || metadata.supplier.is_some()
    }

    /// Whether somebody who made the document can be reached.
    pub(super) fn has_author_to_reach(&self) -> bool {
        let metadata = &self.document.metadata;
        metadata
            .authors
            .iter()
            .chain(&metadata.manufacturer)
            .chain(&metadata.supplier)
            .any(can_be_reached)
    }

    pub(super) fn has_tool(&self) -> bool {
        let tools = &self.document.metadata.tools;
        tools.iter().any(|tool| !tool.name.is_empty())
    }

    pub(super) fn has_timestamp(&self) -> bool {
        let timestamp = self.document.metadata.timestamp.as_deref();
        timestamp.is_some_and(|text| text.parse::<Timestamp>().is_ok())
    }

    /// Whether the document says what this component needs.
    pub(super) fn speaks_of(&self, component: &Component) -> bool {
        self.spoken_of.contains(component.reference.as_str()) || !component.components.is_empty()
    }

    /// Whether the component stands in any relationship.
    pub(super) fn relates(&self, component: &Component) -> bool {
        self.related.contains(component.reference.as_str()) || !component.components.is_empty()
    }
}

pub(super) fn can_be_reached(party: &Party) -> bool {
    party.email.is_some()
        || !party.urls.is_empty()
        || party.contacts.iter().any(|contact| contact.email.is_some())
        || party.name.starts_with("https://")
}

pub(super) fn has_name(component: &Component) -> bool {
    !component.name.trim().is_empty()
}

pub(super) fn has_version(component: &Component) -> bool {
    let version = component.version.as_deref();
    version.is_some_and(|version| !version.trim().is_empty())
}

pub(super) fn has_supplier(component: &Component) -> bool {
    let named = |party: &Party| !party.name.is_empty() || party.email.is_some();
    component.supplier.as_ref().is_some_and(named)
        || component.manufacturer.as_ref().is_some_and(named)
        || component.authors.iter().any(named)
        || component.publisher.is_some()
}

pub(super) fn creator_can_be_reached(component: &Component) -> bool {
    component
        .manufacturer
        .iter()
        .chain(&component.supplier)
        .chain(&component.authors)
        .any(can_be_reached)
}

pub(super) fn has_identifier(component: &Component) -> bool {
    component.purl.is_some() || !component.identifiers.is_empty()
}

pub(super) fn has_hash(component: &Component) -> bool {
    !component.hashes.is_empty()
}

pub(super) fn has_sha512(component: &Component) -> bool {
    component
        .hashes
        .iter()
        .any(|hash| hash.algorithm == HashAlgorithm::Sha512)
}

pub(super) fn has_license(component: &Component) -> bool {
    is_licensed(component)
}

/// Whether a licence is an SPDX expression that holds what it promises.
pub(super) fn has_spdx_license(component: &Component) -> bool {
    component
        .licenses
        .iter()
        .any(|license| match &license.choice {
            LicenseChoice::Expression(text) => {
                text.contains("LicenseRef-") || LicenseExpression::parse(text).is_ok()
            }
            LicenseChoice::Name(_) | LicenseChoice::NoLicense => false,
        })
}

pub(super) fn has_declared_license(component: &Component) -> bool {
    is_licensed(component)
        && component
            .licenses
            .iter()
            .any(|license| license.standing == LicenseStanding::Declared)
}

pub(super) fn has_property(component: &Component, name: &str) -> bool {
    component
        .properties
        .iter()
        .any(|property| property.name == name && !property.value.is_empty())
}

pub(super) fn has_file_name(component: &Component) -> bool {
    component.file_name.is_some() || has_property(component, "bsi:component:filename")
}

pub(super) fn has_reference(component: &Component, kinds: &[&str]) -> bool {
    component
        .external_references
        .iter()
        .any(|reference| kinds.contains(&reference.kind.as_str()))
}
