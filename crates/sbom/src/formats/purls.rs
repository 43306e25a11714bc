//! Format `purls`: one package URL on each line, sorted. A line that begins with `#` is a comment.

use std::collections::BTreeSet;
use std::io::{self, Write};

use linchpin_model::PackageUrl;

use super::{Format, ReadError, Reader, WriteOptions, Writer};
use crate::document::{Component, ComponentKind, Document, Losses};
use crate::node::without_mark;

/// Package URLs, one on each line.
pub const FORMAT: Format = Format {
    id: "purls",
    documentation: "One package URL on each line, and nothing else.",
    holds_findings: false,
    versions: &[],
    default_version: "",
    writer: Some(Writer::Document(write)),
    reader: Some(Reader { detect, read }),
};

fn detect(head: &[u8]) -> bool {
    lines(head.get(..head.len().min(super::HEAD)).unwrap_or_default())
        .next()
        .is_some_and(|line| line.starts_with(b"pkg:"))
}

/// The lines that say something.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    without_mark(bytes)
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty() && !line.starts_with(b"#"))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "readers of other formats fail, and all have one type"
)]
fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let mut document = Document::default();
    let mut seen = BTreeSet::new();
    for line in lines(bytes) {
        let line = String::from_utf8_lossy(line);
        if !seen.insert(line.to_string()) {
            continue;
        }
        let mut component = Component::new(line.as_ref(), ComponentKind::Library, line.as_ref());
        if let Ok(purl) = line.parse::<PackageUrl>() {
            purl.name().clone_into(&mut component.name);
            component.group = purl.namespace().map(str::to_owned);
            component.version = purl.version().map(str::to_owned);
        }
        component.purl = Some(line.into_owned());
        document.components.push(component);
    }
    Ok(document)
}

fn write(
    document: &Document,
    _options: &WriteOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<Losses> {
    let mut losses = Losses::default();
    let mut purls = BTreeSet::new();
    for component in document.all_components() {
        match &component.purl {
            Some(purl) => {
                // A line is all there is room for.
                purls.insert(purl.replace(['\n', '\r'], ""));
            }
            None => losses.add("component without a package URL", component.full_name()),
        }
    }
    for purl in &purls {
        writeln!(out, "{purl}")?;
    }
    losses.add("everything but package URLs", "the document");
    Ok(losses)
}
