//! `linchpin sbom TARGET`: what it is made of.

use anyhow::{Context, Result};
use linchpin_sbom::{Contents, SbomOptions, formats};

use crate::arguments::InventoryArguments;
use crate::commands::VERSION;
use crate::commands::attesting::Attesting;
use crate::commands::inventory::read_target;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::{deliver_piecewise, outputs, refuse_on_terminal};
use crate::printer::Printer;
use crate::settings::{Environment, network, source_options};

pub(super) fn run(
    target: &str,
    arguments: &InventoryArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    // A person at a terminal reads, a program or a file wants a document.
    let default = if printer.to_terminal() && arguments.output.is_none() {
        "table"
    } else {
        "cyclonedx-json"
    };
    let outputs = outputs(
        &arguments.format,
        arguments.output.as_deref(),
        default,
        formats::choose,
        &formats::writable(),
    )?;
    for output in &outputs {
        let choice = &output.format;
        let file = output.file.as_deref();
        refuse_on_terminal(choice.format.id, choice.is_binary(), file, printer)?;
    }
    let attesting = Attesting::new(
        &arguments.attesting,
        &arguments.reading,
        target,
        environment,
    )?;
    let options = source_options(&arguments.reading)?;
    let network = network(&arguments.reading, environment)?;
    let inventory = read_target(target, options, &network, printer)?;
    printer.notes(&inventory.notes);

    let contents = Contents {
        inventory: &inventory,
        findings: None,
        suppressed: &[],
    };
    let options = SbomOptions {
        tool_version: VERSION,
        timestamp: arguments.timestamp.or(environment.source_date),
    };
    for output in &outputs {
        let format = output.format.fitted(printer.width());
        deliver_piecewise(output.file.as_deref(), "write the document", |out| {
            format.write(&contents, &options, out)
        })?;
    }
    if let Some(attesting) = &attesting {
        let failure = || Failure::new(ExitCode::Internal, "make the statement");
        let format = formats::choose("cyclonedx-json").with_context(failure)?;
        let mut predicate = Vec::new();
        format
            .write(&contents, &options, &mut predicate)
            .with_context(failure)?;
        let said = ("cyclonedx", predicate.as_slice());
        attesting.attest(target, &inventory.subject, said, printer, environment)?;
    }
    Ok(ExitCode::Clean)
}
