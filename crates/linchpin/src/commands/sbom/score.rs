//! `linchpin sbom score`: how complete a document is.

use std::fmt::Write as _;

use anyhow::Result;
use linchpin_sbom::score::{ElementScore, Score, StandardScore, score};
use linchpin_text::{Column, Shortening, counted, table, visible};
use serde::Serialize;

use super::subject::{document_of, json};
use crate::arguments::{AnswerForm, ScoreArguments};
use crate::exit_codes::ExitCode;
use crate::outputs::deliver;
use crate::printer::Printer;
use crate::settings::Environment;

pub(super) fn run(
    arguments: &ScoreArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let (_, document) = document_of(&arguments.file, &arguments.reading, printer, environment)?;
    let score = score(&document);
    let content = match arguments.answer.format {
        AnswerForm::Table => text(&score, printer).into_bytes(),
        AnswerForm::Json => json(&Answer::new(&score))?,
    };
    deliver(arguments.answer.output.as_deref(), &content)?;
    let failed = arguments.fail_below.is_some_and(|bar| {
        score
            .standards
            .iter()
            .any(|standard| standard.points < f64::from(bar))
    });
    Ok(if failed {
        ExitCode::Findings
    } else {
        ExitCode::Clean
    })
}

const COLUMNS: &[Column] = &[
    Column::new("ELEMENT", Shortening::End, 20),
    Column::new("HAVE", Shortening::Never, 0),
    Column::new("", Shortening::Never, 0),
    Column::new("MISSING ON", Shortening::End, 16),
];

/// How many components without an element a person is shown.
const EXAMPLES: usize = 3;

fn text(score: &Score, printer: &Printer) -> String {
    let mut text = format!(
        "Grade {}, {:.0} of 100 points, {} judged\n",
        score.grade,
        score.points,
        counted(score.components, "component")
    );
    for standard in &score.standards {
        let _ = write!(
            text,
            "\n{}: {}, {:.0} points\n\n",
            standard.standard.name, standard.grade, standard.points
        );
        let most = if printer.is_verbose() {
            usize::MAX
        } else {
            EXAMPLES
        };
        let rows: Vec<Vec<String>> = standard
            .elements
            .iter()
            .map(|element| row(element, most))
            .collect();
        for line in table(COLUMNS, &rows, printer.width()) {
            let _ = writeln!(text, "  {line}");
        }
        for element in &standard.elements {
            if element.share() < 1.0 {
                let _ = writeln!(
                    text,
                    "  {} goes to: {}",
                    element.element.id, element.element.hint
                );
            }
        }
    }
    text
}

fn row(element: &ElementScore, most: usize) -> Vec<String> {
    let have = if element.of_document {
        if element.having > 0 { "yes" } else { "no" }.to_owned()
    } else {
        format!("{}/{}", element.having, element.of)
    };
    let mut missing: Vec<String> = element
        .missing
        .iter()
        .take(most)
        .map(|name| visible(name).into_owned())
        .collect();
    if element.missing.len() > most {
        missing.push(format!("and {} more", element.missing.len() - most));
    }
    vec![
        element.element.name.to_owned(),
        have,
        format!("{:.0}%", (element.share() * 100.0).floor()),
        missing.join(", "),
    ]
}

#[derive(Serialize)]
struct Answer<'a> {
    format: &'static str,
    version: u32,
    grade: char,
    points: f64,
    components: usize,
    standards: Vec<Standard<'a>>,
}

#[derive(Serialize)]
struct Standard<'a> {
    id: &'static str,
    name: &'static str,
    grade: char,
    points: f64,
    elements: Vec<Element<'a>>,
}

#[derive(Serialize)]
struct Element<'a> {
    id: &'static str,
    name: &'static str,
    of: &'static str,
    points: f64,
    having: usize,
    total: usize,
    missing: &'a [String],
    goes_to: &'static str,
}

/// Two digits behind the point are more than enough.
fn rounded(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}

impl<'a> Answer<'a> {
    fn new(score: &'a Score) -> Self {
        Self {
            format: "linchpin-sbom-score",
            version: 1,
            grade: score.grade,
            points: rounded(score.points),
            components: score.components,
            standards: score.standards.iter().map(Standard::new).collect(),
        }
    }
}

impl<'a> Standard<'a> {
    fn new(score: &'a StandardScore) -> Self {
        Self {
            id: score.standard.id,
            name: score.standard.name,
            grade: score.grade,
            points: rounded(score.points),
            elements: score
                .elements
                .iter()
                .map(|element| Element {
                    id: element.element.id,
                    name: element.element.name,
                    of: if element.of_document {
                        "document"
                    } else {
                        "component"
                    },
                    points: rounded(element.share() * 100.0),
                    having: element.having,
                    total: element.of,
                    missing: &element.missing,
                    goes_to: element.element.hint,
                })
                .collect(),
        }
    }
}
