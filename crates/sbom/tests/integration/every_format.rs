//! What is written in every format and version is valid: by the official schemas, and by our own
//! check.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests run reference tools"
)]

use std::process::Command;

use linchpin_sbom::document::{Document, Property, Service};
use linchpin_sbom::validation::validate;
use linchpin_sbom::{Contents, SbomOptions, formats};

use crate::{round_trips, sample, schema};

/// The documents to write: what scans find, and one with everything that a document can say.
pub(crate) fn documents() -> Vec<Document> {
    let options = SbomOptions {
        tool_version: "0.1.0",
        timestamp: None,
    };
    let mut documents = Vec::new();
    for inventory in [sample::storefront(), sample::empty(), sample::hostile()] {
        let findings = sample::findings_or_none(&inventory);
        let contents = Contents {
            inventory: &inventory,
            findings: findings.as_deref(),
            suppressed: &[],
        };
        documents.push(Document::from_inventory(&contents, &options));
    }
    documents.push(round_trips::everything());
    documents
}

/// The formats that are written and read; those for people are tested elsewhere.
fn every_choice() -> Vec<String> {
    let mut words = Vec::new();
    for format in formats::ALL
        .iter()
        .filter(|format| format.writer.is_some() && format.reader.is_some())
    {
        if format.versions.is_empty() {
            words.push(format.id.to_owned());
        }
        words.extend(
            format
                .versions
                .iter()
                .map(|version| format!("{}@{version}", format.id)),
        );
    }
    words
}

pub(crate) fn written(document: &Document, word: &str) -> String {
    let options = SbomOptions {
        tool_version: "0.1.0",
        timestamp: None,
    };
    let mut out = Vec::new();
    formats::choose(word)
        .unwrap()
        .write_document(document, &options, &mut out)
        .unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_document_is_valid_in_every_format() {
    for document in documents() {
        for word in every_choice() {
            let text = written(&document, &word);
            assert_eq!(text, written(&document, &word), "{word}");
            let (format, version) = word.split_once('@').unwrap_or((&word, ""));
            match format {
                "cyclonedx-json" | "spdx3-json" => schema::assert_valid(&text, format, version),
                "spdx-json" if version == "2.3" => schema::assert_valid(&text, format, version),
                "cyclonedx-xml" => assert_valid_xml(&text, version),
                _ => {}
            }
            if text.is_empty() || matches!(format, "json" | "github") {
                continue;
            }
            let verdict = validate(text.as_bytes()).unwrap();
            assert_eq!(verdict.format.id, format);
            assert_eq!(verdict.problems, [], "{word}");
        }
    }
}

#[test]
fn services_are_valid_and_come_back() {
    let mut document = documents().remove(0);
    document.add_services(&[
        Service {
            reference: "service:mail".to_owned(),
            name: "Mail <&>".to_owned(),
            provider: Some("Example".to_owned()),
            endpoints: vec!["https://api.mail.example".to_owned()],
            authenticated: Some(true),
            data: vec!["messages".to_owned(), "personal".to_owned()],
            properties: vec![Property::new("linchpin:service:host", "a.ts:1")],
        },
        Service {
            reference: "endpoint:*.x.example".to_owned(),
            name: "*.x.example".to_owned(),
            data: vec!["unknown".to_owned()],
            ..Service::default()
        },
    ]);
    for word in every_choice()
        .iter()
        .filter(|word| word.starts_with("cyclonedx-"))
    {
        let text = written(&document, word);
        let (format, version) = word.split_once('@').unwrap();
        match format {
            "cyclonedx-json" => schema::assert_valid(&text, format, version),
            _ => assert_valid_xml(&text, version),
        }
        assert_eq!(validate(text.as_bytes()).unwrap().problems, [], "{word}");
        let (_, read) = formats::read(text.as_bytes()).unwrap();
        let again = written(&read, word);
        for part in [
            "service:mail",
            "https://api.mail.example",
            "messages",
            "personal",
            "endpoint:*.x.example",
        ] {
            assert!(
                text.contains(part) && again.contains(part),
                "{word}: {part}"
            );
        }
    }
}

/// Checks XML with xmllint, where it and a schema of that version are at hand.
fn assert_valid_xml(text: &str, version: &str) {
    let Some(folder) = schema::folder() else {
        return;
    };
    let path = folder.join(format!("cyclonedx/bom-{version}.xsd"));
    if !path.exists() {
        return;
    }
    let available = Command::new("xmllint").arg("--version").output().is_ok();
    if !available {
        assert!(
            std::env::var_os("LINCHPIN_REQUIRE_TOOLS").is_none(),
            "xmllint is not here"
        );
        println!("skipped: xmllint is not here");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("bom.xml");
    std::fs::write(&file, text).unwrap();
    // The schema names another by an address; the copy beside it is meant.
    let mut schema = std::fs::read_to_string(&path).unwrap();
    schema = schema.replace(
        "http://cyclonedx.org/schema/spdx\" schemaLocation=\"http://cyclonedx.org/schema/spdx",
        "http://cyclonedx.org/schema/spdx\" schemaLocation=\"spdx.xsd",
    );
    std::fs::write(directory.path().join("bom.xsd"), schema).unwrap();
    std::fs::copy(
        folder.join("cyclonedx/spdx.xsd"),
        directory.path().join("spdx.xsd"),
    )
    .unwrap();
    let output = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .arg(directory.path().join("bom.xsd"))
        .arg(&file)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let errors: Vec<&str> = errors.lines().take(8).collect();
    assert!(output.status.success(), "{version}: {}", errors.join("\n"));
}

#[test]
fn a_format_is_known_by_its_content() {
    for document in documents() {
        for word in every_choice() {
            let text = written(&document, &word);
            let format = word.split('@').next().unwrap();
            if text.is_empty() || matches!(format, "json" | "github") {
                continue;
            }
            assert_eq!(
                formats::detect(text.as_bytes()).unwrap().id,
                format,
                "{word}"
            );
        }
    }
}

#[test]
fn components_are_listed_as_the_document_has_them() {
    for document in documents() {
        for word in every_choice() {
            let text = written(&document, &word);
            let listing = linchpin_sbom::list_components(text.as_bytes());
            // A list without lines tells no format.
            let Ok((_, read)) = formats::read(text.as_bytes()) else {
                assert!(listing.is_err(), "{word}");
                continue;
            };
            let listing = listing.unwrap();
            assert_eq!(listing.rows, linchpin_sbom::component_rows(&read), "{word}");
            assert_eq!(listing.timestamp, read.metadata.timestamp, "{word}");
        }
    }
}
