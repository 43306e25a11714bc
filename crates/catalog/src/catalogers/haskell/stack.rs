//! Stack's project and its lockfile: the packages that are added to a snapshot.

use linchpin_model::OccurrenceKind;
use linchpin_source::Entry;

use super::{Haskell, locked, name_and_version, package_url};
use crate::cataloger::{Cataloger as _, Parsed};
use crate::documents::json::Loose;
use crate::documents::yaml::read_documents;
use crate::lock_graph::{Lock, Part, ProjectFile};
use crate::repository::Repository;

/// `stack.yaml`: `extra-deps`, each a name and version or a place.
pub(super) fn read_project(entry: &Entry<'_>) -> Parsed<ProjectFile> {
    read(entry, OccurrenceKind::Declared, |document| {
        Some(document.get("extra-deps")?.items().iter().collect())
    })
}

/// `stack.yaml.lock`: what each of them came to.
pub(super) fn read_lock(entry: &Entry<'_>) -> Parsed<ProjectFile> {
    read(entry, OccurrenceKind::Locked, |document| {
        let packages = document.get("packages")?.items().iter();
        Some(
            packages
                .filter_map(|package| package.get("completed"))
                .collect(),
        )
    })
}

fn read(
    entry: &Entry<'_>,
    kind: OccurrenceKind,
    packages: impl for<'d> Fn(&'d Loose<'d>) -> Option<Vec<&'d Loose<'d>>>,
) -> Parsed<ProjectFile> {
    let text = String::from_utf8_lossy(entry.content);
    let document = match read_documents(&text) {
        Ok(documents) => documents.into_iter().next().unwrap_or_default(),
        Err(problem) => return Parsed::failed(problem),
    };
    let mut lock = Lock::default();
    let mut problems = Vec::new();
    for package in packages(&document).unwrap_or_default() {
        match part(package, kind, entry) {
            Some(part) => lock.parts.push(part),
            None => problems.push("a package is named in a way that is not understood".to_owned()),
        }
    }
    Parsed {
        value: Some(locked(entry, lock)),
        problems,
    }
}

fn part(package: &Loose<'_>, kind: OccurrenceKind, entry: &Entry<'_>) -> Option<Part> {
    let hackage = package.text_of("hackage").or_else(|| package.text());
    if let Some(text) = hackage {
        // `acme-missiles-0.3@sha256:…,613` or `@rev:2`: the digest is that of the description.
        let (name, version) = name_and_version(text.split('@').next().unwrap_or_default())?;
        let url = package_url(name, Some(version))?;
        return Some(Part::new(name, url, entry, kind, Haskell::ID));
    }
    let address = package
        .text_of("git")
        .or_else(|| package.text_of("github"))?;
    let short = format!("https://github.com/{address}");
    let address = if address.contains(':') {
        address
    } else {
        &short
    };
    let location = Repository::parse(address)?.location(package.text_of("commit"));
    let name = package
        .text_of("name")
        .or_else(|| location.split('@').next()?.rsplit('/').next())?;
    let qualifiers = [("vcs_url", location.as_str())];
    let version = package.text_of("version");
    let url =
        linchpin_model::PackageUrl::with_qualifiers("hackage", None, name, version, &qualifiers);
    let mut part = Part::new(name, url.ok()?, entry, kind, Haskell::ID);
    part.package.download = Some(location);
    Some(part)
}
