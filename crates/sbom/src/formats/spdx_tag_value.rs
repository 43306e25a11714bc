//! Format `spdx-tag-value`: SPDX 2.2 and 2.3 as lines of tags and values,
//! <https://spdx.github.io/spdx-spec/v2.3/conformance/>.

use std::io::{self, Write};

use super::{Format, Reader, WriteOptions, Writer};
use crate::document::{Document, Losses};
use crate::node::without_mark;
use crate::spdx2;

/// SPDX 2 as tags and values.
pub const FORMAT: Format = Format {
    id: "spdx-tag-value",
    documentation: "SPDX 2.2 and 2.3 as lines of tags and values.",
    holds_findings: false,
    versions: spdx2::VERSIONS,
    default_version: spdx2::DEFAULT_VERSION,
    writer: Some(Writer::Document(write)),
    reader: Some(Reader {
        detect,
        read: spdx2::read_tag_value,
    }),
};

/// The version may stand after comments, but before anything else that has a colon.
fn detect(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(super::HEAD)).unwrap_or_default();
    without_mark(head)
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .find(|line| !line.is_empty() && !line.starts_with(b"#"))
        .is_some_and(|line| {
            [
                b"SPDXVersion:".as_slice(),
                b"SPDXID:",
                b"DataLicense:",
                b"DocumentName:",
            ]
            .iter()
            .any(|tag| line.starts_with(tag))
        })
}

fn write(
    document: &Document,
    options: &WriteOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<Losses> {
    let (node, losses) = spdx2::document_node(document, options.version);
    spdx2::write_tag_value(&node, out)?;
    Ok(losses)
}
