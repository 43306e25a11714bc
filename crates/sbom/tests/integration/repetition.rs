//! Documents that name one long text many times: what they would take is bounded.

use std::fmt::Write as _;

use linchpin_sbom::document::{Document, LicenseChoice};
use linchpin_sbom::formats;

const LENGTH: usize = 8 << 20;
const TIMES: usize = 40;

/// How many licences of the document hold the text, and how many refer to it.
fn held(document: &Document) -> (usize, usize) {
    let all = || document.all_components().flat_map(|found| &found.licenses);
    let named = all().filter(|license| matches!(license.choice, LicenseChoice::Name(_)));
    let referring = all().filter(|license| {
        matches!(&license.choice, LicenseChoice::Expression(text) if text == "LicenseRef-long")
    });
    (named.count(), referring.count())
}

#[test]
fn a_licence_of_spdx_2_stays_a_reference() {
    let mut text = String::from("SPDXVersion: SPDX-2.3\nDocumentName: long\n");
    for number in 0..TIMES {
        let _ = write!(
            text,
            "PackageName: p{number}\nSPDXID: SPDXRef-{number}\nPackageLicenseDeclared: LicenseRef-long\n"
        );
    }
    let long = "x".repeat(LENGTH);
    let _ = write!(
        text,
        "LicenseID: LicenseRef-long\nExtractedText: <text>{long}</text>\nLicenseName: Long\n"
    );
    let (_, document) = formats::read(text.as_bytes()).unwrap();
    let (named, referring) = held(&document);
    assert!(named > 0 && named < 15, "{named}");
    assert_eq!(named + referring, TIMES);
    assert_eq!(document.license_texts.len(), 1);
}

/// A graph in which this element is named by every package, through this field or relationship.
fn graph(element: &str, field: &str, relationship: &str) -> String {
    let mut text = format!("{{\"@context\":\"x\",\"@graph\":[{element}");
    for number in 0..TIMES {
        let _ = write!(
            text,
            ",{{\"type\":\"software_Package\",\"spdxId\":\"urn:p:{number}\",\"name\":\"p\"{field}}}"
        );
        if !relationship.is_empty() {
            let _ = write!(
                text,
                ",{{\"type\":\"Relationship\",\"from\":\"urn:p:{number}\",\"to\":[\"urn:doc#LicenseRef-long\"],\
                 \"relationshipType\":\"{relationship}\"}}"
            );
        }
    }
    text.push_str("]}");
    text
}

#[test]
fn a_licence_of_spdx_3_stays_a_reference() {
    let long = "x".repeat(LENGTH);
    let element = format!(
        "{{\"type\":\"simplelicensing_SimpleLicensingText\",\"spdxId\":\"urn:doc#LicenseRef-long\",\
         \"name\":\"Long\",\"simplelicensing_licenseText\":\"{long}\"}}"
    );
    let text = graph(&element, "", "hasDeclaredLicense");
    let (_, document) = formats::read(text.as_bytes()).unwrap();
    let (named, referring) = held(&document);
    assert!(named > 0 && named < 15, "{named}");
    assert_eq!(named + referring, TIMES);
}

#[test]
fn a_name_that_can_be_no_reference_is_refused() {
    let long = "x".repeat(LENGTH);
    let element = format!("{{\"type\":\"Person\",\"spdxId\":\"urn:ada\",\"name\":\"{long}\"}}");
    let text = graph(&element, ",\"suppliedBy\":\"urn:ada\"", "");
    let error = formats::read(text.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("too often"), "{error}");
}
