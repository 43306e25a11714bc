//! `linchpin sbom query`: the components for which an expression holds.

use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use linchpin_sbom::Document;
use linchpin_sbom::query::{Match, Query, QueryError};
use linchpin_text::{Column, Shortening, counted, table};
use serde::Serialize;

use super::subject::{document_of, failure, json};
use crate::arguments::{AnswerForm, QueryArguments};
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;
use crate::printer::Printer;
use crate::settings::Environment;

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Evaluation descends as deep as the expression is nested; this is plenty for the deepest one
/// that is taken.
const STACK: usize = 64 << 20;

pub(super) fn run(
    arguments: &QueryArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    // A wrong expression must not cost the user the time of reading the target.
    let query = Query::parse(&arguments.expression).map_err(|error| {
        anyhow::Error::new(error).context(Failure::new(
            ExitCode::WrongUse,
            "understand the expression\nhint: `linchpin sbom query --help` lists the fields",
        ))
    })?;
    let (_, document) = document_of(&arguments.file, &arguments.reading, printer, environment)?;
    let (matches, of) = answer(query, document)?;
    let content = match arguments.answer.format {
        AnswerForm::Table => text(&matches, of, printer.width()).into_bytes(),
        AnswerForm::Json => json(&Answer::new(&matches, of))?,
    };
    deliver(arguments.answer.output.as_deref(), &content)?;
    Ok(if arguments.fail_on_match && !matches.is_empty() {
        ExitCode::Findings
    } else {
        ExitCode::Clean
    })
}

/// Asks on a thread of its own, so that it need not be waited for without end. A thread that takes
/// too long ends with the program.
fn answer(query: Query, document: Document) -> Result<(Vec<Match>, usize)> {
    let (sender, receiver) = mpsc::channel::<Result<(Vec<Match>, usize), QueryError>>();
    std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || {
            let _ = sender.send(query.run(&document));
        })
        .with_context(|| failure("begin to ask"))?;
    let doing = || Failure::new(ExitCode::WrongUse, "answer the query");
    match receiver.recv_timeout(PATIENCE) {
        Ok(answer) => answer.with_context(doing),
        Err(_) => {
            Err(anyhow!("there is no answer after {} seconds", PATIENCE.as_secs()).context(doing()))
        }
    }
}

const COLUMNS: &[Column] = &[
    Column::new("NAME", Shortening::Name, 16),
    Column::new("VERSION", Shortening::Middle, 9),
    Column::new("TYPE", Shortening::Never, 0),
    Column::new("LICENCES", Shortening::End, 12),
    Column::new("FOUND IN", Shortening::Path, 18),
    Column::new("SCOPE", Shortening::Never, 0),
    Column::new("SUPPLIER", Shortening::End, 12),
];

fn text(matches: &[Match], of: usize, width: usize) -> String {
    let mut text = format!("{} of {}\n", matches.len(), counted(of, "component"));
    if matches.is_empty() {
        return text;
    }
    let rows: Vec<Vec<String>> = matches
        .iter()
        .map(|found| {
            let said = |text: &Option<String>| text.clone().unwrap_or_default();
            vec![
                found.name.clone(),
                said(&found.version),
                found.kind.clone(),
                found.licenses.clone().unwrap_or_else(|| "-".to_owned()),
                found.paths.first().cloned().unwrap_or_default(),
                found.scope.unwrap_or_default().to_owned(),
                said(&found.supplier),
            ]
        })
        .collect();
    for line in std::iter::once(String::new()).chain(table(COLUMNS, &rows, width)) {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

#[derive(Serialize)]
struct Answer<'a> {
    format: &'static str,
    version: u32,
    matched: usize,
    of: usize,
    components: Vec<Component<'a>>,
}

#[derive(Serialize)]
struct Component<'a> {
    name: &'a str,
    version: Option<&'a str>,
    #[serde(rename = "type")]
    kind: &'a str,
    purl: Option<&'a str>,
    licenses: Option<&'a str>,
    scope: Option<&'a str>,
    supplier: Option<&'a str>,
    paths: &'a [String],
}

impl<'a> Answer<'a> {
    fn new(matches: &'a [Match], of: usize) -> Self {
        Self {
            format: "linchpin-sbom-query",
            version: 1,
            matched: matches.len(),
            of,
            components: matches
                .iter()
                .map(|found| Component {
                    name: &found.name,
                    version: found.version.as_deref(),
                    kind: &found.kind,
                    purl: found.purl.as_deref(),
                    licenses: found.licenses.as_deref(),
                    scope: found.scope,
                    supplier: found.supplier.as_deref(),
                    paths: &found.paths,
                })
                .collect(),
        }
    }
}
