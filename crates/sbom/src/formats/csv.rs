//! Format `csv`: the components as comma-separated values, RFC 4180.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@` or a tab for a formula, whoever
//! wrote it. Such a cell gets an apostrophe before it, as OWASP recommends; the package URL is
//! exact in every row.

use std::io::{self, Write};

use super::{Format, WriteOptions, Writer};
use crate::document::{Document, Losses};
use crate::flat::component_rows;

/// The components as comma-separated values.
pub const FORMAT: Format = Format {
    id: "csv",
    documentation: "The components as comma-separated values, for spreadsheets and scripts.",
    holds_findings: false,
    versions: &[],
    default_version: "",
    writer: Some(Writer::Document(write)),
    reader: None,
};

const TITLES: [&str; 12] = [
    "name",
    "version",
    "type",
    "licenses",
    "scope",
    "supplier",
    "purl",
    "source_package",
    "hashes",
    "download",
    "found_in",
    "description",
];

fn write(document: &Document, _: &WriteOptions<'_>, out: &mut dyn Write) -> io::Result<Losses> {
    let mut text = TITLES.join(",");
    text.push_str("\r\n");
    for row in component_rows(document) {
        let cells = [
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
        ];
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            append(cell, &mut text);
        }
        text.push_str("\r\n");
        out.write_all(text.as_bytes())?;
        text.clear();
    }
    out.write_all(text.as_bytes())?;
    let mut losses = Losses::default();
    for vulnerability in document.vulnerabilities.iter().flatten() {
        losses.add("vulnerability", &vulnerability.id);
    }
    Ok(losses)
}

fn append(cell: &str, text: &mut String) {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let quoted =
        cell.contains([',', '"', '\r', '\n']) || cell.starts_with(' ') || cell.ends_with(' ');
    if quoted {
        text.push('"');
    }
    if formula {
        text.push('\'');
    }
    for character in cell.chars() {
        match character {
            '"' => text.push_str("\"\""),
            '\0' => text.push('\u{fffd}'),
            character => text.push(character),
        }
    }
    if quoted {
        text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> String {
        let mut written = String::new();
        append(text, &mut written);
        written
    }

    #[test]
    fn cells_are_quoted_where_they_must_be_and_never_formulas() {
        assert_eq!(cell("plain"), "plain");
        assert_eq!(cell(""), "");
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("a \"b\""), "\"a \"\"b\"\"\"");
        assert_eq!(cell("a\r\nb"), "\"a\r\nb\"");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("@scope/name"), "'@scope/name");
        assert_eq!(cell("-2+3,4"), "\"'-2+3,4\"");
        assert_eq!(cell("\t=x"), "'\t=x");
    }
}
