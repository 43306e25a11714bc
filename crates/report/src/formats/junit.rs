//! Format `junit`: a file of test results, as CI systems show them. Each finding is a test that fails;
//! where nothing is wrong there is one test that passes, because an empty file looks like a failure to
//! run.
//!
//! There is no standard; this is what Jenkins and GitLab read:
//! <https://github.com/testmoapp/junitxml>.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use linchpin_model::{FindingKind, Remedy, Routes};

use super::Format;
use crate::text::{sentence, visible};
use crate::{ExplainableFinding, Report, WriteOptions};

/// Test results for CI systems.
pub const FORMAT: Format = Format {
    id: "junit",
    documentation: "Test results as CI systems show them: each finding is a test that fails.",
    write,
};

fn write(report: &Report<'_>, _options: &WriteOptions, out: &mut dyn Write) -> io::Result<()> {
    let routes = Routes::new(report.inventory);
    let mut suites: BTreeMap<FindingKind, Vec<ExplainableFinding>> = BTreeMap::new();
    for finding in report.findings {
        let finding = ExplainableFinding::new(finding, report.inventory, &routes);
        suites.entry(finding.kind).or_default().push(finding);
    }
    let count = report.findings.len();
    let total = count.max(1);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"linchpin\" tests=\"{total}\" failures=\"{count}\" errors=\"0\">"
    )?;
    if suites.is_empty() {
        let name = attribute(&report.inventory.subject.name);
        writeln!(
            out,
            "  <testsuite name=\"linchpin\" tests=\"1\" failures=\"0\" errors=\"0\">"
        )?;
        writeln!(
            out,
            "    <testcase classname=\"linchpin\" name=\"nothing is wrong with {name}\"/>"
        )?;
        writeln!(out, "  </testsuite>")?;
    }
    for (kind, findings) in suites {
        let count = findings.len();
        writeln!(
            out,
            "  <testsuite name=\"linchpin.{}\" tests=\"{count}\" failures=\"{count}\" errors=\"0\">",
            kind.label()
        )?;
        for finding in &findings {
            case(out, finding)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn case(out: &mut dyn Write, finding: &ExplainableFinding) -> io::Result<()> {
    let place = finding.locations.first();
    let subject = match (&finding.package, place) {
        (Some(package), _) => format!(
            "{} {}",
            package.name,
            package.version.as_deref().unwrap_or_default()
        ),
        (None, Some(place)) => match place.line {
            Some(line) => format!("{}:{line}", place.path),
            None => place.path.clone(),
        },
        (None, None) => String::new(),
    };
    let mut text = sentence(&finding.summary);
    if let Some(place) = place {
        let _ = write!(text, "\nin {}", place.path);
    }
    if let Some(Remedy::Upgrade { version }) = &finding.remedy {
        let _ = write!(text, "\nfixed in {version}");
    }
    writeln!(
        out,
        "    <testcase classname=\"linchpin.{}\" name=\"{}\">",
        finding.kind.label(),
        attribute(&format!("{} in {}", finding.id, subject.trim()))
    )?;
    writeln!(
        out,
        "      <failure type=\"{}\" message=\"{}\">{}</failure>",
        finding.severity.label(),
        attribute(&sentence(&finding.summary)),
        content(&text)
    )?;
    writeln!(out, "    </testcase>")
}

/// A text of one line in an attribute.
fn attribute(text: &str) -> String {
    escaped(&visible(text))
}

/// A text of several lines in an element.
fn content(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| escaped(&visible(line))).collect();
    lines.join("\n")
}

/// What XML has no other meaning for. Characters that it can not hold are made visible before.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
