//! `linchpin sbom merge`: several documents as one.

use anyhow::{Result, anyhow};
use linchpin_sbom::merge::{MergeMode, MergeOptions, merge};

use super::subject::document_of;
use super::written::{choice, say, write};
use crate::arguments::MergeArguments;
use crate::exit_codes::{ExitCode, Failure};
use crate::printer::Printer;
use crate::settings::Environment;

pub(super) fn run(
    arguments: &MergeArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let wanted = choice(&arguments.written, printer)?;
    let inputs = arguments.files.iter().filter(|file| *file == "-").count();
    if inputs > 1 {
        return Err(anyhow!("the standard input can be read only once")
            .context(Failure::new(ExitCode::WrongUse, "understand the arguments")));
    }
    let mut first = None;
    let mut documents = Vec::new();
    for file in &arguments.files {
        let (format, document) = document_of(file, &arguments.reading, printer, environment)?;
        first = first.or(format);
        documents.push((file.clone(), document));
    }
    let options = MergeOptions {
        mode: if arguments.hierarchical {
            MergeMode::Hierarchical
        } else {
            MergeMode::Flat
        },
        name: &arguments.name,
        version: arguments.version.as_deref(),
    };
    let (mut merged, losses) = merge(documents, &options);
    let timestamp = arguments.written.timestamp.or(environment.source_date);
    merged.metadata.timestamp = timestamp.map(|timestamp| timestamp.to_string());
    write(&merged, wanted, first, &arguments.written, printer)?;
    say(&losses, "the merged document", printer);
    Ok(ExitCode::Clean)
}
