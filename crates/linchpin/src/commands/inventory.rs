//! Opening a target and the advisories, and joining the two: what several commands begin with.

use anyhow::{Result, anyhow};
use linchpin_advisory::{Database, DatabaseError, match_advisories, support_note};
use linchpin_model::{
    AdvisoryFacts, AdvisoryOrigin, Finding, Inventory, Note, Timestamp, VexDocument,
};
use linchpin_source::SourceOptions;

use super::document_target;
use crate::arguments::StaleChoice;
use crate::exit_codes::{ExitCode, Failure};
use crate::printer::Printer;
use crate::progress::Activity;
use crate::settings::{AgeLimit, DatabaseChoice, Network};
use crate::target;

/// Reads a target.
pub(super) fn read_target(
    text: &str,
    options: SourceOptions,
    network: &Network,
    printer: &Printer,
) -> Result<Inventory> {
    read_target_with_vex(text, options, network, printer).map(|(inventory, _)| inventory)
}

/// Reads a target, and what it says itself of the exploitability of flaws, if it is a document.
pub(super) fn read_target_with_vex(
    text: &str,
    options: SourceOptions,
    network: &Network,
    printer: &Printer,
) -> Result<(Inventory, Option<VexDocument>)> {
    let activity = Activity::reading(printer, &options.progress);
    let read = match document_target::read(text, &options)? {
        Some(read) => read,
        None => (target::read(text, options, network)?, None),
    };
    drop(activity);
    Ok(read)
}

/// Opens the advisories that are meant.
pub(super) fn open_database(choice: &DatabaseChoice) -> Result<Database> {
    let database = match choice {
        DatabaseChoice::Named(path) => Database::open(path),
        DatabaseChoice::Default(Some(path)) if path.exists() => Database::open(path),
        // Where earlier versions had a file. That it is of no use any more must be said: the
        // starter set instead of it would look like the same with fewer findings.
        DatabaseChoice::Default(Some(path)) if path.with_extension("db").exists() => {
            Database::open(&path.with_extension("db"))
        }
        DatabaseChoice::Default(_) => Database::starter(),
    };
    database.map_err(database_error)
}

/// The same for a comparison, which old advisories would make look better than it is.
pub(super) fn open_current_database(
    choice: &DatabaseChoice,
    limit: AgeLimit,
    printer: &Printer,
) -> Result<Database> {
    let database = open_database(choice)?;
    let facts = database.facts();
    // That the starter set is all there is, every report says.
    let starter = facts.origin == AdvisoryOrigin::StarterSet;
    let Some(days) = facts
        .age_in_days(limit.now)
        .filter(|days| *days > limit.days)
    else {
        return Ok(database);
    };
    let text = format!(
        "the advisories are {days} days old, and what was published since is unknown; {} days are the limit of `--max-age`",
        limit.days
    );
    match limit.stale {
        StaleChoice::Ignore => {}
        StaleChoice::Warn if starter => {}
        StaleChoice::Warn => printer.message(&format!("warning: {text}")),
        StaleChoice::Error => {
            return Err(anyhow!(
                "{text}\nhint: `linchpin db update` fetches what is new; `--stale warn` goes on all the same"
            )
            .context(Failure::new(
                ExitCode::Database,
                "use the advisory database",
            )));
        }
    }
    Ok(database)
}

pub(super) fn database_error(error: DatabaseError) -> anyhow::Error {
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
