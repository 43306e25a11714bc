//! What was found and does not count: never left out, because whoever suppresses may be wrong.

use std::fmt::Write as _;
use std::io;

use linchpin_model::{About, FindingKind, Suppressed};

use super::Page;
use crate::Report;
use crate::grounds::ground;
use crate::paint::Look;
use crate::text::{grouped, sentence, visible};

/// How many lines are shown unless everything is wanted. What is used in attacks always is.
const MAX_LINES: usize = 10;

/// Flaws that are suppressed on the same grounds.
struct Line<'a> {
    first: &'a Suppressed,
    packages: Vec<String>,
    findings: usize,
}

/// Writes the section, if there is anything in it.
pub(super) fn write(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    if report.suppressed.is_empty() {
        return Ok(());
    }
    page.section(&format!(
        "Suppressed: {}",
        crate::text::counted(report.suppressed.len(), "finding")
    ))?;
    let lines = lines(report);
    let mut hidden = 0;
    for (number, line) in lines.iter().enumerate() {
        if number >= MAX_LINES && !page.verbose && !line.first.is_urgent() {
            hidden += line.findings;
            continue;
        }
        let look = if line.first.is_urgent() {
            Look::Alarm
        } else {
            Look::Plain
        };
        page.prose("  - ", look, &subject(line))?;
        for suppression in &line.first.because {
            page.prose("    ", Look::Dim, &sentence(&ground(suppression)))?;
        }
    }
    if hidden > 0 {
        let text = format!("… and {} more (-v shows all)", grouped(hidden as u64));
        page.prose("  ", Look::Plain, &text)?;
    }
    Ok(())
}

fn lines<'a>(report: &Report<'a>) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for suppressed in report.suppressed {
        let package = match &suppressed.finding.about {
            About::Package(id) => {
                let package = report.inventory.package(*id);
                let version = package.version().unwrap_or("of unknown version");
                format!("{} {}", visible(&package.name()), visible(version))
            }
            About::Place(place) => visible(place.path.as_str()).into_owned(),
        };
        // They come sorted by flaw and package, so that what belongs together is close.
        let same = lines.iter_mut().rev().take(MAX_LINES).find(|line| {
            line.first.finding.rule == suppressed.finding.rule
                && line.first.because == suppressed.because
        });
        match same {
            Some(line) => {
                line.findings += 1;
                if !line.packages.contains(&package) {
                    line.packages.push(package);
                }
            }
            None => lines.push(Line {
                first: suppressed,
                packages: vec![package],
                findings: 1,
            }),
        }
    }
    lines
}

/// `EXPLOITED CVE-2021-23337 (high) in lodash 4.17.20 and 2 more`.
fn subject(line: &Line<'_>) -> String {
    let finding = &line.first.finding;
    let mut text = match (finding.kind, &finding.exploited) {
        (FindingKind::Malicious, _) => "MALICIOUS ".to_owned(),
        (_, Some(_)) => "EXPLOITED ".to_owned(),
        _ => String::new(),
    };
    let _ = write!(
        text,
        "{} ({})",
        visible(&finding.rule.0),
        finding.severity.label()
    );
    if let Some((first, others)) = line.packages.split_first() {
        let _ = write!(text, " in {first}");
        if !others.is_empty() {
            let _ = write!(text, " and {} more", others.len());
        }
    }
    text
}
