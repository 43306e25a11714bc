//! `linchpin score` over real repositories, and what a scan says of practices.

#![expect(clippy::disallowed_methods, reason = "tests make keys with ssh-keygen")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::git::git;
use crate::program::{Outcome, available, outcome, program, repository, run, storefront};

const DAY: i64 = 86_400;

/// The moment as of which the tests judge.
const NOW: i64 = 1_780_000_000;

fn score(folder: &Path, arguments: &[&str]) -> Outcome {
    let folder = folder.display().to_string();
    let arguments = [&["score", "-q", &folder], arguments].concat();
    outcome(program(&arguments).env("SOURCE_DATE_EPOCH", NOW.to_string()))
}

/// The scores of the checks, and the reasons.
fn scores(answer: &Value) -> BTreeMap<String, (i64, String)> {
    let checks = answer["checks"].as_array().unwrap().iter();
    checks
        .map(|check| {
            let text = |key: &str| check[key].as_str().unwrap().to_owned();
            (
                text("name"),
                (check["score"].as_i64().unwrap(), text("reason")),
            )
        })
        .collect()
}

/// Commits what lies in the folder as somebody, so many days ago.
fn commit(folder: &Path, author: &str, days: i64, arguments: &[&str]) {
    let email = format!("{}@{author}.example", author.to_lowercase());
    let when = format!("@{} +0000", NOW - days * DAY);
    git(folder, &["add", "-A"]);
    let output = Command::new("git")
        .args([
            "-c",
            &format!("user.name={author}"),
            "-c",
            &format!("user.email={email}"),
        ])
        .args(["commit", "-q", "--allow-empty"])
        .args(arguments)
        .env("GIT_AUTHOR_DATE", &when)
        .env("GIT_COMMITTER_DATE", &when)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn new_repository() -> Option<tempfile::TempDir> {
    if !available(Command::new("git").arg("--version").output().is_ok(), "git") {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q", "-b", "main"]);
    Some(folder)
}

#[test]
fn a_history_tells_who_reviews_signs_and_tests() {
    let Some(folder) = new_repository() else {
        return;
    };
    let work = folder.path();
    let keys = tempfile::tempdir().unwrap();
    let key = keys.path().join("key");
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(&key)
        .output();
    if !available(made.is_ok_and(|made| made.status.success()), "ssh-keygen") {
        return;
    }
    fs::write(work.join("README.md"), "# Till\n").unwrap();
    commit(work, "Ann", 200, &["-m", "First"]);
    fs::create_dir_all(work.join(".github/workflows")).unwrap();
    // Proposals from here on are tested, those before were not.
    for number in 0..8 {
        commit(
            work,
            "Ann",
            80 - number,
            &[
                "-m",
                &format!("Change (#{number})\n\nReviewed-by: Ben <ben@ben.example>"),
            ],
        );
    }
    let workflow = "on: pull_request\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make test\n";
    fs::write(work.join(".github/workflows/test.yml"), workflow).unwrap();
    commit(
        work,
        "Ben",
        60,
        &["-m", "Test (#20)\n\nReviewed-by: Ann <ann@ann.example>"],
    );
    for number in 0..7 {
        commit(
            work,
            "Ben",
            50 - number,
            &["-m", &format!("Change {number}")],
        );
    }
    git(work, &["config", "gpg.format", "ssh"]);
    git(
        work,
        &["config", "user.signingkey", &key.display().to_string()],
    );
    for number in 0..6 {
        commit(
            work,
            "Cem",
            30 - number,
            &["-S", "-m", &format!("Signed {number}")],
        );
    }
    // Somebody else merges a branch of Cem.
    git(work, &["checkout", "-q", "-b", "feature"]);
    fs::write(work.join("feature"), "x").unwrap();
    commit(work, "Cem", 5, &["-m", "A feature"]);
    git(work, &["checkout", "-q", "main"]);
    git(
        work,
        &[
            "merge",
            "-q",
            "--no-ff",
            "-m",
            "Merge pull request #30 from cem/feature",
            "feature",
        ],
    );

    let answer = score(work, &["--format", "json"]);
    assert_eq!(answer.code, 0, "{answer:?}");
    let answer = answer.json();
    let scores = scores(&answer);
    let of = |check: &str| (scores[check].0, scores[check].1.as_str());
    // 24 changes: 8 and 1 with a trailer and the merge; the first and 13 by nobody else.
    assert_eq!(of("Code-Review"), (4, "found 10/24 approved changes"));
    assert_eq!(of("Signed-Commits").0, 2, "{scores:?}");
    assert!(of("Signed-Commits").1.starts_with("6 out of the latest 25"));
    assert_eq!(of("CI-Tests").0, 2, "{scores:?}");
    assert!(of("CI-Tests").1.starts_with("2 out of 10"), "{scores:?}");
    assert_eq!(of("Contributors").0, 10, "{scores:?}");
    assert_eq!(of("Maintained").0, 10, "{scores:?}");
    assert_eq!(of("Branch-Protection").0, -1);
    assert!(of("Branch-Protection").1.starts_with("not evaluated"));
    let head = git(work, &["rev-parse", "HEAD"]);
    assert_eq!(answer["repo"]["commit"], json!(head));

    // Of a shallow clone nothing is told that it can not know.
    let clone = tempfile::tempdir().unwrap();
    let target = clone.path().join("clone");
    let from = format!("file://{}", work.display());
    git(
        work,
        &[
            "clone",
            "-q",
            "--depth=1",
            &from,
            &target.display().to_string(),
        ],
    );
    let shallow = score(&target, &["--format", "json"]).json();
    let shallow = self::scores(&shallow);
    for check in [
        "Code-Review",
        "Signed-Commits",
        "CI-Tests",
        "Contributors",
        "Maintained",
    ] {
        assert_eq!(shallow[check].0, -1, "{check}");
        assert!(shallow[check].1.contains("shallow"), "{:?}", shallow[check]);
    }
    assert_eq!(shallow["Token-Permissions"].0, 10);
}

#[test]
fn the_answer_has_the_form_of_scorecard() {
    let Some(folder) = new_repository() else {
        return;
    };
    let work = folder.path();
    let license = fs::read(repository().join("LICENSE")).unwrap();
    fs::write(work.join("LICENSE"), license).unwrap();
    git(
        work,
        &[
            "remote",
            "add",
            "origin",
            "https://someone:word@forge.example/shop/till.git",
        ],
    );
    commit(work, "Ann", 1, &["-m", "First"]);
    let answer = score(work, &["--format", "json", "--checks", "license,SAST"]).json();
    let object = answer.as_object().unwrap();
    let keys: Vec<&str> = object.keys().map(String::as_str).collect();
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        ["checks", "date", "metadata", "repo", "score", "scorecard"]
    );
    assert_eq!(answer["date"], json!("2026-05-28T20:26:40Z"));
    assert_eq!(answer["repo"]["name"], json!("forge.example/shop/till"));
    assert_eq!(answer["score"], json!(3.3));
    assert!(
        answer["scorecard"]["version"].is_string() && answer["scorecard"]["commit"].is_string()
    );
    assert_eq!(
        answer["checks"][0],
        json!({
            "name": "License",
            "score": 10,
            "reason": "license file detected",
            "details": [
                "Info: project has a license file: LICENSE:1",
                "Info: FSF or OSI recognized license: Apache-2.0: LICENSE:1",
            ],
            "documentation": {
                "url": "https://github.com/ossf/scorecard/blob/main/docs/checks.md#license",
                "short": "Whether the project says under which licence it is",
            },
        })
    );
    assert_eq!(answer["checks"].as_array().unwrap().len(), 2);
}

#[test]
fn bars_and_mistakes_end_as_they_should() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("LICENSE"), "mine\n").unwrap();
    let only = ["--checks", "License"];
    let code = |more: &[&str]| score(folder.path(), &[&only[..], more].concat()).code;
    assert_eq!(code(&["--fail-under", "9"]), 0);
    assert_eq!(code(&["--fail-under", "9.1"]), 1);
    assert_eq!(code(&["--fail-under", "11"]), 2);
    // Nothing that could be told is no good score.
    let nothing = ["--checks", "Webhooks", "--fail-under", "1"];
    assert_eq!(score(folder.path(), &nothing).code, 1);
    let unknown = score(folder.path(), &["--checks", "Licence"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("Dangerous-Workflow"), "{unknown:?}");
    let file = folder.path().join("LICENSE");
    assert_eq!(score(&file, &[]).code, 3);
    assert_eq!(score(&folder.path().join("none"), &[]).code, 3);
    let without_token = score(folder.path(), &["--repository", "shop/till"]);
    assert_eq!(without_token.code, 2);
    assert!(
        without_token.stderr.contains("GITHUB_TOKEN"),
        "{without_token:?}"
    );
}

#[test]
fn a_folder_without_commits_is_told_and_not_scored() {
    let Some(folder) = new_repository() else {
        return;
    };
    for (path, reason) in [
        (folder.path().to_path_buf(), "there are no commits"),
        (storefront().into(), "not the root of a git repository"),
    ] {
        let answer = score(&path, &["--format", "json"]).json();
        for check in [
            "Maintained",
            "Code-Review",
            "Signed-Commits",
            "CI-Tests",
            "Contributors",
        ] {
            let (score, told) = &scores(&answer)[check];
            assert_eq!(*score, -1, "{check}");
            assert!(told.contains(reason), "{check}: {told}");
        }
        assert_eq!(answer["repo"]["commit"], json!("unknown"));
    }
}

#[test]
fn the_storefront_and_this_repository_have_scores() {
    let shop = score(Path::new(&storefront()), &[]);
    assert_eq!(shop.code, 0, "{shop:?}");
    assert!(shop.stdout.contains("Vulnerabilities"), "{}", shop.stdout);
    assert!(shop.stdout.contains("What to do: "), "{}", shop.stdout);
    assert!(shop.stdout.lines().all(|line| line.chars().count() <= 120));
    let own = score(
        &repository(),
        &["--format", "json", "--checks", "License,Fuzzing"],
    );
    for (check, (score, reason)) in scores(&own.json()) {
        assert!(score >= 9, "{check}: {score}, {reason}");
    }
}

#[test]
fn nothing_that_a_repository_names_is_run() {
    let Some(folder) = new_repository() else {
        return;
    };
    let work = folder.path();
    commit(work, "Ann", 1, &["-m", "First"]);
    let trace = work.join(".git/ran");
    let script = work.join(".git/program");
    fs::write(&script, format!("#!/bin/sh\ntouch {}\n", trace.display())).unwrap();
    Command::new("chmod")
        .arg("+x")
        .arg(&script)
        .output()
        .unwrap();
    let named = script.display().to_string();
    for setting in [
        "gpg.program",
        "gpg.ssh.program",
        "core.fsmonitor",
        "core.pager",
        "diff.external",
        "core.sshCommand",
    ] {
        git(work, &["config", setting, &named]);
    }
    git(work, &["config", "log.showSignature", "true"]);
    assert_eq!(score(work, &[]).code, 0);
    run(&["scan", "-q", &work.display().to_string()]);
    assert!(!trace.exists());
}

#[test]
fn a_scan_of_a_checkout_tells_what_is_missing() {
    let Some(folder) = new_repository() else {
        return;
    };
    let work = folder.path();
    fs::write(work.join("README.md"), "# Till\n").unwrap();
    fs::write(work.join(".gitignore"), "built\n").unwrap();
    fs::create_dir(work.join("built")).unwrap();
    fs::write(
        work.join("built/Own.class"),
        [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 65],
    )
    .unwrap();
    commit(work, "Ann", 1, &["-m", "First"]);
    let rules = |arguments: &[&str]| -> Vec<(String, String)> {
        let target = work.display().to_string();
        let answer =
            run(&[&["scan", "-q", &target, "--format", "json"], arguments].concat()).json();
        let findings = answer["findings"].as_array().unwrap().iter();
        findings
            .map(|finding| {
                let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
                assert_eq!(text("kind"), "practice", "{finding}");
                (text("id") + &text("rule"), text("severity"))
            })
            .collect()
    };
    let found = rules(&[]);
    let mut names: Vec<&str> = found.iter().map(|(rule, _)| rule.as_str()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["practice-no-license", "practice-no-security-policy"],
        "{found:?}"
    );
    assert!(found.iter().all(|(_, severity)| severity == "low"));
    assert!(rules(&["--skip", "practices"]).is_empty());
    assert!(rules(&["--only", "packages"]).is_empty());
    // What is built is no part of the repository until it is added.
    git(work, &["add", "-f", "built/Own.class"]);
    let found = rules(&["--only", "practices"]);
    assert_eq!(
        found[0],
        ("practice-binary-artifact".to_owned(), "medium".to_owned())
    );
    let answer = score(work, &["--format", "json", "--checks", "Binary-Artifacts"]).json();
    assert_eq!(answer["checks"][0]["score"], json!(9));
    assert_eq!(
        answer["checks"][0]["details"],
        json!(["Warn: binary detected: built/Own.class:1"])
    );
}

/// A forge on this machine that knows one repository.
fn serve() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let request = lines.next().and_then(Result::ok).unwrap_or_default();
            let headers: Vec<String> = lines
                .map_while(Result::ok)
                .take_while(|line| !line.is_empty())
                .map(|line| line.to_lowercase())
                .collect();
            let has_token = headers
                .iter()
                .any(|line| line == "authorization: bearer t0ken");
            let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
            let about = format!(
                r#"{{"default_branch": "main", "archived": false, "html_url": "http://127.0.0.1:{port}/shop/till"}}"#
            );
            let (status, body) = match path.as_str() {
                _ if path.starts_with("/badges/projects.json?url=http%3A%2F%2F127.0.0.1") => {
                    assert!(!has_token, "the token is for the forge alone");
                    ("200 OK", r#"[{"badge_level": "passing"}]"#)
                }
                _ if !has_token => ("401 Unauthorized", "{}"),
                "/api/repos/shop/till" => ("200 OK", about.as_str()),
                "/api/repos/shop/till/branches/main" => ("200 OK", r#"{"protected": false}"#),
                "/api/repos/shop/till/releases?per_page=30" => (
                    "200 OK",
                    r#"[{"tag_name": "v1", "assets": [{"name": "till.tar.gz.asc"}]}]"#,
                ),
                "/api/repos/shop/moved" => ("301 Moved Permanently", ""),
                "/api/repos/shop/till/hooks?per_page=100" => ("403 Forbidden", "{}"),
                _ => ("404 Not Found", "{}"),
            };
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\nLocation: http://elsewhere.example/\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    port
}

#[test]
fn a_forge_is_asked_with_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let port = serve();
    let api = format!("http://127.0.0.1:{port}/api");
    let badges = format!("http://127.0.0.1:{port}/badges");
    let ask = |repository: &str, token: &str| {
        let target = folder.path().display().to_string();
        let arguments = [
            "score",
            "-q",
            &target,
            "--format",
            "json",
            "--repository",
            repository,
            "--api",
            &api,
            "--badges",
            &badges,
        ];
        outcome(program(&arguments).env("GITHUB_TOKEN", token))
    };
    let answer = ask("shop/till", "t0ken");
    let scores = |answer: &Outcome| scores(&answer.json());
    let found = scores(&answer);
    assert_eq!(found["Branch-Protection"].0, 0, "{found:?}");
    assert_eq!(found["Signed-Releases"].0, 8, "{found:?}");
    assert_eq!(found["CII-Best-Practices"].0, 5, "{found:?}");
    assert_eq!(found["Webhooks"].0, -1, "{found:?}");
    assert_eq!(
        answer.json()["repo"]["name"],
        json!(format!("127.0.0.1:{port}/shop/till"))
    );
    for (repository, token, reason) in [
        ("shop/till", "wrong", "the token is not accepted"),
        ("shop/moved", "t0ken", "elsewhere"),
        ("shop/none", "t0ken", "knows no repository"),
    ] {
        let found = scores(&ask(repository, token));
        for check in [
            "Branch-Protection",
            "Signed-Releases",
            "CII-Best-Practices",
            "Webhooks",
        ] {
            assert_eq!(found[check].0, -1, "{check}");
            assert!(found[check].1.contains(reason), "{:?}", found[check]);
        }
    }
    let open = score(
        folder.path(),
        &["--repository", "shop/till", "--api", "http://forge.example"],
    );
    assert_eq!(open.code, 2);
}
