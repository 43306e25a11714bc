//! Erlang projects: rebar3's lockfile `rebar.lock`.
//! <https://rebar3.org/docs/configuration/dependencies/>.
//!
//! The lockfile tells how deep a dependency lies, and so what the project asks for itself; it has no
//! edges between packages.

use std::collections::HashMap;

use linchpin_model::{CatalogerId, Digest, DigestAlgorithm, OccurrenceKind};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::erlang::{lookup, read_terms};
use crate::documents::json::Loose;
use crate::hex::{package_url, repository_url};
use crate::lock_graph::{Lock, Need, Part, ProjectFile, assemble_projects};
use crate::package_roots::is_inside_package;
use crate::repository::Repository;

pub(super) static CATALOGER: ErlangRebar = ErlangRebar;

pub(super) struct ErlangRebar;

impl Cataloger for ErlangRebar {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("erlang-rebar");
    const DOCUMENTATION: &'static str = "Reads `rebar.lock`: packages of Hex with their digests, dependencies from \
        repositories with their revision, and edges from the project to those that it asks for itself. The format has \
        no edges between packages.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("rebar.lock")];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        let is_dependency = matches!(entry.path.parts().rev().nth(2), Some("deps" | "lib"));
        if is_dependency || is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let terms = match read_terms(&text) {
            Ok(terms) => terms,
            Err(problem) => return Parsed::failed(problem),
        };
        let packages = match terms.first().map(Loose::items) {
            // {Version, Packages}. before a second term with the digests, or the packages alone.
            Some([Loose::Text(_), packages]) => packages.items(),
            Some(packages) => packages,
            None => return Parsed::failed("is no lockfile of rebar3: it holds no term"),
        };
        let digests = terms.get(1).map(Loose::items).unwrap_or_default();
        let digests = lookup(digests, "pkg_hash_ext")
            .map(Loose::items)
            .unwrap_or_default();
        let digests: HashMap<&str, &str> = digests
            .iter()
            .filter_map(|pair| match pair.items() {
                [name, hex] => Some((name.text()?, hex.text()?)),
                _ => None,
            })
            .collect();
        let mut lock = Lock::default();
        let mut direct = Vec::new();
        let mut problems = Vec::new();
        for package in packages {
            let [Loose::Text(name), locked, level] = package.items() else {
                problems.push("an entry is not {Name, Source, Level}".to_owned());
                continue;
            };
            let Some(mut part) = part(name, locked.items(), entry) else {
                problems.push(format!(
                    "`{name}` is locked in a way that is not understood"
                ));
                continue;
            };
            let digest = digests.get(name.as_ref());
            let digest = digest.and_then(|hex| Digest::from_hex(DigestAlgorithm::Sha256, hex).ok());
            part.package.hashes.extend(digest);
            if level.text() == Some("0") {
                direct.push(Need::new(name.as_ref()));
            }
            lock.parts.push(part);
        }
        lock.direct = Some(direct);
        Parsed {
            value: Some(ProjectFile::lock(entry, lock)),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        assemble_projects(fragments, Self::ID, assembly);
    }
}

fn part(name: &str, locked: &[Loose<'static>], entry: &Entry<'_>) -> Option<Part> {
    let text = |at: usize| locked.get(at).and_then(Loose::text);
    let kind = OccurrenceKind::Locked;
    match text(0)? {
        "pkg" => {
            let url = package_url(text(1)?, text(2), None)?;
            Some(Part::new(name, url, entry, kind, ErlangRebar::ID))
        }
        "git" | "git_subdir" => {
            // {git, Address, {ref, Commit}}
            let reference = locked.get(2).map(Loose::items).unwrap_or_default();
            let revision = reference.get(1).and_then(Loose::text)?;
            let location = Repository::parse(text(1)?)?.location(Some(revision));
            let url = repository_url(name, revision, &location)?;
            let mut part = Part::new(name, url, entry, kind, ErlangRebar::ID);
            part.package.download = Some(location);
            Some(part)
        }
        _ => None,
    }
}
