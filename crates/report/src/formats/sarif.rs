//! Format `sarif`.

use std::io::{self, Write};

use super::Format;
use crate::{Report, WriteOptions};

/// Format `sarif`.
pub const FORMAT: Format = Format {
    id: "sarif",
    documentation: "work in progress, see the file",
    write,
};

fn write(_report: &Report<'_>, _options: &WriteOptions, _out: &mut dyn Write) -> io::Result<()> {
    Ok(())
}
