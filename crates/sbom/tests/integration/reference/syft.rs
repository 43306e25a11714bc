//! Documents that Syft wrote: what we read out of each of its formats is what it lists.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use linchpin_sbom::document::{Document, RelationshipKind};
use linchpin_sbom::formats;
use linchpin_sbom::validation::validate;
use serde_json::Value;

use super::{has_program, run};

/// The formats that Syft writes and we read.
const FORMATS: [(&str, &str); 12] = [
    ("syft-json", "syft-json"),
    ("cyclonedx-json@1.2", "cyclonedx-json"),
    ("cyclonedx-json@1.4", "cyclonedx-json"),
    ("cyclonedx-json@1.5", "cyclonedx-json"),
    ("cyclonedx-json@1.6", "cyclonedx-json"),
    ("cyclonedx-xml@1.2", "cyclonedx-xml"),
    ("cyclonedx-xml@1.5", "cyclonedx-xml"),
    ("cyclonedx-xml@1.6", "cyclonedx-xml"),
    ("spdx-json@2.2", "spdx-json"),
    ("spdx-json@2.3", "spdx-json"),
    ("spdx-tag-value@2.2", "spdx-tag-value"),
    ("spdx-tag-value@2.3", "spdx-tag-value"),
];

/// A package as both list it.
type Listed = (String, String, String);

/// What Syft itself lists.
fn listed(path: &Path) -> (BTreeSet<Listed>, BTreeSet<(String, String)>) {
    let document: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let artifacts = document["artifacts"].as_array().unwrap();
    let packages = artifacts
        .iter()
        .map(|found| {
            (
                text(&found["name"]),
                text(&found["version"]),
                text(&found["purl"]),
            )
        })
        .collect();
    let purl = |id: &Value| -> Option<String> {
        let found = artifacts.iter().find(|artifact| artifact["id"] == *id)?;
        Some(text(&found["purl"]))
    };
    let edges = document["artifactRelationships"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|found| found["type"] == "dependency-of")
        .filter_map(|found| Some((purl(&found["child"])?, purl(&found["parent"])?)))
        .collect();
    (packages, edges)
}

/// What we read.
fn read(document: &Document) -> (BTreeSet<Listed>, BTreeSet<(String, String)>) {
    // What the document is about has a package URL too, where it is an image.
    let packages = document
        .components
        .iter()
        .filter_map(|component| {
            let version = component.version.clone().unwrap_or_default();
            Some((component.full_name(), version, component.purl.clone()?))
        })
        .collect();
    let purl = |reference: &str| document.component(reference)?.purl.clone();
    let edges = document
        .relationships
        .iter()
        .filter(|found| matches!(found.kind, RelationshipKind::DependsOn(_)))
        .filter_map(|found| Some((purl(&found.from)?, purl(&found.to)?)))
        .collect();
    (packages, edges)
}

/// Lets Syft write a target in every format, and compares.
fn compare(folder: &Path, target: &str) -> (usize, usize) {
    let file = |word: &str| -> PathBuf { folder.join(word.replace('@', "-")) };
    let mut arguments = vec!["scan".to_owned(), "-q".to_owned(), target.to_owned()];
    for (word, _) in FORMATS {
        arguments.extend(["-o".to_owned(), format!("{word}={}", file(word).display())]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run(folder, "syft", &arguments);
    let (packages, edges) = listed(&file("syft-json"));
    for (word, format) in FORMATS {
        let bytes = std::fs::read(file(word)).unwrap();
        let (found, document) = formats::read(&bytes).unwrap();
        assert_eq!(found.id, format, "{word}");
        let (ours, our_edges) = read(&document);
        // CycloneDX has the group of a name apart, and Syft writes it into the name as well or not.
        let short = |all: &BTreeSet<Listed>| -> BTreeSet<(String, String)> {
            all.iter()
                .map(|(_, version, purl)| (version.clone(), purl.clone()))
                .collect()
        };
        assert_eq!(short(&ours), short(&packages), "{word}");
        if !format.starts_with("cyclonedx") {
            assert_eq!(ours, packages, "{word}");
        }
        assert_eq!(our_edges, edges, "{word}");
        let mut problems = validate(&bytes).unwrap().problems;
        // Syft gives the package URL of a layout a namespace, its path, which the type does not have.
        problems.retain(|problem| !problem.text.contains("`pkg:oci/"));
        assert_eq!(problems, [], "{word}");
    }
    (packages.len(), edges.len())
}

#[test]
fn documents_of_a_folder() {
    if !has_program("syft", "version") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/storefront");
    let (packages, _) = compare(folder.path(), &format!("dir:{example}"));
    assert!(packages > 100, "{packages}");
}

#[test]
fn documents_of_an_image() {
    if !has_program("syft", "version") || !has_program("umoci", "--version") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    std::fs::write(
        work.join("os-release"),
        "ID=debian\nVERSION_ID=\"12\"\nNAME=Debian\n",
    )
    .unwrap();
    let package = |name: &str, version: &str, depends: &str| {
        format!(
            "Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {version}\nMaintainer: Somebody <somebody@example.org>\n{depends}Description: {name}\n\n"
        )
    };
    std::fs::write(
        work.join("status"),
        package("libc6", "2.36-9+deb12u8", "")
            + &package("libtinfo6", "6.4-4", "Depends: libc6 (>= 2.33)\n")
            + &package(
                "bash",
                "5.2.15-2+b7",
                "Depends: libtinfo6, libc6 (>= 2.36)\n",
            ),
    )
    .unwrap();
    run(work, "umoci", &["init", "--layout", "image"]);
    run(work, "umoci", &["new", "--image", "image:latest"]);
    for (from, to) in [
        ("os-release", "/etc/os-release"),
        ("status", "/var/lib/dpkg/status"),
    ] {
        run(
            work,
            "umoci",
            &["insert", "--image", "image:latest", from, to],
        );
    }
    let target = format!("oci-dir:{}", work.join("image").display());
    assert_eq!(compare(work, &target), (3, 3));
}
