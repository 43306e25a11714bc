//! The foot of the page: what could not be read or matched, which advisories were used, and what
//! was left out. A page that is silent here would claim more than it knows.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use linchpin_model::{AdvisoryFacts, AdvisoryOrigin, Note, NoteKind, Severity};

use super::Page;
use crate::Report;
use crate::paint::Look;
use crate::text::{counted, grouped, sentence, unbroken, visible};

/// How many different notes of one kind are told.
const MAX_NOTES: usize = 5;

/// How many places of the same note are told.
const MAX_PATHS: usize = 3;

/// Writes the foot of the page.
pub(super) fn write(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    for (kind, title) in [
        (NoteKind::Unread, "Could not be read"),
        (NoteKind::Unmatched, "Could not be compared with advisories"),
        (
            NoteKind::Inconsistent,
            "Not as the package manager recorded it",
        ),
        (
            NoteKind::Unapplied,
            "Exceptions and statements without effect",
        ),
    ] {
        write_notes(page, report, kind, title)?;
    }
    page.line("")?;
    write_advisories(page, report.advisories)?;
    let left_out = report.left_out;
    if left_out.development > 0 {
        let verb = if left_out.development == 1 {
            "is"
        } else {
            "are"
        };
        let text = format!(
            "{} in development dependencies {verb} left out (--include-dev shows them).",
            counted(left_out.development, "finding")
        );
        page.prose("", Look::Plain, &text)?;
    }
    if left_out.unfixed > 0 {
        let verb = if left_out.unfixed == 1 { "is" } else { "are" };
        let text = format!(
            "{} that nothing fixes yet {verb} left out (--only-fixed).",
            counted(left_out.unfixed, "finding")
        );
        page.prose("", Look::Plain, &text)?;
    }
    Ok(())
}

fn write_notes(
    page: &mut Page<'_>,
    report: &Report<'_>,
    kind: NoteKind,
    title: &str,
) -> io::Result<()> {
    // Notes that say the same of several files are one.
    let mut texts: BTreeMap<&str, Vec<&Note>> = BTreeMap::new();
    for note in report.notes.iter().filter(|note| note.kind == kind) {
        texts.entry(&note.text).or_default().push(note);
    }
    if texts.is_empty() {
        return Ok(());
    }
    page.section(title)?;
    let mut groups: Vec<(&str, Vec<&Note>)> = texts.into_iter().collect();
    groups.sort_by_key(|(_, notes)| std::cmp::Reverse(notes.len()));
    let limit = if page.verbose { usize::MAX } else { MAX_NOTES };
    for (text, notes) in groups.iter().take(limit) {
        write_note(page, text, notes)?;
    }
    let hidden: usize = groups
        .iter()
        .skip(limit)
        .map(|(_, notes)| notes.len())
        .sum();
    if hidden > 0 {
        let text = format!("… and {} more (-v shows all)", grouped(hidden as u64));
        page.prose("  ", Look::Plain, &text)?;
    }
    Ok(())
}

fn write_note(page: &mut Page<'_>, text: &str, notes: &[&Note]) -> io::Result<()> {
    let places: Vec<String> = notes.iter().filter_map(|note| place(note)).collect();
    let text = sentence(text);
    let text = match places.as_slice() {
        [] => text,
        [place] => format!("{place}: {text}"),
        _ if page.verbose => format!("{text}: {}", places.join(", ")),
        places => {
            let shown = places.get(..MAX_PATHS).unwrap_or(places);
            let mut list = shown.join(", ");
            if places.len() > shown.len() {
                let _ = write!(list, " and {} more", places.len() - shown.len());
            }
            format!("{text} ({}: {list})", counted(places.len(), "place"))
        }
    };
    page.prose("  - ", Look::Plain, &text)
}

fn place(note: &Note) -> Option<String> {
    let path = note.path.as_ref()?;
    let path = if path.is_root() {
        "the root folder".into()
    } else {
        visible(path.as_str())
    };
    Some(match note.layer {
        Some(layer) => format!("{path}{}", unbroken(&format!(" (layer {})", layer.0))),
        None => path.into_owned(),
    })
}

fn write_advisories(page: &mut Page<'_>, advisories: &AdvisoryFacts) -> io::Result<()> {
    let total = match advisories.total() {
        1 => "1 advisory".to_owned(),
        count => format!("{} advisories", grouped(count)),
    };
    let newest = advisories
        .newest
        .map(|newest| newest.strftime("%Y-%m-%d").to_string());
    match &advisories.origin {
        AdvisoryOrigin::StarterSet => {
            let text = format!(
                "Only the starter set of {total} was used: `linchpin db update` gets everything."
            );
            page.prose("", Look::Severity(Severity::Medium), &text)?;
        }
        AdvisoryOrigin::File(path) => {
            let mut text = format!("Compared with {total} of {}", visible(path));
            match newest {
                Some(day) => {
                    let _ = write!(text, ", the newest of {day}");
                }
                None => text.push_str(", of unknown date"),
            }
            if let Some(catalogue) = &advisories.exploited_catalogue {
                let _ = write!(
                    text,
                    ", and with the catalogue of exploited vulnerabilities {}",
                    visible(catalogue)
                );
            }
            text.push('.');
            page.prose("", Look::Dim, &text)?;
        }
    }
    Ok(())
}
