//! Runs the command of a build with our standard input and outputs, and what is not its business taken
//! out of the environment.

use std::path::Path;
use std::process::{Command, ExitStatus};

use anyhow::{Context, Result};

use crate::exit_codes::{ExitCode, Failure};

/// Why a build has nothing to be recorded.
#[derive(Debug, thiserror::Error)]
enum NotBuilt {
    #[error("it ended with {0}, and nothing is recorded")]
    Failed(String),
}

/// What only this program needs to know: with either, the build could sign in its name.
const NOT_PASSED_ON: [&str; 2] = ["LINCHPIN_PASSPHRASE", "SIGSTORE_ID_TOKEN"];

/// Runs a command to its end, which must be a good one.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the place that runs the user's build"
)]
pub(super) fn run(line: &[String], folder: &Path) -> Result<()> {
    let failure = || {
        let program = line.first().map_or("", String::as_str);
        Failure::new(ExitCode::Build, format!("run `{program}`"))
    };
    let (program, arguments) = line
        .split_first()
        .with_context(|| Failure::new(ExitCode::WrongUse, "understand the arguments"))?;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder);
    for name in NOT_PASSED_ON {
        command.env_remove(name);
    }
    let status = command.status().with_context(failure)?;
    if status.success() {
        return Ok(());
    }
    Err(anyhow::Error::new(NotBuilt::Failed(ended(status))).context(failure()))
}

fn ended(status: ExitStatus) -> String {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt as _;
        if let Some(signal) = status.signal() {
            return format!("signal {signal}");
        }
    }
    match status.code() {
        Some(code) => format!("exit code {code}"),
        None => "no exit code".to_owned(),
    }
}
