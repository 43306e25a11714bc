//! Installed ports: vcpkg's list of them, in the form of dpkg's database, and their SPDX documents.

use linchpin_model::{
    Digest, DigestAlgorithm, LicenseExpression, OccurrenceKind, PackageUrl, Scope,
};
use linchpin_source::Entry;

use super::{Fragment, Vcpkg, package_url};
use crate::addresses::public_address;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger as _, Located, Parsed};
use crate::debian_control::paragraphs;
use crate::documents::json::{Loose, read_loose};
use crate::licenses::from_expression;
use crate::lock_graph::{Lock, Need, Part, ProjectFile, Tells};

/// What a port's document says.
#[derive(Debug)]
pub(in crate::catalogers) struct Document {
    /// Name and triplet, as the list names the port: `zlib:x64-linux`.
    pub(super) key: String,
    url: PackageUrl,
    license: Option<LicenseExpression>,
    download: Option<String>,
    hashes: Vec<Digest>,
}

pub(super) fn read_status(text: &str, entry: &Entry<'_>) -> Parsed<Fragment> {
    let mut parts: Vec<Part> = Vec::new();
    for paragraph in paragraphs(text) {
        let (Some(name), Some(triplet)) =
            (paragraph.line("Package"), paragraph.line("Architecture"))
        else {
            continue;
        };
        let key = format!("{name}:{triplet}");
        let status = paragraph.line("Status").unwrap_or_default();
        if !status.ends_with(" installed") {
            continue;
        }
        let needs = paragraph.get("Depends").unwrap_or_default().split(',');
        let needs = needs
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(|name| {
                // `curl[ssl]:x64-linux` asks for a feature.
                let port = name.split(['[', ':', ' ']).next().unwrap_or_default();
                let of = name.split_once(':').map_or(triplet, |(_, of)| of.trim());
                let is_tool = port.starts_with("vcpkg-") || of != triplet;
                let scope = if is_tool {
                    Scope::Build
                } else {
                    Scope::Runtime
                };
                Need::of(format!("{port}:{of}"), scope)
            });
        if paragraph.get("Feature").is_some() {
            // What a feature needs, its port needs.
            if let Some(part) = parts
                .iter_mut()
                .rev()
                .take(200)
                .find(|part| *part.key == *key)
            {
                part.needs.extend(needs);
            }
            continue;
        }
        let revision = paragraph.line("Port-Version");
        let Some(url) = package_url(name, paragraph.line("Version"), revision) else {
            continue;
        };
        let mut part = Part::new(key, url, entry, OccurrenceKind::Installed, Vcpkg::ID);
        part.also.push(name.into());
        part.package.description = paragraph.line("Description").map(str::to_owned);
        part.needs = needs.collect();
        parts.push(part);
    }
    // `vcpkg_installed/vcpkg/status` lies in the project's folder.
    let tells = Tells::Lock(Lock {
        parts,
        ..Lock::default()
    });
    Parsed::clean(Fragment::Project(ProjectFile {
        folder: entry.path.parent().parent().parent(),
        tells,
    }))
}

/// `<folder>/<triplet>/share/<port>/vcpkg.spdx.json`
pub(super) fn read_document(text: &str, entry: &Entry<'_>) -> Parsed<Fragment> {
    let document = match read_loose(text) {
        Ok(document) => document,
        Err(problem) => return Parsed::failed(problem),
    };
    let packages = document
        .get("packages")
        .map(Loose::items)
        .unwrap_or_default();
    let of = |id: &str| {
        packages
            .iter()
            .find(|package| package.text_of("SPDXID") == Some(id))
    };
    let Some(port) = of("SPDXRef-port") else {
        return Parsed::failed("describes no port");
    };
    let binary = of("SPDXRef-binary").unwrap_or(port);
    let name = port.text_of("name").unwrap_or_default();
    let version = port.text_of("versionInfo");
    let (version, revision) = match version.and_then(|version| version.split_once('#')) {
        Some((version, revision)) => (Some(version), Some(revision)),
        None => (version, None),
    };
    let Some(url) = package_url(name, version, revision) else {
        return Parsed::failed("names no port");
    };
    let triplet = entry.path.parent().parent().parent();
    let license = [binary, port]
        .iter()
        .flat_map(|package| {
            [
                package.text_of("licenseConcluded"),
                package.text_of("licenseDeclared"),
            ]
        })
        .find_map(|text| from_expression(text?));
    // The first of the sources is the port's own; others are patches.
    let source = of("SPDXRef-resource-1").or_else(|| of("SPDXRef-resource-0"));
    let download = source.and_then(|source| source.text_of("downloadLocation"));
    let sums = source.and_then(|source| source.get("checksums"));
    let hashes = sums
        .map(Loose::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|sum| {
            let algorithm = sum.text_of("algorithm")?.to_ascii_lowercase();
            let algorithm = DigestAlgorithm::from_name(&algorithm)?;
            Digest::from_hex(algorithm, sum.text_of("checksumValue")?).ok()
        });
    let found = Document {
        key: format!("{name}:{}", triplet.name()),
        url,
        license,
        download: download.and_then(public_address),
        hashes: hashes.collect(),
    };
    Parsed::clean(Fragment::Document(triplet.parent(), found))
}

/// Adds what a port's document says.
pub(super) fn complete(part: &mut Part, document: Located<Document>) {
    let occurrence = document.occurrence(OccurrenceKind::Installed, Vcpkg::ID);
    let found = document.value;
    part.package.occurrences.push(occurrence);
    part.package.license = found.license;
    part.package.download = found.download;
    part.package.hashes = found.hashes;
}

/// A port whose document is all that is known.
pub(super) fn add_alone(document: Located<Document>, assembly: &mut Assembly<'_>) {
    let occurrence = document.occurrence(OccurrenceKind::Installed, Vcpkg::ID);
    let found = document.value;
    let mut package = linchpin_model::Package::new(found.url, occurrence);
    package.license = found.license;
    package.download = found.download;
    package.hashes = found.hashes;
    assembly.inventory.add(package);
}
