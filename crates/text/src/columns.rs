//! Tables for people: rows under a heading, fitted to the width of a terminal. No frames, so that
//! a table can be read by other programs too.

use std::borrow::Cow;

use crate::{columns, pad, shorten_end, shorten_middle, shorten_name, shorten_path, visible};

/// What stands between two columns.
const GAP: usize = 2;

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub title: &'static str,
    /// How its text is shortened where there is no room.
    pub shortening: Shortening,
    /// The number of columns of the terminal below which it is not shortened.
    pub least: usize,
}

/// Which part of a text is left out first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortening {
    /// None: it stays whole.
    Never,
    /// The end.
    End,
    /// The middle: versions differ at their ends.
    Middle,
    /// As [`shorten_name`].
    Name,
    /// As [`shorten_path`].
    Path,
}

impl Column {
    /// A column.
    pub const fn new(title: &'static str, shortening: Shortening, least: usize) -> Self {
        Self {
            title,
            shortening,
            least,
        }
    }
}

/// The lines of a table, the heading first. Cells are made harmless for a terminal. Where even the
/// least widths do not fit, columns at the right are left out; what they hold is then told by no
/// one, so put there what is least needed.
pub fn table(layout: &[Column], rows: &[Vec<String>], width: usize) -> Vec<String> {
    let rows: Vec<Vec<Cow<'_, str>>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| visible(cell)).collect())
        .collect();
    let mut natural: Vec<usize> = layout.iter().map(|column| columns(column.title)).collect();
    for row in &rows {
        for (widest, cell) in natural.iter_mut().zip(row) {
            *widest = (*widest).max(columns(cell));
        }
    }
    let widths = fitted(layout, &natural, width);
    let mut lines = Vec::with_capacity(rows.len() + 1);
    lines.push(line(layout.iter().zip(&widths).map(|(column, room)| {
        pad(&shorten_end(column.title, *room), *room)
    })));
    for row in &rows {
        let cells = layout.iter().zip(row).zip(&widths);
        lines.push(line(cells.map(|((column, cell), room)| {
            pad(&column.shortening.apply(cell, *room), *room)
        })));
    }
    lines
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let gap = " ".repeat(GAP);
    let line = cells.collect::<Vec<_>>().join(&gap);
    line.trim_end().to_owned()
}

impl Shortening {
    fn apply(self, text: &str, room: usize) -> Cow<'_, str> {
        match self {
            Self::Never => Cow::Borrowed(text),
            Self::End => shorten_end(text, room),
            Self::Middle => shorten_middle(text, room),
            Self::Name => shorten_name(text, room),
            Self::Path => shorten_path(text, room),
        }
    }
}

/// The widths of the columns that are shown. The widest ones give way first.
fn fitted(layout: &[Column], natural: &[usize], width: usize) -> Vec<usize> {
    let least = |place: usize, widest: usize| match layout.get(place) {
        Some(column) if column.shortening != Shortening::Never => widest.min(column.least),
        _ => widest,
    };
    let mut shown = natural.len();
    while shown > 1 {
        let gaps = GAP * (shown - 1);
        let needed: usize = (0..shown)
            .zip(natural)
            .map(|(place, widest)| least(place, *widest))
            .sum();
        if needed + gaps <= width {
            break;
        }
        shown -= 1;
    }
    let natural: Vec<usize> = natural.iter().copied().take(shown).collect();
    let room = width.saturating_sub(GAP * shown.saturating_sub(1));
    let capped = |cap: usize| -> Vec<usize> {
        natural
            .iter()
            .enumerate()
            .map(|(place, widest)| (*widest).min(cap.max(least(place, *widest))))
            .collect()
    };
    let highest = natural.iter().copied().max().unwrap_or_default();
    if natural.iter().sum::<usize>() <= room {
        return natural;
    }
    // The highest cap at which everything fits.
    let (mut low, mut high) = (0, highest);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if capped(middle).iter().sum::<usize>() <= room {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    capped(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: &[Column] = &[
        Column::new("NAME", Shortening::Name, 8),
        Column::new("VERSION", Shortening::Middle, 7),
        Column::new("TYPE", Shortening::Never, 0),
        Column::new("PLACE", Shortening::Path, 10),
    ];

    fn rows() -> Vec<Vec<String>> {
        [
            ["@scope/name", "1.0.0", "npm", "srv/shop/package-lock.json"],
            ["x", "1:2.36.1-8+deb11u1", "deb", "var/lib/dpkg/status"],
            ["bad\u{1b}[2J", "", "generic", ""],
        ]
        .iter()
        .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
        .collect()
    }

    #[test]
    fn a_table_fits_and_lines_up() {
        let lines = table(LAYOUT, &rows(), 200);
        assert_eq!(
            lines,
            [
                "NAME          VERSION             TYPE     PLACE",
                "@scope/name   1.0.0               npm      srv/shop/package-lock.json",
                "x             1:2.36.1-8+deb11u1  deb      var/lib/dpkg/status",
                "bad\\u{1b}[2J                      generic",
            ]
        );
        for width in 1..120 {
            for line in table(LAYOUT, &rows(), width) {
                assert!(columns(&line) <= width.max(20), "{width}: {line}");
            }
        }
    }

    #[test]
    fn what_is_least_needed_goes_first() {
        let lines = table(LAYOUT, &rows(), 30);
        assert!(lines[0].starts_with("NAME"), "{lines:?}");
        assert!(lines[0].ends_with("TYPE"), "{lines:?}");
        assert!(table(&[], &[], 10)[0].is_empty());
    }
}
