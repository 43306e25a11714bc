//! Format `spdx-json`: SPDX 2.2 and 2.3 in JSON, <https://spdx.github.io/spdx-spec/v2.3/>.

use std::io::{self, Write};

use super::{Format, Reader, WriteOptions, Writer, looks_like_json};
use crate::document::{Document, Losses};
use crate::spdx2;

/// SPDX 2 in JSON.
pub const FORMAT: Format = Format {
    id: "spdx-json",
    documentation: "SPDX 2.2 and 2.3 in JSON.",
    holds_findings: false,
    versions: spdx2::VERSIONS,
    default_version: spdx2::DEFAULT_VERSION,
    writer: Some(Writer::Document(write)),
    reader: Some(Reader {
        detect,
        read: spdx2::read_json,
    }),
};

fn detect(head: &[u8]) -> bool {
    looks_like_json(head, &["spdxVersion", "SPDXID"])
}

fn write(
    document: &Document,
    options: &WriteOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<Losses> {
    let (node, losses) = spdx2::document_node(document, options.version);
    serde_json::to_writer_pretty(&mut *out, &node)?;
    out.write_all(b"\n")?;
    Ok(losses)
}
