//! Opening a target and the advisories, and joining the two: what several commands begin with.

use anyhow::Result;
use linchpin_advisory::{Database, DatabaseError, match_advisories, support_note};
use linchpin_model::{AdvisoryFacts, Finding, Inventory, Note, Timestamp};
use linchpin_source::SourceOptions;

use super::document_target;
use crate::exit_codes::{ExitCode, Failure};
use crate::printer::Printer;
use crate::progress::Activity;
use crate::settings::{DatabaseChoice, Network};
use crate::target;

/// Reads a target.
pub(super) fn read_target(
    text: &str,
    options: SourceOptions,
    network: &Network,
    printer: &Printer,
) -> Result<Inventory> {
    let activity = Activity::reading(printer, &options.progress);
    let inventory = match document_target::read(text, &options)? {
        Some(inventory) => inventory,
        None => target::read(text, options, network)?,
    };
    drop(activity);
    Ok(inventory)
}

/// Opens the advisories that are meant.
pub(super) fn open_database(choice: &DatabaseChoice) -> Result<Database> {
    let database = match choice {
        DatabaseChoice::Named(path) => Database::open(path),
        DatabaseChoice::Default(Some(path)) if path.exists() => Database::open(path),
        DatabaseChoice::Default(_) => Database::starter(),
    };
    database.map_err(database_error)
}

fn database_error(error: DatabaseError) -> anyhow::Error {
    let text = format!("use the advisory database\nhint: {}", error.hint());
    anyhow::Error::new(error).context(Failure::new(ExitCode::Database, text))
}

/// An inventory compared with advisories.
pub(super) struct Compared {
    pub(super) findings: Vec<Finding>,
    /// The notes of both.
    pub(super) notes: Vec<Note>,
    pub(super) advisories: AdvisoryFacts,
}

/// Compares an inventory with advisories, and says if its distribution has none any more.
pub(super) fn compare(
    inventory: &Inventory,
    database: &Database,
    now: Timestamp,
) -> Result<Compared> {
    let matched = match_advisories(inventory, database).map_err(database_error)?;
    let mut notes = inventory.notes.clone();
    notes.extend(matched.notes);
    notes.extend(
        inventory
            .distribution
            .as_ref()
            .and_then(|distribution| support_note(distribution, now)),
    );
    Ok(Compared {
        findings: matched.findings,
        notes,
        advisories: database.facts(),
    })
}
