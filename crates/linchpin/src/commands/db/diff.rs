//! `linchpin db diff`: what is different between two databases.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use linchpin_advisory::{Database, EcosystemDifference, differences};
use serde::Serialize;

use super::super::inventory::database_error;
use crate::arguments::{AnswerForm, DatabaseDiffArguments};
use crate::exit_codes::ExitCode;
use crate::outputs::deliver;

/// How many ids a table names of each sort.
const NAMED: usize = 20;

pub(super) fn run(arguments: &DatabaseDiffArguments) -> Result<ExitCode> {
    let open = |path: &Path| Database::open(path).map_err(database_error);
    let (old, new) = (open(&arguments.before)?, open(&arguments.after)?);
    let found = differences(&old, &new).map_err(database_error)?;
    let content = match arguments.answer.format {
        AnswerForm::Table => table(&found),
        AnswerForm::Json => json(&found)?,
    };
    deliver(arguments.answer.output.as_deref(), content.as_bytes())?;
    Ok(if found.is_empty() {
        ExitCode::Clean
    } else {
        ExitCode::Findings
    })
}

fn table(found: &[EcosystemDifference]) -> String {
    let mut text = String::new();
    if found.is_empty() {
        text.push_str("nothing is different\n");
    }
    for difference in found {
        let name = difference.ecosystem.facts().osv_name;
        let whole = match (difference.in_old, difference.in_new) {
            (false, true) => " (new)",
            (true, false) => " (gone)",
            _ => "",
        };
        let _ = writeln!(
            text,
            "{name}{whole}: {} added, {} removed, {} changed",
            difference.added.len(),
            difference.removed.len(),
            difference.changed.len()
        );
        for (sign, ids) in [
            ('+', &difference.added),
            ('-', &difference.removed),
            ('~', &difference.changed),
        ] {
            for id in ids.iter().take(NAMED) {
                let _ = writeln!(text, "  {sign} {id}");
            }
            if ids.len() > NAMED {
                let _ = writeln!(text, "  {sign} and {} more", ids.len() - NAMED);
            }
        }
    }
    linchpin_report::printable_lines(&text)
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    ecosystems: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    ecosystem: &'a str,
    in_old: bool,
    in_new: bool,
    added: &'a [String],
    removed: &'a [String],
    changed: &'a [String],
}

fn json(found: &[EcosystemDifference]) -> Result<String> {
    let document = Document {
        version: 1,
        ecosystems: found
            .iter()
            .map(|difference| Line {
                ecosystem: difference.ecosystem.facts().osv_name,
                in_old: difference.in_old,
                in_new: difference.in_new,
                added: &difference.added,
                removed: &difference.removed,
                changed: &difference.changed,
            })
            .collect(),
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
