//! Opening a target and the advisories, each for itself. `findings` joins the two.

use anyhow::{Context, Result};
use linchpin_advisory::{Database, DatabaseError};
use linchpin_catalog::InventoryReader;
use linchpin_check::Checked;
use linchpin_model::Inventory;
use linchpin_source::{Reader, Source, SourceOptions, read_together};

use super::checking::{Checking, Readers};
use super::document_target::{self, Described};
use crate::exit_codes::{ExitCode, Failure};
use crate::printer::Printer;
use crate::progress::Activity;
use crate::settings::{DatabaseChoice, Network};
use crate::target::{self, Opened};

/// What is read of a target beside its packages.
#[derive(Clone, Copy)]
pub(super) struct Beside<'a> {
    /// What rules say of its files, where that is wanted.
    pub(super) checking: Option<&'a Checking<'a>>,
    /// What packages ask of each other.
    pub(super) requirements: Requirements,
}

/// Whether it is read what packages ask of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Requirements {
    /// For advice.
    Read,
    /// Nobody needs it.
    PassedOver,
}

impl Beside<'_> {
    /// Nothing.
    pub(super) const NOTHING: Self = Self {
        checking: None,
        requirements: Requirements::PassedOver,
    };
}

/// Reads a target.
pub(super) fn read_target(
    text: &str,
    options: SourceOptions,
    network: &Network,
    printer: &Printer,
) -> Result<Inventory> {
    describe(text, options, network, printer, Beside::NOTHING).map(|described| described.inventory)
}

/// Reads a target, and what it says itself of the exploitability of flaws, if it is a document. Its
/// files are checked in the same pass, where that is wanted.
pub(super) fn describe(
    text: &str,
    options: SourceOptions,
    network: &Network,
    printer: &Printer,
    beside: Beside<'_>,
) -> Result<Described> {
    let activity = Activity::reading(printer, &options.progress);
    let read = match document_target::read(text, &options, beside)? {
        Some(read) => read,
        None => match target::open(text, options, network)? {
            Opened::Inventory(inventory) => Described {
                inventory: *inventory,
                vex: None,
                checked: Checked::default(),
                requirements: Vec::new(),
            },
            Opened::Source(source) => {
                read_source(source.as_ref(), beside).with_context(|| target::failure(text))?
            }
        },
    };
    let mut read = read;
    if let Some(checking) = beside.checking {
        let of_history = checking.of_history(text, &read.checked)?;
        read.checked.append(of_history);
        checking.add_look_alikes(&mut read);
    }
    drop(activity);
    Ok(read)
}

/// Reads a target that has files, once for its inventory and for the checks.
pub(super) fn read_source(source: &dyn Source, beside: Beside<'_>) -> Result<Described> {
    let packages = InventoryReader::default();
    let others = (beside.checking).map(|checking| checking.readers(source.subject().kind));
    let mut readers: Vec<&dyn Reader> = vec![&packages];
    readers.extend(others.iter().flat_map(Readers::each));
    let mut visited = read_together(source, &readers)?;
    let checked = others.map(|others| others.finish(&visited));
    let subject = source.subject().clone();
    let (inventory, requirements) = match beside.requirements {
        Requirements::Read => packages.finish_with_requirements(&mut visited, subject),
        Requirements::PassedOver => (packages.finish(&mut visited, subject), Vec::new()),
    };
    Ok(Described {
        inventory,
        vex: None,
        checked: checked.unwrap_or_default(),
        requirements,
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

pub(super) fn database_error(error: DatabaseError) -> anyhow::Error {
    let text = format!("use the advisory database\nhint: {}", error.hint());
    anyhow::Error::new(error).context(Failure::new(ExitCode::Database, text))
}
