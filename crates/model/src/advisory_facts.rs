//! What a result must say of the advisories that it was compared with.

use crate::{Ecosystem, Timestamp};

/// Where the advisories of a scan came from, and how old they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisoryFacts {
    /// The small set inside the program, or a database file.
    pub origin: AdvisoryOrigin,
    /// The date of the newest record: what was published later is unknown.
    pub newest: Option<Timestamp>,
    /// What was published after this moment is unknown for at least one ecosystem: when the records
    /// were fetched, or the date of the newest one where nobody knows that.
    pub current: Option<Timestamp>,
    /// The number of records for each ecosystem that has any, in the order of the ecosystems.
    pub records: Vec<(Ecosystem, u64)>,
    /// The version of the catalogue of known exploited vulnerabilities, such as `2025.08.25`.
    pub exploited_catalogue: Option<String>,
    /// The day of the predictions of exploitation, such as `2026-08-25`.
    pub exploit_predictions: Option<String>,
}

/// Where advisories came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdvisoryOrigin {
    /// Only the few hundred advisories compiled into the program.
    StarterSet,
    /// A database file, shown as the user would write its path.
    File(String),
}

impl AdvisoryFacts {
    /// How many whole days old the advisories are: what was published in this time is unknown.
    /// `None` if nobody knows.
    pub fn age_in_days(&self, now: Timestamp) -> Option<u64> {
        let seconds = now.as_second().saturating_sub(self.current?.as_second());
        Some(u64::try_from(seconds).unwrap_or(0) / (24 * 60 * 60))
    }

    /// The number of all records.
    pub fn total(&self) -> u64 {
        self.records.iter().map(|(_, count)| count).sum()
    }

    /// Whether there is any advisory for this ecosystem.
    pub fn covers(&self, ecosystem: Ecosystem) -> bool {
        self.records
            .iter()
            .any(|(found, count)| *found == ecosystem && *count > 0)
    }
}
