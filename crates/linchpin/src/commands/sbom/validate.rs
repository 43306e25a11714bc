//! `linchpin sbom validate`: whether a document is what it claims to be.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use linchpin_report::printable;
use linchpin_sbom::validation::validate;

use super::input::bytes;
use crate::arguments::ValidateArguments;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;

pub(super) fn run(arguments: &ValidateArguments) -> Result<ExitCode> {
    // Here 2 means that the document can not be read.
    let bytes = bytes(&arguments.file, ExitCode::WrongUse)?;
    let verdict = validate(&bytes).with_context(|| {
        Failure::new(
            ExitCode::WrongUse,
            format!("read the document `{}`", arguments.file.display()),
        )
    })?;
    let name = match verdict.version.as_str() {
        "" => verdict.format.id.to_owned(),
        version => format!("{} {version}", verdict.format.id),
    };
    let mut text = String::new();
    for problem in &verdict.problems {
        let place = if problem.place.is_empty() {
            "/"
        } else {
            &problem.place
        };
        let _ = writeln!(text, "{}: {}", printable(place), printable(&problem.text));
    }
    let code = if verdict.problems.is_empty() {
        let _ = writeln!(text, "valid: {}", printable(&name));
        ExitCode::Clean
    } else {
        let count = verdict.problems.len();
        let problems = if count == 1 { "problem" } else { "problems" };
        let _ = writeln!(text, "invalid: {}, {count} {problems}", printable(&name));
        ExitCode::Findings
    };
    deliver(None, text.as_bytes())?;
    Ok(code)
}
