//! `linchpin completions`: for the shells.

use anyhow::Result;
use clap::CommandFactory as _;

use crate::arguments::{Arguments, CompletionsArguments};
use crate::exit_codes::ExitCode;
use crate::outputs::deliver;
use crate::printer::Printer;

pub(super) fn run(arguments: &CompletionsArguments, printer: &Printer) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::command(),
        "linchpin",
        &mut script,
    );
    deliver(printer, None, &script)?;
    Ok(ExitCode::Clean)
}
