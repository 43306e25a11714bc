//! Rust projects, compared with what cargo metadata says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use linchpin_model::{Inventory, Scope};
use serde_json::Value;

use crate::cases::{case_input, inventory_of};
use crate::reference_tools::{corpus, output_of};

/// Packages as `name version`, edges as two of them.
#[derive(Debug, PartialEq, Eq)]
struct Graph {
    packages: BTreeSet<String>,
    edges: BTreeSet<(String, String)>,
}

fn ours(inventory: &Inventory) -> Graph {
    let label = |id| {
        let package = inventory.package(id);
        format!("{} {}", package.name(), package.version().unwrap_or("?"))
    };
    let crates: Vec<_> = inventory
        .iter()
        .filter(|(_, package)| package.purl.kind() == "cargo")
        .map(|(id, _)| id)
        .collect();
    let edges = crates.iter().flat_map(|&from| {
        let needed = inventory.dependencies_of(from).iter();
        needed.map(move |dependency| (label(from), label(dependency.on)))
    });
    Graph {
        packages: crates.iter().map(|&id| label(id)).collect(),
        edges: edges.collect(),
    }
}

/// What cargo resolves for all features and all platforms.
fn theirs(folder: &Path) -> Option<Graph> {
    let output = output_of(
        "cargo",
        &[
            "metadata",
            "--locked",
            "--all-features",
            "--format-version=1",
        ],
        folder,
    )?;
    let metadata: Value = serde_json::from_str(&output).unwrap();
    let labels: BTreeMap<&str, String> = list(&metadata["packages"])
        .map(|package| {
            let text = |key: &str| package[key].as_str().unwrap();
            (text("id"), format!("{} {}", text("name"), text("version")))
        })
        .collect();
    let nodes = || list(&metadata["resolve"]["nodes"]);
    let edges = nodes().flat_map(|node| {
        let from = labels[node["id"].as_str().unwrap()].clone();
        let on = list(&node["dependencies"]).map(|on| labels[on.as_str().unwrap()].clone());
        on.map(move |on| (from.clone(), on)).collect::<Vec<_>>()
    });
    Some(Graph {
        packages: nodes()
            .map(|node| labels[node["id"].as_str().unwrap()].clone())
            .collect(),
        // A crate may test itself with features of its own, which is no edge of ours.
        edges: edges.filter(|(from, on)| from != on).collect(),
    })
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}

fn assert_equal(folder: &Path) {
    let Some(theirs) = theirs(folder) else { return };
    let ours = ours(&inventory_of(folder));
    let differ = |left: &BTreeSet<String>, right: &BTreeSet<String>| {
        left.difference(right).cloned().collect::<Vec<_>>()
    };
    assert_eq!(
        differ(&ours.packages, &theirs.packages),
        [""; 0],
        "only ours"
    );
    assert_eq!(
        differ(&theirs.packages, &ours.packages),
        [""; 0],
        "only cargo's"
    );
    let differ = |left: &BTreeSet<_>, right: &BTreeSet<_>| {
        left.difference(right).cloned().collect::<Vec<_>>()
    };
    assert_eq!(differ(&ours.edges, &theirs.edges), [], "edges only ours");
    assert_eq!(differ(&theirs.edges, &ours.edges), [], "edges only cargo's");
}

/// This project's manifests and lockfile alone, without what was built of them.
fn copy_of_this_workspace() -> tempfile::TempDir {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = tempfile::tempdir().unwrap();
    let copy = |from: &Path, to: &Path| {
        std::fs::create_dir_all(to).unwrap();
        for name in ["Cargo.toml", "Cargo.lock"] {
            if from.join(name).exists() {
                std::fs::copy(from.join(name), to.join(name)).unwrap();
            }
        }
    };
    copy(&root, folder.path());
    for entry in std::fs::read_dir(root.join("crates")).unwrap() {
        let entry = entry.unwrap();
        let to = folder.path().join("crates").join(entry.file_name());
        copy(&entry.path(), &to);
        std::fs::create_dir_all(to.join("src")).unwrap();
        std::fs::write(to.join("src/lib.rs"), "").unwrap();
        std::fs::write(to.join("src/main.rs"), "").unwrap();
    }
    folder
}

#[test]
fn this_workspace_is_what_cargo_metadata_says() {
    let folder = copy_of_this_workspace();
    assert_equal(folder.path());
    let inventory = inventory_of(folder.path());
    let scope_of = |name: &str| {
        inventory
            .packages
            .iter()
            .find(|package| package.purl.name() == name)
            .unwrap()
            .scope
    };
    assert_eq!(scope_of("insta"), Scope::Development);
    assert_eq!(scope_of("serde"), Scope::Runtime);
}

#[test]
fn a_small_workspace_is_what_cargo_metadata_says() {
    assert_equal(&case_input("cargo-lock/workspace"));
}

#[test]
fn the_corpus_project_is_what_cargo_metadata_says() {
    let Some(corpus) = corpus() else { return };
    assert_equal(&corpus.join("rust-app"));
}
