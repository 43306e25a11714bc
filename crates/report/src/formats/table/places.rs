//! Where the findings are, for a page too narrow to say it in each line: once per project or
//! package database.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::io;

use linchpin_model::LayerIndex;

use super::Page;
use super::rows::{Row, Via};
use crate::paint::Look;
use crate::text::{columns, counted, unbroken, wrap};

/// Folders that hold many packages each in a folder of its own: those are one place.
const STORES: [&str; 5] = [
    "node_modules",
    "site-packages",
    "dist-packages",
    "vendor",
    "bower_components",
];

/// How many places are told.
const MAX_PLACES: usize = 8;

/// How many lines of packages each place gets, and how many names at most.
const MAX_LINES: usize = 2;
const MAX_NAMES: usize = 40;

struct Place<'a> {
    path: &'a str,
    layer: Option<LayerIndex>,
    findings: usize,
    packages: Vec<String>,
}

/// Writes the places in the order of their first finding.
pub(super) fn write(page: &mut Page<'_>, rows: &[Row]) -> io::Result<()> {
    let places = places(rows);
    page.section("Where")?;
    let limit = if page.verbose { usize::MAX } else { MAX_PLACES };
    for place in places.iter().take(limit) {
        let layer = place
            .layer
            .map(|layer| format!(", layer {}", layer.0))
            .unwrap_or_default();
        let count = counted(place.findings, "finding");
        let room = page
            .width
            .saturating_sub(columns(&layer) + columns(&count) + 5);
        let path = crate::text::shorten_path(place.path, room);
        page.line(&format!("  {path}{layer}: {count}"))?;
        for line in packages(page, &place.packages) {
            let line = page.paint.paint(Look::Dim, &line);
            page.line(&format!("    {line}"))?;
        }
    }
    if places.len() > limit {
        page.line(&format!(
            "  … and {} (-v shows all)",
            counted(places.len() - limit, "more place")
        ))?;
    }
    Ok(())
}

/// The packages of one place, as many as fit on the lines that it gets.
fn packages(page: &Page<'_>, packages: &[String]) -> Vec<String> {
    let room = page.width.saturating_sub(4).max(20);
    let all = |count: usize| {
        let names: Vec<String> = packages
            .iter()
            .take(count)
            .map(|name| unbroken(name))
            .collect();
        let mut list = names.join(", ");
        if count < packages.len() {
            let _ = write!(
                list,
                ", and {}",
                unbroken(&format!("{} more", packages.len() - count))
            );
        }
        wrap(&list, room)
    };
    let mut count = if page.verbose {
        packages.len()
    } else {
        packages.len().min(MAX_NAMES)
    };
    let mut lines = all(count);
    while !page.verbose && lines.len() > MAX_LINES && count > 1 {
        count -= 1;
        lines = all(count);
    }
    lines
}

fn places(rows: &[Row]) -> Vec<Place<'_>> {
    let mut places: Vec<Place<'_>> = Vec::new();
    let mut known = HashMap::new();
    let mut told = HashSet::new();
    for row in rows {
        let path = store(&row.path);
        let index = *known.entry((path, row.layer)).or_insert(places.len());
        if index == places.len() {
            places.push(Place {
                path,
                layer: row.layer,
                findings: 0,
                packages: Vec::new(),
            });
        }
        let Some(place) = places.get_mut(index) else {
            continue;
        };
        place.findings += row.findings;
        let name = match &row.via {
            Via::Dependency(via) => format!("{} via {via}", row.package),
            Via::Direct | Via::Unknown => row.package.clone(),
        };
        if !name.is_empty() && told.insert((index, name.clone())) {
            place.packages.push(name);
        }
    }
    places
}

/// The path up to the first folder that holds many packages: what tells a person which
/// environment it is, where the whole path is too long.
pub(super) fn store(path: &str) -> &str {
    let mut end = 0;
    for part in path.split('/') {
        end += part.len();
        if STORES.contains(&part) {
            return path.get(..end).unwrap_or(path);
        }
        end += 1;
    }
    path
}
