//! Runs the program as a user does, apart from the user's own data folder.

use std::path::{Path, PathBuf};

use assert_cmd::Command;

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// The JSON that was written.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// The program with a clean environment.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linchpin"));
    for variable in [
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "BUILDKITE_AGENT_ACCESS_TOKEN",
        "BUILDKITE_AGENT_ENDPOINT",
        "BUILDKITE_JOB_ID",
        "CIRCLE_OIDC_TOKEN_V2",
        "GITHUB_TOKEN",
        "LINCHPIN_DB",
        "LINCHPIN_OFFLINE",
        "LINCHPIN_PASSPHRASE",
        "LINCHPIN_MAX_AGE",
        "LINCHPIN_STALE",
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "SIGSTORE_ID_TOKEN",
        "SOURCE_DATE_EPOCH",
    ] {
        command.env_remove(variable);
    }
    command.env("XDG_DATA_HOME", "/nonexistent").args(arguments);
    command
}

/// Runs the program.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    outcome(&mut program(arguments))
}

pub(crate) fn outcome(command: &mut Command) -> Outcome {
    let output = command.output().unwrap();
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// The example shop.
pub(crate) fn storefront() -> String {
    repository()
        .join("examples/storefront")
        .display()
        .to_string()
}

/// The folder of data for tests beside the repository. Nothing where there is none, which is an
/// error where tests may not be skipped.
pub(crate) fn shared() -> Option<PathBuf> {
    let folder =
        variable("LINCHPIN_SHARED").map_or_else(|| repository().join("../shared"), PathBuf::from);
    available(folder.is_dir(), "the shared test data").then_some(folder)
}

/// Whether something that a test needs is there; says so if not, and fails where that may not be.
#[expect(clippy::print_stderr, reason = "a test says what it skips")]
pub(crate) fn available(there: bool, what: &str) -> bool {
    if !there {
        assert!(
            variable("LINCHPIN_REQUIRE_TOOLS").is_none(),
            "{what} is not here, and nothing may be skipped"
        );
        eprintln!("skipped: {what} is not here");
    }
    there
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by the environment what is there"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
