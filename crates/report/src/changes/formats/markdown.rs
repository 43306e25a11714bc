//! Format `markdown`: a comment on a pull request. Short, with what is long folded away.

use std::fmt::Write as _;
use std::io::{self, Write};

use linchpin_model::{ComparedComponent, Remedy};

use super::{Format, words};
use crate::changes::{Changes, PackageChanges, Side};
use crate::markdown::{Row, advisory, code, push_table};
use crate::text::grouped;
use crate::{ExplainableFinding, WriteOptions};

/// A comment on a pull request.
pub const FORMAT: Format = Format {
    id: "markdown",
    documentation: "A comment for a pull request: short, with what is long folded away.",
    write,
};

fn write(changes: &Changes<'_>, _options: &WriteOptions, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(page(changes).as_bytes())
}

fn page(changes: &Changes<'_>) -> String {
    let findings = &changes.findings;
    let mut page = String::from("### Software supply chain\n\n");
    let _ = writeln!(page, "**{}**  ", words::findings_line(changes));
    if let Some(packages) = &changes.packages {
        let _ = writeln!(page, "{}", words::packages_line(packages));
    }
    let introduced: Vec<Row> = findings
        .introduced
        .iter()
        .map(|changed| finding_row(&changed.finding, why(words::why_introduced(&changed.why))))
        .collect();
    if !introduced.is_empty() {
        page.push_str("\n**Introduced**\n\n");
        push_table(&mut page, FINDINGS, &introduced);
    }
    let raised: Vec<Row> = findings
        .raised
        .iter()
        .map(|raised| {
            let before = words::severity_before(raised);
            finding_row(&raised.finding, format!("was {before}"))
        })
        .collect();
    if !raised.is_empty() {
        page.push_str("\n**Rated higher**\n\n");
        push_table(&mut page, FINDINGS, &raised);
    }
    let fixed: Vec<Row> = findings
        .fixed
        .iter()
        .map(|changed| finding_row(&changed.finding, why(words::why_fixed(&changed.why))))
        .collect();
    push_folded(&mut page, "Fixed", FINDINGS, &fixed);
    if let Some(packages) = &changes.packages {
        push_folded(
            &mut page,
            "Other contents under the same version",
            CHANGES,
            &contents(packages),
        );
        push_folded(&mut page, "Licences", CHANGES, &licenses(packages));
        push_folded(&mut page, "Packages", PACKAGES, &package_rows(packages));
    }
    page.push('\n');
    push_side(&mut page, "Before", &changes.before);
    push_side(&mut page, "After", &changes.after);
    let _ = writeln!(page, "{}", words::advisories_line(changes));
    for limit in &changes.limits {
        let _ = writeln!(page, "\n{}", limit.sentence());
    }
    page
}

const FINDINGS: &[&str] = &[
    "Severity", "Package", "Version", "Advisory", "Because", "Fixed in",
];
const PACKAGES: &[&str] = &["Package", "What", "Before", "After"];
const CHANGES: &[&str] = &["Package", "Before", "After"];

fn push_side(page: &mut String, word: &str, side: &Side<'_>) {
    let _ = writeln!(
        page,
        "{word}: {}, {}.  ",
        code(side.name),
        words::side_facts(side)
    );
}

fn push_folded(page: &mut String, title: &str, heading: &[&str], rows: &[Row]) {
    if rows.is_empty() {
        return;
    }
    // The empty lines make the table Markdown again inside of HTML.
    let count = grouped(rows.len() as u64);
    let _ = writeln!(page, "\n<details><summary>{title} ({count})</summary>\n");
    push_table(page, heading, rows);
    page.push_str("\n</details>\n");
}

fn finding_row(finding: &ExplainableFinding, why: String) -> Row {
    let severity = words::severity(finding);
    vec![
        match severity {
            "MALICIOUS" | "EXPLOITED" | "critical" | "high" => format!("**{severity}**"),
            _ => severity.to_owned(),
        },
        code(words::subject(finding)),
        code(words::version(finding)),
        advisory(&finding.id),
        why,
        match &finding.remedy {
            Some(Remedy::Upgrade { version }) => code(version),
            Some(Remedy::Remove) => "remove it".to_owned(),
            None => String::new(),
        },
    ]
}

fn why((words, version): (&'static str, Option<&str>)) -> String {
    match version {
        Some(version) => format!("{words} {}", code(version)),
        None => words.to_owned(),
    }
}

fn version(component: &ComparedComponent) -> String {
    component.version.as_deref().map(code).unwrap_or_default()
}

fn said(text: Option<&str>) -> String {
    text.map(code).unwrap_or_default()
}

fn contents(packages: &PackageChanges) -> Vec<Row> {
    let changed = packages.changed.iter();
    changed
        .filter_map(|changed| {
            let (before, after) = changed.contents.as_ref()?;
            Some(vec![
                code(&changed.after.name),
                said(before.as_deref()),
                said(after.as_deref()),
            ])
        })
        .collect()
}

fn licenses(packages: &PackageChanges) -> Vec<Row> {
    let changed = packages.changed.iter();
    changed
        .filter_map(|changed| {
            let (before, after) = changed.licenses.as_ref()?;
            Some(vec![
                code(&changed.after.name),
                said(before.as_deref()),
                said(after.as_deref()),
            ])
        })
        .collect()
}

fn package_rows(packages: &PackageChanges) -> Vec<Row> {
    let mut rows = Vec::new();
    for added in &packages.added {
        let name = code(&added.name);
        rows.push(vec![
            name,
            "added".to_owned(),
            String::new(),
            version(added),
        ]);
    }
    for removed in &packages.removed {
        let name = code(&removed.name);
        rows.push(vec![
            name,
            "removed".to_owned(),
            version(removed),
            String::new(),
        ]);
    }
    for changed in &packages.changed {
        if let Some(direction) = changed.version {
            rows.push(vec![
                code(&changed.after.name),
                direction.label().to_owned(),
                version(&changed.before),
                version(&changed.after),
            ]);
        }
    }
    rows
}
