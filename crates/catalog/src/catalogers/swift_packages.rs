//! Swift packages: `Package.resolved` of versions 1 to 3, and `Package.swift`.
//! <https://github.com/swiftlang/swift-package-manager/blob/main/Documentation/PackageDescription.md>.
//!
//! The list of what was resolved has neither edges nor the name of the project. `Package.swift` is a
//! program; of it the name and the literal addresses in `.package(url: …)` are read.

use linchpin_model::{CatalogerId, OccurrenceKind, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::code::{C_LIKE, Piece, all_lists, named, named_text, only_text, read_code};
use crate::documents::json::{Loose, read_loose};
use crate::lock_graph::{Lock, Part, ProjectFile, Root, Tells, Wish, assemble_projects};
use crate::package_roots::is_inside_package;
use crate::repository::Repository;

pub(super) static CATALOGER: SwiftPackages = SwiftPackages;

pub(super) struct SwiftPackages;

impl Cataloger for SwiftPackages {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("swift-packages");
    const DOCUMENTATION: &'static str = "Reads `Package.resolved` (versions 1 to 3, also within Xcode projects and \
        workspaces) and `Package.swift`: packages with version, branch or revision, and edges from the project to those \
        whose addresses `Package.swift` names as literals. The format has no edges between packages.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("Package.resolved"),
        Pattern::Name("Package.swift"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let (folder, tells, problems) = if entry.path.name() == "Package.swift" {
            match manifest(&text) {
                Ok((tells, problems)) => (entry.path.parent(), tells, problems),
                Err(problem) => return Parsed::failed(problem),
            }
        } else {
            // `App.xcodeproj/project.xcworkspace/xcshareddata/swiftpm/Package.resolved`
            let mut folder = entry.path.parent();
            if folder.name() == "swiftpm" {
                folder = folder.parent().parent();
                while folder.name().ends_with(".xcworkspace")
                    || folder.name().ends_with(".xcodeproj")
                {
                    folder = folder.parent();
                }
            }
            match lock(&text, entry) {
                Ok((lock, problems)) => (folder, Tells::Lock(lock), problems),
                Err(problem) => return Parsed::failed(problem),
            }
        };
        Parsed {
            value: Some(ProjectFile { folder, tells }),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        assemble_projects(fragments, Self::ID, assembly);
    }
}

/// The package URL of a repository: its host and owner are the namespace.
fn package_url(repository: &Repository, version: Option<&str>) -> Option<PackageUrl> {
    let path = format!("{}/{}", repository.host, repository.path);
    let (namespace, name) = path.rsplit_once('/')?;
    PackageUrl::new("swift", Some(namespace), name, version).ok()
}

/// How manifest and lockfile name a repository alike.
fn key(repository: &Repository) -> String {
    format!("{}/{}", repository.host, repository.path).to_lowercase()
}

fn lock(text: &str, entry: &Entry<'_>) -> Result<(Lock, Vec<String>), String> {
    let document = read_loose(text)?;
    // Version 1 has the list one level further down.
    let pins = document
        .get("pins")
        .or_else(|| document.get("object")?.get("pins"))
        .ok_or("is no list of resolved packages: it has no pins")?;
    let mut problems = Vec::new();
    let mut parts = Vec::new();
    for pin in pins.items() {
        let state = pin.get("state").unwrap_or(&Loose::Other);
        let version = state
            .text_of("version")
            .or_else(|| state.text_of("revision"))
            .or_else(|| state.text_of("branch"));
        let name = pin
            .text_of("identity")
            .or_else(|| pin.text_of("package"))
            .unwrap_or("?");
        let address = pin
            .text_of("location")
            .or_else(|| pin.text_of("repositoryURL"))
            .unwrap_or_default();
        let (key, url, download) = match Repository::parse(address) {
            Some(repository) => {
                let revision = state.text_of("revision").or(version);
                let download = repository.location(revision);
                (
                    key(&repository),
                    package_url(&repository, version),
                    Some(download),
                )
            }
            // A package of a registry is `scope.name`.
            None => match name.split_once('.') {
                Some((scope, short)) if pin.text_of("kind") == Some("registry") => (
                    name.to_lowercase(),
                    PackageUrl::new("swift", Some(scope), short, version).ok(),
                    None,
                ),
                _ => (String::new(), None, None),
            },
        };
        let Some(url) = url else {
            problems.push(format!(
                "`{name}` has no address that others could use and was left out"
            ));
            continue;
        };
        let mut part = Part::new(key, url, entry, OccurrenceKind::Locked, SwiftPackages::ID);
        part.package.download = download;
        parts.push(part);
    }
    let lock = Lock {
        parts,
        ..Lock::default()
    };
    Ok((lock, problems))
}

fn manifest(text: &str) -> Result<(Tells, Vec<String>), String> {
    let pieces = read_code(text, &C_LIKE)?;
    let mut root = Root::default();
    let mut wishes = Vec::new();
    let mut problems = Vec::new();
    for list in all_lists(&pieces) {
        for window in list.windows(2) {
            let [Piece::Word(function), Piece::Group('(', arguments)] = window else {
                continue;
            };
            match *function {
                "Package" => {
                    let name = named_text(arguments, "name");
                    root.url = root
                        .url
                        .or_else(|| PackageUrl::new("generic", None, name?, None).ok());
                }
                "package" => {
                    if named(arguments, "path").is_some() || arguments.is_empty() {
                        continue;
                    }
                    match wish(arguments) {
                        Some(wish) => wishes.push(wish),
                        // `.package(name: …)` in the list of a target's products.
                        None if named(arguments, "url").is_none() => {}
                        None => problems.push(
                            "a dependency has no literal address and was left out".to_owned(),
                        ),
                    }
                }
                _ => {}
            }
        }
    }
    Ok((Tells::Manifest(root, wishes), problems))
}

fn wish(arguments: &[Piece<'_>]) -> Option<Wish> {
    let repository = Repository::parse(named_text(arguments, "url")?)?;
    let exact = named_text(arguments, "exact")
        .or_else(|| named_text(arguments, "revision"))
        .or_else(|| {
            // Before Swift 5.6: `.exact("1.0.0")`, `.revision("…")`.
            arguments.windows(3).find_map(|window| match window {
                [
                    dot,
                    Piece::Word("exact" | "revision"),
                    Piece::Group('(', inner),
                ] if dot.is('.') => only_text(inner),
                _ => None,
            })
        });
    let url = package_url(&repository, exact)?;
    Some(Wish::new(key(&repository), url, Scope::Runtime))
}
