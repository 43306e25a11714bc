//! Opening a target and the advisories, and joining the two: what several commands begin with.

use anyhow::{Context, Result};
use linchpin_advisory::{Database, DatabaseError, match_advisories};
use linchpin_catalog::take_inventory;
use linchpin_model::{AdvisoryFacts, Finding, Inventory, Note};
use linchpin_source::SourceOptions;

use crate::exit_codes::{ExitCode, Failure};
use crate::printer::Printer;
use crate::progress::Activity;
use crate::settings::DatabaseChoice;

/// Reads a target.
pub(super) fn read_target(
    target: &str,
    options: SourceOptions,
    printer: &Printer,
) -> Result<Inventory> {
    if let Some(inventory) = super::document_target::read(target)? {
        return Ok(inventory);
    }
    let activity = Activity::reading(printer, &options.progress);
    let inventory = linchpin_source::open(target, options)
        .and_then(|source| take_inventory(source.as_ref()))
        .with_context(|| Failure::new(ExitCode::Target, format!("read `{target}`")))?;
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

/// Compares an inventory with advisories.
pub(super) fn compare(inventory: &Inventory, database: &Database) -> Result<Compared> {
    let matched = match_advisories(inventory, database).map_err(database_error)?;
    let mut notes = inventory.notes.clone();
    notes.extend(matched.notes);
    Ok(Compared {
        findings: matched.findings,
        notes,
        advisories: database.facts(),
    })
}
