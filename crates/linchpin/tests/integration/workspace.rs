//! What cargo says of this workspace, and the documents in it.

#![expect(clippy::disallowed_methods, reason = "tests ask cargo")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the crate lies two folders below the workspace")
        .to_owned()
}

/// A document of the repository.
pub(crate) fn document(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A crate of the workspace and what it names as its dependencies, those of its tests included.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) dependencies: Vec<String>,
}

impl Member {
    /// The name of its folder, which is the name of its room.
    pub(crate) fn room(&self) -> &str {
        room(&self.name)
    }
}

/// The room of a crate of ours: `linchpin-model` is `model`.
pub(crate) fn room(name: &str) -> &str {
    name.strip_prefix("linchpin-").unwrap_or(name)
}

/// Whether a crate is ours.
pub(crate) fn is_ours(name: &str) -> bool {
    name == "linchpin" || name.starts_with("linchpin-")
}

/// All crates of the workspace, sorted by name.
pub(crate) fn members() -> Vec<Member> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut members: Vec<Member> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| Member {
            name: text(&package["name"]),
            dependencies: package["dependencies"]
                .as_array()
                .unwrap()
                .iter()
                .map(|dependency| text(&dependency["name"]))
                .collect(),
        })
        .collect();
    members.sort_by(|left, right| left.name.cmp(&right.name));
    members
}

/// The rows of the tables of a document, each as its cells.
pub(crate) fn table_rows(document: &str) -> Vec<Vec<&str>> {
    document
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
        .map(|line| line.split(" | ").map(str::trim).collect())
        .collect()
}

/// The text between the backticks of a cell that holds nothing else.
pub(crate) fn quoted(cell: &str) -> Option<&str> {
    cell.strip_prefix('`')?.strip_suffix('`')
}
