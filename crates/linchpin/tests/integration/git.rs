//! Git repositories as targets: a revision is read as it is stored, whatever lies in the work tree
//! and whatever the repository's settings would run.

#![expect(
    clippy::disallowed_methods,
    reason = "tests make repositories with git, and serve them"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::program::{Outcome, available, run};

pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=x", "-c", "user.email=x@packages.example"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

pub(crate) fn lock(version: &str) -> String {
    format!(
        r#"{{"name":"app","version":"1.0.0","lockfileVersion":3,"packages":{{"":{{"name":"app","version":"1.0.0"}},"node_modules/part":{{"version":"{version}"}}}}}}"#
    )
}

/// A repository with two revisions, and a work tree that differs from both.
fn repository() -> Option<tempfile::TempDir> {
    let there = Command::new("git").arg("--version").output().is_ok();
    if !available(there, "git") {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    git(work, &["init", "-q", "-b", "main"]);
    let write = |name: &str, content: &str| std::fs::write(work.join(name), content).unwrap();
    // Neither what an archive leaves out nor what a filter would make of it counts.
    write(
        ".gitattributes",
        "package-lock.json export-ignore filter=evil\n",
    );
    write("package-lock.json", &lock("1.0.0"));
    std::os::unix::fs::symlink("nowhere", work.join("link")).unwrap();
    git(work, &["add", "."]);
    git(work, &["commit", "-q", "-m", "one"]);
    git(work, &["tag", "v1"]);
    write("package-lock.json", &lock("2.0.0"));
    git(work, &["commit", "-q", "-a", "-m", "two"]);
    git(work, &["branch", "feature/x"]);
    write("package-lock.json", &lock("3.0.0"));
    let marker = work.join("ran").display().to_string();
    for setting in [
        "filter.evil.smudge",
        "filter.evil.clean",
        "core.fsmonitor",
        "core.sshCommand",
        "tar.tar.command",
        "core.pager",
    ] {
        git(work, &["config", setting, &format!("touch {marker}; cat")]);
    }
    Some(folder)
}

fn version_in(outcome: &Outcome) -> (String, Value) {
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let json = outcome.json();
    let part = json["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|package| package["name"] == "part")
        .unwrap_or_else(|| panic!("{json}"));
    (
        part["version"].as_str().unwrap().to_owned(),
        json["target"].clone(),
    )
}

fn sbom(target: &str) -> Outcome {
    run(&["sbom", "-q", target, "-f", "json"])
}

#[test]
fn a_revision_is_read_without_the_work_tree() {
    let Some(folder) = repository() else { return };
    let path = folder.path().display().to_string();
    let first = git(folder.path(), &["rev-parse", "v1"]);
    for (target, version) in [
        (format!("{path}@v1"), "1.0.0"),
        (format!("{path}@{first}"), "1.0.0"),
        (format!("{path}@HEAD~1"), "1.0.0"),
        (format!("git:{path}@feature/x"), "2.0.0"),
        (format!("git:{path}"), "2.0.0"),
        (format!("file://{path}@v1"), "1.0.0"),
        // Without a revision the folder is what is there.
        (path.clone(), "3.0.0"),
    ] {
        let (found, subject) = version_in(&sbom(&target));
        assert_eq!(found, version, "{target}");
        let is_repository = target != path;
        assert_eq!(subject["kind"] == "repository", is_repository, "{subject}");
        if version == "1.0.0" {
            assert_eq!(subject["digest"], format!("sha1:{first}"));
        }
    }
    assert!(
        !folder.path().join("ran").exists(),
        "the repository ran something"
    );
    let outcome = sbom(&format!("{path}@v9"));
    assert_eq!(outcome.code, 3);
    assert!(
        outcome.stderr.contains("has no revision `v9`"),
        "{}",
        outcome.stderr
    );
    let scan = run(&["scan", &format!("{path}@v1")]);
    assert!(scan.stdout.contains("repository sha1:"), "{}", scan.stdout);
}

/// Serves the repositories of a folder with git's own program for that.
pub(crate) fn serve(folder: &Path) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    let folder = folder.to_path_buf();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut request = String::new();
            reader.read_line(&mut request).unwrap();
            let mut command = Command::new("git");
            let (mut length, mut line) = (0, String::new());
            while reader.read_line(&mut line).unwrap() > 2 {
                let (name, value) = line.trim_end().split_once(": ").unwrap();
                match name.to_ascii_lowercase().as_str() {
                    "content-length" => length = value.parse().unwrap(),
                    "content-type" => {
                        command.env("CONTENT_TYPE", value);
                    }
                    "git-protocol" => {
                        command.env("GIT_PROTOCOL", value);
                    }
                    _ => {}
                }
                line.clear();
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let mut words = request.split(' ');
            let (method, target) = (words.next().unwrap(), words.next().unwrap());
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            let mut child = command
                .arg("http-backend")
                .env("GIT_PROJECT_ROOT", &folder)
                .env("GIT_HTTP_EXPORT_ALL", "1")
                .env("GIT_CONFIG_COUNT", "1")
                .env("GIT_CONFIG_KEY_0", "safe.directory")
                .env("GIT_CONFIG_VALUE_0", "*")
                .env("REQUEST_METHOD", method)
                .env("PATH_INFO", path)
                .env("QUERY_STRING", query)
                .env("CONTENT_LENGTH", length.to_string())
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            child.stdin.take().unwrap().write_all(&body).unwrap();
            let answer = child.wait_with_output().unwrap().stdout;
            let status = answer.strip_prefix(b"Status: ").map_or_else(
                || "200".to_owned(),
                |rest| String::from_utf8_lossy(&rest[..3]).into_owned(),
            );
            let _ = write!(stream, "HTTP/1.1 {status} x\r\nConnection: close\r\n");
            let _ = stream.write_all(&answer);
        }
    });
    authority
}

#[test]
fn a_repository_elsewhere_is_fetched() {
    let Some(folder) = repository() else { return };
    let authority = serve(folder.path().parent().unwrap());
    let name = folder.path().file_name().unwrap().to_str().unwrap();
    let url = format!("http://{authority}/{name}/.git");
    for (revision, version) in [("", "2.0.0"), ("@v1", "1.0.0"), ("@feature/x", "2.0.0")] {
        let target = format!("{url}{revision}");
        let (found, subject) = version_in(&sbom(&target));
        assert_eq!(found, version, "{target}");
        assert_eq!(subject["name"], target.as_str());
    }
    for (target, expected) in [
        (format!("{url}@nothing"), "`git fetch` fails"),
        (format!("http://{authority}/none.git"), "`git fetch` fails"),
        ("git:ext::sh -c touch% ran".to_owned(), "is no address"),
        (
            "https://user:secret@git.example/x.git".to_owned(),
            "must not hold",
        ),
        ("http://git.example/x.git".to_owned(), "is not encrypted"),
        (format!("{url}@--upload-pack=x"), "is no revision"),
    ] {
        let outcome = sbom(&target);
        assert_eq!(outcome.code, 3, "{target}");
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
    }
    let outcome = run(&["scan", "--offline", &url]);
    assert_eq!(outcome.code, 3);
    assert!(
        outcome.stderr.contains("`--offline` is set"),
        "{}",
        outcome.stderr
    );
}
