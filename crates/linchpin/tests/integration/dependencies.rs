//! Each direct dependency has its line in `docs/dependencies.md`, and each line its dependency.

use std::collections::BTreeSet;

use crate::workspace::{document, is_ours, members, quoted, table_rows};

const PAGE: &str = "docs/dependencies.md";

#[test]
fn every_dependency_has_its_line_and_every_line_its_dependency() {
    let members = members();
    let used: BTreeSet<&str> = members
        .iter()
        .flat_map(|member| &member.dependencies)
        .map(String::as_str)
        .filter(|name| !is_ours(name))
        .collect();
    let page = document(PAGE);
    let lines: Vec<&str> = table_rows(&page)
        .iter()
        .filter_map(|row| quoted(row[0]))
        .collect();
    let explained: BTreeSet<&str> = lines.iter().copied().collect();

    let missing: Vec<_> = used.difference(&explained).collect();
    assert!(missing.is_empty(), "{PAGE} has no line for {missing:?}");
    let superfluous: Vec<_> = explained.difference(&used).collect();
    assert!(
        superfluous.is_empty(),
        "{PAGE} explains {superfluous:?}, which no crate uses"
    );
    assert_eq!(lines.len(), explained.len(), "{PAGE} has a line twice");
}

#[test]
fn every_line_gives_a_reason() {
    for row in table_rows(&document(PAGE)) {
        if quoted(row[0]).is_some() {
            assert!(
                row.len() == 4 && row.iter().all(|cell| !cell.is_empty()),
                "{row:?} lacks a cell"
            );
        }
    }
}
