//! Format `table`: the one page that a person acts on.
//!
//! What this is, what is wrong (the most urgent first), what to do next, and the limits of the
//! answer. Every word that comes from the target passes through `text::visible`. No frames and no
//! drawings: the page shall survive a pipe, a log and a mail.

mod columns;
mod documents;
mod heading;
mod licenses;
mod limits;
mod places;
mod rows;
mod steps;
mod suppressed;

use std::io::{self, Write};

use super::Format;
use crate::paint::{Look, Paint};
use linchpin_model::{Finding, FindingKind};

use crate::text::counted;
use crate::{Report, WriteOptions};

/// One page for a person.
pub const FORMAT: Format = Format {
    id: "table",
    documentation: "One page for a person: what this is, what is wrong, what to do next, and what could not be known.",
    write,
};

/// Below this width nothing sensible can be shown; lines get longer instead.
const NARROWEST: usize = 40;

/// Where a page goes, and how it looks.
struct Page<'a> {
    out: &'a mut dyn Write,
    paint: Paint,
    width: usize,
    verbose: bool,
}

impl Page<'_> {
    /// One line. Its end never carries blanks.
    fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", text.trim_end_matches(' '))
    }

    /// An empty line, and a heading.
    fn section(&mut self, title: &str) -> io::Result<()> {
        self.line("")?;
        let title = self.paint.paint(Look::Bold, title);
        self.line(&title)
    }

    /// Prose, broken into lines: the first one after `first`, the others under its text.
    fn prose(&mut self, first: &str, look: Look, text: &str) -> io::Result<()> {
        let indent = crate::text::columns(first);
        let room = self.width.saturating_sub(indent).max(20);
        for (number, line) in crate::text::wrap(text, room).iter().enumerate() {
            let start = match number {
                0 => first.to_owned(),
                _ => " ".repeat(indent),
            };
            let line = self.paint.paint(look, line);
            self.line(&format!("{start}{line}"))?;
        }
        Ok(())
    }
}

fn write(report: &Report<'_>, options: &WriteOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page {
        out,
        paint: Paint::new(options.color),
        width: options.width.max(NARROWEST),
        verbose: options.verbose,
    };
    heading::write(&mut page, report)?;
    page.line("")?;
    if report.findings.is_empty() {
        heading::write_clean(&mut page, report)?;
    } else {
        heading::write_counts(&mut page, report)?;
        if report
            .findings
            .iter()
            .any(|finding| finding.kind != FindingKind::License)
        {
            page.line("")?;
            write_findings(&mut page, report, options)?;
        }
    }
    let of_licenses: Vec<&Finding> = (report.findings.iter())
        .filter(|finding| finding.kind == FindingKind::License)
        .collect();
    licenses::write(&mut page, report, &of_licenses)?;
    steps::write(&mut page, report)?;
    suppressed::write(&mut page, report)?;
    limits::write(&mut page, report)
}

fn write_findings(
    page: &mut Page<'_>,
    report: &Report<'_>,
    options: &WriteOptions,
) -> io::Result<()> {
    let (of_rules, others): (Vec<&Finding>, Vec<&Finding>) = report
        .findings
        .iter()
        // They have a section of their own.
        .filter(|finding| finding.kind != FindingKind::License)
        .partition(|finding| finding.rule_reason().is_some());
    let rows = rows::rows(report, &others, options.verbose);
    if rows.is_empty() {
        return documents::write(page, &of_rules);
    }
    let limit = options.max_findings.unwrap_or(rows.len());
    let (shown, hidden) = rows.split_at(limit.min(rows.len()));
    let layout = columns::Layout::new(shown, page.width);
    layout.write(page, shown)?;
    if !hidden.is_empty() {
        let count: usize = hidden.iter().map(|row| row.findings).sum();
        let more = format!(
            "… and {} more (linchpin scan -v shows all)",
            crate::text::grouped(count as u64)
        );
        let more = page.paint.paint(Look::Bold, &more);
        page.line(&more)?;
    }
    // Whoever wants everything was told the place below each line.
    if !layout.has_places() && !page.verbose {
        places::write(page, shown)?;
    }
    documents::write(page, &of_rules)
}

/// `3 critical, 21 high`: the findings by severity, the worst first.
fn by_severity<'a>(findings: impl Iterator<Item = &'a linchpin_model::Finding>) -> Vec<String> {
    use linchpin_model::Severity;
    let mut counts = [0_usize; Severity::ALL.len()];
    for finding in findings {
        counts[finding.severity as usize] += 1;
    }
    Severity::ALL
        .into_iter()
        .rev()
        .map(|severity| (severity, counts[severity as usize]))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| {
            let word = match severity {
                Severity::Unknown => "of unknown severity",
                Severity::None => "without severity",
                other => other.label(),
            };
            format!("{} {word}", crate::text::grouped(count as u64))
        })
        .collect()
}

/// `412 packages`.
fn packages(count: usize) -> String {
    counted(count, "package")
}
