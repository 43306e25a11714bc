//! Running the tools whose answers ours must equal. One that is missing is said and skipped,
//! unless `LINCHPIN_REQUIRE_TOOLS` is set: then it is a failure.

#![expect(
    clippy::disallowed_methods,
    reason = "tests run reference tools, and are told by the environment where they are"
)]

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The Python that has the modules to compare with.
pub(crate) fn python() -> OsString {
    std::env::var_os("LINCHPIN_PYTHON").unwrap_or_else(|| "python3".into())
}

/// What a program comes to, run in a folder.
pub(crate) fn run(program: impl Into<OsString>, arguments: &[&str], folder: &Path) -> Output {
    Command::new(program.into())
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// What openssl prints, which must succeed.
pub(crate) fn openssl(arguments: &[&str], folder: &Path) -> Vec<u8> {
    let output = run("openssl", arguments, folder);
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// Whether openssl is here.
pub(crate) fn has_openssl() -> bool {
    available(works("openssl", &["version"]), "openssl")
}

/// Whether Python has a module.
pub(crate) fn has_module(module: &str) -> bool {
    let there = works(python(), &["-c", &format!("import {module}")]);
    available(there, &format!("the module {module} of Python"))
}

fn works(program: impl Into<OsString>, arguments: &[&str]) -> bool {
    Command::new(program.into())
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[expect(clippy::print_stderr, reason = "a test says what it skips")]
fn available(there: bool, what: &str) -> bool {
    if !there {
        assert!(
            std::env::var_os("LINCHPIN_REQUIRE_TOOLS").is_none(),
            "{what} is not here, and nothing may be skipped"
        );
        eprintln!("skipped: {what} is not here");
    }
    there
}
