//! `linchpin db`: fetching, importing, carrying and looking at the advisory database.

mod diff;
mod export;
mod import;
mod lists;
mod search;
mod status;
mod update;
mod written;

use anyhow::{Context, Result, anyhow};
use linchpin_advisory::WriteLock;

use crate::arguments::DatabaseCommand;
use crate::exit_codes::{ExitCode, Failure};
use crate::printer::Printer;
use crate::settings::{DatabaseChoice, Environment};

pub(super) fn run(
    command: &DatabaseCommand,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    match command {
        DatabaseCommand::Update(arguments) => update::run(arguments, printer, environment),
        DatabaseCommand::Import(arguments) => import::run(arguments, printer, environment),
        DatabaseCommand::Export(arguments) => export::run(arguments, printer, environment),
        DatabaseCommand::Diff(arguments) => diff::run(arguments),
        DatabaseCommand::Search(arguments) => search::run(arguments, environment),
        DatabaseCommand::Status(arguments) => status::run(arguments, environment),
    }
}

/// Takes the right to change the database that is meant, and waits for it if another process has
/// it.
fn lock(choice: &DatabaseChoice, printer: &Printer) -> Result<WriteLock> {
    let failure = || Failure::new(ExitCode::Database, "write the advisory database");
    let folder = choice.folder().ok_or_else(|| {
        anyhow!("the user has no folder for data\nhint: name a folder with `--db`")
            .context(failure())
    })?;
    if folder.is_file() {
        return Err(anyhow!(
            "`{}` is a file, and a database is a folder\nhint: remove it, or name another place with `--db`",
            folder.display()
        )
        .context(failure()));
    }
    if let Some(lock) = WriteLock::try_take(folder).with_context(failure)? {
        return Ok(lock);
    }
    printer.message("another linchpin is changing the advisory database: waiting until it is done");
    WriteLock::take(folder).with_context(failure)
}
