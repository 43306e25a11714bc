//! Debian packages, compared with what dpkg-query says.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use linchpin_model::Inventory;

use crate::cases::inventory_of;
use crate::reference_tools::{corpus, output_of};

/// `name version source source-version` of every package of ours.
fn ours(inventory: &Inventory) -> BTreeSet<String> {
    inventory
        .packages
        .iter()
        .filter(|package| package.purl.kind() == "deb")
        .map(|package| {
            let source = package.source.as_ref().unwrap();
            format!(
                "{} {} {} {} {}",
                package.purl.name(),
                package.purl.qualifier("arch").unwrap_or_default(),
                package.version().unwrap_or_default(),
                source.name,
                source.version
            )
        })
        .collect()
}

/// The same from dpkg-query, without packages that were removed.
fn theirs(database: &Path) -> Option<BTreeSet<String>> {
    let database = database.to_str().unwrap();
    let output = output_of(
        "dpkg-query",
        &[
            &format!("--admindir={database}"),
            "--show",
            "--showformat=${db:Status-Status}\t${Package} ${Architecture} ${Version} \
                ${source:Package} ${source:Version}\n",
        ],
        Path::new("/"),
    )?;
    let packages = output
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter(|(status, _)| !matches!(*status, "config-files" | "not-installed"))
        .map(|(_, package)| package.to_owned())
        .collect();
    Some(packages)
}

#[test]
fn this_machines_packages_are_those_of_dpkg_query() {
    let database = Path::new("/var/lib/dpkg");
    let Some(theirs) = theirs(database) else {
        return;
    };
    if theirs.is_empty() {
        crate::reference_tools::skip("this machine has no Debian packages");
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let copy = root.path().join("var/lib/dpkg");
    fs::create_dir_all(copy.join("info")).unwrap();
    fs::copy(database.join("status"), copy.join("status")).unwrap();
    for entry in fs::read_dir(database.join("info")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().ends_with(".list") {
            fs::copy(entry.path(), copy.join("info").join(entry.file_name())).unwrap();
        }
    }
    let inventory = inventory_of(root.path());
    assert_eq!(ours(&inventory), theirs);
    // No file but those of the database was copied: every package that has any says so.
    let without = inventory
        .packages
        .iter()
        .filter(|package| package.files.is_none())
        .count();
    assert!(without < inventory.packages.len() / 4, "{without}");
}

#[test]
fn the_corpus_image_has_the_packages_of_dpkg_query_and_its_deleted_files() {
    let Some(corpus) = corpus() else { return };
    let folder = tempfile::tempdir().unwrap();
    let image = corpus.join("debian-image.oci");
    let bundle = folder.path().join("bundle");
    let unpacked = output_of(
        "umoci",
        &[
            "unpack",
            "--rootless",
            "--image",
            &format!("{}:latest", image.to_str().unwrap()),
            bundle.to_str().unwrap(),
        ],
        folder.path(),
    );
    if unpacked.is_none() {
        return;
    }
    let root = bundle.join("rootfs");
    let inventory = inventory_of(&root);
    let Some(theirs) = theirs(&root.join("var/lib/dpkg")) else {
        return;
    };
    assert_eq!(ours(&inventory), theirs);

    // What the corpus' upper layer deletes; nothing else may be said to be missing.
    let damaged: Vec<&str> = inventory
        .packages
        .iter()
        .filter(|package| package.files.is_some())
        .map(|package| package.purl.name())
        .collect();
    assert_eq!(damaged, ["adduser", "curl", "debconf"]);

    // The program in it was built with cargo auditable.
    let program = inventory.find("pkg:cargo/hello@0.1.0").unwrap();
    assert!(inventory.roots().any(|(root, _)| root == program));
    assert!(!inventory.dependencies_of(program).is_empty());
}
