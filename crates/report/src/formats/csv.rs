//! Format `csv`: one line for each finding and place, for spreadsheets (RFC 4180).
//!
//! A text that a spreadsheet would take for a formula begins with an apostrophe: the names in it come
//! from the target.

use std::io::{self, Write};

use linchpin_model::{Remedy, Routes};

use super::Format;
use crate::{ExplainableFinding, ExplainableLocation, Report, WriteOptions};

/// One line for each finding and place.
pub const FORMAT: Format = Format {
    id: "csv",
    documentation: "One line for each finding and place, for spreadsheets.",
    write,
};

const HEADING: &[&str] = &[
    "kind",
    "severity",
    "risk",
    "id",
    "aliases",
    "exploited",
    "package",
    "version",
    "fixed",
    "path",
    "line",
    "column",
    "layer",
    "via",
    "summary",
];

fn write(report: &Report<'_>, _options: &WriteOptions, out: &mut dyn Write) -> io::Result<()> {
    let routes = Routes::new(report.inventory);
    let heading: Vec<String> = HEADING.iter().map(|&name| name.to_owned()).collect();
    row(out, &heading)?;
    for finding in report.findings {
        let finding = ExplainableFinding::new(finding, report.inventory, &routes);
        if finding.locations.is_empty() {
            row(out, &cells(&finding, None))?;
        }
        for location in &finding.locations {
            row(out, &cells(&finding, Some(location)))?;
        }
    }
    Ok(())
}

fn cells(finding: &ExplainableFinding, location: Option<&ExplainableLocation>) -> Vec<String> {
    let package = finding.package.as_ref();
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    vec![
        finding.kind.label().to_owned(),
        finding.severity.label().to_owned(),
        finding.score.0.to_string(),
        finding.id.clone(),
        finding.aliases.join(" "),
        finding
            .exploited
            .as_ref()
            .map(|found| found.added.clone())
            .unwrap_or_default(),
        package
            .map(|package| package.name.clone())
            .unwrap_or_default(),
        package
            .and_then(|package| package.version.clone())
            .unwrap_or_default(),
        match &finding.remedy {
            Some(Remedy::Upgrade { version }) => version.clone(),
            Some(Remedy::Remove) => "remove".to_owned(),
            None => String::new(),
        },
        location
            .map(|location| location.path.clone())
            .unwrap_or_default(),
        number(location.and_then(|location| location.line)),
        number(location.and_then(|location| location.column)),
        number(location.and_then(|location| location.layer).map(u32::from)),
        finding.via.clone().unwrap_or_default(),
        finding.summary.clone(),
    ]
}

fn row(out: &mut dyn Write, cells: &[String]) -> io::Result<()> {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    write!(out, "{}\r\n", cells.join(","))
}

/// A cell that says nothing but itself.
fn quoted(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    let guard = if text.starts_with(['=', '+', '-', '@']) {
        "'"
    } else {
        ""
    };
    if guard.is_empty() && !text.contains(['"', ',']) {
        return text;
    }
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_formula_or_another_cell() {
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
        assert_eq!(quoted("a,\"b\"\n=c"), "\"a,\"\"b\"\" =c\"");
    }
}
