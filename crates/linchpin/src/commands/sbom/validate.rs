//! `linchpin sbom validate`: whether a document is what it claims to be.

use anyhow::{Context, Result};
use linchpin_sbom::formats;

use super::input::bytes;
use crate::arguments::ValidateArguments;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;

pub(super) fn run(arguments: &ValidateArguments) -> Result<ExitCode> {
    // Here 2 means that the document can not be read.
    let bytes = bytes(&arguments.file, ExitCode::WrongUse)?;
    let (format, _) = formats::read(&bytes).with_context(|| {
        Failure::new(
            ExitCode::WrongUse,
            format!("read the document `{}`", arguments.file.display()),
        )
    })?;
    deliver(None, format!("valid {}\n", format.id).as_bytes())?;
    Ok(ExitCode::Clean)
}
