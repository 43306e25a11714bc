//! Elixir projects: mix's lockfile `mix.lock`, and `mix.exs`.
//! <https://hexdocs.pm/mix/Mix.Project.html>.
//!
//! `mix.exs` is a program. Of it the literal name, version and list of dependencies are read.

use linchpin_model::{CatalogerId, Digest, DigestAlgorithm, OccurrenceKind, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::code::{Piece, all_lists, split};
use crate::documents::erlang::{lookup, read_elixir, term};
use crate::documents::json::Loose;
use crate::hex::{exact_version, package_url, repository_url};
use crate::lock_graph::{
    Lock, Need, Part, ProjectFile, Root, Tells, Wish, assemble_nested_projects,
};
use crate::package_roots::is_inside_package;
use crate::repository::Repository;

pub(super) static CATALOGER: ElixirMix = ElixirMix;

pub(super) struct ElixirMix;

impl Cataloger for ElixirMix {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("elixir-mix");
    const DOCUMENTATION: &'static str = "Reads `mix.lock` and the `mix.exs` beside it, those of an umbrella's \
        applications included: the project as root, packages of Hex with digests and edges, dependencies from \
        repositories with their revision. Dependencies that are `only:` for development and tests are marked. Of \
        `mix.exs` only literals are read.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("mix.exs"), Pattern::Name("mix.lock")];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        // Mix fetches dependencies, with their own manifests, into `deps`.
        let is_dependency = entry.path.parts().rev().nth(2) == Some("deps");
        if is_dependency || is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let pieces = match read_elixir(&text) {
            Ok(pieces) => pieces,
            Err(problem) => return Parsed::failed(problem),
        };
        let (tells, problems) = if entry.path.name() == "mix.exs" {
            manifest(&pieces)
        } else {
            match lock(&pieces, entry) {
                Some((lock, problems)) => (Tells::Lock(lock), problems),
                None => return Parsed::failed("is no lockfile of mix: it holds no map"),
            }
        };
        Parsed {
            value: Some(ProjectFile {
                folder: entry.path.parent(),
                tells,
            }),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        assemble_nested_projects(fragments, Self::ID, assembly);
    }
}

fn lock(pieces: &[Piece<'_>], entry: &Entry<'_>) -> Option<(Lock, Vec<String>)> {
    let map = pieces.iter().find_map(|piece| piece.group('{'))?;
    let mut parts = Vec::new();
    let mut problems = Vec::new();
    for pair in split(map, ',') {
        let pair = term(pair);
        let [Loose::Text(name), locked] = pair.items() else {
            continue;
        };
        match part(name, locked.items(), entry) {
            Some(part) => parts.push(part),
            None => problems.push(format!(
                "`{name}` is locked in a way that is not understood"
            )),
        }
    }
    let lock = Lock {
        parts,
        ..Lock::default()
    };
    Some((lock, problems))
}

fn part(name: &str, locked: &[Loose<'static>], entry: &Entry<'_>) -> Option<Part> {
    let text = |at: usize| locked.get(at).and_then(Loose::text);
    let kind = OccurrenceKind::Locked;
    match text(0)? {
        // {:hex, name, version, inner digest, tools, dependencies, repository, digest}
        "hex" => {
            let url = package_url(text(1)?, text(2), text(6))?;
            let mut part = Part::new(name, url, entry, kind, ElixirMix::ID);
            let digest = text(7);
            let digest = digest.and_then(|hex| Digest::from_hex(DigestAlgorithm::Sha256, hex).ok());
            part.package.hashes.extend(digest);
            let needs = locked.get(5).map(Loose::items).unwrap_or_default();
            part.needs = needs.iter().filter_map(need).collect();
            Some(part)
        }
        // {:git, address, revision, options}
        "git" => {
            let location = Repository::parse(text(1)?)?.location(text(2));
            let url = repository_url(name, text(2)?, &location)?;
            let mut part = Part::new(name, url, entry, kind, ElixirMix::ID);
            part.package.download = Some(location);
            Some(part)
        }
        _ => None,
    }
}

/// `{:decimal, "~> 1.0", [hex: :decimal, optional: true]}`
fn need(item: &Loose<'static>) -> Option<Need> {
    let items = item.items();
    let name = items.first()?.text()?;
    let options = items.get(2).map(Loose::items).unwrap_or_default();
    let is_optional = lookup(options, "optional").and_then(Loose::text) == Some("true");
    let scope = if is_optional {
        Scope::Optional
    } else {
        Scope::Runtime
    };
    Some(Need::of(name, scope))
}

fn manifest(pieces: &[Piece<'_>]) -> (Tells, Vec<String>) {
    let mut root = Root::default();
    let mut wishes = Vec::new();
    let mut problems = Vec::new();
    let mut version = None;
    let mut name = None;
    for list in all_lists(pieces) {
        for window in list.windows(4) {
            match window {
                [Piece::Word("app"), colon, of_atom, Piece::Word(app)]
                    if colon.is(':') && of_atom.is(':') =>
                {
                    name = name.or(Some(*app));
                }
                [Piece::Word("version"), colon, Piece::Text(text), _] if colon.is(':') => {
                    version = version.or(Some(text.as_ref()));
                }
                _ => {}
            }
        }
        let starts = list.iter().enumerate();
        let starts = starts.filter(|(_, piece)| matches!(piece.word(), Some("def" | "defp")));
        for (at, _) in starts {
            let body = list.get(at + 1..).unwrap_or_default();
            if body.first().and_then(Piece::word) != Some("deps") {
                continue;
            }
            // Up to the next function.
            let is_next = |piece: &&Piece<'_>| !matches!(piece.word(), Some("def" | "defp"));
            let lists = body
                .iter()
                .take_while(is_next)
                .filter_map(|piece| piece.group('['));
            for dependency in lists.flat_map(|inner| split(inner, ',')) {
                let item = term(dependency);
                match wish(&item) {
                    Some(Wanted::Wish(wish)) => wishes.push(wish),
                    Some(Wanted::OwnFolder) => {}
                    None => problems.push("a dependency is no literal and was left out".to_owned()),
                }
            }
        }
    }
    root.url = name.and_then(|name| package_url(name, version, None));
    (Tells::Manifest(root, wishes), problems)
}

/// A dependency.
enum Wanted {
    Wish(Wish),
    /// It lies in the same project.
    OwnFolder,
}

fn wish(item: &Loose<'static>) -> Option<Wanted> {
    let items = item.items();
    let name = items.first()?.text()?;
    let mut options: Vec<&Loose<'static>> = Vec::new();
    for item in items.iter().skip(1) {
        match item.items() {
            // `only: :test` stands in the tuple itself, or in brackets.
            [Loose::Text(_), _] => options.push(item),
            inner => options.extend(inner),
        }
    }
    let option = |key: &str| {
        options.iter().find_map(|pair| match pair.items() {
            [found, value] if found.text() == Some(key) => Some(value),
            _ => None,
        })
    };
    if option("path").is_some() {
        return Some(Wanted::OwnFolder);
    }
    let only: Vec<&str> = match option("only") {
        Some(Loose::List(names)) => names.iter().filter_map(Loose::text).collect(),
        Some(name) => name.text().into_iter().collect(),
        None => Vec::new(),
    };
    let scope = if !only.is_empty() && only.iter().all(|name| *name != "prod") {
        Scope::Development
    } else if option("optional").and_then(Loose::text) == Some("true") {
        Scope::Optional
    } else {
        Scope::Runtime
    };
    let requirement = items.get(1).and_then(Loose::text);
    let package = option("hex").and_then(Loose::text).unwrap_or(name);
    let url = package_url(package, requirement.and_then(exact_version), None)?;
    Some(Wanted::Wish(Wish::new(name, url, scope)))
}
