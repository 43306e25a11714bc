//! Running the tools that our results are compared with.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests run reference tools, read the test environment and say what they skip"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// What a tool prints; `None` if it is not on this machine and need not be.
pub(crate) fn output_of(program: &str, arguments: &[&str], folder: &Path) -> Option<String> {
    match Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
    {
        Ok(output) => {
            assert!(
                output.status.success(),
                "{program} {arguments:?}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            Some(String::from_utf8(output.stdout).expect("the tool writes UTF-8"))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            skip(&format!("{program} is not there"));
            None
        }
        Err(error) => panic!("{program}: {error}"),
    }
}

/// The folder of real inputs, if it was built: it is too large to be asked of every machine.
pub(crate) fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("LINCHPIN_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: LINCHPIN_CORPUS names no folder of real inputs");
    }
    folder
}

/// Says that a comparison is not made, or fails where none may be left out.
pub(crate) fn skip(reason: &str) {
    assert!(
        std::env::var_os("LINCHPIN_REQUIRE_TOOLS").is_none(),
        "{reason}, and LINCHPIN_REQUIRE_TOOLS is set"
    );
    println!("skipped: {reason}");
}
