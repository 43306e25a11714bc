//! `linchpin sbom diff`: what is different between two documents.

use anyhow::Result;
use linchpin_sbom::compare::{
    Change, ChangedComponent, ComparedComponent, ComparedDependency, Difference, compare,
};
use linchpin_text::{Column, Shortening, counted, table};
use serde::Serialize;

use super::subject::{document_of, json};
use crate::arguments::{AnswerForm, SbomDiffArguments};
use crate::exit_codes::ExitCode;
use crate::outputs::deliver;
use crate::printer::Printer;
use crate::settings::Environment;

pub(super) fn run(
    arguments: &SbomDiffArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let (_, before) = document_of(&arguments.before, &arguments.reading, printer, environment)?;
    let (_, after) = document_of(&arguments.after, &arguments.reading, printer, environment)?;
    let difference = compare(&before, &after);
    let content = match arguments.answer.format {
        AnswerForm::Table => text(&difference, printer.width()).into_bytes(),
        AnswerForm::Json => json(&Answer::new(&difference))?,
    };
    deliver(arguments.answer.output.as_deref(), &content)?;
    Ok(if difference.is_empty() {
        ExitCode::Clean
    } else {
        ExitCode::Findings
    })
}

const COMPONENTS: &[Column] = &[
    Column::new("", Shortening::Never, 0),
    Column::new("NAME", Shortening::Name, 16),
    Column::new("WHAT", Shortening::Never, 0),
    Column::new("BEFORE", Shortening::Middle, 12),
    Column::new("AFTER", Shortening::Middle, 12),
];

const DEPENDENCIES: &[Column] = &[
    Column::new("", Shortening::Never, 0),
    Column::new("FROM", Shortening::Name, 16),
    Column::new("TO", Shortening::Name, 16),
];

fn text(difference: &Difference, width: usize) -> String {
    if difference.is_empty() {
        return "Nothing is different.\n".to_owned();
    }
    let mut text = format!(
        "{} added, {} removed, {} changed; {} added, {} removed\n",
        counted(difference.added.len(), "component"),
        difference.removed.len(),
        difference.changed.len(),
        counted_dependencies(difference.dependencies_added.len()),
        difference.dependencies_removed.len(),
    );
    let mut rows = Vec::new();
    let row = |cells: [&str; 5]| cells.iter().map(|cell| (*cell).to_owned()).collect();
    for added in &difference.added {
        let version = added.version.as_deref().unwrap_or("-");
        rows.push(row(["+", &added.name, "added", "", version]));
    }
    for removed in &difference.removed {
        let version = removed.version.as_deref().unwrap_or("-");
        rows.push(row(["-", &removed.name, "removed", version, ""]));
    }
    for changed in &difference.changed {
        for (what, change) in [
            ("version", &changed.version),
            ("licences", &changed.licenses),
            ("supplier", &changed.supplier),
            ("hashes", &changed.hashes),
        ] {
            if let Some((before, after)) = change {
                rows.push(row([
                    "~",
                    &changed.after.name,
                    what,
                    before.as_deref().unwrap_or("-"),
                    after.as_deref().unwrap_or("-"),
                ]));
            }
        }
    }
    append(&mut text, COMPONENTS, &rows, width);
    let edge = |sign: &str, edge: &ComparedDependency| {
        vec![sign.to_owned(), edge.from.clone(), edge.to.clone()]
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    rows.extend(
        difference
            .dependencies_added
            .iter()
            .map(|added| edge("+", added)),
    );
    rows.extend(
        difference
            .dependencies_removed
            .iter()
            .map(|removed| edge("-", removed)),
    );
    append(&mut text, DEPENDENCIES, &rows, width);
    text
}

fn counted_dependencies(count: usize) -> String {
    match count {
        1 => "1 dependency".to_owned(),
        count => format!("{count} dependencies"),
    }
}

fn append(text: &mut String, layout: &[Column], rows: &[Vec<String>], width: usize) {
    if rows.is_empty() {
        return;
    }
    for line in std::iter::once(String::new()).chain(table(layout, rows, width)) {
        text.push_str(&line);
        text.push('\n');
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    format: &'static str,
    version: u32,
    same: bool,
    added: Vec<Component<'a>>,
    removed: Vec<Component<'a>>,
    changed: Vec<Changed<'a>>,
    dependencies: Dependencies<'a>,
}

#[derive(Serialize)]
struct Component<'a> {
    name: &'a str,
    version: Option<&'a str>,
    purl: Option<&'a str>,
    licenses: Option<&'a str>,
}

#[derive(Serialize)]
struct Changed<'a> {
    before: Component<'a>,
    after: Component<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<BeforeAfter<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licenses: Option<BeforeAfter<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplier: Option<BeforeAfter<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hashes: Option<BeforeAfter<'a>>,
}

#[derive(Serialize)]
struct BeforeAfter<'a> {
    before: Option<&'a str>,
    after: Option<&'a str>,
}

#[derive(Serialize)]
struct Dependencies<'a> {
    added: Vec<Dependency<'a>>,
    removed: Vec<Dependency<'a>>,
}

#[derive(Serialize)]
struct Dependency<'a> {
    from: &'a str,
    to: &'a str,
}

impl<'a> Answer<'a> {
    fn new(difference: &'a Difference) -> Self {
        let dependencies = |all: &'a [ComparedDependency]| {
            all.iter()
                .map(|one| Dependency {
                    from: &one.from,
                    to: &one.to,
                })
                .collect()
        };
        Self {
            format: "linchpin-sbom-diff",
            version: 1,
            same: difference.is_empty(),
            added: difference.added.iter().map(Component::new).collect(),
            removed: difference.removed.iter().map(Component::new).collect(),
            changed: difference.changed.iter().map(Changed::new).collect(),
            dependencies: Dependencies {
                added: dependencies(&difference.dependencies_added),
                removed: dependencies(&difference.dependencies_removed),
            },
        }
    }
}

impl<'a> Component<'a> {
    fn new(component: &'a ComparedComponent) -> Self {
        Self {
            name: &component.name,
            version: component.version.as_deref(),
            purl: component.purl.as_deref(),
            licenses: component.licenses.as_deref(),
        }
    }
}

impl<'a> Changed<'a> {
    fn new(changed: &'a ChangedComponent) -> Self {
        let change = |change: &'a Option<Change>| {
            change.as_ref().map(|(before, after)| BeforeAfter {
                before: before.as_deref(),
                after: after.as_deref(),
            })
        };
        Self {
            before: Component::new(&changed.before),
            after: Component::new(&changed.after),
            version: change(&changed.version),
            licenses: change(&changed.licenses),
            supplier: change(&changed.supplier),
            hashes: change(&changed.hashes),
        }
    }
}
