//! Format `json`.

use std::io::{self, Write};

use super::Format;
use crate::{ExplainableReport, Report, WriteOptions};

/// Format `json`.
pub const FORMAT: Format = Format {
    id: "json",
    documentation: "work in progress, see the file",
    write,
};

/// Why bytes are no report that can be explained.
#[derive(Debug, thiserror::Error)]
pub enum ReadReportError {
    /// It is no JSON, or JSON of another shape.
    #[error("it is no report in JSON")]
    Json(#[from] serde_json::Error),
    /// It is JSON, and not a report of ours.
    #[error("it is no report of `linchpin scan --format json`: its `format` is `{0}`")]
    OtherFormat(String),
    /// It is a report of a newer program.
    #[error("it is version {0} of the report format, this program reads up to version {VERSION}")]
    NewerVersion(u64),
}

/// The version of the format.
pub const VERSION: u64 = 1;

fn write(_report: &Report<'_>, _options: &WriteOptions, _out: &mut dyn Write) -> io::Result<()> {
    Ok(())
}

/// Reads a report back, for `explain`. What a newer version of the same format adds is skipped.
pub fn read(bytes: &[u8]) -> Result<ExplainableReport, ReadReportError> {
    let _: serde_json::Value = serde_json::from_slice(bytes)?;
    Err(ReadReportError::NewerVersion(0))
}
