//! `linchpin sbom enrich`: what a document leaves out, filled in from what is at hand.

use anyhow::Result;
use linchpin_sbom::enrich::{Enrichment, enrich};

use super::subject::document_of;
use super::written::{choice, write};
use crate::arguments::{EnrichArguments, ReadingArguments};
use crate::exit_codes::ExitCode;
use crate::printer::Printer;
use crate::settings::Environment;

pub(super) fn run(
    arguments: &EnrichArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let wanted = choice(&arguments.written, printer)?;
    // Evidence lies on this machine: nothing is asked elsewhere.
    let from_here = ReadingArguments {
        offline: true,
        ..arguments.reading.clone()
    };
    let (format, mut document) = document_of(&arguments.file, &from_here, printer, environment)?;
    let mut total = Enrichment::default();
    for from in &arguments.from {
        let (_, evidence) = document_of(from, &from_here, printer, environment)?;
        total += enrich(&mut document, &evidence);
    }
    if let Some(timestamp) = arguments.written.timestamp.or(environment.source_date) {
        document.metadata.timestamp = Some(timestamp.to_string());
    }
    // Another content is another document.
    document.metadata.serial = None;
    write(&document, wanted, format, &arguments.written, printer)?;
    printer.message(&format!(
        "note: of {} components with a package URL {} were found; filled in: {} licences, {} suppliers, {} digests, {} downloads",
        total.components,
        total.matched,
        total.licenses,
        total.suppliers,
        total.hashes,
        total.downloads
    ));
    Ok(ExitCode::Clean)
}
