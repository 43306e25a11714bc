//! Format `html`: one page that needs nothing else: no network, no other file.
//!
//! It is complete without a script; with one, findings can be filtered and sorted. Every text of the
//! target is escaped, the page allows no source of scripts, styles, images or connections but itself,
//! and its only script is named by its digest, so that nothing in a target can run in it.

mod chart;
mod findings;
mod text;

use std::io::{self, Write};

use linchpin_model::{FindingKind, Routes, Severity};
use sha2::{Digest, Sha256};

use super::Format;
use crate::text::{counted, grouped, sentence};
use crate::{ExplainableFinding, Report, WriteOptions};
use text::{base64, escape, prose};

/// One page that needs nothing else.
pub const FORMAT: Format = Format {
    id: "html",
    documentation: "One page that needs nothing else: findings that filter and sort, charts, ways of dependencies; light and dark, on a phone and on paper.",
    write,
};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

fn write(report: &Report<'_>, _options: &WriteOptions, out: &mut dyn Write) -> io::Result<()> {
    let routes = Routes::new(report.inventory);
    let findings: Vec<ExplainableFinding> = report
        .findings
        .iter()
        .map(|finding| ExplainableFinding::new(finding, report.inventory, &routes))
        .collect();
    let subject = &report.inventory.subject;
    let script = base64(&Sha256::digest(SCRIPT.as_bytes()));
    let style = base64(&Sha256::digest(STYLE.as_bytes()));
    let name = escape(&subject.name);
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         script-src 'sha256-{script}'; style-src 'sha256-{style}'; base-uri 'none'; \
         form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{name}: {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        counted(findings.len(), "finding")
    )?;
    heading(report, &findings, out)?;
    steps(report, out)?;
    findings::write(&findings, out)?;
    licenses(report, out)?;
    suppressed(report, &routes, out)?;
    notes(report, out)?;
    write!(
        out,
        "<footer>Made by Linchpin {}. {}</footer>\n\
         <script>{SCRIPT}</script>\n</body>\n</html>\n",
        escape(report.tool_version),
        advisories(report)
    )
}

fn heading(
    report: &Report<'_>,
    findings: &[ExplainableFinding],
    out: &mut dyn Write,
) -> io::Result<()> {
    let subject = &report.inventory.subject;
    let mut facts = vec![subject.kind.label().to_owned()];
    facts.extend(subject.digest.as_ref().map(ToString::to_string));
    facts.extend(subject.platform.clone());
    let distribution = report.inventory.distribution.as_ref();
    facts.extend(distribution.map(linchpin_model::Distribution::label));
    facts.push(counted(report.inventory.libraries().count(), "package"));
    let checked = report.checked();
    if !checked.is_empty() {
        facts.push(format!("checked: {}", checked.join(", ")));
    }
    let facts: Vec<String> = facts.iter().map(|fact| escape(fact)).collect();
    writeln!(
        out,
        "<header>\n<h1>{}</h1>\n<p class=\"facts\">{}</p>\n</header>",
        escape(&subject.name),
        facts.join(" · ")
    )?;
    let exploited = findings
        .iter()
        .filter(|one| one.exploited.is_some())
        .count();
    let malicious = findings
        .iter()
        .filter(|one| one.kind == FindingKind::Malicious)
        .count();
    let fixable = findings.iter().filter(|one| one.remedy.is_some()).count();
    writeln!(out, "<section class=\"summary\">\n<ul class=\"tiles\">")?;
    let tiles = [
        (findings.len(), "findings", ""),
        (exploited, "used in attacks", "alarm"),
        (malicious, "malicious", "alarm"),
        (fixable, "with a fix", ""),
    ];
    for (count, words, class) in tiles {
        if count > 0 || class.is_empty() {
            let count = grouped(count as u64);
            writeln!(out, "<li class=\"{class}\"><b>{count}</b> {words}</li>")?;
        }
    }
    writeln!(out, "</ul>")?;
    let by_severity: Vec<(&str, usize)> = Severity::ALL
        .into_iter()
        .rev()
        .map(|severity| {
            let count = findings.iter().filter(|one| one.severity == severity);
            (severity.label(), count.count())
        })
        .collect();
    chart::bars("By severity", &by_severity, out)?;
    let by_kind: Vec<(&str, usize)> = FindingKind::ALL
        .into_iter()
        .map(|kind| {
            let count = findings.iter().filter(|one| one.kind == kind).count();
            (kind.label(), count)
        })
        .collect();
    chart::bars("By kind", &by_kind, out)?;
    writeln!(out, "</section>")
}

fn steps(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    if report.next.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section>\n<h2>Do next</h2>\n<ol class=\"steps\">")?;
    for step in report.next {
        write!(out, "<li>{}", prose(&sentence(&step.action)))?;
        if let Some(command) = &step.command {
            write!(out, "<pre>{}</pre>", escape(command))?;
        }
        let place = step
            .place
            .as_ref()
            .map_or("", linchpin_model::TargetPath::as_str);
        let place = match place {
            "" => String::new(),
            place => format!(" in {}", escape(place)),
        };
        let removes = counted(step.removes.len(), "finding");
        writeln!(out, "<small>removes {removes}{place}</small></li>")?;
    }
    writeln!(out, "</ol>\n</section>")
}

fn licenses(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    if report.licenses.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section>\n<h2>Licences</h2>\n<table>")?;
    for (category, count) in report.licenses {
        writeln!(
            out,
            "<tr><td>{}</td><td>{category}</td><td>{}</td></tr>",
            grouped(*count as u64),
            category.meaning()
        )?;
    }
    writeln!(out, "</table>\n</section>")
}

fn suppressed(report: &Report<'_>, routes: &Routes, out: &mut dyn Write) -> io::Result<()> {
    if report.suppressed.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<section>\n<details><summary><h2>Suppressed ({})</h2></summary>\n<ul>",
        report.suppressed.len()
    )?;
    for suppressed in report.suppressed {
        let finding = ExplainableFinding::suppressed(suppressed, report.inventory, routes);
        let grounds: Vec<String> = suppressed
            .because
            .iter()
            .map(crate::grounds::ground)
            .collect();
        writeln!(
            out,
            "<li><b>{}</b> ({}) in {}: {}</li>",
            escape(&finding.id),
            finding.severity.label(),
            escape(&findings::subject(&finding)),
            escape(&grounds.join("; "))
        )?;
    }
    writeln!(out, "</ul>\n</details>\n</section>")
}

fn notes(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    if report.notes.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<section>\n<details><summary><h2>What could not be known ({})</h2></summary>\n<ul>",
        report.notes.len()
    )?;
    for note in report.notes {
        let place = note
            .path
            .as_ref()
            .map(|path| format!("<b>{}</b> ", escape(path.as_str())));
        let text = escape(&note.text);
        writeln!(out, "<li>{}{text}</li>", place.unwrap_or_default())?;
    }
    writeln!(out, "</ul>\n</details>\n</section>")
}

fn advisories(report: &Report<'_>) -> String {
    let facts = report.advisories;
    let newest = facts
        .newest
        .map(|newest| format!(", the newest of {}", newest.strftime("%Y-%m-%d")));
    format!(
        "Compared with {}{}.",
        counted(
            usize::try_from(facts.total()).unwrap_or(usize::MAX),
            "advisory record"
        ),
        newest.unwrap_or_default()
    )
}
