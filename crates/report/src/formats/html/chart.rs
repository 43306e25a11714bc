//! A small chart of bars, drawn where it stands.

use std::io::{self, Write};

use crate::text::grouped;

/// The height of a bar with the space below it, and the width of all of it, in the picture's units.
const STEP: usize = 26;
const WIDTH: usize = 320;
/// Where bars begin, and how long the longest one is.
const START: usize = 110;
const LONGEST: usize = 150;

/// Bars with their names and counts; those of nothing are left out.
pub(super) fn bars(title: &str, counts: &[(&str, usize)], out: &mut dyn Write) -> io::Result<()> {
    let shown: Vec<&(&str, usize)> = counts.iter().filter(|(_, count)| *count > 0).collect();
    let Some(most) = shown.iter().map(|(_, count)| *count).max() else {
        return Ok(());
    };
    let height = shown.len() * STEP;
    writeln!(
        out,
        "<figure>\n<figcaption>{title}</figcaption>\n\
         <svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{title}\">"
    )?;
    for (place, (name, count)) in shown.iter().enumerate() {
        let top = place * STEP;
        let length = (count * LONGEST / most).max(2);
        writeln!(
            out,
            "<text x=\"{}\" y=\"{}\" class=\"name\">{name}</text>\
             <rect x=\"{START}\" y=\"{}\" width=\"{length}\" height=\"16\" rx=\"3\" class=\"bar {name}\"/>\
             <text x=\"{}\" y=\"{}\">{}</text>",
            START - 8,
            top + 15,
            top + 3,
            START + length + 6,
            top + 15,
            grouped(*count as u64)
        )?;
    }
    writeln!(out, "</svg>\n</figure>")
}
