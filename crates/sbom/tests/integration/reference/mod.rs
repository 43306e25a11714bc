//! Comparisons with programs of others: the reference implementations of CycloneDX and SPDX in
//! Python, and the documents that Syft writes.
//!
//! A program that is missing is said and skipped, unless `LINCHPIN_REQUIRE_TOOLS` is set.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests run reference tools, and are told by the environment where they are"
)]

mod cyclonedx;
mod spdx;
mod syft;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// The Python that has the modules to compare with.
fn python() -> OsString {
    std::env::var_os("LINCHPIN_PYTHON").unwrap_or_else(|| "python3".into())
}

/// Whether Python has this module.
fn has_module(name: &str) -> bool {
    let found = Command::new(python())
        .args(["-c", &format!("import {name}")])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    available(found, name)
}

/// Whether a program is there.
fn has_program(name: &str, asking: &str) -> bool {
    let found = Command::new(name)
        .arg(asking)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    available(found, name)
}

fn available(found: bool, name: &str) -> bool {
    if !found {
        assert!(
            std::env::var_os("LINCHPIN_REQUIRE_TOOLS").is_none(),
            "{name} is required and missing"
        );
        println!("skipped: {name} is not on this machine");
    }
    found
}

/// Runs a script in one process over many questions: its answer to each line.
fn ask(script: &str, questions: &[String]) -> Vec<Value> {
    let mut child = Command::new(python())
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = questions.join("\n") + "\n";
    let writer = std::thread::spawn(move || {
        // A script that fails early closes its input; its own message is shown below.
        let _ = input.write_all(text.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let answers: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), questions.len(), "one answer for each line");
    answers
}

/// Runs a tool in a folder.
fn run(folder: &Path, program: &str, arguments: &[&str]) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("HOME", folder)
        .env("SYFT_CHECK_FOR_APP_UPDATE", "false")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Writes a document into a folder, and gives the path.
fn put(folder: &Path, name: &str, content: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path
}
