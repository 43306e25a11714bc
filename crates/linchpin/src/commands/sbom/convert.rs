//! `linchpin sbom convert`: a document in another format, and what that cannot hold.

use anyhow::{Result, anyhow};
use linchpin_sbom::{SbomOptions, formats};

use super::input::document;
use super::written::say;
use crate::arguments::ConvertArguments;
use crate::commands::VERSION;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::{deliver_piecewise, refuse_on_terminal};
use crate::printer::Printer;

pub(super) fn run(arguments: &ConvertArguments, printer: &Printer) -> Result<ExitCode> {
    let choice = formats::choose(&arguments.format).ok_or_else(|| {
        anyhow!(
            "there is no format `{}`\nhint: the formats are {}; a version is written as in cyclonedx-json@1.5",
            arguments.format,
            formats::writable().join(", ")
        )
        .context(Failure::new(ExitCode::WrongUse, "understand the arguments"))
    })?;
    let file = arguments.output.as_deref();
    refuse_on_terminal(choice.format.id, choice.is_binary(), file, printer)?;
    let choice = choice.fitted(printer.width());
    let (_, mut document) = document(&arguments.file)?;
    if let Some(timestamp) = arguments.timestamp {
        document.metadata.timestamp = Some(timestamp.to_string());
    }
    match arguments.serial_number.as_deref() {
        Some("content") => document.metadata.serial = None,
        Some(serial) => document.metadata.serial = Some(serial.to_owned()),
        None => {}
    }
    let options = SbomOptions {
        tool_version: VERSION,
        timestamp: arguments.timestamp,
    };
    let losses = deliver_piecewise(arguments.output.as_deref(), "write the document", |out| {
        choice.write_document(&document, &options, out)
    })?;
    if let Some(losses) = losses {
        say(&losses, choice.format.id, printer);
    }
    Ok(ExitCode::Clean)
}
