//! Documents compared, merged, enriched and judged.

use linchpin_sbom::compare::compare;
use linchpin_sbom::document::{
    Affected, Component, ComponentKind, Hash, HashAlgorithm, License, LicenseChoice,
    LicenseStanding, LicenseText, Party, PartyKind, Relationship, RelationshipKind, Vulnerability,
};
use linchpin_sbom::enrich::enrich;
use linchpin_sbom::merge::{MergeMode, MergeOptions, merge};
use linchpin_sbom::score::score;
use linchpin_sbom::{Document, SbomOptions, formats};

fn library(reference: &str, name: &str, version: &str, license: &str) -> Component {
    Component {
        version: Some(version.to_owned()),
        purl: Some(format!("pkg:npm/{name}@{version}")),
        licenses: vec![License::new(
            LicenseChoice::Expression(license.to_owned()),
            LicenseStanding::Declared,
        )],
        ..Component::new(reference, ComponentKind::Library, name)
    }
}

fn product(name: &str, libraries: Vec<Component>) -> Document {
    let mut document = Document::default();
    document.metadata.primary = Some(Component::new("p", ComponentKind::Application, name));
    for library in &libraries {
        document.relationships.push(Relationship::new(
            "p",
            RelationshipKind::DependsOn(None),
            &library.reference,
        ));
    }
    document.components = libraries;
    document
}

#[test]
fn what_changed_is_found_across_references() {
    let before = product(
        "shop",
        vec![
            library("a", "left", "1.0.0", "MIT"),
            library("b", "right", "1.0.0", "MIT"),
            library("c", "gone", "1.0.0", "MIT"),
            library("d", "twice", "1.0.0", "MIT"),
            library("e", "twice", "2.0.0", "MIT"),
        ],
    );
    let after = product(
        "shop-2",
        vec![
            library("z", "left", "1.1.0", "MIT"),
            library("y", "right", "1.0.0", "ISC"),
            library("x", "new", "1.0.0", "MIT"),
            library("w", "twice", "2.0.0", "MIT"),
            library("v", "twice", "3.0.0", "MIT"),
        ],
    );
    assert!(compare(&before, &before).is_empty());
    let difference = compare(&before, &after);
    let names = |all: &[linchpin_sbom::compare::ComparedComponent]| -> Vec<String> {
        all.iter().map(|one| one.name.clone()).collect()
    };
    assert_eq!(names(&difference.added), ["new"]);
    assert_eq!(names(&difference.removed), ["gone"]);
    let changed: Vec<(String, bool, bool)> = difference
        .changed
        .iter()
        .map(|one| {
            (
                one.after.name.clone(),
                one.version.is_some(),
                one.licenses.is_some(),
            )
        })
        .collect();
    assert_eq!(
        changed,
        [
            ("left".to_owned(), true, false),
            ("right".to_owned(), false, true),
            ("twice".to_owned(), true, false),
        ]
    );
    assert_eq!(difference.dependencies_added.len(), 1);
    assert_eq!(difference.dependencies_removed.len(), 1);
    assert_eq!(difference.dependencies_added[0].to, "new");
}

#[test]
fn hashes_and_suppliers_are_compared() {
    let one = product("shop", vec![library("a", "left", "1.0.0", "MIT")]);
    let mut other = one.clone();
    other.components[0].supplier = Some(Party::new(PartyKind::Organization, "Left Inc"));
    other.components[0].hashes.push(Hash {
        algorithm: HashAlgorithm::Sha256,
        value: "AB".repeat(32),
    });
    let difference = compare(&one, &other);
    assert_eq!(difference.changed.len(), 1);
    assert!(difference.changed[0].supplier.is_some());
    assert!(difference.changed[0].hashes.is_some());
    assert!(difference.changed[0].version.is_none());
}

fn two_documents() -> Vec<(String, Document)> {
    let mut one = product(
        "one",
        vec![
            library("a", "left", "1.0.0", "LicenseRef-x"),
            library("b", "right", "1.0.0", "MIT"),
        ],
    );
    let mut two = product(
        "two",
        vec![
            library("a", "right", "1.0.0", "MIT"),
            library("b", "other", "1.0.0", "LicenseRef-x"),
        ],
    );
    two.components[0].supplier = Some(Party::new(PartyKind::Organization, "Right Inc"));
    for (document, text) in [(&mut one, "first"), (&mut two, "second")] {
        document.license_texts.push(LicenseText {
            id: "LicenseRef-x".to_owned(),
            text: text.to_owned(),
            ..LicenseText::default()
        });
    }
    two.vulnerabilities = Some(vec![Vulnerability {
        id: "CVE-2026-0001".to_owned(),
        affects: vec![Affected {
            reference: "a".to_owned(),
            ..Affected::default()
        }],
        ..Vulnerability::default()
    }]);
    vec![("one.json".to_owned(), one), ("two.json".to_owned(), two)]
}

fn merged(mode: MergeMode) -> Document {
    let options = MergeOptions {
        mode,
        name: "whole",
        version: Some("3"),
    };
    let (document, losses) = merge(two_documents(), &options);
    assert!(losses.is_empty());
    let mut references: Vec<&str> = document
        .all_components()
        .map(|component| component.reference.as_str())
        .collect();
    let count = references.len();
    references.sort_unstable();
    references.dedup();
    assert_eq!(references.len(), count, "references are unique");
    for relationship in &document.relationships {
        for reference in [&relationship.from, &relationship.to] {
            let known = reference.is_empty() || document.component(reference).is_some();
            assert!(known, "{relationship:?}");
        }
    }
    document
}

#[test]
fn a_flat_merge_unites_packages() {
    let document = merged(MergeMode::Flat);
    let primary = document.metadata.primary.as_ref().unwrap();
    assert_eq!(
        (primary.name.as_str(), primary.version.as_deref()),
        ("whole", Some("3"))
    );
    // Two products, and three packages of which one is in both.
    assert_eq!(document.components.len(), 5);
    let right = document
        .components
        .iter()
        .find(|component| component.name == "right")
        .unwrap();
    assert_eq!(right.supplier.as_ref().unwrap().name, "Right Inc");
    assert_eq!(right.licenses.len(), 1);
    let affected = &document.vulnerabilities.as_ref().unwrap()[0].affects[0];
    assert_eq!(affected.reference, right.reference);
    let needing: Vec<&str> = document
        .relationships
        .iter()
        .filter(|relationship| relationship.to == right.reference)
        .map(|relationship| relationship.from.as_str())
        .collect();
    assert_eq!(needing.len(), 2);
}

#[test]
fn a_hierarchical_merge_keeps_each_document() {
    let document = merged(MergeMode::Hierarchical);
    assert_eq!(document.components.len(), 2);
    assert_eq!(document.components[0].name, "one");
    assert_eq!(document.components[0].components.len(), 2);
    assert_eq!(document.all_components().count(), 7);
}

#[test]
fn the_text_of_a_licence_stays_with_its_component() {
    for mode in [MergeMode::Flat, MergeMode::Hierarchical] {
        let document = merged(mode);
        let license = |name: &str| {
            let found = document.all_components().find(|one| one.name == name);
            found.unwrap().licenses[0].choice.as_str().to_owned()
        };
        let text = |id: &str| {
            let found = document.license_texts.iter().find(|text| text.id == id);
            found.unwrap().text.clone()
        };
        assert_eq!(text(&license("left")), "first");
        assert_eq!(text(&license("other")), "second");
    }
}

#[test]
fn a_merged_document_can_be_written_and_read_again() {
    for mode in [MergeMode::Flat, MergeMode::Hierarchical] {
        let document = merged(mode);
        let options = SbomOptions {
            tool_version: "0.1.0",
            timestamp: None,
        };
        let mut bytes = Vec::new();
        let choice = formats::choose("cyclonedx-json").unwrap();
        choice
            .write_document(&document, &options, &mut bytes)
            .unwrap();
        let (_, again) = formats::read(&bytes).unwrap();
        assert!(compare(&document, &again).is_empty(), "{mode:?}");
    }
}

#[test]
fn evidence_fills_gaps_and_changes_nothing() {
    let mut document = product("shop", vec![library("a", "left", "1.0.0", "MIT")]);
    document.components.push(Component {
        purl: Some("pkg:npm/right@1.0.0?repository_url=https:%2F%2Fmirror.example".to_owned()),
        ..Component::new("b", ComponentKind::Library, "right")
    });
    let mut evidence = product(
        "evidence",
        vec![
            library("x", "left", "1.0.0", "ISC"),
            library("y", "right", "1.0.0", "ISC"),
        ],
    );
    evidence.components[0].download = Some("https://packages.example/left.tgz".to_owned());
    let filled = enrich(&mut document, &evidence);
    assert_eq!(
        (filled.matched, filled.licenses, filled.downloads),
        (2, 1, 1)
    );
    assert_eq!(document.components[0].licenses[0].choice.as_str(), "MIT");
    assert_eq!(document.components[1].licenses[0].choice.as_str(), "ISC");
    let again = enrich(&mut document, &evidence);
    assert_eq!((again.licenses, again.downloads), (0, 0));
}

#[test]
fn scores_follow_what_is_there() {
    let mut document = product("shop", vec![library("a", "left", "1.0.0", "MIT")]);
    let poor = score(&document);
    assert_eq!(poor.components, 2);
    let ntia = &poor.standards[0];
    let element = |id: &str| {
        ntia.elements
            .iter()
            .find(|one| one.element.id == id)
            .unwrap()
    };
    assert_eq!(element("supplier-name").missing, ["shop", "left 1.0.0"]);
    assert_eq!(element("component-version").missing, ["shop"]);
    assert_eq!(element("timestamp").having, 0);

    let someone = Party {
        email: Some("security@example.com".to_owned()),
        ..Party::new(PartyKind::Organization, "Example")
    };
    document.metadata.authors.push(someone.clone());
    document.metadata.timestamp = Some("2026-01-31T12:00:00Z".to_owned());
    let mut primary = library("p", "shop", "1.0.0", "MIT");
    primary.supplier = Some(someone.clone());
    document.metadata.primary = Some(primary);
    document.components[0].supplier = Some(someone);
    let rich = score(&document);
    assert!((rich.standards[0].points - 100.0).abs() < f64::EPSILON);
    assert_eq!(rich.standards[0].grade, 'A');
    assert!(rich.points > poor.points);
    assert!(rich.standards[2].points < 90.0);
}

#[test]
fn an_empty_document_can_be_worked_with() {
    let empty = Document::default();
    assert!(compare(&empty, &empty).is_empty());
    assert_eq!(score(&empty).components, 0);
    let options = MergeOptions {
        mode: MergeMode::Flat,
        name: "",
        version: None,
    };
    assert_eq!(merge(Vec::new(), &options).0.components.len(), 0);
}

#[test]
fn components_of_one_name_are_told_apart_without_counting_from_the_beginning() {
    let document = || Document {
        components: (0..20_000)
            .map(|_| Component::new("", ComponentKind::Library, "same"))
            .collect(),
        ..Document::default()
    };
    let options = MergeOptions {
        mode: MergeMode::Flat,
        name: "whole",
        version: None,
    };
    let documents = vec![("a".to_owned(), document()), ("b".to_owned(), document())];
    let begun = std::time::Instant::now();
    let (merged, _) = merge(documents, &options);
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    let references: std::collections::HashSet<&str> = merged
        .components
        .iter()
        .map(|component| component.reference.as_str())
        .collect();
    assert_eq!(references.len(), merged.components.len());
}
