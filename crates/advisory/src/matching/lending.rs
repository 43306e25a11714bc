//! A severity for a flaw of which none of the package's records says how bad it is.
//!
//! Distributions file what they repaired, and most of them give no severity with it; the record of
//! the same flaw in another ecosystem has a vector. That one is lent. It was made for the software
//! as its authors publish it: how bad the flaw is as the distribution builds it may differ, so that
//! a word of the distribution's own always counts before, and the finding names who lent.

use linchpin_model::Reason;

use super::finding::Flawed;
use crate::database::{Database, DatabaseError};

/// Gives an unrated flaw the score that another record gives it. Of a flaw with several CVE ids the
/// worst counts.
pub(super) fn lend(flawed: &mut Flawed, database: &Database) -> Result<(), DatabaseError> {
    if !flawed.is_unrated() {
        return Ok(());
    }
    let mut worst: Option<(u8, Reason)> = None;
    for name in flawed.names() {
        let Some(advisory) = database.scoring(name)? else {
            continue;
        };
        let Some(tenths) = advisory.rating.tenths else {
            continue;
        };
        if worst.as_ref().is_none_or(|(most, _)| tenths > *most) {
            let reason = Reason::Lent {
                advisory: advisory.id.to_owned(),
                flaw: name.to_owned(),
                vector: advisory.rating.vector.map(str::to_owned),
                tenths,
            };
            worst = Some((tenths, reason));
        }
    }
    if let Some((tenths, reason)) = worst {
        flawed.rate(tenths, reason);
    }
    Ok(())
}
