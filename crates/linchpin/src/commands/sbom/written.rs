//! Writing a document that a command made, and saying what its format can not hold.

use anyhow::{Result, anyhow};
use linchpin_sbom::document::Losses;
use linchpin_sbom::{Document, Format, FormatChoice, SbomOptions, formats};

use crate::arguments::WrittenArguments;
use crate::commands::VERSION;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::{deliver_piecewise, refuse_on_terminal};
use crate::printer::Printer;

/// The format that is meant: the one asked for, or the one that the first document was in.
pub(super) fn choice(
    arguments: &WrittenArguments,
    printer: &Printer,
) -> Result<Option<FormatChoice>> {
    let Some(word) = &arguments.format else {
        return Ok(None);
    };
    let choice = formats::choose(word).ok_or_else(|| {
        anyhow!(
            "there is no format `{word}`\nhint: the formats are {}; a version is written as in cyclonedx-json@1.5",
            formats::writable().join(", ")
        )
        .context(Failure::new(ExitCode::WrongUse, "understand the arguments"))
    })?;
    let file = arguments.output.as_deref();
    refuse_on_terminal(choice.format.id, choice.is_binary(), file, printer)?;
    Ok(Some(choice))
}

/// Writes a document.
pub(super) fn write(
    document: &Document,
    asked: Option<FormatChoice>,
    first: Option<&'static Format>,
    arguments: &WrittenArguments,
    printer: &Printer,
) -> Result<()> {
    let choice = asked
        .or_else(|| formats::choose(first?.id))
        .or_else(|| formats::choose("cyclonedx-json"))
        .ok_or_else(|| {
            anyhow!("there is no such format")
                .context(Failure::new(ExitCode::Internal, "make the document"))
        })?;
    let options = SbomOptions {
        tool_version: VERSION,
        timestamp: arguments.timestamp,
    };
    let format = choice.fitted(printer.width());
    let losses = deliver_piecewise(arguments.output.as_deref(), "write the document", |out| {
        format.write_document(document, &options, out)
    })?;
    if let Some(losses) = losses {
        say(&losses, choice.format.id, printer);
    }
    Ok(())
}

/// Lists what was lost.
pub(super) fn say(losses: &Losses, what: &str, printer: &Printer) {
    if losses.is_empty() {
        return;
    }
    printer.message(&format!(
        "{what} can not hold everything that the document says:"
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
