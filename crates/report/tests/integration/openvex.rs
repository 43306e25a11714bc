//! OpenVEX: valid, and the same for the same findings.

use linchpin_report::WriteOptions;
use serde_json::Value;

use crate::sample::{self, Sample};
use crate::schema;

fn document(sample: &Sample) -> String {
    sample.write("openvex", WriteOptions::default())
}

#[test]
fn documents_are_valid() {
    for sample in [
        sample::storefront(),
        sample::project(),
        sample::suppressed(),
        sample::hostile_suppressed(),
    ] {
        schema::assert_valid(&document(&sample), "openvex/openvex.schema.json", &[]);
    }
}

#[test]
fn every_ground_has_its_status() {
    insta::assert_snapshot!(document(&sample::suppressed()));
}

#[test]
fn the_target_is_the_product() {
    let value: Value = serde_json::from_str(&document(&sample::storefront())).unwrap();
    let product = &value["statements"][0]["products"][0];
    let id = product["@id"].as_str().unwrap();
    assert!(id.starts_with("pkg:oci/storefront@sha256:9f9f"), "{id}");
    assert!(product["subcomponents"].as_array().is_some());
}

#[test]
fn the_id_is_that_of_the_content() {
    let id = |sample: &Sample| -> String {
        let value: Value = serde_json::from_str(&document(sample)).unwrap();
        value["@id"].as_str().unwrap().to_owned()
    };
    let mut other = sample::suppressed();
    assert_eq!(id(&sample::suppressed()), id(&other));
    other.suppressed.pop();
    assert_ne!(id(&sample::suppressed()), id(&other));
}
