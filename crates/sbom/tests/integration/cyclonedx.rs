//! CycloneDX: valid, complete, and the same each time.

use std::collections::{BTreeMap, BTreeSet};

use linchpin_model::{Inventory, LicenseExpression, Package, PackageUrl, SubjectKind};
use linchpin_sbom::SbomOptions;
use serde_json::Value;

use crate::{sample, schema};

fn parsed(inventory: &Inventory) -> Value {
    let findings = sample::findings_or_none(inventory);
    let text = sample::write("cyclonedx-json", inventory, findings.as_deref());
    serde_json::from_str(&text).unwrap()
}

fn assert_valid(text: &str) {
    schema::assert_valid(text, "cyclonedx-json", "1.6");
}

#[test]
fn documents_are_valid() {
    for inventory in [sample::storefront(), sample::empty(), sample::hostile()] {
        assert_valid(&sample::write("cyclonedx-json", &inventory, None));
    }
    let inventory = sample::storefront();
    let findings = sample::findings(&inventory);
    let options = SbomOptions {
        tool_version: "0.1.0",
        timestamp: Some("2026-11-23T00:00:00Z".parse().unwrap()),
    };
    let text = sample::write_with("cyclonedx-json", &inventory, Some(&findings), &options);
    assert!(text.contains("\"timestamp\": \"2026-11-23T00:00:00Z\""));
    assert_valid(&text);
}

#[test]
fn the_document_is_as_it_was() {
    let inventory = sample::storefront();
    let findings = sample::findings(&inventory);
    insta::assert_snapshot!(sample::write("cyclonedx-json", &inventory, Some(&findings)));
}

#[test]
fn each_kind_of_target_is_valid() {
    for kind in [
        SubjectKind::Directory,
        SubjectKind::File,
        SubjectKind::Archive,
        SubjectKind::Image,
    ] {
        let mut inventory = sample::storefront();
        inventory.subject = sample::subject(kind);
        assert_valid(&sample::write("cyclonedx-json", &inventory, None));
    }
}

#[test]
fn the_same_target_gives_the_same_bytes() {
    let first = sample::write("cyclonedx-json", &sample::storefront(), None);
    let second = sample::write("cyclonedx-json", &sample::storefront(), None);
    assert_eq!(first, second);

    let number = |text: &str| -> String {
        let value: Value = serde_json::from_str(text).unwrap();
        value["serialNumber"].as_str().unwrap().to_owned()
    };
    let other = sample::write("cyclonedx-json", &sample::empty(), None);
    assert_ne!(number(&first), number(&other));
}

#[test]
fn references_are_unique_and_all_within_reach_of_the_target() {
    for inventory in [sample::storefront(), sample::empty(), sample::hostile()] {
        let value = parsed(&inventory);
        let target = value["metadata"]["component"]["bom-ref"].as_str().unwrap();
        let mut references: BTreeSet<&str> = BTreeSet::from([target]);
        for component in value["components"].as_array().unwrap() {
            let reference = component["bom-ref"].as_str().unwrap();
            assert!(references.insert(reference), "{reference} twice");
        }
        let mut edges: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for node in value["dependencies"].as_array().unwrap() {
            let on = node["dependsOn"].as_array();
            let on = on
                .into_iter()
                .flatten()
                .map(|on| on.as_str().unwrap())
                .collect();
            let known = edges.insert(node["ref"].as_str().unwrap(), on);
            assert!(known.is_none(), "{} twice", node["ref"]);
        }
        assert_eq!(edges.keys().copied().collect::<BTreeSet<_>>(), references);
        let mut reached = BTreeSet::new();
        let mut waiting = vec![target];
        while let Some(reference) = waiting.pop() {
            if reached.insert(reference) {
                waiting.extend(&edges[reference]);
            }
        }
        assert_eq!(reached, references);
    }
}

#[test]
fn every_licence_is_valid_where_it_stands() {
    // The list of licences is longer than the one that the schema knows: a licence that is too
    // new for the schema must stand as an expression.
    let mut inventory = sample::empty();
    for (number, license) in spdx::identifiers::LICENSES.iter().enumerate() {
        let mut package = Package::new(
            PackageUrl::new("npm", None, &format!("p{number}"), None).unwrap(),
            sample::occurrence("lock", 0, linchpin_model::OccurrenceKind::Locked),
        );
        package.license = LicenseExpression::parse(license.name).ok();
        inventory.packages.push(package);
        inventory.dependencies.push(Vec::new());
    }
    for text in [
        "MIT OR Apache-2.0",
        "GPL-2.0-or-later WITH Classpath-exception-2.0",
        "LicenseRef-ours",
        "GPL-2.0+",
    ] {
        let mut package = Package::new(
            PackageUrl::new("npm", None, &format!("q{}", text.len()), None).unwrap(),
            sample::occurrence("lock", 0, linchpin_model::OccurrenceKind::Locked),
        );
        package.license = Some(LicenseExpression::parse(text).unwrap());
        inventory.packages.push(package);
        inventory.dependencies.push(Vec::new());
    }
    inventory.packages.sort_by(|a, b| a.purl.cmp(&b.purl));
    let text = sample::write("cyclonedx-json", &inventory, None);
    assert!(text.contains("\"id\": \"MIT\""));
    assert_valid(&text);
}
