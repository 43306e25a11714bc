//! Format `github`: a snapshot for GitHub's dependency submission API,
//! <https://docs.github.com/en/rest/dependency-graph/dependency-submission>.
//!
//! Packages are grouped by the file that shows them. The job, commit and branch are not known
//! here: whoever submits the snapshot fills them in.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};

use super::{Format, WriteOptions, Writer};
use crate::document::{Component, ComponentScope, Document, Losses, RelationshipKind};
use crate::node::{Node, ObjectBuilder};

/// A snapshot of dependencies.
pub const FORMAT: Format = Format {
    id: "github",
    documentation: "A snapshot of dependencies as GitHub takes it.",
    holds_findings: false,
    versions: &[],
    default_version: "",
    writer: Some(Writer::Document(write)),
    reader: None,
};

fn write(
    document: &Document,
    _options: &WriteOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<Losses> {
    let mut losses = Losses::default();
    let purls: HashMap<&str, &str> = document
        .all_components()
        .filter_map(|component| Some((component.reference.as_str(), component.purl.as_deref()?)))
        .collect();
    let mut needs: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    let primary = document
        .metadata
        .primary
        .as_ref()
        .map(|found| found.reference.as_str());
    let mut roots: BTreeSet<&str> = primary.into_iter().collect();
    roots.extend(
        document
            .all_components()
            .filter(|component| {
                component
                    .properties
                    .iter()
                    .any(|property| property.name == "linchpin:role" && property.value == "root")
            })
            .map(|component| component.reference.as_str()),
    );
    for relationship in &document.relationships {
        if matches!(relationship.kind, RelationshipKind::DependsOn(_))
            && let Some(purl) = purls.get(relationship.to.as_str())
        {
            needs.entry(&relationship.from).or_default().insert(purl);
            // What roots need is direct.
            if !roots.contains(relationship.from.as_str()) {
                needed.insert(&relationship.to);
            }
        }
    }
    let mut manifests: BTreeMap<String, BTreeMap<&str, Node>> = BTreeMap::new();
    for component in document.all_components() {
        let Some(purl) = &component.purl else {
            losses.add("component without a package URL", component.full_name());
            continue;
        };
        if primary == Some(component.reference.as_str()) {
            continue;
        }
        let node = resolved(component, purl, &needs, &needed);
        let places: BTreeSet<&str> = component
            .occurrences
            .iter()
            .map(|found| found.location.as_str())
            .collect();
        let places = if places.is_empty() {
            BTreeSet::from([""])
        } else {
            places
        };
        for place in places {
            let name = if place.is_empty() {
                document
                    .metadata
                    .primary
                    .as_ref()
                    .map_or("sbom".to_owned(), Component::full_name)
            } else {
                place.to_owned()
            };
            manifests
                .entry(name)
                .or_default()
                .insert(purl, node.clone());
        }
    }
    let manifests = manifests.into_iter().map(|(name, packages)| {
        let mut file = ObjectBuilder::new();
        file.set("source_location", name.as_str());
        let mut manifest = ObjectBuilder::new();
        manifest.set("name", name.as_str());
        manifest.set("file", file.build());
        let packages = packages
            .into_iter()
            .map(|(purl, node)| (purl.to_owned().into(), node));
        manifest.set("resolved", Node::Object(packages.collect()));
        (name.into(), manifest.build())
    });
    let manifests: crate::node::Fields = manifests.collect();
    let tool = document.metadata.tools.first();
    let mut detector = ObjectBuilder::new();
    detector
        .set("name", tool.map_or("linchpin", |tool| tool.name.as_str()))
        .set(
            "version",
            tool.and_then(|tool| tool.version.as_deref()).unwrap_or("0"),
        )
        .set("url", "https://linchpin.example");
    let mut job = ObjectBuilder::new();
    job.set("id", "").set("correlator", "linchpin");
    let mut root = ObjectBuilder::new();
    root.set("version", 0_u64)
        .set("job", job.build())
        .set("sha", "")
        .set("ref", "")
        .set("detector", detector.build())
        .set(
            "scanned",
            document
                .metadata
                .timestamp
                .as_deref()
                .unwrap_or("1970-01-01T00:00:00Z"),
        )
        .set("manifests", Node::Object(manifests));
    losses.add(
        "everything but packages, files and dependencies",
        "the document",
    );
    serde_json::to_writer_pretty(&mut *out, &root.build())?;
    out.write_all(b"\n")?;
    Ok(losses)
}

fn resolved(
    component: &Component,
    purl: &str,
    needs: &HashMap<&str, BTreeSet<&str>>,
    needed: &BTreeSet<&str>,
) -> Node {
    let direct = !needed.contains(component.reference.as_str());
    let development = matches!(
        component.scope,
        Some(
            ComponentScope::Development
                | ComponentScope::Test
                | ComponentScope::Build
                | ComponentScope::Excluded
        )
    );
    let mut node = ObjectBuilder::new();
    node.set("package_url", purl)
        .set("relationship", if direct { "direct" } else { "indirect" })
        .set(
            "scope",
            if development {
                "development"
            } else {
                "runtime"
            },
        );
    let list = needs
        .get(component.reference.as_str())
        .into_iter()
        .flatten();
    node.set(
        "dependencies",
        Node::List(list.map(|purl| Node::text(*purl)).collect()),
    );
    node.build()
}
