//! `linchpin diff`: two versions of projects as npm and pip left them, two real images, reports of
//! earlier scans, and how it ends.

#![expect(
    clippy::disallowed_methods,
    reason = "tests run the tools that build real images"
)]

use std::path::Path;
use std::process::Command;

use crate::program::{available, outcome, program, repository, run};

/// One side of a case.
fn case(name: &str) -> String {
    let folder = "crates/linchpin/tests/cases/diff";
    repository().join(folder).join(name).display().to_string()
}

/// The page without the lines that name folders of this machine.
fn page(text: &str) -> String {
    let lines: Vec<&str> = text.lines().skip(4).collect();
    lines.join("\n")
}

#[test]
fn two_versions_of_an_npm_project() {
    let (old, new) = (case("npm/before"), case("npm/after"));
    let outcome = outcome(program(&["diff", &old, &new]).env("COLUMNS", "80"));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_eq!(
        page(&outcome.stdout),
        "
2 findings introduced, 1 fixed, 1 remaining
4 packages added, 1 removed, 3 to a later version, 1 to an earlier version

Introduced
SEVERITY   PACKAGE     VERSION  ADVISORY        BECAUSE        FIXED IN
EXPLOITED  jquery      3.4.1    CVE-2020-11023  was 3.5.0      3.5.0
high       node-fetch  2.6.0    CVE-2022-0235   package added  2.6.7

Fixed
SEVERITY  PACKAGE   VERSION  ADVISORY        BECAUSE
critical  minimist  1.2.5    CVE-2021-44906  now 1.2.8

Packages
   NAME        WHAT     BEFORE  AFTER
+  lru-cache   added            6.0.0
+  node-fetch  added            2.6.0
+  semver      added            7.5.4
+  yallist     added            4.0.0
-  left-pad    removed  1.3.0
~  jquery      down     3.5.0   3.4.1
~  json5       up       2.2.1   2.2.3
~  minimist    up       1.2.5   1.2.8
~  shop        up       1.0.0   1.1.0

Both compared with the starter set of 688 advisories, the newest of 2026-11-19."
    );
    let json = run(&["diff", &old, &new, "--include-dev", "-f", "json"]).json();
    assert_eq!(json["format"], "linchpin-diff");
    assert_eq!(json["findings"]["introduced"][0]["id"], "CVE-2020-11023");
    assert_eq!(
        json["findings"]["introduced"][0]["because"],
        serde_json::json!({ "reason": "version-changed", "other_version": "3.5.0" })
    );
    assert_eq!(json["packages"]["changed"][0]["version"], "down");
    // Back again everything is the other way round.
    let back = run(&["diff", &new, &old, "--include-dev", "-f", "json"]).json();
    assert_eq!(back["findings"]["introduced"][0]["id"], "CVE-2021-44906");
    assert_eq!(back["findings"]["remaining"], json["findings"]["remaining"]);
}

#[test]
fn two_versions_of_what_pip_installed() {
    let outcome = run(&["diff", &case("pip/before"), &case("pip/after")]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    for line in [
        "2 findings introduced, 5 fixed, 4 remaining",
        "high      certifi  2022.12.7  CVE-2023-37920  was 2026.10.19.post1  2023.7.22",
        "high      jinja2   2.10     CVE-2019-10906  now 3.1.6",
        "-  pyyaml   removed  6.0.1",
        "~  certifi  down     2026.10.19.post1  2022.12.7",
    ] {
        assert!(outcome.stdout.contains(line), "{}", outcome.stdout);
    }
    // The names of the two folders are no change.
    assert!(!outcome.stdout.contains("+  after"), "{}", outcome.stdout);
}

#[test]
fn the_bar_is_for_what_was_introduced() {
    let (old, new) = (case("npm/before"), case("npm/after"));
    let code = |arguments: &[&str]| run(&[&["diff", "-q"], arguments].concat()).code;
    assert_eq!(code(&[&old, &new, "--fail-on", "high"]), 1);
    assert_eq!(code(&[&old, &new, "--fail-on", "exploited"]), 1);
    assert_eq!(code(&[&new, &new, "--fail-on", "low"]), 0);
    // Going back brings a critical flaw, and nothing that is exploited.
    assert_eq!(code(&[&new, &old, "--fail-on", "critical"]), 1);
    assert_eq!(code(&[&new, &old, "--fail-on", "exploited"]), 0);
    assert_eq!(code(&[&old, "/nonexistent/x"]), 3);
    assert_eq!(code(&["-", "-"]), 2);
    assert_eq!(code(&[&old, &new, "-f", "yaml"]), 2);
    assert_eq!(code(&[&old, &new, "--db", "/nonexistent/db"]), 4);
}

#[test]
fn reports_documents_and_targets_can_be_compared() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (old, new) = (case("npm/before"), case("npm/after"));
    let (report, document) = (file("report.json"), file("new.cdx.json"));
    assert_eq!(run(&["scan", &old, "-f", "json", "-o", &report]).code, 0);
    assert_eq!(run(&["sbom", &new, "-o", &document]).code, 0);
    let direct = run(&["diff", &old, &new, "-f", "json"]).json();
    let mixed = run(&["diff", &report, &document, "-f", "json"]).json();
    assert_eq!(mixed["before"]["origin"], "report");
    assert_eq!(mixed["after"]["origin"], "scan");
    assert_eq!(mixed["findings"]["fixed"], direct["findings"]["fixed"]);
    assert_eq!(mixed["packages"], direct["packages"]);
    // The report comes from a pipe too, and needs no advisories if the other side needs none.
    let piped = outcome(
        program(&[
            "diff",
            "-",
            &report,
            "--db",
            "/nonexistent/db",
            "-f",
            "json",
        ])
        .write_stdin(std::fs::read(&report).unwrap()),
    );
    assert_eq!((piped.code, piped.stderr.as_str()), (0, ""));
    assert_eq!(piped.json()["same"], true);
    let page = run(&["diff", &report, &new]).stdout;
    assert!(
        page.contains("Before: as a report has it, by the starter set of 688 advisories"),
        "{page}"
    );
}

#[test]
fn a_report_without_packages_is_compared_by_its_findings() {
    let folder = tempfile::tempdir().unwrap();
    let new = case("npm/after");
    let mut report = run(&["scan", &case("npm/before"), "-f", "json"]).json();
    report.as_object_mut().unwrap().remove("packages").unwrap();
    let file = folder.path().join("report.json").display().to_string();
    std::fs::write(&file, report.to_string()).unwrap();
    let outcome = run(&["diff", &file, &new, "-f", "json"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let json = outcome.json();
    assert!(json["packages"].is_null());
    assert_eq!(json["findings"]["introduced"].as_array().unwrap().len(), 2);
    assert_eq!(
        json["findings"]["introduced"][0]["because"]["reason"],
        "unknown"
    );
    report["version"] = 2.into();
    std::fs::write(&file, report.to_string()).unwrap();
    let refused = run(&["diff", &file, &new]);
    assert_eq!(refused.code, 3);
    assert!(refused.stderr.contains("version 2"), "{}", refused.stderr);
}

#[test]
fn several_formats_from_one_comparison() {
    let folder = tempfile::tempdir().unwrap();
    let comment = folder.path().join("comment.md");
    let format = format!("table,markdown={}", comment.display());
    let outcome = run(&[
        "diff",
        &case("npm/before"),
        &case("npm/after"),
        "-f",
        &format,
    ]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("Introduced\n"));
    let comment = std::fs::read_to_string(comment).unwrap();
    assert!(comment.contains("<details><summary>Packages (9)</summary>"));
    assert!(!outcome.stdout.contains('\u{1b}'));
}

fn tool(folder: &Path, program: &str, arguments: &[&str]) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn two_images() {
    let there = Command::new("umoci").arg("--version").output().is_ok();
    if !available(there, "umoci") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    std::fs::write(work.join("os-release"), "ID=debian\nVERSION_ID=\"12\"\n").unwrap();
    let status = |name: &str, version: &str| {
        format!(
            "Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {version}\nMaintainer: Somebody <somebody@example.org>\n\n"
        )
    };
    let versions = [
        (
            "old",
            status("libwebp7", "1.2.4-0.2") + &status("nano", "7.2-1"),
        ),
        (
            "new",
            status("libwebp7", "1.2.4-0.2+deb12u1") + &status("vim", "2:9.0.1378-2"),
        ),
    ];
    for (tag, database) in versions {
        let image = format!("image:{tag}");
        if tag == "old" {
            tool(work, "umoci", &["init", "--layout", "image"]);
        }
        tool(work, "umoci", &["new", "--image", &image]);
        std::fs::write(work.join("status"), database).unwrap();
        for (from, to) in [
            ("os-release", "/etc/os-release"),
            ("status", "/var/lib/dpkg/status"),
        ] {
            tool(work, "umoci", &["insert", "--image", &image, from, to]);
        }
    }
    let image = |tag: &str| work.join(format!("image:{tag}")).display().to_string();
    let outcome = run(&["diff", &image("old"), &image("new"), "-f", "json"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let json = outcome.json();
    assert_eq!(json["before"]["kind"], "image");
    let names = |list: &str| -> Vec<String> {
        json["packages"][list]
            .as_array()
            .unwrap()
            .iter()
            .map(|package| package["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        (names("added"), names("removed")),
        (vec!["vim".into()], vec!["nano".into()])
    );
    let changed = &json["packages"]["changed"][0];
    assert_eq!(changed["version"], "up");
    assert_eq!(changed["after"]["version"], "1.2.4-0.2+deb12u1");
}
