//! Format `cyclonedx-json`: CycloneDX 1.6 in JSON, <https://cyclonedx.org/docs/1.6/json/>.
//!
//! Components with their occurrences, licences, hashes and suppliers, the whole dependency graph,
//! and vulnerabilities where findings are given. No analysis or exploitability statements: those
//! are a person's to make.

mod components;
mod graph;
mod licenses;
mod serial_number;
mod vulnerabilities;
mod wire;

use std::io::{self, Write};

use linchpin_model::{NoteKind, SubjectKind};

use super::Format;
use crate::{Contents, SbomOptions};

/// CycloneDX 1.6 in JSON.
pub const FORMAT: Format = Format {
    id: "cyclonedx-json",
    documentation: "CycloneDX 1.6 in JSON, with vulnerabilities where a scan found them.",
    holds_findings: true,
    write,
};

/// The reference of the target. No package URL can be the same: those start with `pkg:`.
const TARGET: &str = "target";

fn write(
    contents: &Contents<'_>,
    options: &SbomOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut document = document(contents, options);
    document.serial_number = Some(serial_number::of(&serde_json::to_vec(&document)?));
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn document<'a>(contents: &Contents<'a>, options: &SbomOptions<'a>) -> wire::Document<'a> {
    let inventory = contents.inventory;
    let mut all: Vec<wire::Component<'a>> = components::operating_system(inventory)
        .into_iter()
        .collect();
    all.extend(
        inventory
            .packages
            .iter()
            .map(|package| components::package(package, inventory)),
    );
    wire::Document {
        schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
        bom_format: "CycloneDX",
        spec_version: "1.6",
        serial_number: None,
        version: 1,
        metadata: wire::Metadata {
            timestamp: options.timestamp.map(|timestamp| timestamp.to_string()),
            tools: wire::Tools {
                components: vec![wire::Component {
                    version: Some(options.tool_version.into()),
                    ..wire::Component::new("application", "linchpin")
                }],
            },
            component: target(contents),
            properties: inventory
                .notes
                .iter()
                .map(|note| {
                    let name = match note.kind {
                        NoteKind::Unread => "linchpin:note:unread",
                        NoteKind::Unmatched => "linchpin:note:unmatched",
                        NoteKind::Inconsistent => "linchpin:note:inconsistent",
                    };
                    let value = match &note.path {
                        Some(path) => format!("{path}: {}", note.text),
                        None => note.text.clone(),
                    };
                    wire::Property::new(name, value)
                })
                .collect(),
        },
        components: all,
        dependencies: graph::dependencies(inventory),
        vulnerabilities: contents
            .findings
            .map(|findings| vulnerabilities::of(findings, inventory)),
    }
}

fn target<'a>(contents: &Contents<'a>) -> wire::Component<'a> {
    let subject = &contents.inventory.subject;
    let kind = match subject.kind {
        SubjectKind::Image => "container",
        SubjectKind::Directory | SubjectKind::Repository => "application",
        SubjectKind::Package => "library",
        SubjectKind::File | SubjectKind::Archive => "file",
    };
    let mut component = wire::Component {
        reference: Some(TARGET),
        version: match subject.kind {
            // These have no version of their own; their digest names them exactly.
            SubjectKind::Image | SubjectKind::Repository => subject
                .digest
                .as_ref()
                .map(|digest| digest.to_string().into()),
            _ => None,
        },
        hashes: match subject.kind {
            SubjectKind::File | SubjectKind::Archive => {
                subject.digest.iter().map(components::hash).collect()
            }
            SubjectKind::Image
            | SubjectKind::Directory
            | SubjectKind::Repository
            | SubjectKind::Package => Vec::new(),
        },
        ..wire::Component::new(kind, &subject.name)
    };
    if let Some(platform) = &subject.platform {
        let property = wire::Property::new("linchpin:platform", platform.clone());
        component.properties.push(property);
    }
    for (index, layer) in subject.layers.iter().enumerate() {
        let name = format!("linchpin:layer:{index}");
        component
            .properties
            .push(wire::Property::new(name, layer.to_string()));
    }
    component
}
