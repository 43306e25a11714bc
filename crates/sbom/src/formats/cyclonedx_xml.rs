//! Format `cyclonedx-xml`: CycloneDX 1.2 to 1.7 in XML, <https://cyclonedx.org/docs/1.7/xml/>.

use std::io::{self, Write};

use super::{Format, Reader, WriteOptions, Writer};
use crate::cyclonedx;
use crate::document::{Document, Losses};
use crate::node::without_mark;

/// CycloneDX in XML.
pub const FORMAT: Format = Format {
    id: "cyclonedx-xml",
    documentation: "CycloneDX in XML, with vulnerabilities where a scan found them.",
    holds_findings: true,
    versions: cyclonedx::VERSIONS,
    default_version: cyclonedx::DEFAULT_VERSION,
    writer: Some(Writer::Document(write)),
    reader: Some(Reader {
        detect,
        read: cyclonedx::xml::read,
    }),
};

fn detect(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(super::HEAD)).unwrap_or_default();
    without_mark(head).trim_ascii_start().starts_with(b"<")
        && cyclonedx::xml::version(head).is_some()
}

fn write(
    document: &Document,
    options: &WriteOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<Losses> {
    let (node, mut losses) = cyclonedx::fitting_node(document, options.version);
    let version = format!("1.{}", cyclonedx::minor(options.version));
    cyclonedx::xml::write(&node, &version, &mut losses, out)?;
    Ok(losses)
}
