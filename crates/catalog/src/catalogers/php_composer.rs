//! PHP projects: Composer's manifest, its lockfile, and its list of what is installed.
//! <https://getcomposer.org/doc/04-schema.md>.
//!
//! `php`, `ext-…` and `lib-…` are conditions on the machine and no packages; they are left out.

use std::collections::HashSet;

use linchpin_model::{
    CatalogerId, Digest, DigestAlgorithm, LicenseExpression, OccurrenceKind, PackageUrl, Scope,
};
use linchpin_source::{Entry, Pattern};

use crate::addresses::public_address;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::{Loose, read_loose};
use crate::licenses::{from_expression, from_name};
use crate::lock_graph::{Lock, Need, Part, ProjectFile, Root, Tells, Wish, assemble_projects};
use crate::package_roots::is_inside_package;
use crate::repository::Repository;

pub(super) static CATALOGER: PhpComposer = PhpComposer;

pub(super) struct PhpComposer;

impl Cataloger for PhpComposer {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("php-composer");
    const DOCUMENTATION: &'static str = "Reads `composer.lock`, `composer.json` and `vendor/composer/installed.json` (of \
        Composer 1 and 2): the project as root, locked and installed packages with licence, authors, digest and edges, \
        what replaces or provides another package counted in. Packages that only development needs are marked. \
        Conditions on PHP and its extensions are no packages.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("composer.json"),
        Pattern::Name("composer.lock"),
        Pattern::Suffix("composer/installed.json"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        let text = String::from_utf8_lossy(entry.content);
        let is_list = entry.path.name() == "installed.json";
        // `vendor/composer/installed.json`: the project is two folders up.
        let folder = if is_list {
            entry.path.parent().parent().parent()
        } else {
            entry.path.parent()
        };
        if is_inside_package(&folder.join("composer.json")) {
            return Parsed::not_mine();
        }
        let document = match read_loose(&text) {
            Ok(document) => document,
            Err(problem) => return Parsed::failed(problem),
        };
        let tells = match entry.path.name() {
            "composer.json" => manifest(&document),
            "composer.lock" => {
                if document.get("packages").is_none() {
                    return Parsed::failed("is no lockfile of Composer: it lists no packages");
                }
                let runtime = document
                    .get("packages")
                    .map(Loose::items)
                    .unwrap_or_default();
                let dev = document
                    .get("packages-dev")
                    .map(Loose::items)
                    .unwrap_or_default();
                let all = runtime.iter().map(|package| (package, Scope::Runtime));
                let all = all.chain(dev.iter().map(|package| (package, Scope::Development)));
                Tells::Lock(lock(all, OccurrenceKind::Locked, entry))
            }
            _ => {
                // Composer 1 wrote the list alone.
                let packages = document.get("packages").unwrap_or(&document).items();
                let dev = document.texts_of("dev-package-names").into_iter();
                let dev: HashSet<String> = dev.map(str::to_ascii_lowercase).collect();
                let all = packages.iter().map(|package| {
                    let name = package.text_of("name").unwrap_or_default();
                    let is_dev = dev.contains(&name.to_ascii_lowercase());
                    (
                        package,
                        if is_dev {
                            Scope::Development
                        } else {
                            Scope::Runtime
                        },
                    )
                });
                Tells::Lock(lock(all, OccurrenceKind::Installed, entry))
            }
        };
        Parsed::clean(ProjectFile { folder, tells })
    }

    fn assemble(fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        assemble_projects(fragments, Self::ID, assembly);
    }
}

/// The package URL of a package; names are in lower case.
fn package_url(name: &str, version: Option<&str>) -> Option<PackageUrl> {
    let name = name.to_ascii_lowercase();
    let (vendor, name) = name.split_once('/')?;
    PackageUrl::new("composer", Some(vendor), name, version).ok()
}

/// What is asked for, without the conditions on the machine.
fn requirements<'d>(
    document: &'d Loose<'_>,
    field: &str,
) -> impl Iterator<Item = (String, &'d str)> {
    let members = document.members_of(field).iter();
    members
        .filter(|(name, _)| name.contains('/'))
        .map(|(name, range)| (name.to_ascii_lowercase(), range.text().unwrap_or_default()))
}

fn manifest(document: &Loose<'_>) -> Tells {
    let name = document.text_of("name");
    let root = Root {
        url: name.and_then(|name| package_url(name, document.text_of("version"))),
        license: license(document),
        supplier: authors(document),
        description: document.text_of("description").map(str::to_owned),
    };
    let mut wishes = Vec::new();
    for (field, scope) in [
        ("require", Scope::Runtime),
        ("require-dev", Scope::Development),
    ] {
        for (name, range) in requirements(document, field) {
            if let Some(url) = package_url(&name, exact_version(range)) {
                wishes.push(Wish::new(name, url, scope));
            }
        }
    }
    Tells::Manifest(root, wishes)
}

/// A constraint that allows one version only.
fn exact_version(range: &str) -> Option<&str> {
    let version = range.trim();
    let version = version.strip_prefix('=').unwrap_or(version);
    let digits = version.strip_prefix('v').unwrap_or(version);
    let is_exact = digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.split('.').count() > 2
        && !digits.contains(['*', ' ', '|', ',', '@', '<', '>']);
    is_exact.then_some(version)
}

fn lock<'d>(
    packages: impl Iterator<Item = (&'d Loose<'d>, Scope)>,
    kind: OccurrenceKind,
    entry: &Entry<'_>,
) -> Lock {
    let parts = packages.filter_map(|(package, scope)| {
        let name = package.text_of("name")?.to_ascii_lowercase();
        let url = package_url(&name, package.text_of("version"))?;
        let mut part = Part::new(name, url, entry, kind, PhpComposer::ID);
        part.scope = Some(scope);
        part.needs = requirements(package, "require")
            .map(|(name, _)| Need::new(name))
            .collect();
        for field in ["replace", "provide"] {
            part.also
                .extend(requirements(package, field).map(|(name, _)| name.into()));
        }
        part.package.license = license(package);
        part.package.supplier = authors(package);
        part.package.description = package.text_of("description").map(str::to_owned);
        let dist = package.get("dist");
        let digest = dist.and_then(|dist| dist.text_of("shasum"));
        let digest = digest.and_then(|hex| Digest::from_hex(DigestAlgorithm::Sha1, hex).ok());
        part.package.hashes.extend(digest);
        part.package.download = dist
            .and_then(|dist| public_address(dist.text_of("url")?))
            .or_else(|| {
                let source = package.get("source")?;
                let repository = Repository::parse(source.text_of("url")?)?;
                Some(repository.location(source.text_of("reference")))
            });
        Some(part)
    });
    Lock {
        parts: parts.collect(),
        ..Lock::default()
    }
}

/// Several licences are a choice.
fn license(package: &Loose<'_>) -> Option<LicenseExpression> {
    let names = package.texts_of("license");
    let mut known = Vec::with_capacity(names.len());
    for name in names {
        // A choice is written in brackets.
        let inner = name
            .strip_prefix('(')
            .and_then(|name| name.strip_suffix(')'));
        let name = inner.filter(|inner| !inner.contains('(')).unwrap_or(name);
        let license = from_name(name)?.to_string();
        known.push(if license.contains(" AND ") {
            format!("({license})")
        } else {
            license
        });
    }
    from_expression(&known.join(" OR "))
}

fn authors(package: &Loose<'_>) -> Option<String> {
    let authors = package.get("authors")?.items().iter();
    let names: Vec<&str> = authors
        .filter_map(|author| author.text_of("name"))
        .take(20)
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}
