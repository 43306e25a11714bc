//! Running the tools whose answers ours must equal.
//!
//! A tool is asked all questions in one process, one line each, because starting one takes longer
//! than thousands of comparisons. A tool that is missing is said and skipped, unless
//! `LINCHPIN_REQUIRE_TOOLS` is set: then it is a failure, so that nothing is skipped in CI.

#![expect(
    clippy::disallowed_methods,
    reason = "tests run reference tools, and are told by the environment where they are"
)]

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The Python that has the modules to compare with.
pub(crate) fn python() -> OsString {
    std::env::var_os("LINCHPIN_PYTHON").unwrap_or_else(|| "python3".into())
}

/// The folder of packages from npm's registry that hold tools to compare with.
pub(crate) fn node_clients() -> Option<PathBuf> {
    std::env::var_os("LINCHPIN_NODE_CLIENTS").map(PathBuf::from)
}

/// Whether a program answers this call without an error.
pub(crate) fn works(program: impl Into<OsString>, arguments: &[&str]) -> bool {
    Command::new(program.into())
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What a program prints, if it is there and succeeds.
pub(crate) fn output(program: impl Into<OsString>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program.into())
        .args(arguments)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8(output.stdout).ok())?
}

/// The exit code of a program.
pub(crate) fn exit_code(program: &str, arguments: &[&str]) -> Option<i32> {
    Command::new(program)
        .args(arguments)
        .stderr(Stdio::null())
        .status()
        .ok()?
        .code()
}

/// Gives a program these lines and takes its answers: one line for each.
pub(crate) fn answers(
    program: impl Into<OsString>,
    arguments: &[&str],
    questions: &[String],
) -> Vec<String> {
    let mut child = Command::new(program.into())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = questions.join("\n") + "\n";
    let writer = std::thread::spawn(move || {
        // A tool that fails early closes its input; its own message is shown below.
        let _ = input.write_all(text.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let answers: Vec<String> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    assert_eq!(answers.len(), questions.len(), "one answer for each line");
    answers
}

/// Says that a tool is missing.
pub(crate) fn skip(tool: &str) {
    assert!(
        std::env::var_os("LINCHPIN_REQUIRE_TOOLS").is_none(),
        "{tool} is required and missing"
    );
    println!("skipped: {tool} is not on this machine");
}
