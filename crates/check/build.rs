//! Lists the rules, the kinds of secrets, the services and the signs in code, so that a new one is one
//! new file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The folders and files of YAML in a folder, sorted.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of rules can be read")
        .map(|entry| entry.expect("the folder of rules can be read").path())
        .filter(|path| path.is_dir() || path.extension().is_some_and(|ending| ending == "yaml"))
        .collect();
    entries.sort();
    entries
}

/// A path in the form that a list can hold.
fn text(path: &Path) -> &str {
    path.to_str().expect("the path is a text")
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script by the environment"
)]
fn main() {
    let variable = |name: &str| PathBuf::from(std::env::var_os(name).expect("set by cargo"));
    let folder = variable("CARGO_MANIFEST_DIR");
    let mut list = String::from("&[\n");
    watch("rules");
    for kind in entries(&folder.join("rules")) {
        let kind_name = name(&kind);
        watch(&format!("rules/{kind_name}"));
        for file in entries(&kind) {
            let name = name(&file);
            writeln!(
                list,
                "    EmbeddedRule {{ kind: {kind_name:?}, name: {name:?}, text: include_str!({:?}) }},",
                text(&file)
            )
            .expect("texts can be written to");
        }
    }
    list.push_str("]\n");
    std::fs::write(variable("OUT_DIR").join("rules.rs"), list).expect("the list can be written");

    for data in ["secrets", "services", "signs"] {
        let mut list = String::from("&[\n");
        watch(data);
        for file in entries(&folder.join(data)) {
            let name = name(&file);
            writeln!(list, "    ({name:?}, include_str!({:?})),", text(&file))
                .expect("texts can be written to");
        }
        list.push_str("]\n");
        let place = variable("OUT_DIR").join(format!("{data}.rs"));
        std::fs::write(place, list).expect("the list can be written");
    }
}

fn watch(path: &str) {
    println!("cargo::rerun-if-changed={path}");
}

fn name(path: &Path) -> String {
    let name = path.file_stem().expect("it has one");
    name.to_string_lossy().into_owned()
}
