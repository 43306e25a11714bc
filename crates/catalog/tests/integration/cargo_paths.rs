//! The program of these tests is a Rust program like any other: what its panics tell of its crates is
//! compared with the lockfile that it was built from.

use std::collections::BTreeSet;
use std::path::Path;

use linchpin_catalog::take_inventory;
use linchpin_source::{DirectorySource, SourceOptions};

use crate::cases::inventory_of;

#[test]
fn an_ordinary_program_names_crates_of_its_lockfile() {
    let folder = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    std::fs::copy(program, folder.path().join("program")).unwrap();
    let source = DirectorySource::open(folder.path(), SourceOptions::default()).unwrap();
    let found = take_inventory(&source).unwrap();
    let crates: BTreeSet<String> = found
        .libraries()
        .filter(|(_, package)| package.purl.kind() == "cargo")
        .map(|(_, package)| package.purl.to_string())
        .collect();
    assert!(crates.len() > 10, "{crates:?}");
    assert!(
        found.libraries().any(|(_, package)| {
            package.purl.kind() == "generic" && package.purl.name() == "rust"
        })
    );

    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let lockfile = tempfile::tempdir().unwrap();
    std::fs::copy(
        workspace.join("Cargo.lock"),
        lockfile.path().join("Cargo.lock"),
    )
    .unwrap();
    let locked = inventory_of(lockfile.path());
    for purl in &crates {
        assert!(locked.find(purl).is_some(), "{purl} is not in the lockfile");
    }
}
