//! `linchpin version`: claims about the order of versions, one on each line, put to the test.

use std::cmp::Ordering;
use std::io;

use anyhow::{Context, Result};
use linchpin_advisory::versions;
use linchpin_model::VersionScheme;
use linchpin_report::printable;

use crate::arguments::VersionCommand;
use crate::exit_codes::{ExitCode, Failure};
use crate::line_service::{Line, answer_each_line};
use crate::printer::Printer;

/// How two versions stand to each other, and the sign for it.
const SIGNS: [(&str, Ordering); 3] = [
    ("<", Ordering::Less),
    ("=", Ordering::Equal),
    (">", Ordering::Greater),
];

pub(super) fn run(command: &VersionCommand) -> Result<ExitCode> {
    let VersionCommand::Compare(arguments) = command;
    let (mut number, mut wrong) = (0_u64, 0_u64);
    let check_next = |line: Line<'_>| {
        number += 1;
        let problem = match line {
            Line::TooLong => Err("the line is too long".to_owned()),
            Line::Whole(line) => match std::str::from_utf8(line) {
                Ok(line) => check(arguments.scheme, line),
                Err(_) => Err("the line is not UTF-8".to_owned()),
            },
        }
        .err()?;
        wrong += 1;
        Some(format!("line {number}: {}", printable(&problem)))
    };
    answer_each_line(
        &mut io::BufReader::with_capacity(1 << 16, io::stdin().lock()),
        &mut Printer::stream(),
        check_next,
    )
    .context(Failure::new(ExitCode::Internal, "answer line by line"))?;
    Ok(if wrong == 0 {
        ExitCode::Clean
    } else {
        ExitCode::Findings
    })
}

/// Says what is wrong with a claim. Empty lines and those that begin with `#` claim nothing.
fn check(scheme: VersionScheme, line: &str) -> Result<(), String> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(());
    }
    let (left, claimed, right) =
        claim(line).ok_or_else(|| format!("`{line}` is no comparison; write it as `1.0 < 1.1`"))?;
    let found = versions::compare(scheme, left, right).map_err(|error| error.to_string())?;
    if found == claimed {
        return Ok(());
    }
    let sign = SIGNS
        .iter()
        .find(|(_, order)| *order == found)
        .map_or("=", |(sign, _)| sign);
    Err(format!("`{line}` does not hold: `{left} {sign} {right}`"))
}

fn claim(line: &str) -> Option<(&str, Ordering, &str)> {
    SIGNS.iter().find_map(|(sign, order)| {
        let (left, right) = line.split_once(&format!(" {sign} "))?;
        Some((left.trim(), *order, right.trim()))
    })
}
