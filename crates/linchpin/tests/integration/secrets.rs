//! Secrets as a user meets them: in a folder, in its history, and never shown.

use crate::git::git;
use crate::program::{available, run};

/// Made for this test: it opens nothing. In two parts, so that nobody takes this file for a leak.
fn secret() -> String {
    ["sk_live_", "k3J9qPz7Lm2Xw8RtB5nV6cY1"].concat()
}

#[test]
fn a_secret_is_told_with_its_place_and_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let secret = secret();
    std::fs::create_dir(folder.path().join("src")).unwrap();
    let text = format!("import os\n\nKEY = \"{secret}\"\n");
    std::fs::write(folder.path().join("src/settings.py"), text).unwrap();
    let target = folder.path().display().to_string();
    let outcome = run(&["scan", "-q", &target, "--fail-on", "high"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(
        outcome.stdout.contains("src/settings.py:3"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.contains("stripe-secret-key"),
        "{}",
        outcome.stdout
    );
    for format in ["table", "json", "sarif"] {
        let outcome = run(&["scan", "-q", "-v", &target, "--format", format]);
        assert!(!outcome.stdout.contains(&secret), "{format} shows it");
    }
    let skipped = run(&[
        "scan",
        "-q",
        &target,
        "--skip",
        "secrets",
        "--fail-on",
        "low",
    ]);
    assert_eq!(skipped.code, 0, "{skipped:?}");

    let report = folder.path().join("earlier.json");
    let file = format!("json={}", report.display());
    run(&["scan", "-q", &target, "--format", &file]);
    let baseline = report.display().to_string();
    let known = [
        "scan",
        "-q",
        &target,
        "--baseline",
        &baseline,
        "--fail-on",
        "low",
    ];
    assert_eq!(run(&known).code, 0, "{:?}", run(&known));

    let report = std::fs::read_to_string(&report).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let fingerprint = report["findings"][0]["because"][0]["fingerprint"]
        .as_str()
        .unwrap();
    let allowed = format!("[secrets]\nallow = [\"{fingerprint}\"]\n");
    std::fs::write(folder.path().join("linchpin.toml"), allowed).unwrap();
    let allowed = run(&["scan", "-q", &target, "--fail-on", "low"]);
    assert_eq!(allowed.code, 0, "{allowed:?}");
}

#[test]
fn what_was_taken_back_is_still_in_the_history() {
    if !available(true, "git") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    git(work, &["init", "-q", "-b", "main"]);
    std::fs::write(work.join(".npmrc"), format!("key={}\n", secret())).unwrap();
    git(work, &["add", "."]);
    git(work, &["commit", "-q", "-m", "one"]);
    let commit = git(work, &["rev-parse", "--short=12", "HEAD"]);
    std::fs::write(work.join(".npmrc"), "key=${KEY}\n").unwrap();
    git(work, &["commit", "-q", "-a", "-m", "two"]);
    let target = work.display().to_string();
    let now = run(&["scan", "-q", &target, "--fail-on", "low"]);
    assert_eq!(now.code, 0, "{now:?}");
    let ever = run(&[
        "scan",
        "-q",
        &target,
        "--history",
        "--fail-on",
        "low",
        "--format",
        "json",
    ]);
    assert_eq!(ever.code, 1, "{ever:?}");
    let finding = &ever.json()["findings"][0];
    assert_eq!(finding["locations"][0]["path"], ".npmrc");
    let summary = finding["summary"].as_str().unwrap();
    assert!(
        summary.ends_with(&format!("since commit {commit}")),
        "{summary}"
    );
    assert!(!ever.stdout.contains(&secret()));
}

#[test]
fn a_folder_without_a_repository_has_no_history() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = run(&[
        "scan",
        "-q",
        "--history",
        &folder.path().display().to_string(),
    ]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert!(
        outcome
            .stderr
            .contains("`--history` looks at git repositories")
    );
}
