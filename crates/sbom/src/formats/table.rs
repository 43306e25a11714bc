//! Format `table`: the components for a person, fitted to the width of the terminal.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use linchpin_text::{Column, Shortening, counted, table, visible};

use super::{Format, WriteOptions, Writer};
use crate::document::{Document, Losses};
use crate::flat::{ComponentRow, component_rows};

/// The components for a person.
pub const FORMAT: Format = Format {
    id: "table",
    documentation: "The components for a person to read, fitted to the terminal.",
    holds_findings: false,
    versions: &[],
    default_version: "",
    writer: Some(Writer::Document(write)),
    reader: None,
};

/// The most needed ones first: where a terminal is narrow, the last ones are left out.
const COLUMNS: &[Column] = &[
    Column::new("NAME", Shortening::Name, 16),
    Column::new("VERSION", Shortening::Middle, 9),
    Column::new("TYPE", Shortening::Never, 0),
    Column::new("LICENCES", Shortening::End, 12),
    Column::new("FOUND IN", Shortening::Path, 18),
    Column::new("SCOPE", Shortening::Never, 0),
    Column::new("SUPPLIER", Shortening::End, 12),
];

fn write(
    document: &Document,
    options: &WriteOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<Losses> {
    let rows = component_rows(document);
    writeln!(out, "{}", heading(document, &rows))?;
    if !rows.is_empty() {
        writeln!(out)?;
        let cells: Vec<Vec<String>> = rows.into_iter().map(cells).collect();
        for line in table(COLUMNS, &cells, options.width) {
            writeln!(out, "{line}")?;
        }
    }
    let mut losses = Losses::default();
    for vulnerability in document.vulnerabilities.iter().flatten() {
        losses.add("vulnerability", &vulnerability.id);
    }
    Ok(losses)
}

/// What it is and how much of what is in it.
fn heading(document: &Document, rows: &[ComponentRow]) -> String {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        *kinds.entry(&row.kind).or_default() += 1;
    }
    let mut kinds: Vec<(&str, usize)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, count)| Reverse(*count));
    let kinds: Vec<String> = kinds
        .iter()
        .map(|(kind, count)| format!("{count} {}", visible(kind)))
        .collect();
    let primary = document.metadata.primary.as_ref();
    let name = primary
        .map(crate::document::Component::full_name)
        .or_else(|| document.metadata.name.clone())
        .filter(|name| !name.is_empty());
    let mut text = name.map_or_else(String::new, |name| format!("{}: ", visible(&name)));
    text.push_str(&counted(rows.len(), "component"));
    if !kinds.is_empty() {
        text.push_str(" (");
        text.push_str(&kinds.join(", "));
        text.push(')');
    }
    text
}

fn cells(row: ComponentRow) -> Vec<String> {
    // A person looks for one place; the others are in the formats for machines.
    let mut places = row.places.split(crate::flat::BETWEEN);
    let first = places.next().unwrap_or_default();
    let more = places.count();
    let place = match more {
        0 => first.to_owned(),
        more => format!("{first} +{more}"),
    };
    let licenses = if row.licenses.is_empty() {
        "-".to_owned()
    } else {
        row.licenses
    };
    vec![
        row.name,
        row.version,
        row.kind,
        licenses,
        place,
        row.scope,
        row.supplier,
    ]
}
