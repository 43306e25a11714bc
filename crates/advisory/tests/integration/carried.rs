//! Databases that are carried as one file, signed and not; and what is different between two.

use std::fs;
use std::path::Path;

use linchpin_advisory::{
    CarriedError, Database, PrivateKey, PublicKey, Trust, WriteLock, differences, export,
    import_carried, search,
};
use linchpin_model::{Ecosystem, Severity};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::workbench::{content, feed, imported};

/// The example of RFC 8410, and so nobody's key.
const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
const OTHER: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEADYf7ftZc77Ebpl8qL2Cs2/yIoO9wtV9yublBpBkyr8g=\n-----END PUBLIC KEY-----\n";

fn record(id: &str, ecosystem: &str, fixed: &str) -> Value {
    json!({
        "id": id, "modified": "2024-05-06T07:08:09Z", "summary": "A thing breaks.",
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
        "affected": [{
            "package": {"ecosystem": ecosystem, "name": "A_Box"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
            "versions": ["9.9"]
        }]
    })
}

fn sample() -> TempDir {
    let folder = feed(&[
        record("GHSA-1", "npm", "2.0.0"),
        record("PYSEC-1", "PyPI", "2.0"),
    ]);
    imported(folder.path(), None);
    folder
}

fn exported(folder: &TempDir, key: Option<&PrivateKey>) -> Vec<u8> {
    let mut bytes = Vec::new();
    export(&folder.path().join(".database"), key, &mut bytes).unwrap();
    bytes
}

fn carried(bytes: &[u8], trust: &Trust, to: &Path) -> Result<bool, CarriedError> {
    let lock = WriteLock::take(to).unwrap();
    import_carried(bytes, trust, &lock).map(|carried| carried.signed)
}

fn signed_by(pem: &str) -> Trust {
    Trust::SignedBy(PublicKey::from_pem(pem).unwrap())
}

#[test]
fn what_comes_out_is_what_went_in() {
    let folder = sample();
    let key = PrivateKey::from_pem(PRIVATE).unwrap();
    for key in [None, Some(&key)] {
        let bytes = exported(&folder, key);
        assert_eq!(bytes, exported(&folder, key), "the same bytes each time");
        let to = TempDir::new().unwrap();
        let trust = match key {
            Some(_) => signed_by(PUBLIC),
            None => Trust::Anyone,
        };
        assert_eq!(carried(&bytes, &trust, to.path()).unwrap(), key.is_some());
        assert_eq!(
            content(to.path()),
            content(&folder.path().join(".database"))
        );
    }
}

#[test]
fn without_the_right_signature_nothing_is_taken() {
    let folder = sample();
    let key = PrivateKey::from_pem(PRIVATE).unwrap();
    let to = TempDir::new().unwrap();
    let refused = |bytes: &[u8], trust: &Trust| {
        let error = carried(bytes, trust, to.path()).unwrap_err();
        assert!(content(to.path()).is_empty(), "{error}");
        error
    };
    let signed = exported(&folder, Some(&key));
    assert!(matches!(
        refused(&exported(&folder, None), &signed_by(PUBLIC)),
        CarriedError::NotSigned
    ));
    assert!(matches!(
        refused(&signed, &signed_by(OTHER)),
        CarriedError::WrongSignature
    ));
    let manifest = signed
        .windows(5)
        .position(|window| window == b"\"npm\"")
        .unwrap();
    let mut changed = signed.clone();
    changed[manifest + 1] = b'N';
    assert!(matches!(
        refused(&changed, &signed_by(PUBLIC)),
        CarriedError::WrongSignature
    ));
    assert!(PrivateKey::from_pem(PUBLIC).is_err());
    assert!(PublicKey::from_pem(PRIVATE).is_err());
    assert!(PublicKey::from_pem("").is_err());
}

#[test]
fn every_truncation_and_every_changed_byte_is_told() {
    let folder = sample();
    let bytes = exported(&folder, None);
    let to = TempDir::new().unwrap();
    let before = sample();
    let database = to.path().join("database");
    fs::create_dir(&database).unwrap();
    for (name, bytes) in content(&before.path().join(".database")) {
        fs::write(database.join(name), bytes).unwrap();
    }
    let old = fs::read(database.join("manifest.json")).unwrap();
    // The last block of zeros is there for other readers of tar.
    for length in (0..bytes.len() - 1024).step_by(97) {
        assert!(
            carried(&bytes[..length], &Trust::Anyone, &database).is_err(),
            "{length}"
        );
    }
    let mut told = 0;
    for place in (0..bytes.len()).step_by(61) {
        let mut changed = bytes.clone();
        changed[place] ^= 0x41;
        match carried(&changed, &Trust::Anyone, &database) {
            Err(_) => {
                told += 1;
                assert_eq!(fs::read(database.join("manifest.json")).unwrap(), old);
            }
            // Padding, or a word of the manifest that nothing depends on.
            Ok(_) => fs::write(database.join("manifest.json"), &old).unwrap(),
        }
        Database::open(&database).unwrap().verify().unwrap();
    }
    assert!(told > 20, "{told}");
}

#[test]
fn differences_are_named() {
    let old = feed(&[
        record("GHSA-1", "npm", "2.0.0"),
        record("GHSA-2", "npm", "2.0.0"),
        record("GHSA-3", "npm", "2.0.0"),
        record("PYSEC-1", "PyPI", "2.0"),
        record("GO-1", "Go", "2.0.0"),
    ]);
    let new = feed(&[
        record("GHSA-1", "npm", "2.0.0"),
        record("GHSA-2", "npm", "2.0.1"),
        record("GHSA-4", "npm", "2.0.0"),
        record("PYSEC-1", "PyPI", "2.0"),
        record("RUSTSEC-1", "crates.io", "2.0.0"),
    ]);
    let open = |folder: &TempDir| Database::open(&imported(folder.path(), None).1).unwrap();
    let (old, new) = (open(&old), open(&new));
    let told: Vec<String> = differences(&old, &new)
        .unwrap()
        .iter()
        .map(|found| {
            format!(
                "{:?} {} {} +{:?} -{:?} ~{:?}",
                found.ecosystem,
                found.in_old,
                found.in_new,
                found.added,
                found.removed,
                found.changed
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            r#"Cargo false true +["RUSTSEC-1"] -[] ~[]"#,
            r#"Go true false +[] -["GO-1"] ~[]"#,
            r#"Npm true true +["GHSA-4"] -["GHSA-3"] ~["GHSA-2"]"#,
        ]
    );
    assert_eq!(differences(&new, &new).unwrap(), []);
}

#[test]
fn a_search_takes_any_spelling_and_says_what_is_affected() {
    let folder = feed(&[
        record("GHSA-1", "npm", "2.0.0"),
        record("PYSEC-1", "PyPI", "2.0"),
        record("CVE-1", "Debian:12", "2.0-1"),
    ]);
    let (_, path) = imported(folder.path(), None);
    let database = Database::open(&path).unwrap();
    let found = search(&database, "a.box", None).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].ecosystem, Ecosystem::PyPi);
    assert_eq!(found[0].ranges, ["< 2.0"]);
    assert_eq!(found[0].versions, ["9.9"]);
    assert_eq!(found[0].severity, Severity::Critical);
    let places: Vec<_> = search(&database, "A_Box", None)
        .unwrap()
        .into_iter()
        .map(|named| (named.ecosystem, named.release))
        .collect();
    assert_eq!(
        places,
        [
            (Ecosystem::Debian, Some("12".to_owned())),
            (Ecosystem::Npm, None),
            (Ecosystem::PyPi, None)
        ]
    );
    assert_eq!(
        search(&database, "A_Box", Some(Ecosystem::Npm))
            .unwrap()
            .len(),
        1
    );
}
