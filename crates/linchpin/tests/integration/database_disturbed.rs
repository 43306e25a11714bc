//! Imports that end before they are done: killed, or on a full disk. `benches/kill-imports` does
//! the same many times with real advisories.

#![expect(
    clippy::disallowed_methods,
    reason = "a program that is killed, or that a shell limits, is run in other ways than the others"
)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::program::run;

/// A mirror of several ecosystems in which all records have the same fix.
fn mirror(folder: &Path, fixed: &str) {
    for ecosystem in ["npm", "PyPI", "crates.io", "Go"] {
        let path = folder.join(ecosystem);
        std::fs::create_dir_all(&path).unwrap();
        for number in 0..60 {
            let record = format!(
                r#"{{"id":"X-{ecosystem}-{number}","modified":"2026-01-02T00:00:00Z","summary":"Number {number} breaks.",
                    "affected":[{{"package":{{"ecosystem":"{ecosystem}","name":"box"}},
                    "ranges":[{{"type":"ECOSYSTEM","events":[{{"introduced":"0"}},{{"fixed":"{fixed}"}}]}}]}}]}}"#
            );
            std::fs::write(path.join(format!("{number}.json")), record).unwrap();
        }
    }
}

/// The fix that every record of a database has: whole, and of one mirror alone.
fn fix(database: &str) -> String {
    let status = run(&["db", "status", "--verify", "--db", database]);
    assert_eq!(status.code, 0, "{}", status.stderr);
    let search = run(&["db", "search", "box", "--db", database, "--format", "json"]).json();
    let advisories = search["advisories"].as_array().unwrap();
    assert_eq!(advisories.len(), 240);
    let first = advisories[0]["ranges"][0].as_str().unwrap().to_owned();
    for advisory in advisories {
        assert_eq!(advisory["ranges"][0], first.as_str());
    }
    first
}

#[test]
fn killed_imports_leave_the_old_database_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    mirror(&folder.path().join("one"), "1.0.0");
    mirror(&folder.path().join("two"), "2.0.0");
    let database = path("advisories");
    let started = Instant::now();
    assert_eq!(
        run(&["db", "import", &path("one"), "--db", &database]).code,
        0
    );
    let whole = started.elapsed();
    for turn in 0..10u32 {
        let (source, other) = if turn % 2 == 0 {
            ("two", "< 2.0.0")
        } else {
            ("one", "< 1.0.0")
        };
        let before = fix(&database);
        let mut running = Command::new(env!("CARGO_BIN_EXE_linchpin"))
            .args(["db", "import", &path(source), "--db", &database])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(whole * (turn + 1) / 10);
        let _ = running.kill();
        running.wait().unwrap();
        let after = fix(&database);
        assert!(after == before || after == other, "{before} {after}");
    }
    // The next import goes on as if nothing had been, and cleans up.
    assert_eq!(
        run(&["db", "import", &path("two"), "--db", &database]).code,
        0
    );
    assert_eq!(fix(&database), "< 2.0.0");
    let files = std::fs::read_dir(&database).unwrap().count();
    assert_eq!(files, 6, "four files, the manifest, the lock");
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_said_and_the_old_database_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    mirror(&folder.path().join("one"), "1.0.0");
    mirror(&folder.path().join("two"), "2.0.0");
    let database = path("advisories");
    assert_eq!(
        run(&["db", "import", &path("one"), "--db", &database]).code,
        0
    );
    // No file may become longer than 1 KiB: to the program it is as if the disk were full.
    let outcome = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 2; exec \"$@\"",
            "sh",
            env!("CARGO_BIN_EXE_linchpin"),
            "db",
            "import",
            &path("two"),
            "--db",
            &database,
        ])
        .output()
        .unwrap();
    let message = String::from_utf8_lossy(&outcome.stderr);
    assert_eq!(outcome.status.code(), Some(4), "{message}");
    assert!(
        message.contains("could not write the advisory database"),
        "{message}"
    );
    assert_eq!(fix(&database), "< 1.0.0");
    assert!(std::fs::read_dir(&database).unwrap().all(|entry| {
        !entry
            .unwrap()
            .path()
            .to_string_lossy()
            .ends_with(".partial")
    }));
}
