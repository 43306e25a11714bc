//! Format `xlsx`: a spreadsheet with components, licences, findings and dependencies, each a
//! sheet: Office Open XML, ECMA-376.
//!
//! Every text is written as text, so nothing in a document becomes a formula or a link. The same
//! document gives the same bytes: the moment of creation is fixed, and so are those in the archive.

use std::io::{self, Write};

use linchpin_text::visible;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format as Look, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::{Format, WriteOptions, Writer};
use crate::document::{Document, Losses};
use crate::flat::{component_rows, dependency_rows, finding_rows, license_rows};

/// A spreadsheet.
pub const FORMAT: Format = Format {
    id: "xlsx",
    documentation: "A spreadsheet with components, licences, findings and dependencies.",
    holds_findings: true,
    versions: &[],
    default_version: "",
    writer: Some(Writer::Document(write)),
    reader: None,
};

/// The rows that a sheet has room for, below its heading.
const MOST_ROWS: usize = 1_048_575;

/// The characters that a cell has room for.
const MOST_CHARACTERS: usize = 32_767;

/// A column: its title and its width in characters.
type Titles = &'static [(&'static str, f64)];

/// A cell.
enum Cell {
    Text(String),
    Number(f64),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

fn write(document: &Document, _: &WriteOptions<'_>, out: &mut dyn Write) -> io::Result<Losses> {
    let mut losses = Losses::default();
    let bytes = workbook(document, &mut losses).map_err(io::Error::other)?;
    out.write_all(&bytes)?;
    Ok(losses)
}

fn workbook(document: &Document, losses: &mut Losses) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let title = document
        .metadata
        .primary
        .as_ref()
        .map(crate::document::Component::full_name)
        .or_else(|| document.metadata.name.clone())
        .unwrap_or_default();
    workbook.set_properties(
        &DocProperties::new()
            .set_title(short(&title, 200))
            .set_author("linchpin")
            .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?),
    );

    let components: Vec<Vec<Cell>> = component_rows(document)
        .into_iter()
        .map(|row| {
            [
                row.name,
                row.version,
                row.kind,
                row.licenses,
                row.scope,
                row.supplier,
                row.purl,
                row.source,
                row.hashes,
                row.download,
                row.places,
                row.description,
            ]
            .map(Cell::Text)
            .into()
        })
        .collect();
    sheet(
        workbook.add_worksheet(),
        "Components",
        &[
            ("Name", 40.0),
            ("Version", 18.0),
            ("Type", 11.0),
            ("Licences", 26.0),
            ("Scope", 10.0),
            ("Supplier", 30.0),
            ("Package URL", 50.0),
            ("Source package", 24.0),
            ("Hashes", 40.0),
            ("Download", 40.0),
            ("Found in", 44.0),
            ("Description", 60.0),
        ],
        components,
        losses,
    )?;

    let licenses: Vec<Vec<Cell>> = license_rows(document)
        .into_iter()
        .map(|row| {
            let license = if row.license.is_empty() {
                "(none known)".to_owned()
            } else {
                row.license
            };
            vec![
                license.into(),
                Cell::Number(row.count as f64),
                row.components.into(),
            ]
        })
        .collect();
    sheet(
        workbook.add_worksheet(),
        "Licences",
        &[("Licence", 44.0), ("Components", 13.0), ("Which", 100.0)],
        licenses,
        losses,
    )?;

    let findings: Vec<Vec<Cell>> = finding_rows(document)
        .into_iter()
        .map(|row| {
            vec![
                row.id.into(),
                row.severity.into(),
                row.score
                    .filter(|score| score.is_finite())
                    .map_or_else(|| Cell::Text(String::new()), Cell::Number),
                row.component.into(),
                row.version.into(),
                row.exploited.into(),
                row.recommendation.into(),
                row.description.into(),
                row.aliases.into(),
                row.purl.into(),
                row.vector.into(),
                row.published.into(),
            ]
        })
        .collect();
    sheet(
        workbook.add_worksheet(),
        "Findings",
        &[
            ("Id", 22.0),
            ("Severity", 11.0),
            ("Score", 8.0),
            ("Component", 30.0),
            ("Version", 18.0),
            ("Exploited since", 16.0),
            ("What to do", 44.0),
            ("Summary", 60.0),
            ("Other ids", 30.0),
            ("Package URL", 50.0),
            ("Vector", 46.0),
            ("Published", 22.0),
        ],
        findings,
        losses,
    )?;

    let dependencies: Vec<Vec<Cell>> = dependency_rows(document)
        .into_iter()
        .map(|row| {
            [
                row.from,
                row.from_version,
                row.relationship,
                row.to,
                row.to_version,
                row.scope,
            ]
            .map(Cell::Text)
            .into()
        })
        .collect();
    sheet(
        workbook.add_worksheet(),
        "Dependencies",
        &[
            ("From", 36.0),
            ("From version", 18.0),
            ("Relationship", 14.0),
            ("To", 36.0),
            ("To version", 18.0),
            ("Scope", 10.0),
        ],
        dependencies,
        losses,
    )?;
    workbook.save_to_buffer()
}

fn sheet(
    sheet: &mut Worksheet,
    name: &str,
    titles: Titles,
    rows: Vec<Vec<Cell>>,
    losses: &mut Losses,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    let heading = Look::new()
        .set_bold()
        .set_background_color("E7EAF0")
        .set_border_bottom(FormatBorder::Thin);
    for (column, (title, width)) in (0u16..).zip(titles) {
        sheet.set_column_width(column, *width)?;
        sheet.write_string_with_format(0, column, *title, &heading)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape();
    sheet.set_repeat_rows(0, 0)?;
    let left_out = rows.len().saturating_sub(MOST_ROWS);
    if left_out > 0 {
        losses.add("row beyond the end of the sheet", name);
    }
    let mut last = 0;
    for (row, cells) in (1u32..).zip(rows.into_iter().take(MOST_ROWS)) {
        last = row;
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) => {
                    sheet.write_string(row, column, short(&visible(&text), MOST_CHARACTERS))?;
                }
                Cell::Number(number) => {
                    sheet.write_number(row, column, number)?;
                }
            }
        }
    }
    let columns = titles.len().saturating_sub(1) as u16;
    sheet.autofilter(0, 0, last, columns)?;
    Ok(())
}

/// The text, its end left out where a cell has no room for it. Room is counted as the program
/// that reads it counts: in UTF-16.
fn short(text: &str, room: usize) -> String {
    if text.encode_utf16().count() <= room {
        return text.to_owned();
    }
    let mut used = 1;
    let mut kept = String::new();
    for character in text.chars() {
        used += character.len_utf16();
        if used > room {
            break;
        }
        kept.push(character);
    }
    kept.push('…');
    kept
}
