//! `linchpin policy names`: what rules may ask for.

use std::fmt::Write as _;

use anyhow::Result;
use linchpin_policy::{NAMES, Sort};
use linchpin_text::wrap;

use crate::exit_codes::ExitCode;
use crate::outputs::deliver;
use crate::printer::Printer;

/// The columns of a field's name.
const FIELD: usize = 16;

pub(super) fn run(printer: &Printer) -> Result<ExitCode> {
    let mut text = String::new();
    let width = printer.width();
    for entry in NAMES {
        let heading = if entry.is_list {
            format!("{} (a list)", entry.name)
        } else {
            entry.name.to_owned()
        };
        let _ = writeln!(text, "{heading}");
        for line in wrap(entry.documentation, width.saturating_sub(2)) {
            let _ = writeln!(text, "  {line}");
        }
        for (name, sort, documentation) in entry.fields {
            let documentation = match sort {
                Sort::Texts => format!("list: {documentation}"),
                Sort::Plain | Sort::Any => (*documentation).to_owned(),
            };
            let lines = wrap(&documentation, width.saturating_sub(FIELD + 4).max(20));
            for (number, line) in lines.iter().enumerate() {
                let name = if number == 0 { *name } else { "" };
                let _ = writeln!(text, "  {name:<FIELD$}  {line}");
            }
        }
        text.push('\n');
    }
    deliver(None, text.trim_end().as_bytes())?;
    deliver(None, b"\n")?;
    Ok(ExitCode::Clean)
}
