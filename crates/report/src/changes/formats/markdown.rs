//! Format `markdown`: a comment on a pull request. Short, with what is long folded away.
//!
//! Names come from files that anyone may have written, and the comment is posted in the name of a
//! trusted program: nothing in a name may become a link, an image, a mention of somebody, a
//! reference to an issue, HTML or another row. So every text that is not our own stands in
//! `<code>`, where forges look for no mentions and references, and of its characters only letters,
//! digits, hyphens and the points of numbers stay as they are; the rest are character references,
//! which CommonMark never reads as structure (<https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references>) and
//! the extensions for tables and bare addresses do not see at all
//! (<https://github.github.com/gfm/#tables-extension->).

use std::fmt::Write as _;
use std::io::{self, Write};

use linchpin_model::{ComparedComponent, Remedy};

use super::{Format, words};
use crate::changes::{Changes, PackageChanges, Side};
use crate::text::{grouped, shorten_middle, visible};
use crate::{ExplainableFinding, WriteOptions};

/// A comment on a pull request.
pub const FORMAT: Format = Format {
    id: "markdown",
    documentation: "A comment for a pull request: short, with what is long folded away.",
    write,
};

/// The number of rows of a table. The comments of a forge may have 65,536 characters.
const MOST_ROWS: usize = 50;

/// The number of columns of a text; what is longer loses its middle.
const MOST_COLUMNS: usize = 60;

/// A row of a table, made harmless already.
type Row = Vec<String>;

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

fn push_table(page: &mut String, heading: &[&str], rows: &[Row]) {
    let _ = writeln!(page, "| {} |", heading.join(" | "));
    let _ = writeln!(page, "|{}", "---|".repeat(heading.len()));
    for row in rows.iter().take(MOST_ROWS) {
        let _ = writeln!(page, "| {} |", row.join(" | "));
    }
    if rows.len() > MOST_ROWS {
        let more = grouped((rows.len() - MOST_ROWS) as u64);
        let _ = writeln!(page, "\n… and {more} more");
    }
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

/// The id of an advisory with the way to its text, if it is an id of the usual form.
fn advisory(id: &str) -> String {
    let usual = id.contains('-')
        && id.len() < 40
        && id
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if usual {
        format!("[{id}](https://osv.dev/vulnerability/{id})")
    } else {
        code(id)
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

/// A text that is not our own, as one that says nothing but itself.
fn code(text: &str) -> String {
    let shown = visible(text);
    let short = shorten_middle(&shown, MOST_COLUMNS);
    if short.is_empty() {
        return String::new();
    }
    let mut code = String::from("<code>");
    let mut after_digit = false;
    for letter in short.chars() {
        if letter.is_alphanumeric() || letter == '-' || (letter == '.' && after_digit) {
            code.push(letter);
        } else {
            let _ = write!(code, "&#{};", u32::from(letter));
        }
        after_digit = letter.is_ascii_digit();
    }
    code.push_str("</code>");
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_foreign_text_nothing_stays_that_means_something() {
        assert_eq!(code("left-pad 1.2"), "<code>left-pad&#32;1.2</code>");
        assert_eq!(code("www.x"), "<code>www&#46;x</code>");
        assert_eq!(code("@a|b"), "<code>&#64;a&#124;b</code>");
        assert_eq!(code("a\n# b"), "<code>a&#92;n&#35;&#32;b</code>");
        assert_eq!(code(""), "");
        assert!(code(&"x".repeat(1000)).len() < 100);
    }

    #[test]
    fn only_a_usual_id_is_a_link() {
        assert_eq!(
            advisory("GHSA-xvch-5gv4-984h"),
            "[GHSA-xvch-5gv4-984h](https://osv.dev/vulnerability/GHSA-xvch-5gv4-984h)"
        );
        for id in ["RHSA-2024:1", "CVE-1)](x", "", "x", "CVE-1 2"] {
            assert!(!advisory(id).contains("osv.dev"), "{id}");
        }
    }
}
