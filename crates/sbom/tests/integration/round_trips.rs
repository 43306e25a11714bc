//! A document that is written and read again is the same, up to what the writer said it lost.

use std::fmt::Write as _;

use linchpin_sbom::document::{
    Advisory, Affected, Analysis, Annotation, Component, ComponentKind, ComponentScope, Contact,
    Document, ExternalReference, Hash, HashAlgorithm, Identifier, IdentifierKind, License,
    LicenseChoice, LicenseStanding, Losses, Metadata, Occurrence, Party, PartyKind, Property,
    Rating, Relationship, RelationshipKind, SourcePackage, Tool, Vulnerability,
    VulnerabilitySource,
};
use linchpin_sbom::{SbomOptions, formats};
use proptest::prelude::*;

/// A document with a bit of everything.
pub(crate) fn everything() -> Document {
    let organization = |name: &str| Party::new(PartyKind::Organization, name);
    let mut library = Component {
        group: Some("@scope".into()),
        version: Some("1.2.3".into()),
        purl: Some("pkg:npm/%40scope/library@1.2.3".into()),
        identifiers: vec![
            Identifier {
                kind: IdentifierKind::Cpe23,
                value: "cpe:2.3:a:x:library:1.2.3:*:*:*:*:*:*:*".into(),
            },
            Identifier {
                kind: IdentifierKind::Swhid,
                value: "swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2".into(),
            },
        ],
        supplier: Some(Party {
            email: Some("info@example.com".into()),
            ..organization("Example")
        }),
        authors: vec![Party::new(PartyKind::Person, "Ada")],
        publisher: Some("Press".into()),
        licenses: vec![License::new(
            LicenseChoice::Expression("MIT".into()),
            LicenseStanding::Declared,
        )],
        copyright: Some("Copyright 2026 Example".into()),
        hashes: vec![
            Hash {
                algorithm: HashAlgorithm::Sha256,
                value: "ab".repeat(32),
            },
            Hash {
                algorithm: HashAlgorithm::Sha1,
                value: "cd".repeat(20),
            },
        ],
        download: Some("https://packages.example/library-1.2.3.tgz".into()),
        homepage: Some("https://library.example/".into()),
        external_references: vec![ExternalReference {
            kind: "vcs".into(),
            url: "https://code.example/library".into(),
            comment: Some("the source".into()),
            hashes: Vec::new(),
        }],
        description: Some("A library of things.".into()),
        scope: Some(ComponentScope::Development),
        source: Some(SourcePackage {
            name: "library-src".into(),
            version: Some("1.2".into()),
        }),
        file_name: Some("library-1.2.3.tgz".into()),
        occurrences: vec![Occurrence {
            location: "app/lock".into(),
            context: Some("locked, layer 1".into()),
            ..Occurrence::default()
        }],
        properties: vec![Property::new("example:name", "value")],
        ..Component::new("library", ComponentKind::Library, "library")
    };
    library.components.push(Component {
        version: Some("1".into()),
        ..Component::new("inner", ComponentKind::Framework, "inner")
    });
    let named = Component {
        version: Some("7".into()),
        licenses: vec![License {
            text: Some("Do what you like.".into()),
            ..License::new(
                LicenseChoice::Name("Our Licence".into()),
                LicenseStanding::Declared,
            )
        }],
        ..Component::new("named", ComponentKind::Application, "named")
    };
    let file = |reference: &str, name: &str, byte: &str| Component {
        hashes: vec![Hash {
            algorithm: HashAlgorithm::Sha1,
            value: byte.repeat(20),
        }],
        ..Component::new(reference, ComponentKind::File, name)
    };
    library
        .components
        .push(file("nested", "./share/page", "01"));
    let relate = |from: &str, kind: RelationshipKind, to: &str| Relationship::new(from, kind, to);
    Document {
        metadata: Metadata {
            serial: Some("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79".into()),
            timestamp: Some("2026-01-02T03:04:05Z".into()),
            authors: vec![Party::new(PartyKind::Person, "Grace")],
            tools: vec![Tool {
                name: "tool".into(),
                version: Some("2.0".into()),
                ..Tool::default()
            }],
            primary: Some(Component {
                version: Some("9".into()),
                ..Component::new("app", ComponentKind::Application, "app")
            }),
            supplier: Some(Party {
                contacts: vec![Contact {
                    name: Some("Desk".into()),
                    ..Contact::default()
                }],
                ..organization("Shop")
            }),
            lifecycles: vec!["build".into()],
            ..Metadata::default()
        },
        components: vec![
            library,
            named,
            file("file", "./bin/tool", "ef"),
            file("page", "./share/manual", "12"),
        ],
        relationships: vec![
            relate("app", RelationshipKind::DependsOn(None), "library"),
            relate(
                "app",
                RelationshipKind::DependsOn(Some(ComponentScope::Development)),
                "named",
            ),
            relate("named", RelationshipKind::Contains, "file"),
            relate("named", RelationshipKind::Contains, "page"),
            relate("library", RelationshipKind::DependsOnNothing, ""),
        ],
        vulnerabilities: Some(vec![Vulnerability {
            id: "CVE-2026-0001".into(),
            source: Some(VulnerabilitySource {
                name: Some("NVD".into()),
                url: None,
            }),
            ratings: vec![Rating {
                score: Some(9.8),
                severity: Some("critical".into()),
                method: Some("CVSSv31".into()),
                vector: Some("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into()),
                ..Rating::default()
            }],
            cwes: vec![79],
            description: Some("A flaw.".into()),
            advisories: vec![Advisory {
                title: None,
                url: "https://advisories.example/1".into(),
            }],
            published: Some("2026-01-01T00:00:00Z".into()),
            analysis: Some(Analysis {
                state: Some("not_affected".into()),
                justification: Some("code_not_reachable".into()),
                responses: vec!["update".into()],
                ..Analysis::default()
            }),
            affects: vec![Affected {
                reference: "library".into(),
                ..Affected::default()
            }],
            ..Vulnerability::default()
        }]),
        annotations: vec![Annotation {
            subjects: vec!["library".into()],
            annotator: Some(Party::new(PartyKind::Person, "Ada")),
            timestamp: Some("2026-01-02T03:04:05Z".into()),
            text: "Looked at.".into(),
            ..Annotation::default()
        }],
        properties: vec![Property::new("example:document", "yes")],
        ..Document::default()
    }
}

fn trip(document: &Document, word: &str) -> (Document, Losses) {
    let options = SbomOptions {
        tool_version: "0.1.0",
        timestamp: None,
    };
    let mut out = Vec::new();
    let losses = formats::choose(word)
        .unwrap()
        .write_document(document, &options, &mut out)
        .unwrap();
    let (_, read) = formats::read(&out).unwrap();
    (read, losses)
}

#[test]
fn cyclonedx_says_everything_that_it_read() {
    let document = everything();
    for word in [
        "cyclonedx-json@1.6",
        "cyclonedx-json@1.7",
        "cyclonedx-xml@1.6",
        "cyclonedx-xml@1.7",
    ] {
        let (first, losses) = trip(&document, word);
        let sorts: Vec<&str> = losses.iter().map(|(sort, _)| sort).collect();
        assert_eq!(sorts, ["what a dependency is for"], "{word}");
        let (second, losses) = trip(&first, word);
        assert!(losses.is_empty(), "{word}: {losses:?}");
        assert_eq!(first, second, "{word}");
        let mut metadata = first.metadata.clone();
        metadata.revision = None;
        assert_eq!(metadata, document.metadata, "{word}");
        assert_eq!(first.vulnerabilities, document.vulnerabilities, "{word}");
        assert_eq!(first.annotations, document.annotations, "{word}");
        assert_eq!(
            first.components.first(),
            document.components.first(),
            "{word}"
        );
    }
}

#[test]
fn spdx_says_everything_that_it_read() {
    for word in [
        "spdx-json@2.3",
        "spdx-json@2.2",
        "spdx-tag-value@2.3",
        "spdx-tag-value@2.2",
        "spdx3-json",
    ] {
        let (first, _) = trip(&everything(), word);
        let (second, losses) = trip(&first, word);
        assert!(losses.is_empty(), "{word}: {losses:?}");
        assert_eq!(first, second, "{word}");
    }
}

#[test]
fn both_encodings_of_a_model_say_the_same() {
    let document = everything();
    for (left, right) in [
        ("cyclonedx-json@1.4", "cyclonedx-xml@1.4"),
        ("cyclonedx-json@1.5", "cyclonedx-xml@1.5"),
        ("cyclonedx-json@1.7", "cyclonedx-xml@1.7"),
    ] {
        assert_eq!(trip(&document, left).0, trip(&document, right).0, "{left}");
    }
    let (json, _) = trip(&document, "spdx-json");
    let (mut tags, _) = trip(&document, "spdx-tag-value");
    let mut json = json;
    let sort = |document: &mut Document| {
        document
            .components
            .sort_by(|left, right| left.reference.cmp(&right.reference));
        document.relationships.sort();
    };
    sort(&mut json);
    sort(&mut tags);
    assert_eq!(json, tags);
}

/// Texts with whatever might be mistaken for syntax. Control characters but for line breaks are
/// left to the tests of hostile input: XML has no way to write them.
fn text() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[ -~äöü\u{4e2d}]{0,12}").unwrap()
}

fn word() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[a-z][a-z0-9]{0,8}").unwrap()
}

prop_compose! {
    fn component()(
        name in word(),
        version in proptest::option::of(word()),
        description in proptest::option::of(text()),
        copyright in proptest::option::of(word()),
        kind in 0..10_usize,
        scope in 0..8_usize,
        hash in any::<[u8; 4]>(),
        license in 0..4_usize,
        property in proptest::option::of((word(), text())),
        location in proptest::option::of(word()),
    ) -> Component {
        let kinds: Vec<ComponentKind> = ComponentKind::all()
            .filter(|kind| kind.cyclonedx().is_some() && kind.spdx2().is_some())
            .collect();
        Component {
            purl: version.as_ref().map(|version| format!("pkg:npm/{name}@{version}")),
            version,
            description,
            copyright,
            scope: ComponentScope::ALL.get(scope).copied(),
            hashes: vec![Hash {
                algorithm: HashAlgorithm::Sha256,
                value: hex(&hash).repeat(8),
            }],
            licenses: ["MIT", "Apache-2.0 OR MIT", "GPL-2.0-only WITH Classpath-exception-2.0"]
                .get(license)
                .map(|text| License::new(LicenseChoice::Expression((*text).into()), LicenseStanding::Declared))
                .into_iter()
                .collect(),
            properties: property.map(|(name, value)| Property::new(name, value)).into_iter().collect(),
            occurrences: location.map(|location| Occurrence { location, ..Occurrence::default() }).into_iter().collect(),
            ..Component::new("", kinds[kind % kinds.len()], name)
        }
    }
}

prop_compose! {
    fn document()(
        mut components in proptest::collection::vec(component(), 2..8),
        edges in proptest::collection::vec((0..8_usize, 0..8_usize, 0..3_usize), 0..12),
    ) -> Document {
        for (number, component) in components.iter_mut().enumerate() {
            component.reference = format!("SPDXRef-{number}");
        }
        let count = components.len();
        let mut relationships: Vec<Relationship> = edges
            .into_iter()
            .filter(|(from, to, _)| from % count != to % count)
            .map(|(from, to, scope)| Relationship::new(
                format!("SPDXRef-{}", from % count),
                RelationshipKind::DependsOn([None, Some(ComponentScope::Build), Some(ComponentScope::Optional)][scope]),
                format!("SPDXRef-{}", to % count),
            ))
            .collect();
        // Of two edges between the same two, formats keep one.
        relationships.sort_by(|left, right| (&left.from, &left.to).cmp(&(&right.from, &right.to)));
        relationships.dedup_by(|left, right| left.from == right.from && left.to == right.to);
        let primary = components.remove(0);
        Document {
            metadata: Metadata {
                serial: Some("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79".into()),
                tools: vec![Tool { name: "tool".into(), version: Some("1".into()), ..Tool::default() }],
                primary: Some(primary),
                ..Metadata::default()
            },
            components,
            relationships,
            ..Document::default()
        }
    }
}

/// What formats are free to change: the order of edges, and the number of the issue.
fn comparable(mut document: Document) -> Document {
    document.relationships.sort();
    document.metadata.revision = None;
    document
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documents_survive_spdx_2(document in document()) {
        for word in ["spdx-json@2.3", "spdx-tag-value@2.3"] {
            let (read, losses) = trip(&document, word);
            prop_assert!(losses.is_empty(), "{word}: {losses:?}");
            prop_assert_eq!(comparable(read), comparable(document.clone()), "{}", word);
        }
    }

    #[test]
    fn documents_survive_cyclonedx(document in document()) {
        for word in ["cyclonedx-json@1.6", "cyclonedx-json@1.7", "cyclonedx-xml@1.6"] {
            let (read, losses) = trip(&document, word);
            let text = crate::every_format::written(&document, word);
            let listing = linchpin_sbom::list_components(text.as_bytes()).unwrap();
            prop_assert_eq!(listing.rows, linchpin_sbom::component_rows(&read), "{}", word);
            let mut expected = comparable(document.clone());
            if !losses.is_empty() {
                let sorts: Vec<&str> = losses.iter().map(|(sort, _)| sort).collect();
                prop_assert_eq!(sorts, ["what a dependency is for"]);
                for relationship in &mut expected.relationships {
                    relationship.kind = RelationshipKind::DependsOn(None);
                }
                expected.relationships.sort();
            }
            prop_assert_eq!(comparable(read), expected, "{}", word);
        }
    }

    #[test]
    fn documents_survive_spdx_3(document in document()) {
        let (read, losses) = trip(&document, "spdx3-json");
        prop_assert!(losses.is_empty(), "{losses:?}");
        let (again, _) = trip(&read, "spdx3-json");
        prop_assert_eq!(&read, &again);
        prop_assert_eq!(read.components.len(), document.components.len());
        for (left, right) in read.components.iter().zip(&document.components) {
            let mut left = left.clone();
            left.reference.clone_from(&right.reference);
            prop_assert_eq!(&left, right);
        }
        prop_assert_eq!(read.relationships.len(), document.relationships.len());
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
