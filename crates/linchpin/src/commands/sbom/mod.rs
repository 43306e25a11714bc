//! `linchpin sbom`: documents about what software is made of. One file per command; a target
//! instead of a command makes a document of it.

mod convert;
mod diff;
mod enrich;
pub(super) mod input;
mod inventory;
mod merge;
mod query;
mod score;
mod subject;
mod validate;
mod written;

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
    let inventory = &arguments.inventory;
    match (&arguments.command, &inventory.target) {
        (Some(SbomCommand::Convert(arguments)), _) => convert::run(arguments, printer),
        (Some(SbomCommand::Validate(arguments)), _) => validate::run(arguments),
        (Some(SbomCommand::Diff(arguments)), _) => diff::run(arguments, printer, environment),
        (Some(SbomCommand::Merge(arguments)), _) => merge::run(arguments, printer, environment),
        (Some(SbomCommand::Score(arguments)), _) => score::run(arguments, printer, environment),
        (Some(SbomCommand::Enrich(arguments)), _) => enrich::run(arguments, printer, environment),
        (Some(SbomCommand::Query(arguments)), _) => query::run(arguments, printer, environment),
        (None, Some(target)) => inventory::run(target, inventory, printer, environment),
        (None, None) => Err(anyhow!("neither a target nor a command is given")
            .context(Failure::new(ExitCode::WrongUse, "understand the arguments"))),
    }
}
