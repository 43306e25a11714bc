//! `linchpin services`: which services and endpoints outside a project depends on.

mod document;
mod json;
mod table;

use anyhow::{Context, Result};
use linchpin_catalog::InventoryReader;
use linchpin_check::services::{Evidence, Services, ServicesInUse, Use};
use linchpin_model::Inventory;
use linchpin_sbom::formats;
use linchpin_source::{Reader, read_together};

use crate::arguments::ServicesArguments;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::{deliver, outputs};
use crate::printer::Printer;
use crate::progress::Activity;
use crate::settings::{Environment, network, source_options};
use crate::target::{self, Opened};

/// A form of the answer.
#[derive(Debug, Clone, Copy)]
enum Form {
    Table,
    Json,
    Document(formats::FormatChoice),
}

const WORDS: &[&str] = &["cyclonedx-json", "cyclonedx-xml", "json", "table"];

impl Form {
    fn find(word: &str) -> Option<Self> {
        match word {
            "table" => Some(Self::Table),
            "json" => Some(Self::Json),
            _ if word.starts_with("cyclonedx-") => formats::choose(word).map(Self::Document),
            _ => None,
        }
    }
}

/// What was found.
struct Found {
    inventory: Inventory,
    used: ServicesInUse,
}

pub(super) fn run(
    arguments: &ServicesArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let outputs = outputs(
        &arguments.format,
        arguments.output.as_deref(),
        "table",
        Form::find,
        WORDS,
    )?;
    let found = find(arguments, printer, environment)?;
    printer.notes(&found.inventory.notes);
    printer.notes(&found.used.notes);
    for output in &outputs {
        let content = match output.format {
            Form::Table => table::write(&found, &printer.write_options(output.file.is_some())),
            Form::Json => json::write(&found)?,
            Form::Document(choice) => {
                let timestamp = arguments.timestamp.or(environment.source_date);
                document::write(&found, choice, timestamp)
                    .context(Failure::new(ExitCode::Internal, "make the document"))?
            }
        };
        deliver(output.file.as_deref(), &content)?;
    }
    Ok(ExitCode::Clean)
}

/// Reads the target once, for its packages and for its files.
fn find(
    arguments: &ServicesArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<Found> {
    let options = source_options(&arguments.reading)?;
    let network = network(&arguments.reading, environment)?;
    let text = arguments.target.as_str();
    let activity = Activity::reading(printer, &options.progress);
    let found = match target::open(text, options, &network)? {
        Opened::Inventory(inventory) => Found {
            inventory: *inventory,
            used: ServicesInUse::default(),
        },
        Opened::Source(source) => {
            let (packages, services) = (InventoryReader::default(), Services::default());
            let readers: [&dyn Reader; 2] = [&packages, &services];
            let mut visited =
                read_together(source.as_ref(), &readers).with_context(|| target::failure(text))?;
            let inventory = packages.finish(&mut visited, source.subject().clone());
            let used = services.finish(&inventory, &visited, arguments.include_dev);
            Found { inventory, used }
        }
    };
    drop(activity);
    Ok(found)
}

/// The signs of a use that are the same thing, with all their places: `STRIPE_KEY` in three files.
fn grouped(used: &Use) -> Vec<Vec<&Evidence>> {
    let evidence: Vec<&Evidence> = used.evidence.iter().collect();
    evidence
        .chunk_by(|left, right| (left.kind, &left.what) == (right.kind, &right.what))
        .map(<[&Evidence]>::to_vec)
        .collect()
}

/// `src/pay.ts:12`.
fn place(evidence: &Evidence) -> String {
    let path = match evidence.path.as_str() {
        "" => ".",
        path => path,
    };
    match evidence.line {
        Some(line) => format!("{path}:{line}"),
        None => path.to_owned(),
    }
}
