//! Automatic fixes in words.

use linchpin_model::Repair;

/// Most lines that are shown of one.
const MOST_LINES: usize = 12;

/// What an automatic fix changes, line by line.
pub(crate) fn lines(repair: &Repair) -> Vec<String> {
    let mut lines = Vec::new();
    for edit in &repair.edits {
        let line = edit.start.0;
        let new = edit.text.trim_matches(['\r', '\n']);
        lines.push(match (edit.start == edit.end, new.is_empty()) {
            (_, true) => format!("line {line}: taken out"),
            (true, false) if edit.text.starts_with(['\r', '\n']) => format!("after line {line}:"),
            (true, false) if edit.text.ends_with('\n') => format!("before line {line}:"),
            (true, false) => format!("line {line}, added:"),
            (false, false) => format!("line {line}, instead of what stands there:"),
        });
        lines.extend(new.lines().map(|line| format!("  {line}")));
    }
    if lines.len() > MOST_LINES {
        let more = lines.len() - MOST_LINES;
        lines.truncate(MOST_LINES);
        lines.push(format!("… and {more} more lines"));
    }
    if let Some(may_break) = &repair.may_break {
        lines.push(format!("Only with `--unsafe`: {may_break}"));
    }
    lines
}
