//! Format `cyclonedx-json`: CycloneDX 1.2 to 1.7 in JSON, <https://cyclonedx.org/docs/1.7/json/>.
//!
//! Components with their occurrences, licences, hashes and suppliers, the whole dependency graph,
//! and vulnerabilities where findings are given. An analysis stands where an exception, a VEX document
//! or evidence speaks of a finding; none is made up.

use std::io::{self, Write};

use super::{Format, Reader, WriteOptions, Writer, looks_like_json};
use crate::cyclonedx;
use crate::document::{Document, Losses};

/// CycloneDX in JSON.
pub const FORMAT: Format = Format {
    id: "cyclonedx-json",
    documentation: "CycloneDX in JSON, with vulnerabilities where a scan found them.",
    holds_findings: true,
    versions: cyclonedx::VERSIONS,
    default_version: cyclonedx::DEFAULT_VERSION,
    writer: Some(Writer::Document(write)),
    reader: Some(Reader {
        detect,
        read: cyclonedx::read_json,
    }),
};

fn detect(head: &[u8]) -> bool {
    looks_like_json(head, &["bomFormat"])
}

fn write(
    document: &Document,
    options: &WriteOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<Losses> {
    let (node, losses) = cyclonedx::fitting_node(document, options.version);
    serde_json::to_writer_pretty(&mut *out, &node)?;
    out.write_all(b"\n")?;
    Ok(losses)
}
