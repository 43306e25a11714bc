//! What a document says of the exploitability of its vulnerabilities, as statements.
//!
//! Only vulnerabilities with an analysis say anything. CycloneDX has words of its own for states and
//! justifications; they are turned into those that all VEX formats share.

use std::collections::HashMap;

use linchpin_model::{
    Digest, DigestAlgorithm, PackageUrl, VexDocument, VexIdentifier, VexJustification, VexProduct,
    VexStatement, VexStatus,
};

use super::{Affected, Analysis, Component, Document, Family, Vulnerability};
use crate::node::Node;

/// The most products that all statements of a document may name together.
const MOST_PRODUCTS: usize = 1_000_000;

/// Whether a document speaks of the target that is looked at, or of something that has to be found
/// in it first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VexScope {
    /// The document is the target: its parts are the target's.
    Target,
    /// The document was given beside the target.
    Beside,
}

impl Document {
    /// The statements of a document. `name` is how to name it to a person.
    pub fn to_vex(&self, name: &str, scope: VexScope) -> VexDocument {
        let mut document = VexDocument {
            name: name.to_owned(),
            author: self.vex_author(),
            ..VexDocument::default()
        };
        let reading = Reading {
            components: self
                .all_components()
                .map(|component| (component.reference.as_str(), component))
                .collect(),
            primary: self.metadata.primary.as_ref(),
            scope,
        };
        let issued = self.metadata.timestamp.as_deref();
        let mut room = MOST_PRODUCTS;
        for vulnerability in self.vulnerabilities.iter().flatten() {
            let Some(analysis) = &vulnerability.analysis else {
                continue;
            };
            let Some(status) = analysis.state.as_deref().and_then(status) else {
                if let Some(state) = &analysis.state {
                    let state: String = state.chars().take(100).collect();
                    document.problems.push(format!(
                        "`{state}` of {} is no state of an analysis",
                        vulnerability.id
                    ));
                }
                continue;
            };
            let groups = reading.groups(vulnerability, status, &mut room);
            for (status, products) in groups {
                document.statements.push(VexStatement {
                    vulnerability: names(vulnerability),
                    products,
                    status,
                    justification: justification(analysis, status),
                    detail: analysis.detail.clone(),
                    timestamp: [
                        analysis.last_updated.as_deref(),
                        analysis.first_issued.as_deref(),
                        vulnerability.updated.as_deref(),
                        issued,
                    ]
                    .into_iter()
                    .flatten()
                    .find_map(|text| text.parse().ok()),
                });
            }
        }
        document
    }

    fn vex_author(&self) -> Option<String> {
        let metadata = &self.metadata;
        let mut parties = metadata.authors.iter().chain(&metadata.supplier);
        parties.next().map(|party| party.name.clone())
    }
}

fn names(vulnerability: &Vulnerability) -> Vec<String> {
    let aliases = vulnerability.aliases.iter().map(|(id, _)| id.as_str());
    std::iter::once(vulnerability.id.as_str())
        .chain(aliases)
        .filter(|name| !name.is_empty() && name.len() <= 200)
        .map(str::to_owned)
        .collect()
}

fn status(state: &str) -> Option<VexStatus> {
    Some(match state {
        "not_affected" | "false_positive" => VexStatus::NotAffected,
        "resolved" | "resolved_with_pedigree" => VexStatus::Fixed,
        "exploitable" => VexStatus::Affected,
        "in_triage" => VexStatus::UnderInvestigation,
        _ => return None,
    })
}

/// The justification that says the same. Those that say what protects a product are all
/// mitigations.
fn justification(analysis: &Analysis, status: VexStatus) -> Option<VexJustification> {
    if status != VexStatus::NotAffected {
        return None;
    }
    Some(match analysis.justification.as_deref()? {
        "code_not_present" => VexJustification::VulnerableCodeNotPresent,
        "code_not_reachable" => VexJustification::VulnerableCodeNotInExecutePath,
        "requires_configuration" | "requires_dependency" | "requires_environment" => {
            VexJustification::VulnerableCodeCannotBeControlledByAdversary
        }
        "protected_by_compiler"
        | "protected_at_runtime"
        | "protected_at_perimeter"
        | "protected_by_mitigating_control" => VexJustification::InlineMitigationsAlreadyExist,
        _ => return None,
    })
}

struct Reading<'a> {
    components: HashMap<&'a str, &'a Component>,
    primary: Option<&'a Component>,
    scope: VexScope,
}

impl Reading<'_> {
    /// What a vulnerability affects, by what is said of it: versions may be excluded.
    fn groups(
        &self,
        vulnerability: &Vulnerability,
        status: VexStatus,
        room: &mut usize,
    ) -> Vec<(VexStatus, Vec<VexProduct>)> {
        let mut groups: Vec<(VexStatus, Vec<VexProduct>)> = Vec::new();
        for affected in &vulnerability.affects {
            for (status, identifiers) in self.identified(affected, status) {
                if identifiers.is_empty() || *room == 0 {
                    continue;
                }
                *room -= 1;
                let product = self.product(affected, identifiers);
                match groups.iter_mut().find(|(found, _)| *found == status) {
                    Some((_, products)) => products.push(product),
                    None => groups.push((status, vec![product])),
                }
            }
        }
        groups
    }

    /// A component is a part of what the document is about, if that is known.
    fn product(&self, affected: &Affected, identifiers: Vec<VexIdentifier>) -> VexProduct {
        let primary = self
            .primary
            .filter(|primary| primary.reference != affected.reference);
        let (whole, is_primary) = match (self.scope, primary) {
            (VexScope::Target, Some(_)) => (vec![VexIdentifier::Target], false),
            (VexScope::Target, None) => (vec![VexIdentifier::Target], self.primary.is_some()),
            (VexScope::Beside, Some(primary)) => (identifiers_of(primary), false),
            (VexScope::Beside, None) => (identifiers.clone(), true),
        };
        VexProduct {
            identifiers: whole,
            parts: if is_primary {
                Vec::new()
            } else {
                vec![identifiers]
            },
        }
    }

    /// What names the component, with what is said of it. Versions that are unaffected are not
    /// affected whatever the analysis says; those of unknown state are to be looked into.
    fn identified(
        &self,
        affected: &Affected,
        status: VexStatus,
    ) -> Vec<(VexStatus, Vec<VexIdentifier>)> {
        let identifiers = self.identifiers(&affected.reference);
        let versions = affected.extensions.get(Family::CycloneDx, "versions");
        let Some(versions) = versions
            .and_then(Node::as_list)
            .filter(|list| !list.is_empty())
        else {
            return vec![(status, identifiers)];
        };
        let purl = identifiers.iter().find_map(|identifier| match identifier {
            VexIdentifier::Purl(purl) => Some(purl),
            _ => None,
        });
        let Some(purl) = purl else {
            // Without a package URL there is nothing that the versions could narrow.
            return vec![(status, identifiers)];
        };
        versions
            .iter()
            .map(|entry| {
                let said = match entry.str_of("status") {
                    Some("unaffected") => match status {
                        VexStatus::Affected | VexStatus::UnderInvestigation => {
                            VexStatus::NotAffected
                        }
                        other => other,
                    },
                    Some("unknown") => VexStatus::UnderInvestigation,
                    _ => status,
                };
                (said, versioned(purl, entry).into_iter().collect())
            })
            .collect()
    }

    fn identifiers(&self, reference: &str) -> Vec<VexIdentifier> {
        if let Some(component) = self.components.get(reference) {
            return identifiers_of(component);
        }
        // A BOM-Link: the part after the sign is the reference in another document, and often a
        // package URL.
        let reference = match reference.split_once('#') {
            Some((link, element)) if link.starts_with("urn:cdx:") => decoded(element),
            _ => reference.to_owned(),
        };
        match reference.parse::<PackageUrl>() {
            Ok(purl) => vec![VexIdentifier::Purl(purl)],
            Err(_) => Vec::new(),
        }
    }
}

/// A version, or a range of versions, of a package.
fn versioned(purl: &PackageUrl, entry: &Node) -> Option<VexIdentifier> {
    let qualifiers: Vec<(&str, &str)> = purl.qualifiers().collect();
    let with = |version: Option<&str>| {
        PackageUrl::with_qualifiers(
            purl.kind(),
            purl.namespace(),
            purl.name(),
            version,
            &qualifiers,
        )
        .ok()
    };
    if let Some(version) = entry.str_of("version") {
        return with(Some(version)).map(VexIdentifier::Purl);
    }
    let range = entry.str_of("range")?.to_owned();
    Some(VexIdentifier::Versions {
        purl: with(None)?,
        range,
    })
}

/// What names a component: its package URL and digests, else its name.
fn identifiers_of(component: &Component) -> Vec<VexIdentifier> {
    let purl = component
        .purl
        .as_deref()
        .and_then(|purl| purl.parse::<PackageUrl>().ok());
    let mut found: Vec<VexIdentifier> = purl.map(VexIdentifier::Purl).into_iter().collect();
    found.extend(component.hashes.iter().filter_map(|hash| {
        let name = hash.algorithm.label().to_ascii_lowercase().replace('-', "");
        let algorithm = DigestAlgorithm::from_name(&name)?;
        Digest::from_hex(algorithm, &hash.value)
            .ok()
            .map(VexIdentifier::Digest)
    }));
    if found.is_empty() {
        let name = component.full_name();
        found.extend(component.version.as_deref().map_or_else(
            || vec![VexIdentifier::Name(name.clone())],
            |version| {
                vec![
                    VexIdentifier::Name(name.clone()),
                    VexIdentifier::Name(format!("{name}:{version}")),
                ]
            },
        ));
    }
    found
}

/// Percent signs undone; what is no UTF-8 then stays as it was.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        match after
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
        {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(b'%');
                rest = after;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
