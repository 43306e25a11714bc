//! Which columns there are room for, and how wide each one is.
//!
//! Layouts stand in a list from rich to poor; the first one whose columns fit with their smallest
//! bearable widths is taken, and what room is left is given out in order of importance. What a
//! poorer layout lacks is said elsewhere on the page or by `linchpin explain`.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

use super::Page;
use super::places::store;
use super::rows::{Fixed, Row, StandsFor, Via};
use crate::paint::Look;
use crate::text::{
    columns, counted, pad, shorten_end, shorten_middle, shorten_name, shorten_path, unbroken,
};

/// A column, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    /// The word, or the flag in its place where there is no room for both.
    Severity,
    Flag,
    Package,
    Installed,
    Fixed,
    Advisory,
    Alias,
    Layer,
    Where,
    Via,
}

use Column::{
    Advisory, Alias, Fixed as FixedIn, Flag, Installed, Layer, Package, Severity, Via as ViaColumn,
    Where,
};

/// The blanks between two columns.
const GAP: usize = 2;

/// A smallest width that means: never shortened.
const WHOLE: usize = usize::MAX;

/// From rich to poor: the columns, each with the smallest width that it may be shortened to.
const LAYOUTS: &[&[(Column, usize)]] = &[
    &[
        (Severity, WHOLE),
        (Flag, WHOLE),
        (Package, 28),
        (Installed, 24),
        (FixedIn, 24),
        (Advisory, WHOLE),
        (Alias, WHOLE),
        (Layer, WHOLE),
        (Where, 36),
        (ViaColumn, 16),
    ],
    &[
        (Severity, WHOLE),
        (Package, 26),
        (Installed, 20),
        (FixedIn, 20),
        (Advisory, WHOLE),
        (Alias, WHOLE),
        (Layer, WHOLE),
        (Where, 28),
        (ViaColumn, 12),
    ],
    &[
        (Severity, WHOLE),
        (Package, 22),
        (Installed, 18),
        (FixedIn, 18),
        (Advisory, WHOLE),
        (Layer, WHOLE),
        (Where, 24),
        (ViaColumn, 10),
    ],
    &[
        (Severity, WHOLE),
        (Package, 19),
        (Installed, 16),
        (FixedIn, 18),
        (Advisory, WHOLE),
        (Layer, WHOLE),
        (Where, 22),
    ],
    &[
        (Severity, WHOLE),
        (Package, 18),
        (Installed, 16),
        (FixedIn, 18),
        (Advisory, WHOLE),
    ],
    &[
        (Severity, WHOLE),
        (Package, 14),
        (Installed, 12),
        (FixedIn, 18),
        (Advisory, WHOLE),
    ],
    &[
        (Severity, WHOLE),
        (Package, 14),
        (FixedIn, 12),
        (Advisory, WHOLE),
    ],
    &[(Severity, WHOLE), (Package, 8), (Advisory, 12)],
];

/// Who gets the room that is left, and up to which width: the most important first, and some twice,
/// so that one long path does not starve its neighbours.
const GROWTH: [(Column, usize); 13] = [
    (Severity, WHOLE),
    (Flag, WHOLE),
    (Layer, WHOLE),
    (Advisory, WHOLE),
    (FixedIn, WHOLE),
    (Installed, WHOLE),
    (Package, 28),
    (Where, 34),
    (ViaColumn, 18),
    (Package, WHOLE),
    (ViaColumn, WHOLE),
    (Where, WHOLE),
    (Alias, WHOLE),
];

/// The columns of one table with their widths.
pub(super) struct Layout {
    columns: Vec<(Column, usize)>,
}

impl Layout {
    /// The richest layout that fits.
    pub(super) fn new(rows: &[Row], width: usize) -> Self {
        let mut chosen = Vec::new();
        for layout in LAYOUTS {
            chosen = fitted(layout, rows);
            if needed(&chosen) <= width {
                break;
            }
        }
        let mut left = width.saturating_sub(needed(&chosen));
        for (wanted, up_to) in GROWTH {
            for (column, size) in &mut chosen {
                if *column == wanted {
                    let goal = column.natural(rows).min(up_to);
                    let more = goal.saturating_sub(*size).min(left);
                    *size += more;
                    left -= more;
                }
            }
        }
        Self { columns: chosen }
    }

    /// Whether the table says where things are.
    pub(super) fn has_places(&self) -> bool {
        self.columns.iter().any(|(column, _)| *column == Where)
    }

    /// Writes the names of the columns and a line for each row.
    pub(super) fn write(&self, page: &mut Page<'_>, rows: &[Row]) -> io::Result<()> {
        let names: Vec<String> = self
            .columns
            .iter()
            .map(|(column, size)| pad(&shorten_end(column.title(), *size), *size))
            .collect();
        let names = page.paint.paint(Look::Dim, names.join("  ").trim_end());
        page.line(&names)?;
        let merged = !self.columns.iter().any(|(column, _)| *column == Flag);
        for row in rows {
            let cells: Vec<String> = self
                .columns
                .iter()
                .map(|(column, size)| {
                    let (text, look) = column.cell(row, *size, merged);
                    let blanks = size.saturating_sub(columns(&text));
                    format!("{}{}", page.paint.paint(look, &text), " ".repeat(blanks))
                })
                .collect();
            page.line(&cells.join("  "))?;
            if page.verbose {
                for line in details(row) {
                    page.prose("    ", Look::Dim, &line)?;
                }
            }
        }
        Ok(())
    }
}

/// The columns of a layout that have anything to show, as narrow as they may be.
fn fitted(layout: &[(Column, usize)], rows: &[Row]) -> Vec<(Column, usize)> {
    layout
        .iter()
        .filter_map(|(column, smallest)| {
            let natural = column.natural(rows);
            (natural > 0).then_some((*column, natural.min(*smallest)))
        })
        .collect()
}

fn needed(columns: &[(Column, usize)]) -> usize {
    let cells: usize = columns.iter().map(|(_, size)| size).sum();
    cells + GAP * columns.len().saturating_sub(1)
}

impl Column {
    fn title(self) -> &'static str {
        match self {
            Self::Severity => "SEVERITY",
            Self::Flag => "",
            Self::Package => "PACKAGE",
            Self::Installed => "INSTALLED",
            Self::Fixed => "FIXED IN",
            Self::Advisory => "ADVISORY",
            Self::Alias => "ALIAS",
            Self::Layer => "LAYER",
            Self::Where => "WHERE",
            Self::Via => "VIA",
        }
    }

    /// The width that it may have even where there is room for more.
    fn longest(self) -> usize {
        match self {
            Self::Severity | Self::Flag | Self::Layer => 10,
            Self::Advisory | Self::Alias | Self::Via => 24,
            Self::Installed | Self::Fixed => 30,
            Self::Package => 40,
            Self::Where => 72,
        }
    }

    /// The width that its longest cell wants; 0 if no row has anything to show in it.
    fn natural(self, rows: &[Row]) -> usize {
        let longest = rows
            .iter()
            .map(|row| columns(&self.cell(row, usize::MAX, true).0))
            .max()
            .unwrap_or(0);
        match longest {
            0 => 0,
            longest => longest.min(self.longest()).max(columns(self.title())),
        }
    }

    /// What stands in a row. `merged` says that there is no column of flags.
    fn cell(self, row: &Row, room: usize, merged: bool) -> (Cow<'_, str>, Look) {
        match self {
            Self::Severity => match row.flag.filter(|_| merged) {
                Some(flag) => (flag.into(), Look::Alarm),
                None => (row.severity.label().into(), Look::Severity(row.severity)),
            },
            Self::Flag => (row.flag.unwrap_or_default().into(), Look::Alarm),
            Self::Package => (
                match row.more_packages {
                    0 => shorten_name(&row.package, room),
                    more => with_suffix(&row.package, &format!(" +{more}"), room, shorten_name),
                },
                Look::Plain,
            ),
            Self::Installed => (shorten_middle(&row.installed, room), Look::Plain),
            Self::Fixed => match &row.fixed {
                Fixed::Version(version) => (shorten_middle(version, room), Look::Good),
                Fixed::Remove => ("remove it".into(), Look::Good),
                Fixed::Nothing => ("no fix".into(), Look::Dim),
                Fixed::Several => ("several".into(), Look::Dim),
            },
            Self::Advisory => match row.stands_for {
                StandsFor::Flaw => (shorten_end(&row.id, room), Look::Plain),
                StandsFor::MoreFlaws(count) => (
                    shorten_end(&format!("and {count} more (-v)"), room)
                        .into_owned()
                        .into(),
                    Look::Dim,
                ),
            },
            Self::Alias => (
                shorten_end(row.alias.as_deref().unwrap_or_default(), room),
                Look::Dim,
            ),
            Self::Layer => (
                row.layer
                    .map(|layer| layer.0.to_string())
                    .unwrap_or_default()
                    .into(),
                Look::Plain,
            ),
            Self::Where => (
                match row.more_places {
                    0 => shorten_place(&row.path, room),
                    more => with_suffix(&row.path, &format!(" +{more}"), room, shorten_place),
                },
                Look::Plain,
            ),
            Self::Via => match &row.via {
                Via::Dependency(name) => (shorten_name(name, room), Look::Plain),
                Via::Direct => ("(direct)".into(), Look::Dim),
                Via::Unknown => ("".into(), Look::Plain),
            },
        }
    }
}

/// What a person who wants everything gets below each line: nothing of it is shortened.
fn details(row: &Row) -> [String; 2] {
    let mut place = format!("in {}", row.path);
    if let Some(layer) = row.layer {
        place.push_str(&unbroken(&format!(", layer {}", layer.0)));
    }
    if row.more_places > 0 {
        place.push_str(&unbroken(&format!(
            " and {}",
            counted(row.more_places, "more place")
        )));
    }
    if let Via::Dependency(name) = &row.via {
        let _ = write!(place, "; brought in by {name}");
    }
    [row.summary.clone(), place]
}

/// A path that is too long gives way to the path of its store.
fn shorten_place(path: &str, room: usize) -> Cow<'_, str> {
    if columns(path) <= room {
        return path.into();
    }
    shorten_path(store(path), room)
}

/// A text with a short suffix that must not be lost when the text is shortened.
fn with_suffix<'a>(
    text: &'a str,
    suffix: &str,
    room: usize,
    shorten: fn(&'a str, usize) -> Cow<'a, str>,
) -> Cow<'a, str> {
    let short = shorten(text, room.saturating_sub(columns(suffix)));
    shorten_end(&format!("{short}{suffix}"), room)
        .into_owned()
        .into()
}
