//! Databases that are not what they should be: always an error that says what to do, never a
//! panic, and never a wrong answer in silence.

use std::fs;

use linchpin_advisory::{Affected, Database, DatabaseError, FolderBucket, compile_feed};
use linchpin_model::{AdvisoryOrigin, Ecosystem};
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::workbench::{content, feed, imported};

fn sample() -> Vec<u8> {
    let records: Vec<serde_json::Value> = (0..40)
        .map(|number| {
            serde_json::json!({
                "id": format!("GHSA-{number:04}"),
                "aliases": [format!("CVE-2024-{number}")],
                "modified": "2024-01-02T00:00:00Z",
                "summary": format!("The thing number {number} breaks."),
                "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
                "affected": [{
                    "package": {"ecosystem": "npm", "name": format!("package-{}", number % 30)},
                    "ranges": [{"type": "SEMVER", "events": [{"introduced": "1.0.0"}, {"fixed": format!("2.{number}.0")}]}],
                    "versions": ["0.1.0"]
                }]
            })
        })
        .collect();
    let folder = feed(&records);
    compile_feed(&FolderBucket::new(folder.path()).unwrap())
        .unwrap()
        .0
}

/// Everything that a database answers, in words.
fn answers(bytes: Vec<u8>) -> Result<Vec<String>, DatabaseError> {
    let database = Database::from_bytes(bytes, AdvisoryOrigin::File("sample".to_owned()))?;
    let mut answers = vec![format!("{:?}", database.facts())];
    let mut summaries = database.summaries();
    for number in 0..32 {
        let name = format!("package-{number}");
        for affected in database.lookup(Ecosystem::Npm, None, &name)? {
            let advisory = database.advisory(&affected)?;
            let summary = summaries.get(&advisory)?;
            let Affected {
                intervals,
                versions,
                ..
            } = &affected;
            answers.push(format!(
                "{name} {intervals:?} {versions:?} {advisory:?} {summary}"
            ));
        }
    }
    Ok(answers)
}

#[test]
fn a_whole_one_answers() {
    let bytes = sample();
    let answers = answers(bytes).unwrap();
    assert_eq!(answers.len(), 41);
    assert!(answers[1].contains("The thing number 0 breaks."));
}

#[test]
fn every_truncation_is_told() {
    let bytes = sample();
    for length in 0..bytes.len() {
        let outcome = answers(bytes[..length].to_vec());
        assert!(
            matches!(
                outcome,
                Err(DatabaseError::NotADatabase { .. } | DatabaseError::Corrupt { .. })
            ),
            "{length}: {outcome:?}"
        );
    }
}

#[test]
fn every_changed_byte_is_told_or_changes_nothing() {
    let bytes = sample();
    let whole = answers(bytes.clone()).unwrap();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 0x41;
        match answers(changed) {
            Err(error) => assert!(!error.hint().is_empty()),
            Ok(answers) => assert_eq!(answers, whole, "byte {place}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_bytes_are_survived(noise in proptest::collection::vec(any::<u8>(), 0..600), keep in 0usize..200) {
        let mut bytes = sample_once().to_vec();
        bytes.truncate(keep);
        bytes.extend(noise);
        let _ = answers(bytes);
    }

    #[test]
    fn several_changes_at_once_are_survived(changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..20)) {
        let mut bytes = sample_once().to_vec();
        for (place, byte) in changes {
            let length = bytes.len();
            bytes[place % length] = byte;
        }
        let _ = answers(bytes);
    }
}

fn sample_once() -> &'static [u8] {
    static SAMPLE: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    SAMPLE.get_or_init(sample)
}

#[test]
fn files_that_are_no_database_are_told_apart() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("db");
    let missing = Database::open(&path).unwrap_err();
    assert!(matches!(missing, DatabaseError::NotFound { .. }));
    assert!(missing.hint().contains("linchpin db update"));

    for content in [&b""[..], b"PK\x03\x04", &[0; 4096]] {
        fs::write(&path, content).unwrap();
        assert!(matches!(
            Database::open(&path).unwrap_err(),
            DatabaseError::NotADatabase { .. }
        ));
    }
    assert!(matches!(
        Database::open(folder.path()).unwrap_err(),
        DatabaseError::NotADatabase { .. }
    ));

    let mut other = sample();
    other[8] = 99;
    fs::write(&path, &other).unwrap();
    let newer = Database::open(&path).unwrap_err();
    assert!(
        matches!(newer, DatabaseError::WrongVersion { found: 99, .. }),
        "{newer:?}"
    );
    assert!(newer.hint().contains("newer"));
    other[8] = 0;
    fs::write(&path, &other).unwrap();
    let older = Database::open(&path).unwrap_err();
    assert!(matches!(
        older,
        DatabaseError::WrongVersion { found: 0, .. }
    ));
    assert!(older.hint().contains("linchpin db import DIR"));
}

#[test]
fn a_set_with_a_file_that_is_cut_gone_or_another_one_is_told() {
    let records = ["npm", "PyPI"].map(|ecosystem| {
        serde_json::json!({
            "id": format!("GHSA-{ecosystem}"),
            "affected": [{
                "package": {"ecosystem": ecosystem, "name": "box"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]
            }]
        })
    });
    let folder = feed(&records);
    let (_, path) = imported(folder.path(), None);
    let npm = content(&path)
        .into_keys()
        .find(|name| name.starts_with("npm-"))
        .unwrap();
    let pypi = content(&path)
        .into_keys()
        .find(|name| name.starts_with("pypi-"))
        .unwrap();
    let (whole, other) = (
        fs::read(path.join(&npm)).unwrap(),
        fs::read(path.join(&pypi)).unwrap(),
    );
    let ask = || {
        let database = Database::open(&path)?;
        database
            .lookup(Ecosystem::Npm, None, "box")
            .map(|found| found.len())
    };
    assert_eq!(ask().unwrap(), 1);

    fs::write(path.join(&npm), &whole[..whole.len() / 2]).unwrap();
    assert!(matches!(ask(), Err(DatabaseError::InFile { .. })));
    // As long as it should be, and full of nothing: what a disk may keep after a crash.
    fs::write(path.join(&npm), vec![0; whole.len()]).unwrap();
    assert!(matches!(ask(), Err(DatabaseError::InFile { .. })));
    fs::remove_file(path.join(&npm)).unwrap();
    assert!(matches!(ask(), Err(DatabaseError::Corrupt { .. })));

    // Another ecosystem's file must not answer that all is well.
    let manifest = fs::read_to_string(path.join("manifest.json")).unwrap();
    fs::write(path.join(&npm), &other).unwrap();
    let manifest = manifest.replace(
        &format!("\"size\": {}", whole.len()),
        &format!("\"size\": {}", other.len()),
    );
    fs::write(path.join("manifest.json"), manifest).unwrap();
    assert!(matches!(ask(), Err(DatabaseError::InFile { .. })));

    fs::write(path.join("manifest.json"), "{").unwrap();
    let error = ask().unwrap_err();
    assert!(error.hint().contains("write it again"), "{error}");
}
