//! The formats for people: tables, comma-separated values, spreadsheets.

use std::io::Read as _;

use linchpin_sbom::{Contents, Document, SbomOptions, formats};

use crate::sample;

fn written(format: &str, width: usize, document: &Document) -> Vec<u8> {
    let options = SbomOptions {
        tool_version: "0.1.0",
        timestamp: None,
    };
    let mut out = Vec::new();
    let choice = formats::choose(format).unwrap().fitted(width);
    choice.write_document(document, &options, &mut out).unwrap();
    out
}

fn document(hostile: bool) -> Document {
    let inventory = if hostile {
        sample::hostile()
    } else {
        sample::storefront()
    };
    let findings = sample::findings_or_none(&inventory);
    let contents = Contents {
        inventory: &inventory,
        findings: findings.as_deref(),
        suppressed: &[],
    };
    let options = SbomOptions {
        tool_version: "0.1.0",
        timestamp: None,
    };
    Document::from_inventory(&contents, &options)
}

fn text(format: &str, width: usize) -> String {
    String::from_utf8(written(format, width, &document(false))).unwrap()
}

#[test]
fn a_table_at_80_columns() {
    insta::assert_snapshot!(text("table", 80));
}

#[test]
fn a_table_at_200_columns() {
    insta::assert_snapshot!(text("table", 200));
}

#[test]
fn comma_separated_values() {
    insta::assert_snapshot!(text("csv", 80).replace("\r\n", "<CR>\n"));
}

/// The parts of a spreadsheet, and its bytes.
fn parts(document: &Document) -> Vec<(String, String)> {
    let bytes = written("xlsx", 80, document);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|place| {
            let mut file = archive.by_index(place).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect()
}

#[test]
fn a_spreadsheet_has_four_sheets_without_formulas() {
    for hostile in [false, true] {
        let parts = parts(&document(hostile));
        let part = |name: &str| &parts.iter().find(|(found, _)| found == name).unwrap().1;
        for name in ["Components", "Licences", "Findings", "Dependencies"] {
            let sheet = format!("name=\"{name}\"");
            assert!(part("xl/workbook.xml").contains(&sheet), "{name}");
        }
        for number in 1..=4 {
            let sheet = part(&format!("xl/worksheets/sheet{number}.xml"));
            assert!(!sheet.contains("<f>"), "a formula in sheet {number}");
            assert!(sheet.contains("state=\"frozen\""), "{number}");
            assert!(sheet.contains("<autoFilter "), "{number}");
        }
        assert!(part("docProps/core.xml").contains("2000-01-01T00:00:00Z"));
        if !hostile {
            assert!(part("xl/sharedStrings.xml").contains("pkg:npm/lodash@"));
        }
        for (name, text) in &parts {
            assert!(!text.contains('\u{1b}'), "{name}");
        }
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    for format in ["csv", "table", "xlsx"] {
        let once = written(format, 100, &document(false));
        assert_eq!(once, written(format, 100, &document(false)), "{format}");
    }
}

#[test]
fn hostile_names_reach_no_terminal() {
    for width in [1, 20, 80, 400] {
        let table = String::from_utf8(written("table", width, &document(true))).unwrap();
        assert!(!table.contains('\u{1b}'));
    }
    assert!(!written("csv", 80, &document(true)).contains(&0));
}
