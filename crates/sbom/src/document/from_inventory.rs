//! What was found in a target, as a document.

use std::collections::BTreeSet;

use linchpin_model::{
    Inventory, LayerIndex, NoteKind, Package, PackageId, Role, Scope, SubjectKind,
};

use super::from_findings::vulnerabilities;
use super::tops::tops;
use super::{
    Component, ComponentKind, ComponentScope, Document, Hash, License, LicenseChoice,
    LicenseStanding, Metadata, Occurrence, Party, PartyKind, Property, Relationship,
    RelationshipKind, SourcePackage, Tool,
};
use crate::{Contents, SbomOptions};

/// The reference of the target. No package URL can be the same: those start with `pkg:`.
pub const TARGET: &str = "target";

/// The reference of the operating system's component.
pub(super) const OPERATING_SYSTEM: &str = "operating-system";

impl Document {
    /// What was found in a target: the target is the primary component, every package a
    /// component, and everything is within reach of the target.
    pub fn from_inventory(contents: &Contents<'_>, options: &SbomOptions<'_>) -> Self {
        let inventory = contents.inventory;
        let mut components: Vec<Component> = operating_system(inventory).into_iter().collect();
        components.extend(
            inventory
                .packages
                .iter()
                .map(|found| package(found, inventory)),
        );
        Self {
            metadata: Metadata {
                timestamp: options.timestamp.map(|timestamp| timestamp.to_string()),
                tools: vec![Tool {
                    name: "linchpin".to_owned(),
                    version: Some(options.tool_version.to_owned()),
                    ..Tool::default()
                }],
                primary: Some(target(inventory)),
                ..Metadata::default()
            },
            components,
            relationships: relationships(inventory),
            vulnerabilities: contents
                .findings
                .map(|findings| vulnerabilities(findings, contents.suppressed, inventory)),
            properties: notes(inventory),
            ..Self::default()
        }
    }
}

impl From<Scope> for ComponentScope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Runtime => Self::Required,
            Scope::Optional => Self::Optional,
            Scope::Peer => Self::Provided,
            Scope::Build => Self::Build,
            Scope::Development => Self::Development,
        }
    }
}

fn notes(inventory: &Inventory) -> Vec<Property> {
    inventory
        .notes
        .iter()
        .map(|note| {
            let name = match note.kind {
                NoteKind::Unread => "linchpin:note:unread",
                NoteKind::Unmatched => "linchpin:note:unmatched",
                NoteKind::Inconsistent => "linchpin:note:inconsistent",
                NoteKind::Unapplied => "linchpin:note:unapplied",
            };
            let value = match &note.path {
                Some(path) => format!("{path}: {}", note.text),
                None => note.text.clone(),
            };
            Property::new(name, value)
        })
        .collect()
}

fn target(inventory: &Inventory) -> Component {
    let subject = &inventory.subject;
    let kind = match subject.kind {
        SubjectKind::Image => ComponentKind::Container,
        SubjectKind::Directory | SubjectKind::Repository => ComponentKind::Application,
        SubjectKind::Package => ComponentKind::Library,
        SubjectKind::File | SubjectKind::Archive => ComponentKind::File,
    };
    let mut component = Component::new(TARGET, kind, &subject.name);
    match subject.kind {
        // These have no version of their own; their digest names them exactly.
        SubjectKind::Image | SubjectKind::Repository => {
            component.version = subject.digest.as_ref().map(ToString::to_string);
        }
        SubjectKind::File | SubjectKind::Archive => {
            component.hashes = subject.digest.iter().map(Hash::from).collect();
        }
        SubjectKind::Directory | SubjectKind::Package => {}
    }
    if let Some(platform) = &subject.platform {
        component
            .properties
            .push(Property::new("linchpin:platform", platform));
    }
    for (index, layer) in subject.layers.iter().enumerate() {
        let name = format!("linchpin:layer:{index}");
        component
            .properties
            .push(Property::new(name, layer.to_string()));
    }
    component
}

/// The distribution, as a component of its own: other tools find out by it which advisories hold.
fn operating_system(inventory: &Inventory) -> Option<Component> {
    let distribution = inventory.distribution.as_ref()?;
    let mut component = Component {
        version: distribution.version.clone(),
        description: distribution.pretty_name.clone(),
        ..Component::new(
            OPERATING_SYSTEM,
            ComponentKind::OperatingSystem,
            &distribution.id,
        )
    };
    if let Some(codename) = &distribution.codename {
        component
            .properties
            .push(Property::new("linchpin:codename", codename));
    }
    Some(component)
}

fn package(package: &Package, inventory: &Inventory) -> Component {
    let purl = &package.purl;
    let kind = match package.role {
        Role::Application => ComponentKind::Application,
        Role::Library => ComponentKind::Library,
    };
    // The namespace of a distribution is no part of the name by which people know the package.
    let group = purl.namespace().filter(|_| {
        purl.ecosystem()
            .is_none_or(|found| !found.facts().is_distribution())
    });
    Component {
        group: group.map(str::to_owned),
        version: package.version().map(str::to_owned),
        purl: Some(purl.as_str().to_owned()),
        supplier: package
            .supplier
            .as_deref()
            .map(|line| Party::from_line(PartyKind::Organization, line)),
        licenses: package
            .license
            .iter()
            .map(|license| {
                License::new(
                    LicenseChoice::Expression(license.as_str().to_owned()),
                    match package.license_file {
                        Some(_) => LicenseStanding::Concluded,
                        None => LicenseStanding::Declared,
                    },
                )
            })
            .collect(),
        hashes: package.hashes.iter().map(Hash::from).collect(),
        download: package.download.clone(),
        description: package.description.clone(),
        scope: (package.role == Role::Library).then(|| package.scope.into()),
        source: package.source.as_ref().map(|source| SourcePackage {
            name: source.name.clone(),
            version: Some(source.version.clone()),
        }),
        occurrences: occurrences(package, inventory),
        properties: properties(package, inventory),
        ..Component::new(purl.as_str(), kind, purl.name())
    }
}

fn occurrences(package: &Package, inventory: &Inventory) -> Vec<Occurrence> {
    package
        .occurrences
        .iter()
        .map(|occurrence| {
            let mut context = occurrence.kind.label().to_owned();
            if let Some(LayerIndex(layer)) = occurrence.layer {
                context.push_str(", layer ");
                context.push_str(&layer.to_string());
            }
            if let Some(owner) = occurrence.owner {
                context.push_str(", part of ");
                context.push_str(inventory.package(owner).purl.as_str());
            }
            Occurrence {
                location: match occurrence.path.as_str() {
                    // Readers do not expect the empty text.
                    "" => ".".to_owned(),
                    path => path.to_owned(),
                },
                context: Some(context),
                ..Occurrence::default()
            }
        })
        .collect()
}

fn properties(package: &Package, inventory: &Inventory) -> Vec<Property> {
    let mut properties = Vec::new();
    if package.role == Role::Application {
        properties.push(Property::new("linchpin:role", "root"));
    }
    let layers: BTreeSet<LayerIndex> = package.occurrences.iter().filter_map(|o| o.layer).collect();
    for layer in layers {
        let digest = inventory.subject.layers.get(usize::from(layer.0));
        let value = digest.map_or_else(|| layer.0.to_string(), ToString::to_string);
        properties.push(Property::new("linchpin:layer", value));
    }
    let owners: BTreeSet<&str> = package
        .occurrences
        .iter()
        .filter_map(|occurrence| occurrence.owner)
        .map(|owner| inventory.package(owner).purl.as_str())
        .collect();
    properties.extend(
        owners
            .into_iter()
            .map(|owner| Property::new("linchpin:owner", owner)),
    );
    if let Some(file) = &package.license_file {
        properties.push(Property::new("linchpin:license:file", file.as_str()));
    }
    if let Some(files) = &package.files {
        properties.push(Property::new(
            "linchpin:files:listed",
            files.listed.to_string(),
        ));
        properties.push(Property::new(
            "linchpin:files:missing",
            files.missing.to_string(),
        ));
    }
    properties
}

fn relationships(inventory: &Inventory) -> Vec<Relationship> {
    let purl = |id: PackageId| inventory.package(id).purl.as_str();
    let nothing = |from: &str| Relationship::new(from, RelationshipKind::DependsOnNothing, "");
    let needs =
        |from: &str, on: &str| Relationship::new(from, RelationshipKind::DependsOn(None), on);
    let mut direct: BTreeSet<&str> = tops(inventory).into_iter().map(purl).collect();
    if inventory.distribution.is_some() {
        direct.insert(OPERATING_SYSTEM);
    }
    let mut all: Vec<Relationship> = direct.iter().map(|on| needs(TARGET, on)).collect();
    if all.is_empty() {
        all.push(nothing(TARGET));
    }
    if inventory.distribution.is_some() {
        all.push(nothing(OPERATING_SYSTEM));
    }
    for (id, package) in inventory.iter() {
        let from = package.purl.as_str();
        let dependencies = inventory.dependencies_of(id);
        if dependencies.is_empty() {
            all.push(nothing(from));
        }
        all.extend(dependencies.iter().map(|dependency| {
            Relationship::new(
                from,
                RelationshipKind::DependsOn(
                    (dependency.scope != Scope::Runtime).then(|| dependency.scope.into()),
                ),
                purl(dependency.on),
            )
        }));
    }
    all
}
