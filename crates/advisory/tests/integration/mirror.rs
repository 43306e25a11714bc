//! The whole mirror of real advisories, and the starter set beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use linchpin_advisory::{
    Database, ExploitedCatalogue, FolderBucket, ImportOptions, STARTER_FILES, find_catalogue,
    import, match_advisories,
};
use linchpin_model::{Ecosystem, Inventory, PackageUrl, Reason};
use serde_json::Value;
use tempfile::TempDir;

use crate::workbench::{Workbench, content, shared};

fn import_mirror(shared: &Path) -> (TempDir, Database) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("db");
    let catalogue = find_catalogue(&shared.join("osv"))
        .map(|path| ExploitedCatalogue::read(File::open(path).unwrap()).unwrap());
    let options = ImportOptions {
        exploited: catalogue,
        ..ImportOptions::default()
    };
    let bucket = FolderBucket::new(&shared.join("osv")).unwrap();
    let summary = import(&bucket, &path, &options).unwrap();
    assert_eq!(summary.broken, 0, "{:?}", summary.problems);
    // Some of Alpine's versions have no form that apk knows: `1.7.5.-r1`.
    assert!(summary.partly < 100, "{:?}", summary.problems);
    let read: u64 = summary
        .ecosystems
        .iter()
        .map(|ecosystem| ecosystem.read)
        .sum();
    let announcements = announcements(shared);
    assert!(announcements > 1000);
    let missing = read - summary.records - summary.withdrawn;
    assert!(
        (announcements..=announcements + 50).contains(&missing),
        "{missing} of them {announcements} announcements: {summary:?}"
    );
    let database = Database::open(&path).unwrap();
    assert!(database.facts().total() >= 26_000);
    (folder, database)
}

/// The bulletins of AlmaLinux about bugs and enhancements that name no flaw: those are left out.
fn announcements(shared: &Path) -> u64 {
    let announces = |record: &Value| {
        let id = record["id"].as_str().unwrap();
        let related = record["related"].as_array();
        let is_cve = |name: &Value| name.as_str().unwrap().starts_with("CVE-");
        (id.starts_with("ALBA-") || id.starts_with("ALEA-"))
            && !related.is_some_and(|related| related.iter().any(is_cve))
    };
    let bulletins = records(&shared.join("osv/AlmaLinux/all.zip"));
    bulletins.iter().filter(|record| announces(record)).count() as u64
}

fn found(inventory: &Inventory, database: &Database) -> BTreeSet<String> {
    match_advisories(inventory, database)
        .unwrap()
        .findings
        .iter()
        .flat_map(|finding| finding.names().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn known_flaws_are_found_in_the_mirror() {
    let Some(shared) = shared() else { return };
    let (_folder, database) = import_mirror(&shared);
    let mut bench = Workbench::default();
    bench.distribution("debian", Some("12"));
    for purl in [
        "pkg:npm/lodash@4.17.15",
        "pkg:pypi/django@2.0.0",
        "pkg:cargo/time@0.1.42",
        "pkg:golang/golang.org/x/net@v0.10.0",
        "pkg:maven/org.springframework/spring-webmvc@3.2.0.RELEASE",
        "pkg:deb/debian/libcurl4@7.88.1-10?arch=amd64",
    ] {
        bench.package(purl, "package-lock.json", |package| {
            if purl.contains("libcurl4") {
                Workbench::source(package, "curl", "7.88.1-10");
            }
        });
    }
    let names = found(&bench.finish(), &database);
    for expected in [
        "CVE-2020-8203",
        "CVE-2018-7536",
        "CVE-2020-26235",
        "CVE-2023-39325",
        "CVE-2014-1904",
        "CVE-2024-11053",
    ] {
        assert!(
            names.contains(expected),
            "{expected} is not among {names:?}"
        );
    }
}

/// Where the starter set and the mirror differ, and why the starter set is taken to be right: the
/// flaw, the package, the reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "CVE-2021-23337",
        "lodash",
        "the mirror's record joins it with CVE-2026-4800, whose fix is later",
    ),
    (
        "CVE-2023-41419",
        "gevent",
        "the mirror lists 23.9.0 as affected beside a range that calls it fixed",
    ),
    (
        "RUSTSEC-2026-0260",
        "arrayref",
        "only the release itself is named, not what sorts after it",
    ),
    (
        "RUSTSEC-2026-0262",
        "append-only-vec",
        "only the release itself is named, not what sorts after it",
    ),
    (
        "RUSTSEC-2026-0266",
        "internment",
        "only the release itself is named, not what sorts after it",
    ),
    (
        "CVE-2025-1974",
        "k8s.io/ingress-nginx",
        "the mirror keeps its ranges apart, because they are no versions of the module",
    ),
];

/// For each flaw that both know: the versions named in either's events are judged alike.
#[test]
fn the_starter_set_agrees_with_the_mirror() {
    let Some(shared) = shared() else { return };
    let (_folder, theirs) = import_mirror(&shared);
    let ours = Database::starter().unwrap();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for ecosystem in [
        "npm",
        "PyPI",
        "crates.io",
        "Go",
        "Maven",
        "RubyGems",
        "Debian",
    ] {
        let mirror = records(&shared.join("osv").join(ecosystem).join("all.zip"));
        let mut by_name: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for record in &mirror {
            for name in names(record) {
                by_name.entry(name).or_default().push(record);
            }
        }
        for record in starter(ecosystem) {
            let id = record["id"].as_str().unwrap();
            let same: BTreeMap<&str, &Value> = names(&record)
                .flat_map(|name| by_name.get(name).into_iter().flatten())
                .map(|record| (record["id"].as_str().unwrap(), *record))
                .collect();
            for (package, place) in packages(&record) {
                // Of several records of the mirror, one that agrees is enough.
                let differences: Vec<(&str, Vec<String>)> = same
                    .iter()
                    .filter(|(_, other)| {
                        !other["withdrawn"].is_string() && packages(other).contains_key(&package)
                    })
                    .map(|(other_id, other)| {
                        let mut versions = BTreeSet::new();
                        collect_versions(&record, &mut versions);
                        collect_versions(other, &mut versions);
                        versions.retain(|version| {
                            is_affected(&ours, id, &place, &package, version)
                                != is_affected(&theirs, other_id, &place, &package, version)
                        });
                        (*other_id, versions.into_iter().collect())
                    })
                    .collect();
                if differences.is_empty() {
                    continue;
                }
                compared += 1;
                let agreed = differences.iter().any(|(_, versions)| versions.is_empty());
                let excepted = EXCEPTIONS
                    .iter()
                    .any(|(flaw, name, _)| *flaw == id && *name == package);
                if agreed == excepted {
                    wrong.push(format!("{ecosystem} {package} {id}: {differences:?}"));
                }
            }
        }
    }
    println!("{compared} flaws of the starter set are in the mirror");
    assert!(compared > 100);
    assert!(
        wrong.is_empty(),
        "{} differ, or agree and are listed as exceptions:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What the starter set says of exploitation is what the catalogue says, and all of it.
#[test]
fn the_starter_set_knows_what_is_exploited() {
    let Some(shared) = shared() else { return };
    let listed = |path: &Path| -> BTreeSet<String> {
        let catalogue: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        let flaws = catalogue["vulnerabilities"].as_array().unwrap();
        flaws
            .iter()
            .map(|flaw| {
                ["cveID", "dateAdded", "knownRansomwareCampaignUse"]
                    .map(|field| flaw[field].to_string())
                    .join(" ")
            })
            .collect()
    };
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("starter/exploited.json");
    let mut theirs = listed(&shared.join("kev/known_exploited_vulnerabilities.json"));
    let text: String = STARTER_FILES.iter().map(|(_, text)| *text).collect();
    theirs.retain(|flaw| text.contains(flaw.split(' ').next().unwrap()));
    assert_eq!(listed(&ours), theirs);
}

fn starter(ecosystem: &str) -> Vec<Value> {
    STARTER_FILES
        .iter()
        .flat_map(|(_, text)| text.lines())
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|record| {
            record["affected"]
                .as_array()
                .unwrap()
                .iter()
                .any(|affected| {
                    affected["package"]["ecosystem"]
                        .as_str()
                        .is_some_and(|name| name.split(':').next() == Some(ecosystem))
                })
        })
        .collect()
}

fn records(path: &Path) -> Vec<Value> {
    let mut zip = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut bytes = Vec::new();
            zip.by_index(index)
                .unwrap()
                .read_to_end(&mut bytes)
                .unwrap();
            serde_json::from_slice(&bytes).unwrap()
        })
        .collect()
}

fn names(record: &Value) -> impl Iterator<Item = &str> {
    std::iter::once(&record["id"])
        .chain(record["aliases"].as_array().into_iter().flatten())
        .filter_map(Value::as_str)
}

/// The packages of a record, and the ecosystem with its release as the record names it.
fn packages(record: &Value) -> BTreeMap<String, String> {
    record["affected"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|affected| {
            let package = &affected["package"];
            let ecosystem = package["ecosystem"].as_str()?.to_owned();
            let name = package["name"].as_str()?;
            let release = ecosystem.split_once(':').map_or("", |(_, release)| release);
            let name = if ecosystem == "PyPI" {
                name.to_lowercase().replace(['_', '.'], "-")
            } else if ecosystem == "Go" {
                name.to_lowercase()
            } else {
                name.to_owned()
            };
            Some((format!("{name} {release}").trim_end().to_owned(), ecosystem))
        })
        .collect()
}

/// The versions that a record's events name.
fn collect_versions(record: &Value, versions: &mut BTreeSet<String>) {
    for affected in record["affected"].as_array().into_iter().flatten() {
        for range in affected["ranges"].as_array().into_iter().flatten() {
            if range["type"] == "GIT" {
                continue;
            }
            for event in range["events"].as_array().into_iter().flatten() {
                let named = event
                    .as_object()
                    .into_iter()
                    .flat_map(|event| event.values());
                versions.extend(
                    named
                        .filter_map(Value::as_str)
                        .filter(|version| *version != "0")
                        .map(str::to_owned),
                );
            }
        }
    }
}

/// Whether a database says by a record that a version of a package is affected.
fn is_affected(
    database: &Database,
    id: &str,
    ecosystem: &str,
    package: &str,
    version: &str,
) -> bool {
    let (base, release) = Ecosystem::from_osv(ecosystem).unwrap();
    let facts = base.facts();
    let name = package.split(' ').next().unwrap();
    let (namespace, name) = match (base, name.rsplit_once(['/', ':'])) {
        (Ecosystem::Debian, _) => (Some("debian"), name),
        (_, Some((namespace, name))) => (Some(namespace), name),
        (_, None) => (None, name),
    };
    let purl = PackageUrl::new(facts.purl_type, namespace, name, Some(version)).unwrap();
    let mut bench = Workbench::default();
    if let Some(release) = release {
        bench.distribution("debian", Some(release));
    }
    bench.package(purl.as_str(), "package-lock.json", |_| {});
    let matched = match_advisories(&bench.finish(), database).unwrap();
    matched
        .findings
        .iter()
        .flat_map(|finding| &finding.because)
        .any(|reason| match reason {
            Reason::InRange { advisory, .. } | Reason::Listed { advisory, .. } => advisory == id,
            _ => false,
        })
}

#[test]
fn the_mirror_compiles_to_the_same_bytes_twice() {
    let Some(shared) = shared() else { return };
    let (first, _) = import_mirror(&shared);
    let (second, _) = import_mirror(&shared);
    assert!(content(&first.path().join("db")) == content(&second.path().join("db")));
}
