//! Exit codes, standard output and standard error together.

use crate::program::{outcome, program, run, storefront};

#[test]
fn the_example_is_scanned_without_database_and_network() {
    let scan = run(&["scan", &storefront()]);
    assert_eq!(scan.code, 0, "{}", scan.stderr);
    assert_eq!(scan.stderr, "");
    for expected in [
        "289 npm",
        "CVE-2021-23337",
        "Do next",
        "starter set",
        "linchpin db update",
    ] {
        assert!(
            scan.stdout.contains(expected),
            "`{expected}` is missing in {}",
            scan.stdout
        );
    }
    assert!(
        !scan.stdout.contains('\u{1b}'),
        "colours without a terminal"
    );
}

#[test]
fn the_bar_decides_the_exit_code() {
    for (bar, code) in [("none", 0), ("low", 1), ("critical", 1), ("exploited", 1)] {
        assert_eq!(
            run(&["scan", "--fail-on", bar, &storefront()]).code,
            code,
            "{bar}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "nothing\n").unwrap();
    let notes = folder.path().display().to_string();
    assert_eq!(
        run(&["scan", "--fail-on", "low", &notes]).code,
        0,
        "nothing to find"
    );
}

#[test]
fn wrong_use_is_2() {
    for arguments in [
        &["scan"][..],
        &["scan", ".", "--format", "yaml"],
        &["scan", ".", "--format", "table,json"],
        &["scan", ".", "--fail-on", "sometimes"],
        &["scan", ".", "--platform", "linux"],
        &["scan", ".", "--exclude", "a[b"],
        &["scan", ".", "-q", "-v"],
        &["frobnicate"],
        &["db", "update", "--offline"],
        &["db", "update", "--from", "http://mirror.example"],
    ] {
        let outcome = run(arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}: {}", outcome.stderr);
        assert_eq!(outcome.stdout, "", "{arguments:?}");
        assert!(
            outcome.stderr.contains("error:"),
            "{arguments:?}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn a_target_that_can_not_be_read_is_3() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.tar");
    std::fs::write(&empty, "").unwrap();
    for target in ["no/such/target", empty.to_str().unwrap()] {
        let outcome = run(&["scan", target]);
        assert_eq!(outcome.code, 3, "{target}");
        assert_eq!(outcome.stdout, "");
        assert!(
            outcome.stderr.starts_with("error: failed to read `"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn a_database_that_can_not_be_used_is_4() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("wrong.db");
    std::fs::write(&wrong, "no database").unwrap();
    let missing = folder.path().join("missing.db");
    for database in [&wrong, &missing] {
        let outcome = run(&["scan", ".", "--db", database.to_str().unwrap()]);
        assert_eq!(outcome.code, 4, "{}", outcome.stderr);
        assert_eq!(outcome.stdout, "");
        assert!(
            outcome.stderr.contains("hint:") && outcome.stderr.contains("linchpin db"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn an_output_that_can_not_be_written_is_5() {
    let outcome = run(&["scan", &storefront(), "-o", "/nonexistent/report"]);
    assert_eq!(outcome.code, 5, "{}", outcome.stderr);
}

#[test]
fn several_formats_are_written_in_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let formats = format!(
        "table,json={},sarif={},cyclonedx-json={}",
        at("r.json"),
        at("r.sarif"),
        at("bom.json")
    );
    let scan = run(&["scan", &storefront(), "--format", &formats]);
    assert_eq!(scan.code, 0, "{}", scan.stderr);
    assert!(scan.stdout.contains("Do next"));
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(folder.path().join(name)).unwrap()).unwrap()
    };
    let report = read("r.json");
    let finding = &report["findings"][0];
    for field in [
        "id",
        "aliases",
        "kind",
        "severity",
        "score",
        "package",
        "fixed",
        "locations",
    ] {
        assert!(!finding[field].is_null(), "{field} is missing in {finding}");
    }
    assert!(
        report["next"]
            .as_array()
            .is_some_and(|next| (1..=5).contains(&next.len()))
    );
    assert_eq!(read("r.sarif")["version"], "2.1.0");
    let bom = read("bom.json");
    assert_eq!(bom["specVersion"], "1.6");
    assert!(!bom["vulnerabilities"].as_array().unwrap().is_empty());
}

#[test]
fn the_same_target_gives_the_same_bytes() {
    for format in ["json", "cyclonedx-json", "sarif", "table"] {
        let first = run(&["scan", &storefront(), "--format", format]);
        assert_eq!(
            first.stdout,
            run(&["scan", &storefront(), "--format", format]).stdout,
            "{format}"
        );
    }
    let dated = |seconds: &str| {
        outcome(program(&["sbom", &storefront()]).env("SOURCE_DATE_EPOCH", seconds)).json()["metadata"]["timestamp"].clone()
    };
    assert_eq!(dated("0"), "1970-01-01T00:00:00Z");
    assert!(run(&["sbom", &storefront()]).json()["metadata"]["timestamp"].is_null());
}

#[test]
fn an_inventory_says_what_is_there_and_what_needs_what() {
    let sbom = run(&["sbom", &storefront(), "--format", "json"]).json();
    let packages = sbom["packages"].as_array().unwrap();
    let lodash = packages
        .iter()
        .find(|package| package["purl"] == "pkg:npm/lodash@4.17.20")
        .unwrap();
    assert_eq!(lodash["name"], "lodash");
    assert_eq!(lodash["version"], "4.17.20");
    assert_eq!(lodash["scope"], "runtime");
    assert_eq!(lodash["licenses"][0], "MIT");
    assert_eq!(lodash["occurrences"][0]["path"], "web/package-lock.json");
    assert_eq!(lodash["occurrences"][0]["kind"], "locked");
    let express = packages
        .iter()
        .find(|package| package["name"] == "express")
        .unwrap();
    assert!(
        express["dependencies"]
            .as_array()
            .is_some_and(|list| list.len() > 10)
    );
}

#[test]
fn development_dependencies_are_left_out_unless_asked_for() {
    let count = |arguments: &[&str]| {
        let target = storefront();
        let arguments = [&["scan", &target, "--format", "json"], arguments].concat();
        run(&arguments).json()["findings"].as_array().unwrap().len()
    };
    let (usual, with_development, fixed) = (
        count(&[]),
        count(&["--include-dev"]),
        count(&["--only-fixed"]),
    );
    assert!(usual < with_development, "{usual} {with_development}");
    assert!(fixed <= usual);
}

#[test]
fn a_finding_is_explained_by_any_of_its_names() {
    let target = storefront();
    let explained = run(&["explain", "CVE-2021-23337", &target]);
    assert_eq!(explained.code, 0, "{}", explained.stderr);
    for expected in ["lodash", "4.17.20", "4.17.21", "web/package-lock.json"] {
        assert!(
            explained.stdout.contains(expected),
            "`{expected}` is missing in {}",
            explained.stdout
        );
    }
    assert_eq!(
        run(&["explain", "ghsa-35jh-r3h4-6jhm", &target]).stdout,
        explained.stdout
    );

    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json").display().to_string();
    run(&["scan", &target, "--format", "json", "-o", &report]);
    assert_eq!(
        run(&["explain", "CVE-2021-23337", "--report", &report]).stdout,
        explained.stdout
    );

    let unknown = run(&["explain", "CVE-1999-0001", &target]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("hint:"), "{}", unknown.stderr);
}

#[test]
fn colours_come_only_when_they_may() {
    let target = storefront();
    let colored = |command: &mut assert_cmd::Command| outcome(command).stdout.contains('\u{1b}');
    assert!(!colored(&mut program(&["scan", &target])));
    assert!(colored(&mut program(&[
        "scan", &target, "--color", "always"
    ])));
    assert!(colored(
        program(&["scan", &target]).env("CLICOLOR_FORCE", "1")
    ));
    assert!(!colored(
        program(&["scan", &target, "--color", "never"]).env("CLICOLOR_FORCE", "1")
    ));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in [80, 120, 200] {
        let scan = outcome(program(&["scan", &storefront()]).env("COLUMNS", width.to_string()));
        for line in scan.stdout.lines() {
            assert!(line.chars().count() <= width, "{width}: {line}");
        }
    }
}

#[test]
fn completions_and_manual_come_from_the_definitions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let completions = run(&["completions", shell]);
        assert!(
            completions.code == 0 && completions.stdout.contains("cyclonedx-json")
                || completions.stdout.contains("fail-on"),
            "{shell}"
        );
    }
    let manual = run(&["manual"]);
    assert!(
        manual.stdout.contains(".TH linchpin 1"),
        "{}",
        manual.stdout
    );
    assert!(
        manual.stdout.contains("\\-\\-fail\\-on"),
        "{}",
        manual.stdout
    );
    let help = run(&["--help"]);
    assert_eq!((help.code, help.stderr.as_str()), (0, ""));
    assert!(help.stdout.contains("Exit codes:"));
}

#[test]
fn what_can_not_be_matched_is_said() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("lib/apk/db")).unwrap();
    std::fs::create_dir_all(folder.path().join("etc")).unwrap();
    std::fs::write(
        folder.path().join("lib/apk/db/installed"),
        "P:musl\nV:1.2.5-r0\nA:x86_64\nL:MIT\n\n",
    )
    .unwrap();
    std::fs::write(
        folder.path().join("etc/os-release"),
        "ID=alpine\nVERSION_ID=3.20.1\n",
    )
    .unwrap();
    let scan = run(&["scan", folder.path().to_str().unwrap()]);
    assert_eq!(scan.code, 0, "{}", scan.stderr);
    assert!(scan.stdout.contains("Alpine"), "{}", scan.stdout);
    let report = run(&["scan", folder.path().to_str().unwrap(), "--format", "json"]).json();
    let notes = report["notes"].as_array().unwrap();
    assert!(
        notes.iter().any(|note| note["kind"] == "unmatched"),
        "{notes:?}"
    );
}
