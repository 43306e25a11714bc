//! The store of Nix, compared with what nix-store says of the same database.

use std::collections::BTreeSet;
use std::fs;

use crate::cases::{case_input, inventory_of};
use crate::reference_tools::output_of;

#[test]
fn references_are_those_of_nix_store() {
    let input = case_input("nix/store");
    if output_of("nix-store", &["--version"], &input).is_none() {
        return;
    }
    // It makes files beside its database.
    let state = tempfile::tempdir().unwrap();
    let folder = state.path().join("db");
    fs::create_dir_all(&folder).unwrap();
    fs::copy(
        input.join("nix/var/nix/db/db.sqlite"),
        folder.join("db.sqlite"),
    )
    .unwrap();
    fs::write(folder.join("schema"), "10").unwrap();
    let variable = format!("NIX_STATE_DIR={}", state.path().display());
    let inventory = inventory_of(&input);
    let mut compared = 0;
    for (id, package) in inventory.iter() {
        let ours: BTreeSet<String> = inventory
            .dependencies_of(id)
            .iter()
            .map(|dependency| inventory.package(dependency.on).purl.name().to_owned())
            .collect();
        let mut theirs = BTreeSet::new();
        for occurrence in &package.occurrences {
            let path = format!("/{}", occurrence.path);
            let arguments = [&variable, "nix-store", "--query", "--references", &path];
            let references = output_of("env", &arguments, &input).unwrap();
            for reference in references.lines() {
                // `/nix/store/`, the hash and a dash; the case's names end before `-<digit>`.
                let name = &reference["/nix/store/".len() + 33..];
                let end = name
                    .find(|next: char| next.is_ascii_digit())
                    .unwrap_or(name.len());
                theirs.insert(name[..end].trim_end_matches('-').to_owned());
            }
        }
        // What leads through a wrapper leads to what the wrapper needs.
        if theirs.remove("example-wrapper") {
            theirs.insert("example-lib".to_owned());
        }
        compared += theirs.len();
        assert_eq!(ours, theirs, "{}", package.purl);
    }
    assert!(compared > 2);
}
