//! Packages as components.

use std::collections::BTreeSet;

use linchpin_model::{
    Digest, DigestAlgorithm, Inventory, LayerIndex, Occurrence, Package, Role, Scope,
};

use super::{licenses, wire};

/// The reference of the operating system's component.
pub(super) const OPERATING_SYSTEM: &str = "operating-system";

/// The distribution, as a component of its own: other tools find out by it which advisories hold.
pub(super) fn operating_system(inventory: &Inventory) -> Option<wire::Component<'_>> {
    let distribution = inventory.distribution.as_ref()?;
    let mut component = wire::Component {
        reference: Some(OPERATING_SYSTEM),
        version: distribution.version.as_deref().map(Into::into),
        description: distribution.pretty_name.as_deref(),
        ..wire::Component::new("operating-system", &distribution.id)
    };
    if let Some(codename) = &distribution.codename {
        let property = wire::Property::new("linchpin:codename", codename.clone());
        component.properties.push(property);
    }
    Some(component)
}

/// A package as a component.
pub(super) fn package<'a>(package: &'a Package, inventory: &'a Inventory) -> wire::Component<'a> {
    let purl = &package.purl;
    let kind = match package.role {
        Role::Application => "application",
        Role::Library => "library",
    };
    // The namespace of a distribution is no part of the name by which people know the package.
    let group = purl.namespace().filter(|_| {
        purl.ecosystem()
            .is_none_or(|found| !found.facts().has_releases)
    });
    wire::Component {
        reference: Some(purl.as_str()),
        supplier: package
            .supplier
            .as_deref()
            .map(|name| wire::Supplier { name }),
        group,
        version: package.version().map(Into::into),
        description: package.description.as_deref(),
        scope: match (package.role, package.scope) {
            (Role::Application, _) => None,
            (Role::Library, Scope::Runtime) => Some("required"),
            (Role::Library, Scope::Optional | Scope::Peer) => Some("optional"),
            (Role::Library, Scope::Build | Scope::Development) => Some("excluded"),
        },
        hashes: package.hashes.iter().map(hash).collect(),
        licenses: package.license.iter().map(licenses::of).collect(),
        purl: Some(purl.as_str()),
        evidence: Some(wire::Evidence {
            occurrences: package.occurrences.iter().map(occurrence).collect(),
        }),
        properties: properties(package, inventory),
        ..wire::Component::new(kind, purl.name())
    }
}

/// A digest with the name of its algorithm in CycloneDX.
pub(super) fn hash(digest: &Digest) -> wire::Hash<'_> {
    wire::Hash {
        alg: match digest.algorithm() {
            DigestAlgorithm::Md5 => "MD5",
            DigestAlgorithm::Sha1 => "SHA-1",
            DigestAlgorithm::Sha256 => "SHA-256",
            DigestAlgorithm::Sha384 => "SHA-384",
            DigestAlgorithm::Sha512 => "SHA-512",
        },
        content: digest.hex(),
    }
}

fn occurrence(occurrence: &Occurrence) -> wire::Occurrence {
    let mut context = occurrence.kind.label().to_owned();
    if let Some(LayerIndex(layer)) = occurrence.layer {
        context.push_str(", layer ");
        context.push_str(&layer.to_string());
    }
    wire::Occurrence {
        location: match occurrence.path.as_str() {
            // The schema allows the empty text, readers do not expect it.
            "" => ".".to_owned(),
            path => path.to_owned(),
        },
        additional_context: context,
    }
}

fn properties(package: &Package, inventory: &Inventory) -> Vec<wire::Property> {
    let mut properties = Vec::new();
    let mut add = |name: &'static str, value: String| {
        properties.push(wire::Property::new(name, value));
    };
    if package.role == Role::Library {
        add("linchpin:scope", package.scope.label().to_owned());
    }
    let layers: BTreeSet<LayerIndex> = package.occurrences.iter().filter_map(|o| o.layer).collect();
    for layer in layers {
        let digest = inventory.subject.layers.get(usize::from(layer.0));
        let value = digest.map_or_else(|| layer.0.to_string(), ToString::to_string);
        add("linchpin:layer", value);
    }
    if let Some(source) = &package.source {
        add("linchpin:source:name", source.name.clone());
        add("linchpin:source:version", source.version.clone());
    }
    let owners: BTreeSet<&str> = package
        .occurrences
        .iter()
        .filter_map(|occurrence| occurrence.owner)
        .map(|owner| inventory.package(owner).purl.as_str())
        .collect();
    for owner in owners {
        add("linchpin:owner", owner.to_owned());
    }
    if let Some(files) = &package.files {
        add("linchpin:files:listed", files.listed.to_string());
        add("linchpin:files:missing", files.missing.to_string());
    }
    properties
}
