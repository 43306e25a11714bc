//! Format `json`: the inventory as we know it, nothing lost.
//!
//! The shape is frozen by its version: a field may be added, none may change its meaning without
//! a new version. What is unknown is `null`; packages are sorted by package URL.

use std::io::{self, Write};

use linchpin_model::{Inventory, PackageId, Role};
use serde::Serialize;

use super::{Format, Writer};
use crate::{Contents, SbomOptions};

/// The inventory as we know it.
pub const FORMAT: Format = Format {
    id: "json",
    documentation: "The inventory as Linchpin knows it, with a version in it.",
    holds_findings: false,
    versions: &[],
    default_version: "",
    writer: Some(Writer::Inventory(write)),
    reader: None,
};

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    version: u32,
    tool: Tool<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    target: Target<'a>,
    packages: Vec<Package<'a>>,
    notes: Vec<Note<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'a str,
}

#[derive(Serialize)]
struct Target<'a> {
    name: &'a str,
    kind: &'static str,
    digest: Option<String>,
    platform: Option<&'a str>,
    distribution: Option<Distribution<'a>>,
    layers: Vec<String>,
}

#[derive(Serialize)]
struct Distribution<'a> {
    id: &'a str,
    version: Option<&'a str>,
    codename: Option<&'a str>,
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct Package<'a> {
    purl: &'a str,
    name: String,
    version: Option<&'a str>,
    licenses: Vec<&'a str>,
    scope: &'static str,
    role: &'static str,
    source: Option<Source<'a>>,
    hashes: Vec<String>,
    supplier: Option<&'a str>,
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Files<'a>>,
    occurrences: Vec<Occurrence<'a>>,
    dependencies: Vec<Dependency<'a>>,
}

#[derive(Serialize)]
struct Source<'a> {
    name: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct Files<'a> {
    listed: u32,
    missing: u32,
    examples: Vec<&'a str>,
}

#[derive(Serialize)]
struct Occurrence<'a> {
    path: &'a str,
    layer: Option<u16>,
    kind: &'static str,
    cataloger: &'static str,
    owner: Option<&'a str>,
}

#[derive(Serialize)]
struct Dependency<'a> {
    purl: &'a str,
    scope: &'static str,
}

#[derive(Serialize)]
struct Note<'a> {
    kind: &'static str,
    path: Option<&'a str>,
    layer: Option<u16>,
    text: &'a str,
}

fn write(
    contents: &Contents<'_>,
    options: &SbomOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(contents.inventory, options))?;
    out.write_all(b"\n")
}

fn document<'a>(inventory: &'a Inventory, options: &SbomOptions<'a>) -> Document<'a> {
    let subject = &inventory.subject;
    Document {
        format: "linchpin-inventory",
        version: 1,
        tool: Tool {
            name: "linchpin",
            version: options.tool_version,
        },
        timestamp: options.timestamp.map(|timestamp| timestamp.to_string()),
        target: Target {
            name: &subject.name,
            kind: subject.kind.label(),
            digest: subject.digest.as_ref().map(ToString::to_string),
            platform: subject.platform.as_deref(),
            distribution: inventory
                .distribution
                .as_ref()
                .map(|distribution| Distribution {
                    id: &distribution.id,
                    version: distribution.version.as_deref(),
                    codename: distribution.codename.as_deref(),
                    name: distribution.pretty_name.as_deref(),
                }),
            layers: subject.layers.iter().map(ToString::to_string).collect(),
        },
        packages: inventory
            .iter()
            .map(|(id, found)| package(id, found, inventory))
            .collect(),
        notes: inventory
            .notes
            .iter()
            .map(|note| Note {
                kind: note.kind.label(),
                path: note.path.as_ref().map(linchpin_model::TargetPath::as_str),
                layer: note.layer.map(|layer| layer.0),
                text: &note.text,
            })
            .collect(),
    }
}

fn package<'a>(
    id: PackageId,
    package: &'a linchpin_model::Package,
    inventory: &'a Inventory,
) -> Package<'a> {
    Package {
        purl: package.purl.as_str(),
        name: package.name(),
        version: package.version(),
        licenses: package
            .license
            .iter()
            .map(linchpin_model::LicenseExpression::as_str)
            .collect(),
        scope: package.scope.label(),
        role: match package.role {
            Role::Library => "library",
            Role::Application => "application",
        },
        source: package.source.as_ref().map(|source| Source {
            name: &source.name,
            version: &source.version,
        }),
        hashes: package.hashes.iter().map(ToString::to_string).collect(),
        supplier: package.supplier.as_deref(),
        description: package.description.as_deref(),
        files: package.files.as_ref().map(|files| Files {
            listed: files.listed,
            missing: files.missing,
            examples: files
                .examples
                .iter()
                .map(linchpin_model::TargetPath::as_str)
                .collect(),
        }),
        occurrences: package
            .occurrences
            .iter()
            .map(|occurrence| Occurrence {
                path: occurrence.path.as_str(),
                layer: occurrence.layer.map(|layer| layer.0),
                kind: occurrence.kind.label(),
                cataloger: occurrence.cataloger.0,
                owner: occurrence
                    .owner
                    .map(|owner| inventory.package(owner).purl.as_str()),
            })
            .collect(),
        dependencies: inventory
            .dependencies_of(id)
            .iter()
            .map(|dependency| Dependency {
                purl: inventory.package(dependency.on).purl.as_str(),
                scope: dependency.scope.label(),
            })
            .collect(),
    }
}
