//! Format `markdown`: a scan as a comment on a pull request, or as the summary of a CI job.

use std::fmt::Write as _;
use std::io::{self, Write};

use linchpin_model::{FindingKind, Remedy, Routes};

use super::Format;
use crate::markdown::{Row, advisory, code, push_table};
use crate::text::counted;
use crate::{ExplainableFinding, Report, WriteOptions};

/// A comment on a pull request.
pub const FORMAT: Format = Format {
    id: "markdown",
    documentation: "A comment on a pull request or the summary of a CI job, in which no name from the target means anything.",
    write,
};

const PACKAGES: &[&str] = &["Severity", "Package", "Version", "Advisory", "Fixed in"];
const PLACES: &[&str] = &["Severity", "What", "Where", "Rule"];

fn write(report: &Report<'_>, _options: &WriteOptions, out: &mut dyn Write) -> io::Result<()> {
    let routes = Routes::new(report.inventory);
    let findings: Vec<ExplainableFinding> = report
        .findings
        .iter()
        .map(|finding| ExplainableFinding::new(finding, report.inventory, &routes))
        .collect();
    let (in_packages, in_files): (Vec<_>, Vec<_>) = findings
        .iter()
        .partition(|finding| finding.package.is_some());
    let mut page = format!(
        "### {} in {}\n\n",
        counted(findings.len(), "finding"),
        code(&report.inventory.subject.name)
    );
    if findings.is_empty() {
        page.push_str("Nothing that is known is wrong with it.\n");
        let mut seen = vec![counted(report.inventory.libraries().count(), "package")];
        seen.extend(report.checked());
        let _ = writeln!(page, "\nLooked at: {}.", seen.join(", "));
    }
    if !report.next.is_empty() {
        page.push_str("**Do next**\n\n");
        for (number, step) in report.next.iter().enumerate() {
            let _ = write!(page, "{}. {}", number + 1, code(&step.action));
            if let Some(command) = &step.command {
                let _ = write!(page, ": {}", code(command));
            }
            let _ = writeln!(page, " ({})", counted(step.removes.len(), "finding"));
        }
        page.push('\n');
    }
    section(&mut page, "Packages", PACKAGES, &in_packages, package_row);
    section(&mut page, "Files", PLACES, &in_files, place_row);
    if !report.licenses.is_empty() {
        let parts: Vec<String> = report
            .licenses
            .iter()
            .map(|(category, count)| format!("{count} {category}"))
            .collect();
        let _ = writeln!(page, "Licences: {}.\n", parts.join(", "));
    }
    if !report.suppressed.is_empty() {
        let count = counted(report.suppressed.len(), "finding");
        let _ = writeln!(page, "{count} suppressed.");
    }
    out.write_all(page.trim_end().as_bytes())?;
    out.write_all(b"\n")
}

fn section(
    page: &mut String,
    title: &str,
    heading: &[&str],
    findings: &[&ExplainableFinding],
    row: fn(&ExplainableFinding) -> Row,
) {
    if findings.is_empty() {
        return;
    }
    let rows: Vec<Row> = findings.iter().map(|finding| row(finding)).collect();
    let _ = writeln!(page, "**{title}**\n");
    push_table(page, heading, &rows);
    page.push('\n');
}

fn severity(finding: &ExplainableFinding) -> String {
    match (finding.kind, &finding.exploited) {
        (FindingKind::Malicious, _) => "**MALICIOUS**".to_owned(),
        (_, Some(_)) => "**EXPLOITED**".to_owned(),
        _ => finding.severity.label().to_owned(),
    }
}

fn package_row(finding: &ExplainableFinding) -> Row {
    let package = finding.package.as_ref();
    let text = |text: Option<&str>| text.map(code).unwrap_or_default();
    vec![
        severity(finding),
        text(package.map(|package| package.name.as_str())),
        text(package.and_then(|package| package.version.as_deref())),
        advisory(&finding.id),
        match &finding.remedy {
            Some(Remedy::Upgrade { version }) => code(version),
            Some(Remedy::Remove) => "remove it".to_owned(),
            None => String::new(),
        },
    ]
}

fn place_row(finding: &ExplainableFinding) -> Row {
    let place = finding.locations.first();
    let place = place.map(|place| match place.line {
        Some(line) => format!("{}:{line}", place.path),
        None => place.path.clone(),
    });
    vec![
        severity(finding),
        code(&finding.summary),
        code(place.as_deref().unwrap_or_default()),
        code(&finding.id),
    ]
}
