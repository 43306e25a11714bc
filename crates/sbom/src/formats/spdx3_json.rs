//! Format `spdx3-json`: SPDX 3.0.1 in JSON-LD, <https://spdx.github.io/spdx-spec/v3.0.1/>.

use std::io::{self, Write};

use super::{Format, Reader, WriteOptions, Writer, looks_like_json};
use crate::document::{Document, Losses};
use crate::spdx3;

/// SPDX 3 in JSON-LD.
pub const FORMAT: Format = Format {
    id: "spdx3-json",
    documentation: "SPDX 3.0.1 in JSON-LD, with vulnerabilities where a scan found them.",
    holds_findings: true,
    versions: &["3.0.1"],
    default_version: "3.0.1",
    writer: Some(Writer::Document(write)),
    reader: Some(Reader {
        detect,
        read: spdx3::read,
    }),
};

/// What makes it one is its context, or the words for kinds of elements.
fn detect(head: &[u8]) -> bool {
    looks_like_json(head, &["@context"])
        && looks_like_json(head, &["@graph", "spdxId", "specVersion"])
}

fn write(
    document: &Document,
    _options: &WriteOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<Losses> {
    let (node, losses) = spdx3::document_node(document);
    serde_json::to_writer_pretty(&mut *out, &node)?;
    out.write_all(b"\n")?;
    Ok(losses)
}
