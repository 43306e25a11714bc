//! Which licences the parts have, by what they ask for, and those that the policy speaks of.

use std::io;

use linchpin_model::{About, Finding, LicenseCategory, Scope};

use super::Page;
use crate::Report;
use crate::paint::Look;
use crate::text::{counted, grouped, pad, unbroken, visible, wrap};

/// How many lines are shown unless everything is wanted.
const MAX_LINES: usize = 10;

/// The width of the longest word for a severity.
const SEVERITY: usize = 8;

/// Writes the section, if anything is known.
pub(super) fn write(
    page: &mut Page<'_>,
    report: &Report<'_>,
    findings: &[&Finding],
) -> io::Result<()> {
    if report.licenses.is_empty() && findings.is_empty() {
        return Ok(());
    }
    page.section("Licences")?;
    let parts: Vec<String> = report
        .licenses
        .iter()
        .map(|(category, count)| unbroken(&format!("{} {category}", grouped(*count as u64))))
        .collect();
    if !parts.is_empty() {
        page.prose("", Look::Plain, &parts.join(", "))?;
    }
    let limit = if page.verbose { usize::MAX } else { MAX_LINES };
    for finding in findings.iter().take(limit) {
        line(page, report, finding)?;
    }
    if findings.len() > limit {
        let more = format!(
            "… and {} (linchpin scan -v shows all)",
            counted(findings.len() - limit, "more package")
        );
        let more = page.paint.paint(Look::Bold, &more);
        page.line(&more)?;
    }
    if page.verbose {
        names(page, report)?;
    }
    Ok(())
}

fn line(page: &mut Page<'_>, report: &Report<'_>, finding: &Finding) -> io::Result<()> {
    let About::Package(id) = finding.about else {
        return Ok(());
    };
    let package = report.inventory.package(id);
    let word = match finding.severity {
        linchpin_model::Severity::None => "note",
        severity => severity.label(),
    };
    let word = pad(word, SEVERITY);
    let mut text = visible(&package.name()).into_owned();
    if let Some(version) = package.version() {
        text.push(' ');
        text.push_str(&visible(version));
    }
    text.push_str(if package.license.is_some() {
        " has "
    } else {
        ": "
    });
    text.push_str(&visible(&finding.summary));
    let room = page.width.saturating_sub(SEVERITY + 2).max(20);
    for (number, part) in wrap(&text, room).iter().enumerate() {
        let first = match number {
            0 => page.paint.paint(Look::Severity(finding.severity), &word),
            _ => pad("", SEVERITY),
        };
        page.line(&format!("{first}  {part}"))?;
    }
    Ok(())
}

/// The packages of those categories that ask for more than most people expect.
fn names(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    for category in [
        LicenseCategory::StrongCopyleft,
        LicenseCategory::NetworkCopyleft,
        LicenseCategory::Restricted,
        LicenseCategory::Unknown,
    ] {
        let names: Vec<String> = report
            .inventory
            .libraries()
            .filter(|(_, package)| {
                package.scope != Scope::Development && !package.is_of_distribution()
            })
            .filter_map(|(_, package)| match &package.license {
                Some(license) if license.category() == category => {
                    Some(format!("{} ({license})", visible(&package.name())))
                }
                None if category == LicenseCategory::Unknown && package.is_there() => {
                    Some(visible(&package.name()).into_owned())
                }
                _ => None,
            })
            .collect();
        if !names.is_empty() && report.licenses.contains_key(&category) {
            let text = format!("{category}: {}", names.join(", "));
            page.prose("  ", Look::Dim, &text)?;
        }
    }
    Ok(())
}
