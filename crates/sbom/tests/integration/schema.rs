//! The official schemas beside the checkout: what is written for other programs must be valid.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the environment says where the schemas are, and a skipped test says so"
)]

use std::path::PathBuf;

use serde_json::Value;

/// The folder with the schemas; `None` (and a word about it) where there is none and tests may
/// be skipped.
pub(crate) fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("LINCHPIN_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let folder = shared.join("schemas");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("LINCHPIN_REQUIRE_TOOLS").is_none(),
        "the schemas are not at {}",
        folder.display()
    );
    println!("skipped: the schemas are not at {}", folder.display());
    None
}

/// The validator for a format and version, where its schema is at hand.
pub(crate) fn validator(format: &str, version: &str) -> Option<jsonschema::Validator> {
    let folder = folder()?;
    let (schema, others): (String, &[&str]) = match (format, version) {
        ("cyclonedx-json", version) => (
            format!("cyclonedx/bom-{version}.schema.json"),
            &[
                "cyclonedx/spdx.schema.json",
                "cyclonedx/jsf-0.82.schema.json",
                "cyclonedx/cryptography-defs.schema.json",
            ],
        ),
        ("spdx-json", _) => ("spdx/spdx-2.3.schema.json".to_owned(), &[]),
        _ => ("spdx/spdx-3.0.1.schema.json".to_owned(), &[]),
    };
    let read = |name: &str| -> Value {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let mut registry = jsonschema::Registry::new();
    for other in others {
        let contents = read(other);
        let id = contents["$id"].as_str().unwrap().to_owned();
        registry = registry.add(id, contents).unwrap();
    }
    let registry = registry.prepare().unwrap();
    Some(
        jsonschema::options()
            .with_registry(&registry)
            .should_validate_formats(true)
            .build(&read(&schema))
            .unwrap(),
    )
}

/// Checks a document against its schema.
pub(crate) fn assert_valid(document: &str, format: &str, version: &str) {
    let Some(validator) = validator(format, version) else {
        return;
    };
    let document: Value = serde_json::from_str(document).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .map(|error| {
            format!("{}: {error}", error.instance_path())
                .chars()
                .take(500)
                .collect()
        })
        .take(10)
        .collect();
    assert!(
        errors.is_empty(),
        "{format} {version}: {}",
        errors.join("\n")
    );
}
