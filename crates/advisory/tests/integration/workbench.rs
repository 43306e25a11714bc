//! What the tests here build again and again: a feed in a folder, a database, an inventory.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use linchpin_advisory::{
    Database, ExploitedCatalogue, FolderBucket, ImportOptions, ImportSummary, import,
};
use linchpin_model::{
    CatalogerId, Distribution, Inventory, InventoryBuilder, Occurrence, OccurrenceKind, Package,
    PackageId, PackageUrl, SourcePackage, Subject, SubjectKind, TargetPath,
};
use tempfile::TempDir;

/// A folder in the layout of OSV's bucket, with these records as single files. As in the bucket, a
/// record lies in the folder of each ecosystem that it speaks of.
pub(crate) fn feed(records: &[serde_json::Value]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (index, record) in records.iter().enumerate() {
        let mut ecosystems: Vec<&str> = record["affected"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|affected| affected["package"]["ecosystem"].as_str())
            .map(|name| name.split(':').next().unwrap())
            .collect();
        if ecosystems.is_empty() {
            ecosystems.push("npm");
        }
        for ecosystem in ecosystems {
            let path = folder.path().join(ecosystem);
            fs::create_dir_all(&path).unwrap();
            fs::write(path.join(format!("{index}.json")), record.to_string()).unwrap();
        }
    }
    folder
}

/// Imports a folder; the database lies in it.
pub(crate) fn imported(
    folder: &Path,
    exploited: Option<ExploitedCatalogue>,
) -> (ImportSummary, PathBuf) {
    let path = folder.join(".database");
    let options = ImportOptions {
        exploited,
        ..ImportOptions::default()
    };
    let summary = import(&FolderBucket::new(folder).unwrap(), &path, &options).unwrap();
    (summary, path)
}

/// Everything in a database's folder but the lock: names and bytes.
pub(crate) fn content(database: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(database)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read(entry.path()).unwrap())
        })
        .filter(|(name, _)| name != ".lock")
        .collect()
}

/// A database of these records.
pub(crate) fn database(records: &[serde_json::Value]) -> (TempDir, Database) {
    let folder = feed(records);
    let (_, path) = imported(folder.path(), None);
    let database = Database::open(&path).unwrap();
    (folder, database)
}

/// An inventory in the making.
#[derive(Default)]
pub(crate) struct Workbench {
    pub(crate) builder: InventoryBuilder,
}

impl Workbench {
    /// Adds a package at a place, and lets the test change it.
    pub(crate) fn package(
        &mut self,
        purl: &str,
        path: &str,
        change: impl FnOnce(&mut Package),
    ) -> PackageId {
        let mut package = Package::new(
            purl.parse::<PackageUrl>().unwrap(),
            Occurrence {
                path: TargetPath::new(path),
                layer: None,
                kind: OccurrenceKind::Locked,
                cataloger: CatalogerId("test"),
                owner: None,
            },
        );
        change(&mut package);
        self.builder.add(package)
    }

    pub(crate) fn source(package: &mut Package, name: &str, version: &str) {
        package.source = Some(SourcePackage {
            name: name.to_owned(),
            version: version.to_owned(),
        });
    }

    pub(crate) fn distribution(&mut self, id: &str, version: Option<&str>) {
        self.builder.set_distribution(Distribution {
            id: id.to_owned(),
            version: version.map(str::to_owned),
            ..Distribution::default()
        });
    }

    pub(crate) fn finish(self) -> Inventory {
        self.builder.finish(Subject {
            name: "test".to_owned(),
            kind: SubjectKind::Directory,
            digest: None,
            platform: None,
            layers: Vec::new(),
        })
    }
}

/// The folder of shared real inputs, or `None` with a word about it where there is none.
#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by the environment where real inputs are"
)]
pub(crate) fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("LINCHPIN_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    if folder.join("osv").is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("LINCHPIN_REQUIRE_TOOLS").is_none(),
        "the mirror of advisories is required, and is not at {}",
        folder.display()
    );
    println!("skipped: no mirror of advisories at {}", folder.display());
    None
}
