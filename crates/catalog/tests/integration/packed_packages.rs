//! Packages that lie in a target as the archives that their registries hand out.

use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use linchpin_catalog::take_inventory;
use linchpin_model::{Inventory, OccurrenceKind, Role};
use linchpin_source::{Archives, DirectorySource, SourceOptions};

#[test]
fn a_package_of_npm_and_one_of_python_sources_are_parts_of_their_archives() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = br#"{"name":"@shop/left","version":"1.0.0","dependencies":{"right":"^1"}}"#;
    write(
        &folder.path().join("left-1.0.0.tgz"),
        "package/package.json",
        manifest,
    );
    let metadata = b"Metadata-Version: 2.1\nName: source\nVersion: 0.3\n";
    write(
        &folder.path().join("source-0.3.tar.gz"),
        "source-0.3/PKG-INFO",
        metadata,
    );

    let inventory = inventory_of(folder.path());
    for purl in ["pkg:npm/%40shop/left@1.0.0", "pkg:pypi/source@0.3"] {
        let package = inventory.package(inventory.find(purl).unwrap());
        assert_eq!(package.role, Role::Library, "{purl}");
        assert_eq!(package.occurrences.len(), 1, "{purl}");
        assert_eq!(
            package.occurrences[0].kind,
            OccurrenceKind::Embedded,
            "{purl}"
        );
    }
    assert_eq!(inventory.packages.len(), 2);
}

fn inventory_of(folder: &Path) -> Inventory {
    let options = SourceOptions {
        archives: Archives::All,
        ..SourceOptions::default()
    };
    take_inventory(&DirectorySource::open(folder, options).unwrap()).unwrap()
}

fn write(archive: &Path, name: &str, content: &[u8]) {
    let file = std::fs::File::create(archive).unwrap();
    let mut tar = tar::Builder::new(GzEncoder::new(file, Compression::fast()));
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    tar.append_data(&mut header, name, content).unwrap();
    tar.into_inner().unwrap().finish().unwrap();
}
