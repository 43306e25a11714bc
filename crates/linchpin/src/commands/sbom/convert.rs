//! `linchpin sbom convert`: a document in another format, and what that cannot hold.

use anyhow::{Context, Result, anyhow};
use linchpin_sbom::document::Losses;
use linchpin_sbom::{SbomOptions, formats};

use super::input::document;
use crate::arguments::ConvertArguments;
use crate::commands::VERSION;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;
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
    let mut content = Vec::new();
    let losses = choice
        .write_document(&document, &options, &mut content)
        .context(Failure::new(ExitCode::Internal, "make the document"))?;
    deliver(arguments.output.as_deref(), &content)?;
    say(&losses, choice.format.id, printer);
    Ok(ExitCode::Clean)
}

/// Lists what was lost.
fn say(losses: &Losses, format: &str, printer: &Printer) {
    if losses.is_empty() {
        return;
    }
    printer.message(&format!(
        "{format} can not hold everything that the document says:"
    ));
    for (sort, loss) in losses.iter() {
        let more = if loss.count > loss.examples.len() as u64 {
            ", …"
        } else {
            ""
        };
        printer.message(&format!(
            "  {} × {sort}: {}{more}",
            loss.count,
            loss.examples.join(", ")
        ));
    }
}
