//! A feed in memory, and what is asked of the database that is made of it.

use std::io::Cursor;

use linchpin_advisory::{
    Bucket, Database, FeedError, SeekableRead, compile_feed, match_advisories, next_steps,
};
use linchpin_model::{
    AdvisoryOrigin, CatalogerId, Ecosystem, Inventory, InventoryBuilder, Occurrence,
    OccurrenceKind, Package, PackageUrl, Role, Routes, Scope, Subject, SubjectKind, TargetPath,
};
use serde_json::Value;

/// Most packages of a record that are asked for.
const MOST_PACKAGES: usize = 40;

/// A feed of one ecosystem: an archive, or records one by one.
#[derive(Debug)]
pub enum MemoryBucket {
    /// The bytes of `all.zip`.
    Archive(Vec<u8>),
    /// The bytes of each record.
    Records(Vec<Vec<u8>>),
}

impl Bucket for MemoryBucket {
    fn label(&self) -> String {
        "memory".to_owned()
    }

    fn ecosystems(&self) -> Result<Vec<String>, FeedError> {
        Ok(vec!["npm".to_owned()])
    }

    fn open(&self, path: &str) -> Result<Box<dyn SeekableRead>, FeedError> {
        let found = match self {
            Self::Archive(bytes) if path == "npm/all.zip" => Some(bytes),
            Self::Archive(_) => None,
            Self::Records(records) => path
                .strip_prefix("npm/")
                .and_then(|name| name.strip_suffix(".json"))
                .and_then(|number| records.get(number.parse::<usize>().ok()?)),
        };
        match found {
            Some(bytes) => Ok(Box::new(Cursor::new(bytes.clone()))),
            None => Err(FeedError::Missing {
                bucket: self.label(),
                path: path.to_owned(),
            }),
        }
    }

    fn records(&self, ecosystem: &str) -> Result<Vec<String>, FeedError> {
        Ok(match self {
            Self::Archive(_) => Vec::new(),
            Self::Records(records) => (0..records.len())
                .map(|number| format!("{ecosystem}/{number}.json"))
                .collect(),
        })
    }
}

/// Compiles a feed. Nothing if it holds no record.
pub fn compile(bucket: &MemoryBucket) -> Option<Vec<u8>> {
    compile_feed(bucket).ok().map(|(bytes, _)| bytes)
}

/// Opens a database that must be good.
pub fn open(bytes: Vec<u8>) -> Database {
    Database::from_bytes(bytes, AdvisoryOrigin::StarterSet).expect("what was written can be read")
}

/// The packages that a record names, with the versions that it names.
pub fn packages_of(record: &[u8]) -> Vec<(Ecosystem, Option<String>, String, Vec<String>)> {
    let Ok(value) = serde_json::from_slice::<Value>(record) else {
        return Vec::new();
    };
    let mut packages = Vec::new();
    for affected in value["affected"].as_array().into_iter().flatten() {
        let package = &affected["package"];
        let Some((ecosystem, release)) =
            package["ecosystem"].as_str().and_then(Ecosystem::from_osv)
        else {
            continue;
        };
        let Some(name) = package["name"].as_str() else {
            continue;
        };
        let mut versions: Vec<String> = affected["versions"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|version| version.as_str().map(str::to_owned))
            .take(3)
            .collect();
        for range in affected["ranges"].as_array().into_iter().flatten().take(3) {
            for event in range["events"].as_array().into_iter().flatten().take(4) {
                versions.extend(
                    event
                        .as_object()
                        .into_iter()
                        .flat_map(serde_json::Map::values)
                        .filter_map(|version| version.as_str().map(str::to_owned)),
                );
            }
        }
        packages.push((
            ecosystem,
            release.map(str::to_owned),
            name.to_owned(),
            versions,
        ));
        if packages.len() == MOST_PACKAGES {
            break;
        }
    }
    packages
}

/// Asks for everything that the records name, and matches a project that has all of it.
/// What is damaged may be told; a panic is the only wrong answer.
pub fn ask(database: &Database, records: &[&[u8]]) {
    let _ = database.facts();
    let _ = database.compiled();
    let _ = database.releases().count();
    let mut summaries = database.summaries();
    for (ecosystem, release, name, _) in records.iter().flat_map(|record| packages_of(record)) {
        let Ok(found) = database.lookup(ecosystem, release.as_deref(), &name) else {
            continue;
        };
        for affected in found {
            if let Ok(advisory) = database.advisory(&affected) {
                let _ = summaries.get(&advisory);
            }
        }
    }
    let inventory = project_with(records);
    if let Ok(matched) = match_advisories(&inventory, database) {
        let _ = next_steps(
            &matched.findings,
            &inventory,
            &Routes::new(&inventory),
            None,
        );
    }
}

/// A project that depends on every version that the records name.
pub fn project_with(records: &[&[u8]]) -> Inventory {
    let mut builder = InventoryBuilder::default();
    let occurrence = || Occurrence {
        path: TargetPath::new("package-lock.json"),
        layer: None,
        kind: OccurrenceKind::Locked,
        cataloger: CatalogerId("fuzz"),
        owner: None,
    };
    let root = PackageUrl::new("generic", None, "project", None).map(|purl| {
        let mut root = Package::new(purl, occurrence());
        root.role = Role::Application;
        builder.add(root)
    });
    for (ecosystem, release, name, versions) in
        records.iter().flat_map(|record| packages_of(record))
    {
        let facts = ecosystem.facts();
        let (namespace, name) = match (facts.purl_namespaces.first(), name.rsplit_once(['/', ':']))
        {
            (Some(&namespace), _) => (Some(namespace), name.as_str()),
            (None, Some((namespace, name))) => (Some(namespace), name),
            (None, None) => (None, name.as_str()),
        };
        let distro = release.map(|release| format!("x-{release}"));
        let qualifiers: Vec<(&str, &str)> = distro
            .iter()
            .map(|distro| ("distro", distro.as_str()))
            .collect();
        for version in versions {
            let purl = PackageUrl::with_qualifiers(
                facts.purl_type,
                namespace,
                name,
                Some(&version),
                &qualifiers,
            );
            if let Ok(purl) = purl {
                let id = builder.add(Package::new(purl, occurrence()));
                if let Ok(root) = root {
                    builder.depend(root, id, Scope::Runtime);
                }
            }
        }
    }
    builder.finish(Subject {
        name: "project".to_owned(),
        kind: SubjectKind::Directory,
        digest: None,
        platform: None,
        layers: Vec::new(),
    })
}
