//! The rows of each sheet.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{BETWEEN, license_ids, licenses_line, supplier_line, type_word};
use crate::document::{Component, Document, RelationshipKind};

/// Most components that are named beside a licence; the sheet of components can be filtered for all.
const MOST_NAMES: usize = 40;

/// A component in one row. What is not known is an empty text; where there are several, `; ` stands
/// between them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ComponentRow {
    /// The name with its group.
    pub name: String,
    /// The version.
    pub version: String,
    /// The type of the package URL, or else the sort of component.
    pub kind: String,
    /// The licences as one expression: those declared, or else those concluded.
    pub licenses: String,
    /// The id of each licence in that expression.
    pub license_ids: Vec<String>,
    /// What it is needed for.
    pub scope: String,
    /// Who supplies, or else made it.
    pub supplier: String,
    /// The package URL.
    pub purl: String,
    /// The source package with its version.
    pub source: String,
    /// The hashes, each as `SHA-256:…`.
    pub hashes: String,
    /// Where it can be fetched.
    pub download: String,
    /// Where it was found.
    pub places: String,
    /// What it is for.
    pub description: String,
}

/// A licence and how many components have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LicenseRow {
    pub(crate) license: String,
    pub(crate) count: usize,
    pub(crate) components: String,
}

/// A vulnerability in one component.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FindingRow {
    pub(crate) id: String,
    pub(crate) aliases: String,
    pub(crate) severity: String,
    pub(crate) score: Option<f64>,
    pub(crate) component: String,
    pub(crate) version: String,
    pub(crate) purl: String,
    pub(crate) exploited: String,
    pub(crate) recommendation: String,
    pub(crate) description: String,
    pub(crate) vector: String,
    pub(crate) published: String,
}

/// A component that needs, or has inside, another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DependencyRow {
    pub(crate) from: String,
    pub(crate) from_version: String,
    pub(crate) relationship: String,
    pub(crate) scope: String,
    pub(crate) to: String,
    pub(crate) to_version: String,
}

/// All components but the one that the document is about, nested ones too, in the document's
/// order.
pub fn component_rows(document: &Document) -> Vec<ComponentRow> {
    let skipped = usize::from(document.metadata.primary.is_some());
    document
        .all_components()
        .skip(skipped)
        .map(component_row)
        .collect()
}

fn component_row(component: &Component) -> ComponentRow {
    let source = component.source.as_ref().map(|source| {
        let version = source.version.as_deref().unwrap_or_default();
        format!("{} {version}", source.name).trim_end().to_owned()
    });
    let hashes: Vec<String> = component
        .hashes
        .iter()
        .map(|hash| format!("{}:{}", hash.algorithm.label(), hash.value))
        .collect();
    let places: Vec<&str> = component
        .occurrences
        .iter()
        .map(|occurrence| occurrence.location.as_str())
        .collect();
    ComponentRow {
        name: component.full_name(),
        version: component.version.clone().unwrap_or_default(),
        kind: type_word(component),
        licenses: licenses_line(component),
        license_ids: license_ids(component).into_iter().collect(),
        scope: component
            .scope
            .map(|scope| scope.label().to_owned())
            .unwrap_or_default(),
        supplier: supplier_line(component),
        purl: component.purl.clone().unwrap_or_default(),
        source: source.unwrap_or_default(),
        hashes: hashes.join(BETWEEN),
        download: component.download.clone().unwrap_or_default(),
        places: places.join(BETWEEN),
        description: component
            .description
            .clone()
            .or_else(|| component.summary.clone())
            .unwrap_or_default(),
    }
}

/// Each licence, the most frequent first. Components without one are a row too.
pub(crate) fn license_rows(document: &Document) -> Vec<LicenseRow> {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let skipped = usize::from(document.metadata.primary.is_some());
    for component in document.all_components().skip(skipped) {
        let version = component.version.as_deref().unwrap_or_default();
        let name = format!("{} {version}", component.full_name());
        names
            .entry(licenses_line(component))
            .or_default()
            .push(name.trim_end().to_owned());
    }
    let mut rows: Vec<LicenseRow> = names
        .into_iter()
        .map(|(license, components)| {
            let count = components.len();
            let mut names = components;
            if count > MOST_NAMES {
                names.truncate(MOST_NAMES);
                names.push(format!("and {} more", count - MOST_NAMES));
            }
            LicenseRow {
                license,
                count,
                components: names.join(BETWEEN),
            }
        })
        .collect();
    rows.sort_by_key(|row| Reverse(row.count));
    rows
}

/// Each vulnerability in each component, in the document's order.
pub(crate) fn finding_rows(document: &Document) -> Vec<FindingRow> {
    let components = by_reference(document);
    let mut rows = Vec::new();
    for vulnerability in document.vulnerabilities.iter().flatten() {
        let property = |name: &str| {
            vulnerability
                .properties
                .iter()
                .find(|property| property.name == name)
                .map(|property| property.value.clone())
                .unwrap_or_default()
        };
        let best = vulnerability.ratings.iter().max_by(|one, other| {
            one.score
                .unwrap_or(-1.0)
                .total_cmp(&other.score.unwrap_or(-1.0))
        });
        let aliases: Vec<&str> = vulnerability
            .aliases
            .iter()
            .map(|(id, _)| id.as_str())
            .collect();
        let row = FindingRow {
            id: vulnerability.id.clone(),
            aliases: aliases.join(BETWEEN),
            severity: best
                .and_then(|rating| rating.severity.clone())
                .unwrap_or_default(),
            score: best.and_then(|rating| rating.score),
            component: String::new(),
            version: String::new(),
            purl: String::new(),
            exploited: property("linchpin:exploited"),
            recommendation: vulnerability.recommendation.clone().unwrap_or_default(),
            description: vulnerability
                .description
                .clone()
                .or_else(|| vulnerability.detail.clone())
                .unwrap_or_default(),
            vector: best
                .and_then(|rating| rating.vector.clone())
                .unwrap_or_default(),
            published: vulnerability.published.clone().unwrap_or_default(),
        };
        if vulnerability.affects.is_empty() {
            rows.push(row.clone());
        }
        for affected in &vulnerability.affects {
            let component = components.get(affected.reference.as_str());
            rows.push(FindingRow {
                component: component.map_or_else(
                    || affected.reference.clone(),
                    |component| component.full_name(),
                ),
                version: component
                    .and_then(|component| component.version.clone())
                    .unwrap_or_default(),
                purl: component
                    .and_then(|component| component.purl.clone())
                    .unwrap_or_default(),
                ..row.clone()
            });
        }
    }
    rows
}

/// What needs what, in the document's order.
pub(crate) fn dependency_rows(document: &Document) -> Vec<DependencyRow> {
    let components = by_reference(document);
    let names = |reference: &str| match components.get(reference) {
        Some(component) => (
            component.full_name(),
            component.version.clone().unwrap_or_default(),
        ),
        None => (reference.to_owned(), String::new()),
    };
    document
        .relationships
        .iter()
        .filter_map(|relationship| {
            let (word, scope) = match &relationship.kind {
                RelationshipKind::DependsOn(scope) => ("depends on", *scope),
                RelationshipKind::Contains => ("contains", None),
                RelationshipKind::GeneratedFrom => ("generated from", None),
                RelationshipKind::Provides => ("provides", None),
                RelationshipKind::Other(word) => (word.as_str(), None),
                RelationshipKind::DependsOnNothing => return None,
            };
            let (from, from_version) = names(&relationship.from);
            let (to, to_version) = names(&relationship.to);
            Some(DependencyRow {
                from,
                from_version,
                relationship: word.to_owned(),
                scope: scope
                    .map(|scope| scope.label().to_owned())
                    .unwrap_or_default(),
                to,
                to_version,
            })
        })
        .collect()
}

/// The components by their references.
pub(crate) fn by_reference(document: &Document) -> BTreeMap<&str, &Component> {
    document
        .all_components()
        .filter(|component| !component.reference.is_empty())
        .map(|component| (component.reference.as_str(), component))
        .collect()
}
