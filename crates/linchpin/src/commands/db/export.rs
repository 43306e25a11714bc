//! `linchpin db export`: writes the database as one file, to be carried to where there is no
//! network.

use anyhow::{Context, Result, anyhow};
use linchpin_advisory::{PrivateKey, export};

use crate::arguments::ExportArguments;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::{deliver, deliver_file};
use crate::printer::Printer;
use crate::progress::Activity;
use crate::settings::{DatabaseChoice, Environment};

pub(super) fn run(
    arguments: &ExportArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let failure = || Failure::new(ExitCode::Database, "export the advisory database");
    let choice = DatabaseChoice::new(&arguments.database, environment);
    let folder = choice.folder().filter(|folder| folder.exists()).ok_or_else(|| {
        anyhow!(
            "there is no database to export\nhint: make one with `linchpin db update`, or with `linchpin db import PATH`"
        )
        .context(failure())
    })?;
    let key = arguments
        .key
        .as_deref()
        .map(|path| {
            let failure = || Failure::new(ExitCode::Database, format!("read `{}`", path.display()));
            let pem = std::fs::read_to_string(path).with_context(failure)?;
            PrivateKey::from_pem(&pem).with_context(failure)
        })
        .transpose()?;
    let activity = Activity::doing(printer, "exporting the database");
    let manifest = deliver_file(&arguments.file, |out| {
        export(folder, key.as_ref(), out).with_context(failure)
    })?;
    drop(activity);
    let text = format!(
        "wrote {} ({} KiB)\n  {} ecosystems, {} records, {}\n",
        arguments.file.display(),
        manifest.size() / 1024,
        manifest.ecosystems.len(),
        manifest.records(),
        if key.is_some() {
            "signed"
        } else {
            "not signed"
        }
    );
    deliver(None, linchpin_report::printable_lines(&text).as_bytes())?;
    Ok(ExitCode::Clean)
}
