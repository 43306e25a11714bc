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

/// Checks a document against a schema and those that it refers to.
pub(crate) fn assert_valid(document: &str, schema: &str, others: &[&str]) {
    let Some(folder) = folder() else { return };
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
    let validator = jsonschema::options()
        .with_registry(&registry)
        .should_validate_formats(true)
        .build(&read(schema))
        .unwrap();
    let document: Value = serde_json::from_str(document).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .take(10)
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}
