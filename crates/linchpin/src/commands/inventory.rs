//! Opening a target and the advisories, and joining the two: what several commands begin with.

use std::cmp::Reverse;

use anyhow::{Context, Result, anyhow};
use linchpin_advisory::{Database, DatabaseError, match_advisories, support_note};
use linchpin_catalog::InventoryReader;
use linchpin_check::Checked;
use linchpin_model::{
    About, AdvisoryFacts, AdvisoryOrigin, Finding, Inventory, Note, NoteKind, Suppressed, Timestamp,
};
use linchpin_source::{Reader, Source, SourceOptions, read_together};

use super::checking::{Checking, Readers};
use super::document_target::{self, Described};
use crate::arguments::StaleChoice;
use crate::exit_codes::{ExitCode, Failure};
use crate::printer::Printer;
use crate::progress::Activity;
use crate::settings::{AgeLimit, DatabaseChoice, Network};
use crate::target::{self, Opened};

/// Reads a target.
pub(super) fn read_target(
    text: &str,
    options: SourceOptions,
    network: &Network,
    printer: &Printer,
) -> Result<Inventory> {
    describe(text, options, network, printer, None).map(|described| described.inventory)
}

/// Reads a target, and what it says itself of the exploitability of flaws, if it is a document. Its
/// files are checked in the same pass, where that is wanted.
pub(super) fn describe(
    text: &str,
    options: SourceOptions,
    network: &Network,
    printer: &Printer,
    checking: Option<&Checking>,
) -> Result<Described> {
    let activity = Activity::reading(printer, &options.progress);
    let read = match document_target::read(text, &options, checking)? {
        Some(read) => read,
        None => match target::open(text, options, network)? {
            Opened::Inventory(inventory) => Described {
                inventory,
                vex: None,
                checked: Checked::default(),
            },
            Opened::Source(source) => {
                read_source(source.as_ref(), checking).with_context(|| target::failure(text))?
            }
        },
    };
    let mut read = read;
    if let Some(checking) = checking {
        let of_history = checking.of_history(text, &read.checked)?;
        read.checked.append(of_history);
    }
    drop(activity);
    Ok(read)
}

/// Reads a target that has files, once for its inventory and for the checks.
pub(super) fn read_source(source: &dyn Source, checking: Option<&Checking>) -> Result<Described> {
    let packages = InventoryReader::default();
    let others = checking.map(Checking::readers);
    let mut readers: Vec<&dyn Reader> = vec![&packages];
    readers.extend(others.iter().flat_map(Readers::each));
    let mut visited = read_together(source, &readers)?;
    let checked = others.map(|others| others.finish(&visited));
    Ok(Described {
        inventory: packages.finish(&mut visited, source.subject().clone()),
        vex: None,
        checked: checked.unwrap_or_default(),
    })
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

/// An inventory compared with advisories, and what rules say of the target.
pub(super) struct Compared {
    /// The most urgent first.
    pub(super) findings: Vec<Finding>,
    /// What comments in the target say may stay.
    pub(super) suppressed: Vec<Suppressed>,
    /// The notes of all.
    pub(super) notes: Vec<Note>,
    pub(super) advisories: AdvisoryFacts,
}

impl Compared {
    /// Keeps only what rules say.
    pub(super) fn leave_packages_out(&mut self) {
        self.findings
            .retain(|finding| matches!(finding.about, About::Place(_)));
        self.notes.retain(|note| note.kind != NoteKind::Unmatched);
    }
}

/// Compares an inventory with advisories, and says if its distribution has none any more.
pub(super) fn compare(
    inventory: &Inventory,
    checked: Checked,
    database: &Database,
    now: Timestamp,
) -> Result<Compared> {
    let matched = match_advisories(inventory, database).map_err(database_error)?;
    let mut findings = matched.findings;
    if !checked.findings.is_empty() {
        findings.extend(checked.findings);
        findings.sort_by_key(|finding| Reverse(finding.score));
    }
    let mut notes = inventory.notes.clone();
    notes.extend(matched.notes);
    notes.extend(
        inventory
            .distribution
            .as_ref()
            .and_then(|distribution| support_note(distribution, now)),
    );
    notes.extend(checked.notes);
    Ok(Compared {
        findings,
        suppressed: checked.suppressed,
        notes,
        advisories: database.facts(),
    })
}
