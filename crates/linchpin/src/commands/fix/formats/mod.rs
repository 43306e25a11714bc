//! How a plan is written: for people, for programs, for a comment on a change.

mod json;
mod markdown;
mod table;

use std::io::{self, Write};

use super::outcome::Outcome;
use crate::printer::Printer;

/// A form of a plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct FixFormat {
    /// The word for `--format`.
    pub(super) id: &'static str,
    pub(super) write: fn(&Outcome<'_>, &Printer, &mut dyn Write) -> io::Result<()>,
}

/// All of them.
pub(super) static ALL: &[FixFormat] = &[json::FORMAT, markdown::FORMAT, table::FORMAT];

/// The format of a word.
pub(super) fn find(word: &str) -> Option<FixFormat> {
    ALL.iter().copied().find(|format| format.id == word)
}

/// Words in their number.
fn counted(count: usize, one: &str, several: &str) -> String {
    let word = if count == 1 { one } else { several };
    format!("{count} {word}")
}

/// The first sentence of every form.
fn heading(outcome: &Outcome<'_>) -> String {
    let (before, gone, new) = outcome.counts();
    let steps = outcome.steps();
    if before == 0 {
        return of_documents(outcome);
    }
    if steps == 0 {
        return format!(
            "No change of a version removes any of the {} in {}",
            counted(before, "finding", "findings"),
            outcome.target
        );
    }
    let brings = if new == 0 {
        String::new()
    } else {
        format!(" and bring {new} other")
    };
    let verb = if steps == 1 { "removes" } else { "remove" };
    format!(
        "{} {verb} {gone} of {}{brings} in {}",
        counted(steps, "change", "changes"),
        counted(before, "finding", "findings"),
        outcome.target
    )
}

/// The first sentence where no package has a finding.
fn of_documents(outcome: &Outcome<'_>) -> String {
    let edits = &outcome.edits;
    match (edits.removes(), edits.left.len()) {
        (0, 0) => format!("Nothing to fix in {}", outcome.target),
        (0, _) => format!("Nothing to fix without --unsafe in {}", outcome.target),
        (removes, _) => format!(
            "Edits of {} remove {} in {}",
            counted(edits.files.len(), "file", "files"),
            counted(removes, "finding", "findings"),
            outcome.target
        ),
    }
}
