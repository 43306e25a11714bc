//! Reading feeds: archives and folders, whole and broken, and what becomes of them.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use linchpin_advisory::{
    Database, ExploitPredictions, ExploitedCatalogue, FeedError, FolderBucket, ImportError,
    ImportOptions, Notice, find_catalogue, find_predictions, import, match_advisories,
};
use linchpin_model::{Ecosystem, ExploitPrediction};
use serde_json::json;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

use crate::workbench::{Workbench, content, feed, imported};

fn record(id: &str, ecosystem: &str, name: &str) -> serde_json::Value {
    json!({
        "id": id, "modified": "2024-05-06T07:08:09Z", "summary": "A thing breaks.",
        "affected": [{
            "package": {"ecosystem": ecosystem, "name": name},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}]
        }]
    })
}

fn archive(path: &Path, entries: &[(&str, &[u8])]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

#[test]
fn broken_records_are_counted_and_named_and_the_rest_counts() {
    let folder = TempDir::new().unwrap();
    let good = record("GHSA-1", "npm", "box").to_string();
    let deep = format!("{{\"id\":\"X\",\"affected\":{}", "[".repeat(200_000));
    archive(
        &folder.path().join("npm/all.zip"),
        &[
            ("GHSA-1.json", good.as_bytes()),
            ("deep.json", deep.as_bytes()),
            ("empty.json", b""),
            ("latin.json", b"{\"id\":\"caf\xe9\"}"),
            ("readme.txt", b"no record"),
        ],
    );
    fs::write(
        folder.path().join("ecosystems.txt"),
        "npm\nOSS-Fuzz\n../../etc\nDebian:12\n",
    )
    .unwrap();
    let (summary, path) = imported(folder.path(), None);
    assert_eq!((summary.records, summary.broken), (1, 3));
    assert_eq!(summary.skipped, ["OSS-Fuzz"]);
    assert_eq!(summary.problems.len(), 3, "{:?}", summary.problems);
    assert!(summary.problems[0].starts_with("deep.json: it is no OSV record"));
    let database = Database::open(&path).unwrap();
    assert_eq!(
        database.lookup(Ecosystem::Npm, None, "box").unwrap().len(),
        1
    );
    assert_eq!(
        database.facts().newest.unwrap().to_string(),
        "2024-05-06T07:08:09Z"
    );
}

#[test]
fn the_same_input_gives_the_same_bytes_in_any_order() {
    let mut records: Vec<_> = (0..200)
        .map(|number| {
            record(
                &format!("GHSA-{number}"),
                "npm",
                &format!("box{}", number % 7),
            )
        })
        .collect();
    let first = feed(&records);
    records.reverse();
    let second = feed(&records);
    let all = |folder: &TempDir| {
        let mut all = content(&imported(folder.path(), None).1);
        // Where the records came from is another place each time.
        all.remove("manifest.json").unwrap();
        all
    };
    assert_eq!(all(&first), all(&second));
    assert_eq!(all(&first).len(), 1);
}

#[test]
fn a_zip_bomb_ends_the_import_and_the_old_database_stays() {
    let folder = feed(&[record("GHSA-1", "npm", "box")]);
    let (_, path) = imported(folder.path(), None);
    let before = content(&path);
    let zeros = vec![b' '; 30 << 20];
    let many: Vec<(String, &[u8])> = (0..4)
        .map(|number| (format!("{number}.json"), zeros.as_slice()))
        .collect();
    let many: Vec<(&str, &[u8])> = many
        .iter()
        .map(|(name, bytes)| (name.as_str(), *bytes))
        .collect();
    archive(&folder.path().join("npm/all.zip"), &many);
    let outcome = import(
        &FolderBucket::new(folder.path()).unwrap(),
        &path,
        &ImportOptions::default(),
    );
    assert!(
        matches!(outcome, Err(ImportError::Feed(FeedError::OverLimit { .. }))),
        "{outcome:?}"
    );
    assert_eq!(content(&path), before);
}

#[test]
fn an_archive_that_can_not_be_read_ends_the_import() {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("npm")).unwrap();
    fs::write(
        folder.path().join("npm/all.zip"),
        b"PK\x03\x04 and then nothing",
    )
    .unwrap();
    let outcome = import(
        &FolderBucket::new(folder.path()).unwrap(),
        &folder.path().join("db"),
        &ImportOptions::default(),
    );
    assert!(matches!(
        outcome,
        Err(ImportError::Feed(FeedError::BadArchive { .. }))
    ));
}

#[test]
fn a_folder_without_advisories_is_refused() {
    let folder = TempDir::new().unwrap();
    assert!(matches!(
        FolderBucket::new(folder.path()),
        Err(FeedError::NotABucket { .. })
    ));
    assert!(matches!(
        FolderBucket::new(&folder.path().join("nowhere")),
        Err(FeedError::Missing { .. })
    ));
}

#[test]
fn of_two_records_with_one_id_the_newer_counts() {
    let older = record("GHSA-1", "npm", "box");
    let mut newer = record("GHSA-1", "npm", "box");
    newer["modified"] = json!("2025-01-01T00:00:00Z");
    newer["affected"][0]["ranges"][0]["events"][1]["fixed"] = json!("3.0.0");
    for records in [[older.clone(), newer.clone()], [newer, older]] {
        let folder = feed(&records);
        let (summary, path) = imported(folder.path(), None);
        assert_eq!(summary.records, 1);
        let database = Database::open(&path).unwrap();
        let found = format!(
            "{:?}",
            database.lookup(Ecosystem::Npm, None, "box").unwrap()
        );
        assert!(found.contains("3.0.0"), "{found}");
    }
}

#[test]
fn the_catalogue_marks_what_is_exploited() {
    let mut exploited = record("GHSA-1", "npm", "box");
    exploited["aliases"] = json!(["CVE-2021-1"]);
    let folder = feed(&[exploited, record("GHSA-2", "npm", "box")]);
    fs::create_dir(folder.path().join("kev")).unwrap();
    let catalogue = folder
        .path()
        .join("kev/known_exploited_vulnerabilities.json");
    fs::write(
        &catalogue,
        r#"{"catalogVersion":"2024.01.01","vulnerabilities":[{"cveID":"CVE-2021-1","dateAdded":"2021-12-10","knownRansomwareCampaignUse":"Known"}]}"#,
    )
    .unwrap();
    assert_eq!(
        find_catalogue(folder.path()).as_deref(),
        Some(catalogue.as_path())
    );
    let catalogue = ExploitedCatalogue::read(File::open(&catalogue).unwrap()).unwrap();
    let (_, path) = imported(folder.path(), Some(catalogue));
    let database = Database::open(&path).unwrap();
    assert_eq!(
        database.facts().exploited_catalogue.as_deref(),
        Some("2024.01.01")
    );
    let mut bench = Workbench::default();
    bench.package("pkg:npm/box@1.0.0", "package-lock.json", |_| {});
    let findings = match_advisories(&bench.finish(), &database)
        .unwrap()
        .findings;
    assert_eq!(findings[0].rule.0, "CVE-2021-1");
    assert_eq!(findings[0].exploited.as_ref().unwrap().added, "2021-12-10");
    assert!(findings[0].score.0 >= 90);
    assert_eq!(findings[1].exploited, None);
}

#[test]
fn what_records_say_beside_ranges_is_kept() {
    let mut go = record("GO-1", "Go", "example.org/Box");
    go["related"] = json!(["CVE-2024-2", "GO-1", "GHSA-2"]);
    go["affected"][0]["ecosystem_specific"] =
        json!({"imports": [{"path": "example.org/Box/lid", "symbols": ["Open", "Lid.Close"]}]});
    let mut crates = record("RUSTSEC-1", "crates.io", "box");
    crates["affected"][0]["database_specific"] = json!({"informational": "unmaintained"});
    let folder = feed(&[go, crates]);
    let (_, path) = imported(folder.path(), None);
    let database = Database::open(&path).unwrap();

    let found = database
        .lookup(Ecosystem::Go, None, "example.org/box")
        .unwrap();
    assert_eq!(found[0].imports.len(), 1);
    assert_eq!(found[0].imports[0].path, "example.org/Box/lid");
    assert_eq!(found[0].imports[0].symbols, ["Lid.Close", "Open"]);
    let advisory = database.advisory(&found[0]).unwrap();
    assert_eq!(advisory.related, ["CVE-2024-2", "GHSA-2"]);
    assert_eq!(advisory.notice, None);

    let found = database.lookup(Ecosystem::Cargo, None, "box").unwrap();
    let advisory = database.advisory(&found[0]).unwrap();
    assert_eq!(advisory.notice, Some(Notice::Unmaintained));
}

#[test]
fn predictions_of_exploitation_are_found_beside_a_mirror_and_kept() {
    let folder = feed(&[record("GHSA-1", "npm", "box")]);
    let epss = folder.path().join("epss");
    fs::create_dir(&epss).unwrap();
    for (name, probability) in [
        ("epss_scores-2026-08-24.csv", "0.1"),
        ("epss_scores-2026-08-25.csv", "0.94358"),
        ("epss_scores-2026-08-26.txt", "0.3"),
    ] {
        let day = &name[12..22];
        fs::write(
            epss.join(name),
            format!(
                "#model_version:v2025.03.14,score_date:{day}T12:55:00Z\ncve,epss,percentile\nCVE-2021-44228,{probability},0.99957\n"
            ),
        )
        .unwrap();
    }
    let found = find_predictions(folder.path()).unwrap();
    assert!(found.ends_with("epss_scores-2026-08-25.csv"), "{found:?}");
    let path = folder.path().join(".database");
    let options = ImportOptions {
        predictions: Some(ExploitPredictions::read(File::open(found).unwrap()).unwrap()),
        ..ImportOptions::default()
    };
    let bucket = FolderBucket::new(folder.path()).unwrap();
    assert_eq!(import(&bucket, &path, &options).unwrap().predicted, 1);
    let database = Database::open(&path).unwrap();
    assert_eq!(
        database.exploit_prediction("CVE-2021-44228").unwrap(),
        ExploitPrediction::new(94_358, 99_957)
    );
    assert_eq!(database.exploit_prediction("CVE-2021-44229").unwrap(), None);
    assert_eq!(database.exploit_prediction("GHSA-1").unwrap(), None);
    assert_eq!(
        database.facts().exploit_predictions.as_deref(),
        Some("2026-08-25")
    );
    // A database without predictions has none, and says so.
    let (_, path) = imported(folder.path(), None);
    let database = Database::open(&path).unwrap();
    assert_eq!(database.exploit_prediction("CVE-2021-44228").unwrap(), None);
    assert_eq!(database.facts().exploit_predictions, None);
}

#[test]
fn aliases_that_go_in_circles_are_one_flaw() {
    let records: Vec<_> = (0..5)
        .map(|number| {
            let mut record = record(&format!("X-{number}"), "npm", "box");
            let (next, before) = ((number + 1) % 5, (number + 4) % 5);
            record["aliases"] = json!([
                format!("X-{next}"),
                format!("X-{before}"),
                format!("X-{number}"),
                "CVE-2024-1"
            ]);
            record["upstream"] = json!([format!("X-{next}")]);
            record
        })
        .collect();
    let folder = feed(&records);
    let (_, path) = imported(folder.path(), None);
    let database = Database::open(&path).unwrap();
    let mut bench = Workbench::default();
    bench.package("pkg:npm/box@1.0.0", "package-lock.json", |_| {});
    let findings = match_advisories(&bench.finish(), &database)
        .unwrap()
        .findings;
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].rule.0, "CVE-2024-1");
}

#[test]
fn a_record_with_a_huge_number_of_events_is_cut_and_said() {
    // Downwards, so that sorting has something to do; `benches/bad-advisories` has a million.
    let events: Vec<_> = (0..3000)
        .rev()
        .flat_map(|number| {
            [
                json!({"fixed": format!("{number}.5.0")}),
                json!({"introduced": format!("{number}.0.0")}),
            ]
        })
        .collect();
    let mut many = record("GHSA-1", "npm", "box");
    many["affected"][0]["ranges"][0]["events"] = json!(events);
    let folder = feed(&[many, record("GHSA-2", "npm", "lid")]);
    let (summary, path) = imported(folder.path(), None);
    assert_eq!((summary.records, summary.partly), (2, 1));
    assert!(
        summary.problems[0].contains("GHSA-1: it has over 1000 ranges"),
        "{:?}",
        summary.problems
    );
    let database = Database::open(&path).unwrap();
    let found = database.lookup(Ecosystem::Npm, None, "box").unwrap();
    assert_eq!(found[0].intervals.len(), 1000);
    assert_eq!(found[0].intervals[0].introduced, Some("0.0.0"));
}

#[test]
fn one_ecosystem_can_be_replaced_and_the_others_stay() {
    let first = feed(&[
        record("GHSA-1", "npm", "box"),
        record("PYSEC-1", "PyPI", "box"),
    ]);
    let catalogue = ExploitedCatalogue::read(
        &br#"{"catalogVersion":"2024.01.01","vulnerabilities":[{"cveID":"CVE-2021-1"}]}"#[..],
    )
    .unwrap();
    let (_, path) = imported(first.path(), Some(catalogue));
    let second = feed(&[
        record("GHSA-2", "npm", "lid"),
        record("PYSEC-2", "PyPI", "lid"),
    ]);
    let options = ImportOptions {
        only: [Ecosystem::Npm].into(),
        ..ImportOptions::default()
    };
    let bucket = FolderBucket::new(second.path()).unwrap();
    import(&bucket, &path, &options).unwrap();
    let database = Database::open(&path).unwrap();
    let count = |ecosystem, name| database.lookup(ecosystem, None, name).unwrap().len();
    assert_eq!(count(Ecosystem::Npm, "box"), 0);
    assert_eq!(count(Ecosystem::Npm, "lid"), 1);
    assert_eq!(count(Ecosystem::PyPi, "box"), 1);
    assert_eq!(count(Ecosystem::PyPi, "lid"), 0);
    assert_eq!(
        database.facts().exploited_catalogue.as_deref(),
        Some("2024.01.01")
    );
    database.verify().unwrap();
}
