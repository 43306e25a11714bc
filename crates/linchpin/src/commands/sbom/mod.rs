//! `linchpin sbom`: documents about what software is made of. One file per command; a target
//! instead of a command makes a document of it.

mod convert;
pub(super) mod input;
mod inventory;
mod validate;

use anyhow::{Result, anyhow};

use crate::arguments::{SbomArguments, SbomCommand};
use crate::exit_codes::{ExitCode, Failure};
use crate::printer::Printer;
use crate::settings::Environment;

pub(super) fn run(
    arguments: &SbomArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    match (&arguments.command, &arguments.inventory) {
        (Some(SbomCommand::Convert(arguments)), _) => convert::run(arguments, printer),
        (Some(SbomCommand::Validate(arguments)), _) => validate::run(arguments),
        (None, Some(arguments)) => inventory::run(arguments, printer, environment),
        (None, None) => Err(anyhow!("neither a target nor a command is given")
            .context(Failure::new(ExitCode::WrongUse, "understand the arguments"))),
    }
}
