//! `linchpin completions`: for the shells.

use anyhow::Result;
use clap::CommandFactory as _;

use crate::arguments::{Arguments, CompletionsArguments};
use crate::exit_codes::ExitCode;
use crate::outputs::deliver;

pub(super) fn run(arguments: &CompletionsArguments) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::command(),
        "linchpin",
        &mut script,
    );
    deliver(None, &script)?;
    Ok(ExitCode::Clean)
}
