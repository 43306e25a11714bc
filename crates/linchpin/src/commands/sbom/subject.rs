//! What a command on documents is about: a document of any format, or a target that one is made
//! of.

use std::path::Path;

use anyhow::{Context, Result};
use linchpin_sbom::{Contents, Document, Format, SbomOptions, formats};

use super::input;
use crate::arguments::ReadingArguments;
use crate::commands::VERSION;
use crate::commands::inventory::read_target;
use crate::exit_codes::{ExitCode, Failure};
use crate::printer::Printer;
use crate::settings::{Environment, network, source_options};

/// A document, and the format that it was in if it was not made just now.
pub(super) fn document_of(
    subject: &str,
    reading: &ReadingArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<(Option<&'static Format>, Document)> {
    let path = Path::new(subject);
    if subject == "-" || looks_like_document(path) {
        let (format, document) = input::document(path)?;
        return Ok((Some(format), document));
    }
    let options = source_options(reading)?;
    let network = network(reading, environment)?;
    let inventory = read_target(subject, options, &network, printer)?;
    printer.notes(&inventory.notes);
    let contents = Contents {
        inventory: &inventory,
        findings: None,
        suppressed: &[],
    };
    let options = SbomOptions {
        tool_version: VERSION,
        timestamp: environment.source_date,
    };
    Ok((None, Document::from_inventory(&contents, &options)))
}

/// Whether a file begins like a document of a format that is read. A pipe can be read only once;
/// what comes out of it is taken for a document.
fn looks_like_document(path: &Path) -> bool {
    use std::io::Read as _;
    let Ok(metadata) = std::fs::metadata(path) else {
        return false;
    };
    if metadata.is_dir() {
        return false;
    }
    if !metadata.is_file() {
        return true;
    }
    let mut head = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(formats::HEAD as u64).read_to_end(&mut head))
        .is_ok()
        && formats::detect(&head).is_some()
}

/// The failure of an answer that can not be made.
pub(super) fn failure(doing: &str) -> Failure {
    Failure::new(ExitCode::Internal, doing)
}

/// An answer as JSON for programs.
pub(super) fn json(answer: &impl serde::Serialize) -> Result<Vec<u8>> {
    let mut content =
        serde_json::to_vec_pretty(answer).with_context(|| failure("make the answer"))?;
    content.push(b'\n');
    Ok(content)
}
