//! Lists the rules of the folder `rules/`, so that a new one is one new file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The files of a folder, or its folders, sorted.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of rules can be read")
        .map(|entry| entry.expect("the folder of rules can be read").path())
        .collect();
    entries.sort();
    entries
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script by the environment"
)]
fn main() {
    let variable = |name: &str| PathBuf::from(std::env::var_os(name).expect("set by cargo"));
    let rules = variable("CARGO_MANIFEST_DIR").join("rules");
    println!("cargo::rerun-if-changed=rules");
    let mut list = String::from("&[\n");
    for kind in entries(&rules).into_iter().filter(|path| path.is_dir()) {
        let kind_name = kind.file_name().expect("it has one").to_string_lossy();
        println!("cargo::rerun-if-changed=rules/{kind_name}");
        for file in entries(&kind) {
            if file.extension().is_none_or(|extension| extension != "yaml") {
                continue;
            }
            let name = file.file_stem().expect("it has one").to_string_lossy();
            writeln!(
                list,
                "    EmbeddedRule {{ kind: {kind_name:?}, name: {name:?}, text: include_str!({file:?}) }},"
            )
            .expect("texts can be written to");
        }
    }
    list.push_str("]\n");
    std::fs::write(variable("OUT_DIR").join("rules.rs"), list).expect("the list can be written");
}
