//! The database: imported from a folder, fetched from a server, looked at.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use crate::program::{outcome, program, run, shared, storefront};

#[test]
fn a_mirror_is_imported_and_used() {
    let Some(shared) = shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("advisories.db").display().to_string();
    let import = run(&[
        "db",
        "import",
        shared.join("osv").to_str().unwrap(),
        "--db",
        &database,
    ]);
    assert_eq!(import.code, 0, "{}", import.stderr);
    assert!(
        import.stdout.contains("known to be exploited: 1404"),
        "{}",
        import.stdout
    );

    let status = run(&["db", "status", "--db", &database]);
    for expected in ["2026-11-19", "2025.08.25", "crates.io", "PyPI"] {
        assert!(
            status.stdout.contains(expected),
            "`{expected}` is missing in {}",
            status.stdout
        );
    }
    let report = run(&["scan", &storefront(), "--db", &database, "--format", "json"]).json();
    let findings = report["findings"].as_array().unwrap();
    let jquery = findings
        .iter()
        .find(|finding| finding["id"] == "CVE-2020-11023")
        .unwrap();
    assert!(jquery["exploited"].is_object(), "{jquery}");
    assert_eq!(jquery["package"], "pkg:npm/jquery@3.4.1");
    assert_eq!(
        run(&[
            "scan",
            &storefront(),
            "--db",
            &database,
            "--fail-on",
            "exploited"
        ])
        .code,
        1
    );

    // The user's own database is found without being named.
    let own = folder.path().join("linchpin");
    std::fs::create_dir(&own).unwrap();
    std::fs::copy(&database, own.join("advisories.db")).unwrap();
    let scan = outcome(program(&["db", "status"]).env("XDG_DATA_HOME", folder.path()));
    assert!(
        scan.stdout.contains("14951") || scan.stdout.contains("2026-11-19"),
        "{}",
        scan.stdout
    );

    // Damage is found out, and an older format is said to be one.
    let mut bytes = std::fs::read(&database).unwrap();
    let half = bytes.len() / 2;
    std::fs::write(&database, &bytes[..half]).unwrap();
    assert_eq!(run(&["scan", ".", "--db", &database]).code, 4);
    bytes[8..40].fill(0);
    std::fs::write(&database, &bytes).unwrap();
    assert_eq!(run(&["scan", ".", "--db", &database]).code, 4);
}

#[test]
fn without_a_database_the_starter_set_is_said_to_be_all() {
    let status = run(&["db", "status"]);
    assert_eq!(status.code, 0);
    assert!(
        status.stdout.contains("starter set") && status.stdout.contains("db update"),
        "{}",
        status.stdout
    );
}

#[test]
fn a_folder_that_is_no_mirror_is_4() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("x.db").display().to_string();
    let import = run(&[
        "db",
        "import",
        folder.path().to_str().unwrap(),
        "--db",
        &database,
    ]);
    assert_eq!(import.code, 4, "{}", import.stderr);
    assert!(!Path::new(&database).exists());
}

#[test]
fn advisories_are_fetched_from_a_server() {
    let Some(shared) = shared() else { return };
    let server = serve(shared.clone());
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("advisories.db").display().to_string();
    let update = run(&[
        "db",
        "update",
        "--db",
        &database,
        "--from",
        &format!("{server}/osv"),
        "--exploited-from",
        &format!("{server}/kev/known_exploited_vulnerabilities.json"),
    ]);
    assert_eq!(update.code, 0, "{}", update.stderr);
    assert!(
        update.stdout.contains("crates.io") && update.stdout.contains("1404"),
        "{}",
        update.stdout
    );

    let kept = std::fs::read(&database).unwrap();
    let missing = run(&[
        "db",
        "update",
        "--db",
        &database,
        "--from",
        &format!("{server}/nowhere"),
        "--exploited-from",
        &format!("{server}/kev/known_exploited_vulnerabilities.json"),
    ]);
    assert_eq!(missing.code, 4, "{}", missing.stderr);
    assert_eq!(
        std::fs::read(&database).unwrap(),
        kept,
        "a failed update leaves the old database"
    );
}

/// Serves the files of a folder on this machine until the test ends.
fn serve(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            reader.read_line(&mut request).unwrap();
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|count| count > 2) {
                line.clear();
            }
            let path = request
                .split(' ')
                .nth(1)
                .unwrap()
                .trim_start_matches('/')
                .replace("%20", " ");
            let mut body = Vec::new();
            let found = std::fs::File::open(folder.join(path))
                .and_then(|mut file| file.read_to_end(&mut body));
            let status = if found.is_ok() {
                "200 OK"
            } else {
                "404 Not Found"
            };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream
                .write_all(head.as_bytes())
                .and_then(|()| stream.write_all(&body));
        }
    });
    address
}
