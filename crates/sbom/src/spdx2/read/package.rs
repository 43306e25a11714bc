//! Packages and files.

use super::super::{NO_ASSERTION, NONE};
use super::{keep_rest, license, party};
use crate::document::{
    Component, ComponentKind, ExternalReference, Hash, HashAlgorithm, Identifier, IdentifierKind,
    LicenseStanding, SourcePackage,
};
use crate::node::Node;
use crate::spdx_names;

/// How the source package is written where SPDX has only a text for it.
pub(crate) const BUILT_FROM: &str = "built package from: ";

/// A package.
pub(super) fn package(mut node: Node) -> Component {
    let mut component = Component {
        reference: node.take_text("SPDXID").unwrap_or_default(),
        name: node.take_text("name").unwrap_or_default(),
        version: node
            .take_text("versionInfo")
            .filter(|version| !version.is_empty()),
        file_name: node.take_text("packageFileName"),
        summary: node.take_text("summary"),
        description: node.take_text("description"),
        hashes: hashes(&node.take_list("checksums")),
        homepage: said(&mut node, "homepage"),
        download: said(&mut node, "downloadLocation"),
        copyright: said(&mut node, "copyrightText"),
        ..Component::default()
    };
    if let Some(purpose) = node.str_of("primaryPackagePurpose")
        && let Some(kind) = ComponentKind::from_spdx2(purpose)
    {
        component.kind = kind;
        node.take("primaryPackagePurpose");
    }
    component.supplier = node.take_text("supplier").as_deref().and_then(party::party);
    component.authors = node
        .take_text("originator")
        .as_deref()
        .and_then(party::party)
        .into_iter()
        .collect();
    licenses(&mut node, &mut component);
    if let Some((name, version)) = node
        .str_of("sourceInfo")
        .and_then(|text| text.strip_prefix(BUILT_FROM))
        .map(|text| {
            text.split_once(' ')
                .map_or((text, None), |(name, rest)| (name, Some(rest)))
        })
        && !name.is_empty()
    {
        component.source = Some(SourcePackage {
            name: name.to_owned(),
            version: version.map(str::to_owned),
        });
        node.take("sourceInfo");
    }
    for reference in node.take_list("externalRefs") {
        external_reference(&reference, &mut component);
    }
    spdx_names::split(&mut component);
    // It says nothing that is not known from the files.
    if node.get("filesAnalyzed") == Some(&Node::Bool(false)) {
        node.take("filesAnalyzed");
    }
    keep_rest(node, &mut component.extensions);
    component
}

/// A file.
pub(super) fn file(mut node: Node) -> Component {
    let mut component = Component {
        reference: node.take_text("SPDXID").unwrap_or_default(),
        kind: ComponentKind::File,
        name: node.take_text("fileName").unwrap_or_default(),
        hashes: hashes(&node.take_list("checksums")),
        copyright: said(&mut node, "copyrightText"),
        ..Component::default()
    };
    licenses(&mut node, &mut component);
    keep_rest(node, &mut component.extensions);
    component
}

/// The text of a field, unless it says that nothing is said, or that there is nothing.
fn said(node: &mut Node, name: &str) -> Option<String> {
    if node.str_of(name) == Some(NONE) {
        return None;
    }
    node.take_text(name)
        .filter(|text| text != NO_ASSERTION && !text.is_empty())
}

fn licenses(node: &mut Node, component: &mut Component) {
    for (field, standing) in [
        ("licenseDeclared", LicenseStanding::Declared),
        ("licenseConcluded", LicenseStanding::Concluded),
    ] {
        let text = node.take_text(field);
        component
            .licenses
            .extend(text.and_then(|text| license::license(&text, standing)));
    }
}

fn hashes(list: &[Node]) -> Vec<Hash> {
    list.iter()
        .filter_map(|hash| {
            Some(Hash {
                algorithm: HashAlgorithm::from_name(hash.str_of("algorithm")?),
                value: hash.str_of("checksumValue")?.to_owned(),
            })
        })
        .collect()
}

fn external_reference(node: &Node, component: &mut Component) {
    let (Some(category), Some(kind), Some(locator)) = (
        node.str_of("referenceCategory"),
        node.str_of("referenceType"),
        node.str_of("referenceLocator"),
    ) else {
        return;
    };
    // JSON has both spellings.
    let category = category.replace('_', "-");
    let comment = node.str_of("comment").map(str::to_owned);
    let short = kind.rsplit('/').next().unwrap_or(kind);
    let identifier = match (category.as_str(), short) {
        ("PACKAGE-MANAGER", "purl") if component.purl.is_none() => {
            component.purl = Some(locator.to_owned());
            return;
        }
        ("PACKAGE-MANAGER", "purl") => IdentifierKind::Purl,
        ("SECURITY", "cpe22Type") => IdentifierKind::Cpe22,
        ("SECURITY", "cpe23Type") => IdentifierKind::Cpe23,
        ("SECURITY", "swid") => IdentifierKind::Swid,
        ("PERSISTENT-ID", "swh") => IdentifierKind::Swhid,
        ("PERSISTENT-ID", "gitoid") => IdentifierKind::Gitoid,
        ("OTHER", other) if other.starts_with("linchpin-id-") => {
            IdentifierKind::Other(other.trim_start_matches("linchpin-id-").to_owned())
        }
        ("OTHER", other) if other.starts_with("linchpin-") => {
            component.external_references.push(ExternalReference {
                kind: other.trim_start_matches("linchpin-").to_owned(),
                url: locator.to_owned(),
                comment,
                hashes: Vec::new(),
            });
            return;
        }
        _ => {
            component.external_references.push(ExternalReference {
                kind: format!("{category}/{kind}"),
                url: locator.to_owned(),
                comment,
                hashes: Vec::new(),
            });
            return;
        }
    };
    component.identifiers.push(Identifier {
        kind: identifier,
        value: locator.to_owned(),
    });
}
