//! Every cataloger has a fuzz target, and every fuzz target has its line in the record of what it
//! had.

use std::collections::BTreeSet;

use crate::workspace::{document, quoted, root, table_rows};

/// The names of the files in `fuzz/fuzz_targets/`.
fn files() -> BTreeSet<String> {
    let folder = root().join("fuzz/fuzz_targets");
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| {
            let path = entry.unwrap().path();
            path.file_stem().unwrap().to_str().unwrap().to_owned()
        })
        .collect()
}

#[test]
fn every_target_is_built_and_recorded() {
    let manifest = document("fuzz/Cargo.toml");
    let (_, targets) = manifest.split_once("[[bin]]").unwrap();
    let built: Vec<String> = targets
        .lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .collect();
    assert!(
        built.is_sorted(),
        "the targets in fuzz/Cargo.toml are sorted"
    );
    let built: BTreeSet<String> = built.into_iter().collect();
    assert_eq!(built, files(), "fuzz/Cargo.toml and fuzz/fuzz_targets");

    let record = document("docs/fuzzing.md");
    let recorded: BTreeSet<String> = table_rows(&record)
        .iter()
        .filter_map(|row| quoted(row.first()?))
        .map(str::to_owned)
        .collect();
    assert_eq!(
        recorded, built,
        "docs/fuzzing.md; `fuzz/run` makes the lines of new targets"
    );
}

#[test]
fn every_cataloger_has_a_target() {
    let sources: Vec<String> = files()
        .iter()
        .map(|name| document(&format!("fuzz/fuzz_targets/{name}.rs")))
        .collect();
    for facts in linchpin_catalog::catalogers() {
        let named = format!("\"{}\"", facts.id.0);
        assert!(
            sources.iter().any(|source| source.contains(&named)),
            "no fuzz target names the cataloger {named}"
        );
    }
}
