//! Dart and Flutter projects: pub's lockfile and manifest.
//! <https://dart.dev/tools/pub/pubspec>, <https://dart.dev/tools/pub/glossary#lockfile>.
//!
//! The lockfile says which packages the project itself asks for, and has no edges between others.
//! Parts of the SDK (`sdk: flutter`) have the SDK's version and are listed with it.

use linchpin_model::{
    CatalogerId, Digest, DigestAlgorithm, OccurrenceKind, PackageUrl, Role, Scope,
};
use linchpin_source::{Entry, Pattern};

use crate::addresses::public_address;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::Loose;
use crate::documents::yaml::read_documents;
use crate::lock_graph::{Lock, Need, Part, ProjectFile, Root, Tells, Wish, assemble_projects};
use crate::package_roots::is_inside_package;
use crate::repository::Repository;

pub(super) static CATALOGER: DartPub = DartPub;

pub(super) struct DartPub;

impl Cataloger for DartPub {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("dart-pub");
    const DOCUMENTATION: &'static str = "Reads `pubspec.lock` and `pubspec.yaml` of Dart and Flutter projects: the \
        project as root, hosted packages with their digests, packages from repositories with their revision. The \
        lockfile tells which packages the project asks for, for development or not; edges between packages are not in \
        it. Overrides of versions are taken from the lockfile.";
    const WANTS: &'static [Pattern] =
        &[Pattern::Name("pubspec.lock"), Pattern::Name("pubspec.yaml")];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let document = match read_documents(&text) {
            Ok(documents) => documents.into_iter().next().unwrap_or_default(),
            Err(problem) => return Parsed::failed(problem),
        };
        let tells = if entry.path.name() == "pubspec.yaml" {
            if document.text_of("name").is_none() {
                return Parsed::failed("is no manifest of pub: it has no name");
            }
            manifest(&document)
        } else {
            if document.get("packages").is_none() {
                return Parsed::failed("is no lockfile of pub: it lists no packages");
            }
            lock(&document, entry)
        };
        Parsed::clean(ProjectFile {
            folder: entry.path.parent(),
            tells,
        })
    }

    fn assemble(fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        assemble_projects(fragments, Self::ID, assembly);
    }
}

fn package_url(name: &str, version: Option<&str>) -> Option<PackageUrl> {
    PackageUrl::new("pub", None, &name.to_ascii_lowercase(), version).ok()
}

fn manifest(document: &Loose<'_>) -> Tells {
    let root = Root {
        url: document
            .text_of("name")
            .and_then(|name| package_url(name, document.text_of("version"))),
        description: document
            .text_of("description")
            .map(|text| text.trim().to_owned()),
        ..Root::default()
    };
    let mut wishes = Vec::new();
    for (field, scope) in [
        ("dependencies", Scope::Runtime),
        ("dev_dependencies", Scope::Development),
    ] {
        for (name, wanted) in document.members_of(field) {
            let range = wanted.text().or_else(|| wanted.text_of("version"));
            if let Some(url) = package_url(name, range.and_then(exact_version)) {
                wishes.push(Wish::new(name.as_ref(), url, scope));
            }
        }
    }
    Tells::Manifest(root, wishes)
}

fn exact_version(range: &str) -> Option<&str> {
    let is_version = range.starts_with(|first: char| first.is_ascii_digit())
        && !range.contains([' ', '<', '>', '^']);
    is_version.then_some(range)
}

fn lock(document: &Loose<'_>, entry: &Entry<'_>) -> Tells {
    let mut parts = Vec::new();
    let mut direct = Vec::new();
    for (name, package) in document.members_of("packages") {
        let version = package.text_of("version");
        let description = package.get("description");
        let of_description = |field: &str| description.and_then(|found| found.text_of(field));
        let source = package.text_of("source").unwrap_or_default();
        let mut download = None;
        let url = match source {
            "git" => {
                let repository = of_description("url").and_then(Repository::parse);
                let location =
                    repository.map(|found| found.location(of_description("resolved-ref")));
                let address = location.clone().unwrap_or_default();
                let qualifiers = [("vcs_url", address.as_str())];
                download = location;
                let name = name.to_ascii_lowercase();
                PackageUrl::with_qualifiers("pub", None, &name, version, &qualifiers).ok()
            }
            "hosted" => {
                download = of_description("url").and_then(public_address).map(|host| {
                    let version = version.unwrap_or_default();
                    format!(
                        "{}/packages/{name}/versions/{version}.tar.gz",
                        host.trim_end_matches('/')
                    )
                });
                package_url(name, version)
            }
            _ => package_url(name, version),
        };
        let Some(url) = url else {
            continue;
        };
        let mut part = Part::new(
            name.as_ref(),
            url,
            entry,
            OccurrenceKind::Locked,
            DartPub::ID,
        );
        part.package.download = download;
        let digest = of_description("sha256");
        let digest = digest.and_then(|hex| Digest::from_hex(DigestAlgorithm::Sha256, hex).ok());
        part.package.hashes.extend(digest);
        if source == "path" {
            part.package.role = Role::Application;
        }
        match package.text_of("dependency").unwrap_or_default() {
            "direct main" | "direct overridden" => direct.push(Need::new(name.as_ref())),
            "direct dev" => {
                part.scope = Some(Scope::Development);
                direct.push(Need::of(name.as_ref(), Scope::Development));
            }
            _ => {}
        }
        parts.push(part);
    }
    Tells::Lock(Lock {
        root: None,
        direct: Some(direct),
        parts,
    })
}
