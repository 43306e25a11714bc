//! What is said when a database was written.

use std::fmt::Write as _;
use std::path::Path;

use linchpin_advisory::{ImportOptions, ImportSummary, Taken};

/// A page about an import or an update.
pub(super) fn page(folder: &Path, summary: &ImportSummary, options: &ImportOptions) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "wrote {} ({} KiB)",
        folder.display(),
        summary.size / 1024
    );
    let width = summary
        .ecosystems
        .iter()
        .map(|line| line.ecosystem.facts().osv_name.len())
        .max()
        .unwrap_or(0)
        .max(12);
    for line in &summary.ecosystems {
        let name = line.ecosystem.facts().osv_name;
        let _ = match line.how {
            Taken::Whole => writeln!(text, "  {name:<width$} {:>8} records", line.read),
            Taken::Changes if line.gone > 0 => writeln!(
                text,
                "  {name:<width$} {:>8} changed records, {} are not there any more",
                line.read, line.gone
            ),
            Taken::Changes => {
                writeln!(text, "  {name:<width$} {:>8} changed records", line.read)
            }
            Taken::Unchanged => writeln!(text, "  {name:<width$} unchanged"),
        };
    }
    let _ = writeln!(
        text,
        "  {:<width$} {:>8} records; {} withdrawn ones were left out",
        "all", summary.records, summary.withdrawn
    );
    if let Some(current) = summary.current {
        let _ = writeln!(
            text,
            "  as of {}: what was published later is not in it",
            current.strftime("%Y-%m-%d %H:%M UTC")
        );
    }
    let _ = writeln!(text, "  known to be exploited: {} flaws", summary.exploited);
    if options.predictions.is_some() {
        let _ = writeln!(
            text,
            "  predictions of exploitation: {} flaws",
            summary.predicted
        );
    }
    if !summary.skipped.is_empty() {
        let _ = writeln!(
            text,
            "  left out, because nothing here matches them yet: {}",
            summary.skipped.join(", ")
        );
    }
    if summary.broken > 0 {
        let _ = writeln!(text, "  {} records could not be read:", summary.broken);
    }
    for problem in &summary.problems {
        let _ = writeln!(text, "    {problem}");
    }
    linchpin_report::printable_lines(&text)
}
