//! The database: imported from a folder, fetched from a server, looked at.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use linchpin_model::Timestamp;

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
    std::fs::create_dir_all(own.join("advisories")).unwrap();
    for entry in std::fs::read_dir(&database).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), own.join("advisories").join(entry.file_name())).unwrap();
    }
    let scan = outcome(program(&["db", "status"]).env("XDG_DATA_HOME", folder.path()));
    assert!(
        scan.stdout.contains("14951") || scan.stdout.contains("2026-11-19"),
        "{}",
        scan.stdout
    );

    // Damage is found out where it is, and an older format is said to be one.
    let npm = part(&database, "npm-");
    let bytes = std::fs::read(&npm).unwrap();
    std::fs::write(&npm, &bytes[..bytes.len() / 2]).unwrap();
    let damaged = run(&["scan", &storefront(), "--db", &database]);
    assert_eq!(damaged.code, 4);
    assert!(damaged.stderr.contains("npm-"), "{}", damaged.stderr);
    let old = folder.path().join("old.db").display().to_string();
    std::fs::write(&old, b"linchpdb\x01\0\0\0 and so on").unwrap();
    let older = run(&["scan", ".", "--db", &old]);
    assert_eq!(older.code, 4);
    assert!(
        older.stderr.contains("format 1") && older.stderr.contains("hint:"),
        "{}",
        older.stderr
    );
    // The file that earlier versions had in the user's folder is not passed over in silence.
    let data = folder.path().join("data");
    std::fs::create_dir_all(data.join("linchpin")).unwrap();
    std::fs::copy(&old, data.join("linchpin/advisories.db")).unwrap();
    let found = outcome(program(&["scan", "."]).env("XDG_DATA_HOME", &data));
    assert_eq!(found.code, 4, "{}", found.stderr);
}

/// The file of a database whose name begins like this.
fn part(database: &str, start: &str) -> PathBuf {
    std::fs::read_dir(database)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            path.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with(start)
        })
        .unwrap()
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
    // A file in the place of a database is not replaced by one.
    std::fs::write(&database, "mine").unwrap();
    let mirror = folder.path().join("mirror");
    tiny_mirror(&mirror, "2.0.0");
    let import = run(&["db", "import", mirror.to_str().unwrap(), "--db", &database]);
    assert_eq!(import.code, 4, "{}", import.stderr);
    assert!(import.stderr.contains("is a file"), "{}", import.stderr);
    assert_eq!(std::fs::read(&database).unwrap(), b"mine");
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

    let manifest = Path::new(&database).join("manifest.json");
    let kept = std::fs::read(&manifest).unwrap();
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
        std::fs::read(&manifest).unwrap(),
        kept,
        "a failed update leaves the old database"
    );
}

/// A mirror with one advisory.
fn tiny_mirror(folder: &Path, fixed: &str) {
    std::fs::create_dir_all(folder.join("npm")).unwrap();
    std::fs::write(
        folder.join("npm/GHSA-1.json"),
        format!(
            r#"{{"id":"GHSA-1","modified":"2026-01-02T00:00:00Z","summary":"It breaks.",
                "affected":[{{"package":{{"ecosystem":"npm","name":"jquery"}},
                "ranges":[{{"type":"SEMVER","events":[{{"introduced":"0"}},{{"fixed":"{fixed}"}}]}}]}}]}}"#
        ),
    )
    .unwrap();
}

#[test]
fn old_advisories_are_a_warning_or_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let mirror = folder.path().join("mirror");
    tiny_mirror(&mirror, "2.0.0");
    let database = folder.path().join("advisories").display().to_string();
    let import = run(&["db", "import", mirror.to_str().unwrap(), "--db", &database]);
    assert_eq!(import.code, 0, "{}", import.stderr);
    // The newest record counts, not the day of the import; 2026-01-08 is six days later.
    let scan = |arguments: &[&str], now: &str| {
        let mut all = vec!["scan", folder.path().to_str().unwrap(), "--db", &database];
        all.extend(arguments);
        outcome(program(&all).env("SOURCE_DATE_EPOCH", now))
    };
    let (fresh, old) = ("1767657600", "1767830400");
    assert_eq!(scan(&[], fresh).stderr, "");
    let warned = scan(&[], old);
    assert_eq!(warned.code, 0);
    assert!(
        warned
            .stderr
            .contains("warning: the advisories are 6 days old"),
        "{}",
        warned.stderr
    );
    assert_eq!(scan(&["--stale", "ignore"], old).stderr, "");
    assert_eq!(scan(&["--max-age", "6", "--stale", "error"], old).code, 0);
    let refused = scan(&["--stale", "error"], old);
    assert_eq!(refused.code, 4);
    assert!(
        refused.stderr.contains("hint: `linchpin db update`"),
        "{}",
        refused.stderr
    );
    let variables = outcome(
        program(&["scan", folder.path().to_str().unwrap(), "--db", &database])
            .env("SOURCE_DATE_EPOCH", old)
            .env("LINCHPIN_STALE", "error"),
    );
    assert_eq!(variables.code, 4);
}

#[test]
fn a_database_is_carried_compared_and_searched() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    tiny_mirror(&folder.path().join("one"), "2.0.0");
    tiny_mirror(&folder.path().join("two"), "3.0.0");
    for (mirror, database) in [("one", "old"), ("two", "new")] {
        let import = run(&["db", "import", &path(mirror), "--db", &path(database)]);
        assert_eq!(import.code, 0, "{}", import.stderr);
    }
    // The example of RFC 8410.
    std::fs::write(
        path("key.pem"),
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n",
    )
    .unwrap();
    std::fs::write(
        path("public.pem"),
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n",
    )
    .unwrap();
    let export = run(&[
        "db",
        "export",
        &path("carried.tar"),
        "--db",
        &path("new"),
        "--key",
        &path("key.pem"),
    ]);
    assert_eq!(export.code, 0, "{}", export.stderr);
    let plain = run(&["db", "export", &path("plain.tar"), "--db", &path("new")]);
    assert_eq!(plain.code, 0, "{}", plain.stderr);
    let import = |file: &str| {
        run(&[
            "db",
            "import",
            &path(file),
            "--db",
            &path("there"),
            "--public-key",
            &path("public.pem"),
        ])
    };
    let refused = import("plain.tar");
    assert_eq!(refused.code, 4);
    assert!(refused.stderr.contains("not signed"), "{}", refused.stderr);
    let taken = import("carried.tar");
    assert_eq!(taken.code, 0, "{}", taken.stderr);
    assert!(
        taken.stdout.contains("signature verified"),
        "{}",
        taken.stdout
    );
    assert_eq!(
        run(&["db", "status", "--verify", "--db", &path("there")]).code,
        0
    );
    assert_eq!(run(&["db", "diff", &path("new"), &path("there")]).code, 0);

    let diff = run(&["db", "diff", &path("old"), &path("new")]);
    assert_eq!(diff.code, 1);
    assert_eq!(
        diff.stdout,
        "npm: 0 added, 0 removed, 1 changed\n  ~ GHSA-1\n"
    );
    let diff = run(&["db", "diff", &path("old"), &path("new"), "--format", "json"]).json();
    assert_eq!(diff["ecosystems"][0]["changed"][0], "GHSA-1");

    let search = run(&["db", "search", "jquery", "--db", &path("new")]);
    assert_eq!(
        search.stdout,
        "npm\n  GHSA-1 (unknown)\n    It breaks.\n    affected: < 3.0.0\n"
    );
    let nothing = run(&[
        "db",
        "search",
        "jquery",
        "--ecosystem",
        "pypi",
        "--db",
        &path("new"),
    ]);
    assert_eq!(nothing.stdout, "no advisory names `jquery`\n");
    assert_eq!(
        run(&["db", "search", "x", "--ecosystem", "nowhere"]).code,
        2
    );
}

#[test]
fn a_second_update_fetches_what_has_changed() {
    let Some(shared) = shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let gems = folder.path().join("RubyGems");
    std::fs::create_dir(&gems).unwrap();
    std::fs::copy(shared.join("osv/RubyGems/all.zip"), gems.join("all.zip")).unwrap();
    std::fs::write(folder.path().join("ecosystems.txt"), "RubyGems\n").unwrap();
    std::fs::write(
        folder.path().join("kev.json"),
        r#"{"catalogVersion":"1","vulnerabilities":[]}"#,
    )
    .unwrap();
    let list = |lines: &str| {
        std::fs::write(folder.path().join("modified_id.csv"), lines).unwrap();
        let own = lines.replace("RubyGems/", "");
        std::fs::write(gems.join("modified_id.csv"), own).unwrap();
    };
    list("2026-01-01T00:00:00Z,RubyGems/x_OLD\n");
    let server = serve(folder.path().to_owned());
    let database = folder.path().join("advisories").display().to_string();
    let update = || {
        let update = run(&[
            "db",
            "update",
            "--db",
            &database,
            "--from",
            &server,
            "--exploited-from",
            &format!("{server}/kev.json"),
        ]);
        assert_eq!(update.code, 0, "{}", update.stderr);
        update.stdout
    };
    assert!(update().contains("1161 records"));
    // The archive is not needed any more.
    std::fs::remove_file(gems.join("all.zip")).unwrap();
    assert!(update().contains("RubyGems     unchanged"));
    list("2026-01-02T00:00:00Z,RubyGems/X-1\n2026-01-01T00:00:00Z,RubyGems/x_OLD\n");
    std::fs::write(
        gems.join("X-1.json"),
        r#"{"id":"X-1","modified":"2026-01-02T00:00:00Z","affected":[
            {"package":{"ecosystem":"RubyGems","name":"box-of-gems"},"versions":["1.0"]}]}"#,
    )
    .unwrap();
    let third = update();
    assert!(third.contains("1 changed records"), "{third}");
    let search = run(&["db", "search", "box-of-gems", "--db", &database]);
    assert!(search.stdout.contains("X-1"), "{}", search.stdout);
    assert!(
        run(&["db", "search", "rails", "--db", &database])
            .stdout
            .contains("RubyGems")
    );
}

#[test]
fn a_mirror_that_nobody_keeps_up_makes_no_fresh_database() {
    let Some(shared) = shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let gems = folder.path().join("RubyGems");
    std::fs::create_dir(&gems).unwrap();
    std::fs::copy(shared.join("osv/RubyGems/all.zip"), gems.join("all.zip")).unwrap();
    std::fs::write(folder.path().join("ecosystems.txt"), "RubyGems\n").unwrap();
    std::fs::write(
        folder.path().join("kev.json"),
        r#"{"catalogVersion":"1","vulnerabilities":[]}"#,
    )
    .unwrap();
    let written = |path: &Path, moment: &str| {
        let moment: Timestamp = moment.parse().unwrap();
        let file = std::fs::File::options().append(true).open(path).unwrap();
        file.set_modified(moment.into()).unwrap();
    };
    let server = serve(folder.path().to_owned());
    let database = folder.path().join("advisories").display().to_string();
    let update = || {
        let update = run(&[
            "db",
            "update",
            "--db",
            &database,
            "--from",
            &server,
            "--exploited-from",
            &format!("{server}/kev.json"),
        ]);
        assert_eq!(update.code, 0, "{}", update.stderr);
        update.stdout
    };
    // Without lists the archive speaks, by the moment at which it was written.
    written(&gems.join("all.zip"), "2026-02-01T10:00:00Z");
    let first = update();
    assert!(first.contains("as of 2026-02-01 10:00 UTC"), "{first}");
    // A list speaks for itself and by what it names, whichever is later.
    let top = folder.path().join("modified_id.csv");
    let list = "2026-03-01T00:00:00Z,RubyGems/x_OLD\n";
    std::fs::write(&top, list).unwrap();
    std::fs::write(gems.join("modified_id.csv"), list.replace("RubyGems/", "")).unwrap();
    written(&top, "2026-02-20T00:00:00Z");
    let second = update();
    assert!(second.contains("as of 2026-03-01 00:00 UTC"), "{second}");
    written(&top, "2026-03-02T00:00:00Z");
    let third = update();
    assert!(third.contains("as of 2026-03-02 00:00 UTC"), "{third}");
    // What is ahead of the clock is now.
    written(&top, "2999-01-01T00:00:00Z");
    assert!(!update().contains("as of 2999"));
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
            let mut written = String::new();
            let found = std::fs::File::open(folder.join(path)).and_then(|mut file| {
                let moment = Timestamp::try_from(file.metadata()?.modified()?).unwrap();
                written = moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
                file.read_to_end(&mut body)
            });
            let status = if found.is_ok() {
                "200 OK"
            } else {
                "404 Not Found"
            };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\nLast-Modified: {written}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            if request.starts_with("HEAD") {
                body.clear();
            }
            let _ = stream
                .write_all(head.as_bytes())
                .and_then(|()| stream.write_all(&body));
        }
    });
    address
}
