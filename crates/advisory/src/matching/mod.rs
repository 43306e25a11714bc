//! Which advisories hold for the packages of an inventory.

use linchpin_model::{Finding, Inventory, Note};

use crate::{Database, DatabaseError};

/// What matching found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matched {
    /// What is wrong, the most urgent first.
    pub findings: Vec<Finding>,
    /// What could not be compared.
    pub notes: Vec<Note>,
}

/// Compares every package with the advisories that name it.
pub fn match_advisories(inventory: &Inventory, database: &Database) -> Result<Matched, DatabaseError> {
    let _ = (inventory, database);
    Ok(Matched::default())
}
