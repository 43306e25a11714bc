//! `linchpin db status`: what is in the database, where it came from and how old it is.

use std::fmt::Write as _;

use anyhow::Result;
use linchpin_advisory::{Database, Manifest};
use linchpin_model::AdvisoryOrigin;

use super::super::inventory::{database_error, open_database};
use crate::arguments::{AnswerForm, StatusArguments};
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;
use crate::settings::{DatabaseChoice, Environment};

pub(super) fn run(arguments: &StatusArguments, environment: &Environment) -> Result<ExitCode> {
    let choice = DatabaseChoice::new(&arguments.database, environment);
    let database = open_database(&choice)?;
    if arguments.verify {
        database.verify().map_err(database_error)?;
    }
    let content = match (arguments.answer.format, database.manifest()) {
        (AnswerForm::Table, _) => table(&database, environment),
        (AnswerForm::Json, Some(manifest)) => {
            String::from_utf8_lossy(&manifest.write()).into_owned()
        }
        (AnswerForm::Json, None) => {
            return Err(anyhow::anyhow!(
                "the starter set has no manifest\nhint: make a database with `linchpin db update`, or with `linchpin db import PATH`"
            )
            .context(Failure::new(ExitCode::Database, "show the manifest")));
        }
    };
    deliver(arguments.answer.output.as_deref(), content.as_bytes())?;
    Ok(ExitCode::Clean)
}

fn table(database: &Database, environment: &Environment) -> String {
    let facts = database.facts();
    let mut text = String::new();
    match &facts.origin {
        AdvisoryOrigin::StarterSet => {
            let _ = writeln!(
                text,
                "no database: the starter set inside the program is used"
            );
        }
        AdvisoryOrigin::File(path) => {
            let _ = writeln!(text, "database: {path}");
        }
    }
    if let Some(compiled) = database.compiled() {
        let _ = writeln!(
            text,
            "  made         {}",
            compiled.strftime("%Y-%m-%d %H:%M UTC")
        );
    }
    if let Some(newest) = facts.newest {
        let _ = writeln!(text, "  newest       {}", newest.strftime("%Y-%m-%d"));
    }
    if let (Some(current), Some(days)) = (facts.current, facts.age_in_days(environment.now())) {
        let _ = writeln!(
            text,
            "  as of        {}, {days} days ago",
            current.strftime("%Y-%m-%d %H:%M UTC")
        );
    }
    if facts.origin != AdvisoryOrigin::StarterSet {
        let catalogue = facts.exploited_catalogue.as_deref().unwrap_or("none");
        let _ = writeln!(text, "  exploited    catalogue {catalogue}");
        let day = facts.exploit_predictions.as_deref().unwrap_or("none");
        let _ = writeln!(text, "  predictions  {day}");
    }
    match database.manifest() {
        Some(manifest) => parts(manifest, &mut text),
        None => {
            for (ecosystem, count) in &facts.records {
                let _ = writeln!(
                    text,
                    "  {:<12} {count:>8} records",
                    ecosystem.facts().osv_name
                );
            }
        }
    }
    let _ = writeln!(text, "  {:<12} {:>8} records", "all", facts.total());
    if facts.origin == AdvisoryOrigin::StarterSet {
        let _ = writeln!(
            text,
            "to get everything: `linchpin db update`, or `linchpin db import DIR` from a mirror"
        );
    }
    linchpin_report::printable_lines(&text)
}

/// A line for each ecosystem: records, size, date of the newest record, the beginning of the
/// digest, source.
fn parts(manifest: &Manifest, text: &mut String) {
    let width = manifest
        .ecosystems
        .iter()
        .map(|part| part.name.len())
        .max()
        .unwrap_or(0)
        .max(12);
    for part in &manifest.ecosystems {
        let newest = part.newest.map_or_else(
            || "no date".to_owned(),
            |moment| moment.0.strftime("%Y-%m-%d").to_string(),
        );
        let _ = writeln!(
            text,
            "  {:<width$} {:>8} records {:>8} KiB  {newest}  {}  {}",
            part.name,
            part.records,
            part.file.size / 1024,
            part.file.sha256.get(..12).unwrap_or_default(),
            part.source
        );
    }
}
