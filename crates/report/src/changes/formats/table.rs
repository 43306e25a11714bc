//! Format `table`: one page for a person. Every word that comes from a target is made harmless for
//! a terminal; colours come only where they are asked for.

use std::io::{self, Write};

use linchpin_model::{ComparedComponent, Severity};

use super::{Format, words};
use crate::changes::{Changes, PackageChanges, Side};
use crate::paint::{Look, Paint};
use crate::text::{Column, Shortening, grouped, table, unbroken, visible, wrap};
use crate::{ExplainableFinding, WriteOptions};

/// One page for a person.
pub const FORMAT: Format = Format {
    id: "table",
    documentation: "One page for a person: findings that came and went, and packages that changed.",
    write,
};

/// Below this width nothing sensible can be shown; lines get longer instead.
const NARROWEST: usize = 40;

const FINDINGS: &[Column] = &[
    Column::new("SEVERITY", Shortening::Never, 0),
    Column::new("PACKAGE", Shortening::Name, 14),
    Column::new("VERSION", Shortening::Middle, 8),
    Column::new("ADVISORY", Shortening::End, 14),
    Column::new("BECAUSE", Shortening::Middle, 14),
    Column::new("FIXED IN", Shortening::Middle, 8),
];

const PACKAGES: &[Column] = &[
    Column::new("", Shortening::Never, 0),
    Column::new("NAME", Shortening::Name, 14),
    Column::new("WHAT", Shortening::Never, 0),
    Column::new("BEFORE", Shortening::Middle, 10),
    Column::new("AFTER", Shortening::Middle, 10),
];

/// A line of a table, and how it looks.
type Row = (Look, Vec<String>);

struct Page<'a> {
    out: &'a mut dyn Write,
    paint: Paint,
    options: WriteOptions,
    width: usize,
}

fn write(changes: &Changes<'_>, options: &WriteOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page {
        out,
        paint: Paint::new(options.color),
        options: *options,
        width: options.width.max(NARROWEST),
    };
    page.side("before", &changes.before)?;
    page.side("after", &changes.after)?;
    page.line("")?;
    page.prose(Look::Bold, &words::findings_line(changes))?;
    if let Some(packages) = &changes.packages {
        let line = words::packages_line(packages);
        let parts: Vec<String> = line.split(", ").map(unbroken).collect();
        page.prose(Look::Plain, &parts.join(", "))?;
    }
    let findings = &changes.findings;
    let introduced = findings.introduced.iter().map(|changed| {
        let why = because(words::why_introduced(&changed.why));
        finding_row(&changed.finding, why)
    });
    page.section("Introduced", FINDINGS, introduced.collect())?;
    let raised = findings.raised.iter().map(|raised| {
        let before = words::severity_before(raised);
        finding_row(&raised.finding, format!("was {before}"))
    });
    page.section("Rated higher", FINDINGS, raised.collect())?;
    let fixed = findings.fixed.iter().map(|changed| {
        let why = because(words::why_fixed(&changed.why));
        let (_, cells) = finding_row(&changed.finding, why);
        (Look::Good, cells)
    });
    // What fixed it is said already.
    let columns = FINDINGS.split_last().map_or(FINDINGS, |(_, rest)| rest);
    page.section("Fixed", columns, fixed.collect())?;
    if let Some(packages) = &changes.packages {
        page.section("Packages", PACKAGES, package_rows(packages))?;
    }
    page.line("")?;
    page.prose(Look::Plain, &words::advisories_line(changes))?;
    for limit in &changes.limits {
        page.prose(Look::Severity(Severity::Medium), &limit.sentence())?;
    }
    Ok(())
}

impl Page<'_> {
    fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", text.trim_end_matches(' '))
    }

    fn prose(&mut self, look: Look, text: &str) -> io::Result<()> {
        for line in wrap(text, self.width) {
            let line = self.paint.paint(look, &line);
            self.line(&line)?;
        }
        Ok(())
    }

    fn side(&mut self, word: &str, side: &Side<'_>) -> io::Result<()> {
        let name = self.paint.paint(Look::Bold, &visible(side.name));
        self.line(&format!("{word:6}  {name}"))?;
        self.line(&format!("{:6}  {}", "", words::side_facts(side)))
    }

    fn section(&mut self, title: &str, columns: &[Column], rows: Vec<Row>) -> io::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        self.line("")?;
        let title = self.paint.paint(Look::Bold, title);
        self.line(&title)?;
        let most = self.options.max_findings.unwrap_or(rows.len());
        let hidden = rows.len().saturating_sub(most);
        let (looks, cells): (Vec<Look>, Vec<Vec<String>>) = rows.into_iter().take(most).unzip();
        let mut lines = table(columns, &cells, self.width).into_iter();
        if let Some(heading) = lines.next() {
            let heading = self.paint.paint(Look::Dim, &heading);
            self.line(&heading)?;
        }
        for (look, line) in looks.into_iter().zip(lines) {
            let line = self.paint.paint(look, &line);
            self.line(&line)?;
        }
        if hidden > 0 {
            let more = format!("… and {} more (-v shows all)", grouped(hidden as u64));
            let more = self.paint.paint(Look::Bold, &more);
            self.line(&more)?;
        }
        Ok(())
    }
}

fn because((words, version): (&'static str, Option<&str>)) -> String {
    match version {
        Some(version) => format!("{words} {version}"),
        None => words.to_owned(),
    }
}

fn finding_row(finding: &ExplainableFinding, why: String) -> Row {
    let severity = words::severity(finding);
    let look = match severity {
        "MALICIOUS" | "EXPLOITED" => Look::Alarm,
        _ => Look::Severity(finding.severity),
    };
    let fixed = match &finding.remedy {
        Some(linchpin_model::Remedy::Upgrade { version }) => version.clone(),
        Some(linchpin_model::Remedy::Remove) => "(remove it)".to_owned(),
        None => "-".to_owned(),
    };
    let cells = vec![
        severity.to_owned(),
        words::subject(finding).to_owned(),
        words::version(finding).to_owned(),
        finding.id.clone(),
        why,
        fixed,
    ];
    (look, cells)
}

fn package_rows(packages: &PackageChanges) -> Vec<Row> {
    let row = |look: Look, cells: [&str; 5]| -> Row {
        (look, cells.iter().map(|cell| (*cell).to_owned()).collect())
    };
    let version = |component: &ComparedComponent| match &component.version {
        Some(version) => version.clone(),
        None => "-".to_owned(),
    };
    let mut rows = Vec::new();
    for added in &packages.added {
        let after = version(added);
        rows.push(row(Look::Plain, ["+", &added.name, "added", "", &after]));
    }
    for removed in &packages.removed {
        let before = version(removed);
        rows.push(row(
            Look::Plain,
            ["-", &removed.name, "removed", &before, ""],
        ));
    }
    for changed in &packages.changed {
        let name = &changed.after.name;
        let (before, after) = (version(&changed.before), version(&changed.after));
        if let Some(direction) = changed.version {
            let cells = ["~", name, direction.label(), &before, &after];
            rows.push(row(Look::Plain, cells));
        }
        let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        if let Some((before, after)) = &changed.licenses {
            let (before, after) = (said(before), said(after));
            rows.push(row(Look::Plain, ["~", name, "licence", &before, &after]));
        }
        if let Some((before, after)) = &changed.contents {
            let (before, after) = (said(before), said(after));
            rows.push(row(Look::Alarm, ["!", name, "contents", &before, &after]));
        }
    }
    rows
}
