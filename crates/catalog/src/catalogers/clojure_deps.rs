//! Clojure projects: `deps.edn` and Leiningen's `project.clj`.
//! <https://clojure.org/reference/deps_edn>, <https://leiningen.org/>.
//!
//! `deps.edn` is data, `project.clj` mostly so: what is computed is left out. Artifacts are those of
//! Maven; a name without a group is its own group.

use linchpin_model::{CatalogerId, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::code::{Lexicon, Piece, read_code};
use crate::lock_graph::{ProjectFile, Root, Wish, assemble_projects};
use crate::maven::{exact_version, package_url};
use crate::package_roots::is_inside_package;
use crate::python::is_for_development;
use crate::repository::Repository;

pub(super) static CATALOGER: ClojureDeps = ClojureDeps;

pub(super) struct ClojureDeps;

const EDN: Lexicon = Lexicon {
    line_comments: &[";"],
    block_comment: None,
    quotes: "\"",
    multiline: true,
    brackets: "()[]{}",
    word_marks: ":./-+*!?<>=$&%'",
    lines: false,
};

impl Cataloger for ClojureDeps {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("clojure-deps");
    const DOCUMENTATION: &'static str = "Reads `deps.edn` and `project.clj`: the project, and the artifacts and \
        repositories that it asks for itself, those of aliases and profiles for development and tests marked, plugins as \
        for the build. There is no lockfile, so what they need in turn is unknown.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("deps.edn"), Pattern::Name("project.clj")];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        // Within a word the sign could not be told from its letters.
        let text = String::from_utf8_lossy(entry.content).replace("#_", "#_ ");
        let pieces = match read_code(&text, &EDN) {
            Ok(pieces) => without_discarded(pieces),
            Err(problem) => return Parsed::failed(problem),
        };
        let (root, wishes) = if entry.path.name() == "deps.edn" {
            let Some(map) = pieces.iter().find_map(|piece| piece.group('{')) else {
                return Parsed::failed("holds no map");
            };
            (Root::default(), deps(map))
        } else {
            let project = pieces.iter().find_map(|piece| match piece.group('(') {
                Some([Piece::Word("defproject"), Piece::Word(name), rest @ ..]) => {
                    Some((*name, rest))
                }
                _ => None,
            });
            let Some((name, rest)) = project else {
                return Parsed::failed("defines no project by a literal");
            };
            let root = Root {
                url: artifact(name, rest.first().and_then(Piece::text)),
                ..Root::default()
            };
            (root, leiningen(rest))
        };
        Parsed::clean(ProjectFile::manifest(entry, root, wishes))
    }

    fn assemble(fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        assemble_projects(fragments, Self::ID, assembly);
    }
}

/// `#_` discards the form behind it, and two of them the two forms behind them.
fn without_discarded(pieces: Vec<Piece<'_>>) -> Vec<Piece<'_>> {
    let mut kept: Vec<Piece<'_>> = Vec::with_capacity(pieces.len());
    let mut discarded = 0_usize;
    let mut pieces = pieces.into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let is_sign = piece.is('#') && pieces.peek().and_then(Piece::word) == Some("_");
        if is_sign {
            pieces.next();
            discarded += 1;
        } else if discarded > 0 {
            discarded -= 1;
        } else {
            kept.push(match piece {
                Piece::Group(bracket, inner) => Piece::Group(bracket, without_discarded(inner)),
                other => other,
            });
        }
    }
    kept
}

/// The value of a key in a map or a list of options.
fn get<'p, 'a>(pieces: &'p [Piece<'a>], key: &str) -> Option<&'p Piece<'a>> {
    let at = pieces.iter().position(|piece| piece.word() == Some(key))?;
    pieces.get(at + 1)
}

fn artifact(name: &str, version: Option<&str>) -> Option<PackageUrl> {
    let (group, artifact) = name.split_once('/').unwrap_or((name, name));
    // `group/name$classifier`
    let (artifact, classifier) = match artifact.split_once('$') {
        Some((artifact, classifier)) => (artifact, Some(classifier)),
        None => (artifact, None),
    };
    package_url(
        group,
        artifact,
        version.and_then(exact_version),
        None,
        classifier,
    )
}

fn deps(map: &[Piece<'_>]) -> Vec<Wish> {
    let mut wishes = Vec::new();
    coordinates(get(map, ":deps"), Scope::Runtime, &mut wishes);
    let aliases = get(map, ":aliases").map(Piece::inner).unwrap_or_default();
    for pair in aliases.chunks(2) {
        let [name, alias] = pair else {
            continue;
        };
        let scope = match name.word() {
            Some(name) if is_for_development(name) => Scope::Development,
            Some(":build") => Scope::Build,
            _ => Scope::Optional,
        };
        for field in [":extra-deps", ":deps", ":replace-deps"] {
            coordinates(get(alias.inner(), field), scope, &mut wishes);
        }
    }
    wishes
}

/// `{org.clojure/clojure {:mvn/version "1.11.1"} …}`
fn coordinates(map: Option<&Piece<'_>>, scope: Scope, wishes: &mut Vec<Wish>) {
    let map = map.and_then(|map| map.group('{')).unwrap_or_default();
    for pair in map.chunks(2) {
        let [Piece::Word(name), Piece::Group('{', place)] = pair else {
            continue;
        };
        let text = |key: &str| get(place, key).and_then(Piece::text);
        if get(place, ":local/root").is_some() {
            continue;
        }
        let url = if let Some(version) = text(":mvn/version") {
            artifact(name, Some(version))
        } else {
            let revision = text(":git/sha").or(text(":sha"));
            let address = text(":git/url").map(str::to_owned).or_else(|| {
                // `io.github.owner/name` tells the address.
                let (host, name) = name.split_once('/')?;
                let owner = host
                    .strip_prefix("io.github.")
                    .or(host.strip_prefix("com.github."))?;
                Some(format!("https://github.com/{owner}/{name}"))
            });
            let repository = address.and_then(|address| Repository::parse(&address));
            let found = repository.and_then(|found| found.package_url(revision));
            found.or_else(|| artifact(name, None))
        };
        wishes.extend(url.map(|url| Wish::new(*name, url, scope)));
    }
}

fn leiningen(options: &[Piece<'_>]) -> Vec<Wish> {
    let mut wishes = Vec::new();
    vectors(get(options, ":dependencies"), Scope::Runtime, &mut wishes);
    vectors(get(options, ":plugins"), Scope::Build, &mut wishes);
    let profiles = get(options, ":profiles")
        .map(Piece::inner)
        .unwrap_or_default();
    for pair in profiles.chunks(2) {
        let [name, profile] = pair else {
            continue;
        };
        let scope = match name.word() {
            Some(":provided") => Scope::Peer,
            Some(":uberjar" | ":production" | ":prod") => Scope::Runtime,
            _ => Scope::Development,
        };
        vectors(get(profile.inner(), ":dependencies"), scope, &mut wishes);
        vectors(
            get(profile.inner(), ":plugins"),
            Scope::Development,
            &mut wishes,
        );
    }
    wishes
}

/// `[[org.clojure/clojure "1.11.1"] [other "1.0" :scope "test"]]`
fn vectors(list: Option<&Piece<'_>>, scope: Scope, wishes: &mut Vec<Wish>) {
    for item in list.map(Piece::inner).unwrap_or_default() {
        let Some([Piece::Word(name), rest @ ..]) = item.group('[') else {
            continue;
        };
        let scope = match get(rest, ":scope").and_then(Piece::text) {
            Some("test") => scope.through(Scope::Development),
            Some("provided") => scope.through(Scope::Peer),
            _ => scope,
        };
        let url = artifact(name, rest.first().and_then(Piece::text));
        wishes.extend(url.map(|url| Wish::new(*name, url, scope)));
    }
}
