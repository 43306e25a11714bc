//! The top of the page: what this is, and how bad it is.

use std::io;

use linchpin_model::{About, Ecosystem, FindingKind};

use super::{Page, by_severity, packages};
use crate::Report;
use crate::paint::Look;
use crate::text::{counted, grouped, unbroken, visible};

/// The number of digits of a digest that people compare.
const SHORT_DIGEST: usize = 12;

/// What this is.
pub(super) fn write(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    let inventory = report.inventory;
    let subject = &inventory.subject;
    page.prose("", Look::Bold, &visible(&subject.name))?;

    let mut facts = vec![match &subject.digest {
        Some(digest) => {
            let hex = digest.hex();
            let short = hex.get(..SHORT_DIGEST).unwrap_or(hex);
            format!(
                "{} {}:{short}",
                subject.kind.label(),
                digest.algorithm().name()
            )
        }
        None => subject.kind.label().to_owned(),
    }];
    facts.extend(
        subject
            .platform
            .as_deref()
            .map(|platform| visible(platform).into_owned()),
    );
    facts.extend(
        inventory
            .distribution
            .as_ref()
            .map(|distribution| visible(&distribution.label()).into_owned()),
    );
    page.prose("", Look::Plain, &facts.join(" · "))?;

    let mut facts = Vec::new();
    let counts = by_count(report);
    let total: usize = counts.iter().map(|(_, count)| count).sum();
    facts.push(match counts.as_slice() {
        [] => "no packages found".to_owned(),
        // Of what kind it is, the table of packages tells.
        [(None, _)] => packages(total),
        [(Some(ecosystem), _)] => format!(
            "{} {} {}",
            grouped(total as u64),
            ecosystem.facts().label,
            if total == 1 { "package" } else { "packages" }
        ),
        several => {
            let parts: Vec<String> = several
                .iter()
                .map(|(ecosystem, count)| {
                    format!("{} {}", grouped(*count as u64), label(*ecosystem))
                })
                .collect();
            format!("{}: {}", packages(total), parts.join(", "))
        }
    });
    let projects = inventory.roots().count();
    if projects > 0 {
        facts.push(counted(projects, "project"));
    }
    page.prose("", Look::Plain, &facts.join(" · "))?;
    let checked: Vec<String> = report.checked().iter().map(|one| unbroken(one)).collect();
    if checked.is_empty() {
        return Ok(());
    }
    page.prose("", Look::Plain, &format!("checked: {}", checked.join(", ")))
}

/// How many findings there are, and how bad they are.
pub(super) fn write_counts(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    let findings = report.findings;
    let text = format!(
        "{}: {}",
        counted(findings.len(), "finding"),
        by_severity(findings.iter()).join(", ")
    );
    page.prose("", Look::Bold, &text)?;
    let exploited = findings.iter().filter(|f| f.exploited.is_some()).count();
    let malicious = findings
        .iter()
        .filter(|f| f.kind == FindingKind::Malicious)
        .count();
    let fixable = findings.iter().filter(|f| f.remedy.is_some()).count();
    let facts: Vec<String> = [
        (exploited, "known to be exploited"),
        (malicious, "malicious"),
        (fixable, "with a fix"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, words)| format!("{} {words}", grouped(count as u64)))
    .collect();
    page.prose("", Look::Plain, &facts.join(" · "))
}

/// Nothing was found: says what that is worth.
pub(super) fn write_clean(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    let (compared, apart) = compared(report);
    let suppressed = report.suppressed.iter();
    let (in_packages, in_files): (Vec<_>, Vec<_>) =
        suppressed.partition(|one| matches!(one.finding.about, About::Package(_)));
    let nothing = |suppressed: usize, but: &str| match suppressed {
        0 => but.to_owned(),
        count => format!("Nothing but {}", counted(count, "suppressed finding")),
    };
    if compared > 0 {
        let verb = if compared == 1 { "was" } else { "were" };
        let known = nothing(in_packages.len(), "No known flaws");
        let text = format!(
            "{known} in the {} that {verb} compared with advisories.",
            packages(compared)
        );
        page.prose("", Look::Good, &text)?;
    } else if apart.is_empty() {
        page.prose(
            "",
            Look::Plain,
            "There is nothing to compare with advisories.",
        )?;
    }
    let checked: usize = report.documents.iter().map(|kind| kind.count).sum();
    if checked > 0 {
        let verb = if checked == 1 { "was" } else { "were" };
        let nothing = nothing(in_files.len(), "Nothing wrong");
        let checked = counted(checked, "document");
        let text = format!("{nothing} in the {checked} that {verb} checked.");
        page.prose("", Look::Good, &text)?;
    }
    if apart.is_empty() {
        return Ok(());
    }
    let parts: Vec<String> = apart
        .iter()
        .map(|(ecosystem, count)| format!("{} {}", grouped(*count as u64), label(*ecosystem)))
        .collect();
    let text = format!(
        "Not compared, because there are no advisories for them: {}.",
        parts.join(", ")
    );
    page.prose("", Look::Severity(linchpin_model::Severity::Medium), &text)
}

/// The number of packages that there are advisories for, and the ecosystems without any.
fn compared(report: &Report<'_>) -> (usize, Vec<(Option<Ecosystem>, usize)>) {
    let (covered, apart): (Vec<_>, Vec<_>) = by_count(report)
        .into_iter()
        .partition(|(e, _)| e.is_some_and(|ecosystem| report.advisories.covers(ecosystem)));
    (covered.iter().map(|(_, count)| count).sum(), apart)
}

/// The number of packages by ecosystem, the largest number first.
fn by_count(report: &Report<'_>) -> Vec<(Option<Ecosystem>, usize)> {
    let mut counts: Vec<_> = report.inventory.counts().into_iter().collect();
    counts.sort_by_key(|(ecosystem, count)| (std::cmp::Reverse(*count), ecosystem.is_none()));
    counts
}

fn label(ecosystem: Option<Ecosystem>) -> &'static str {
    ecosystem.map_or("of other kinds", |ecosystem| ecosystem.facts().label)
}
