//! `linchpin db search`: which advisories name a package.

use std::fmt::Write as _;

use anyhow::Result;
use linchpin_advisory::{Named, search};
use serde::Serialize;

use super::super::inventory::{database_error, open_database};
use super::lists;
use crate::arguments::{AnswerForm, SearchArguments};
use crate::exit_codes::ExitCode;
use crate::outputs::deliver;
use crate::settings::{DatabaseChoice, Environment};

pub(super) fn run(arguments: &SearchArguments, environment: &Environment) -> Result<ExitCode> {
    let only = arguments
        .ecosystem
        .as_deref()
        .map(lists::ecosystem)
        .transpose()?;
    let database = open_database(&DatabaseChoice::new(&arguments.database, environment))?;
    let found = search(&database, &arguments.name, only).map_err(database_error)?;
    let content = match arguments.answer.format {
        AnswerForm::Table => table(&arguments.name, &found),
        AnswerForm::Json => json(&found)?,
    };
    deliver(arguments.answer.output.as_deref(), content.as_bytes())?;
    Ok(ExitCode::Clean)
}

/// The ecosystem with its release.
fn place(named: &Named) -> String {
    let name = named.ecosystem.facts().osv_name;
    match &named.release {
        Some(release) => format!("{name}:{release}"),
        None => name.to_owned(),
    }
}

/// The score as CVSS writes it.
fn score(tenths: u8) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn table(name: &str, found: &[Named]) -> String {
    let mut text = String::new();
    if found.is_empty() {
        let _ = writeln!(text, "no advisory names `{name}`");
    }
    let mut before = None;
    for named in found {
        let place = place(named);
        if before.as_ref() != Some(&place) {
            let _ = writeln!(text, "{place}");
            before = Some(place);
        }
        let mut facts = vec![named.severity.label().to_owned()];
        facts.extend(named.cvss_tenths.map(score));
        if named.exploited {
            facts.push("used in attacks".to_owned());
        }
        if named.kind != linchpin_model::FindingKind::Vulnerability {
            facts.push(named.kind.label().to_owned());
        }
        let _ = writeln!(text, "  {} ({})", named.id, facts.join(", "));
        if !named.aliases.is_empty() {
            let _ = writeln!(text, "    also {}", named.aliases.join(", "));
        }
        if !named.summary.is_empty() {
            let _ = writeln!(text, "    {}", named.summary);
        }
        if !named.ranges.is_empty() {
            let _ = writeln!(text, "    affected: {}", named.ranges.join(" or "));
        }
        match named.versions.len() {
            0 => {}
            1..=10 => {
                let _ = writeln!(text, "    affected versions: {}", named.versions.join(", "));
            }
            many => {
                let _ = writeln!(text, "    affected versions: {many} of them");
            }
        }
    }
    linchpin_report::printable_lines(&text)
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    advisories: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    ecosystem: String,
    id: &'a str,
    aliases: &'a [String],
    kind: &'static str,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cvss: Option<String>,
    exploited: bool,
    ranges: &'a [String],
    versions: &'a [String],
    summary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
}

fn json(found: &[Named]) -> Result<String> {
    let document = Document {
        version: 1,
        advisories: found
            .iter()
            .map(|named| Line {
                ecosystem: place(named),
                id: &named.id,
                aliases: &named.aliases,
                kind: named.kind.label(),
                severity: named.severity.label(),
                cvss: named.cvss_tenths.map(score),
                exploited: named.exploited,
                ranges: &named.ranges,
                versions: &named.versions,
                summary: &named.summary,
                modified: named.modified.map(|moment| moment.to_string()),
            })
            .collect(),
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
