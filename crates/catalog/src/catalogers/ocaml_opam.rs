//! opam: package descriptions of projects (`*.opam`), their locked forms (`*.opam.locked`), and what
//! a switch has installed (`.opam-switch/packages/<name>.<version>/opam`).
//! <https://opam.ocaml.org/doc/Manual.html#opam>.
//!
//! Of alternatives (`"a" | "b"`) all are edges where they are there. Filters for tests and
//! documentation tell what is for development.

use linchpin_model::{CatalogerId, Digest, LicenseExpression, OccurrenceKind, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use crate::addresses::public_address;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::code::{Lexicon, Piece, SCRIPT, read_code};
use crate::licenses::{from_expression, from_name};
use crate::lock_graph::{
    Lock, Need, Part, ProjectFile, Root, Tells, Wish, add_parts, assemble_projects,
};
use crate::repository::Repository;

pub(super) static CATALOGER: OcamlOpam = OcamlOpam;

pub(super) struct OcamlOpam;

const OPAM: Lexicon = Lexicon {
    quotes: "\"",
    multiline: true,
    word_marks: "-+.",
    block_comment: Some(("(*", "*)")),
    ..SCRIPT
};

/// What one file tells.
pub(super) enum Fragment {
    Project(ProjectFile),
    Installed(Part),
}

impl Cataloger for OcamlOpam {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("ocaml-opam");
    const DOCUMENTATION: &'static str = "Reads `opam` files of installed packages of an opam switch, with licence, \
        maintainer, source, digests and edges; `*.opam` of projects; and `*.opam.locked`, whose versions are exact. What \
        is needed with tests or documentation is for development.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("opam"),
        Pattern::Suffix(".opam"),
        Pattern::Suffix(".opam.locked"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        let folder = entry.path.parent();
        let is_installed = folder.as_str().contains(".opam-switch/packages/");
        let is_of_repository =
            entry.path.name() == "opam" && !is_installed && folder.name().contains('.');
        // A switch lies in the project (`_opam`) or at home; elsewhere in it are sources.
        let is_inside = folder.as_str().contains("_opam") || folder.as_str().contains(".opam/");
        if (is_inside && !is_installed) || is_of_repository {
            return Parsed::not_mine();
        }
        // The program itself, and settings of others for it, have that name too.
        if entry.path.name() == "opam"
            && !is_installed
            && memchr::memmem::find(entry.content, b"opam-version").is_none()
        {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let pieces = match read_code(&text, &OPAM) {
            Ok(pieces) => pieces,
            Err(problem) => return Parsed::failed(problem),
        };
        if field(&pieces, "opam-version").is_none() {
            return Parsed::failed("is no package description of opam: it has no opam-version");
        }
        let file = entry.path.name();
        let named = if is_installed { folder.name() } else { file };
        let stem = named.trim_end_matches(".locked");
        let stem = stem.strip_suffix(".opam").unwrap_or(stem);
        // An installed one lies in a folder `name.version`; versions have dots too.
        let (name, version) = match stem.split_once('.').filter(|_| is_installed) {
            Some((name, version)) => (name, Some(version)),
            None => (stem, None),
        };
        let name = text_of(&pieces, "name").unwrap_or(if stem == "opam" { "" } else { name });
        let version = text_of(&pieces, "version").or(version);
        let url = package_url(name, version);
        if is_installed {
            let Some(url) = url else {
                return Parsed::failed("names no package");
            };
            let mut part = Part::new(name, url, entry, OccurrenceKind::Installed, Self::ID);
            part.needs = dependencies(&pieces)
                .filter(|needed| needed.scope != Scope::Development)
                .map(|needed| Need::of(needed.name, needed.scope))
                .collect();
            part.package.license = license(&pieces);
            part.package.supplier = texts_of(&pieces, "maintainer").first().cloned();
            part.package.description = text_of(&pieces, "synopsis").map(str::to_owned);
            source(&pieces, &mut part);
            return Parsed::clean(Fragment::Installed(part));
        }
        let root = Root {
            url,
            license: license(&pieces),
            supplier: texts_of(&pieces, "maintainer").first().cloned(),
            description: text_of(&pieces, "synopsis").map(str::to_owned),
        };
        let tells = if file.ends_with(".locked") {
            Tells::Lock(locked(root, &pieces, entry))
        } else {
            let wishes = dependencies(&pieces).filter_map(|needed| {
                let url = package_url(needed.name, needed.version)?;
                Some(Wish::new(needed.name, url, needed.scope))
            });
            Tells::Manifest(root, wishes.collect())
        };
        Parsed::clean(Fragment::Project(ProjectFile { folder, tells }))
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut projects = Vec::new();
        let mut switches: std::collections::BTreeMap<String, Vec<Part>> =
            std::collections::BTreeMap::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Project(value) => projects.push(Located { path, layer, value }),
                Fragment::Installed(part) => {
                    let switch = path.parent().parent();
                    switches
                        .entry(switch.as_str().to_owned())
                        .or_default()
                        .push(part);
                }
            }
        }
        // A locked description says all that the other one says.
        let locked: std::collections::HashSet<String> = projects
            .iter()
            .filter_map(|file| {
                file.path
                    .as_str()
                    .strip_suffix(".locked")
                    .map(str::to_owned)
            })
            .collect();
        projects.retain(|file| !locked.contains(file.path.as_str()));
        for parts in switches.into_values() {
            add_parts(parts, &[], assembly);
        }
        assemble_projects(projects, Self::ID, assembly);
    }
}

fn package_url(name: &str, version: Option<&str>) -> Option<PackageUrl> {
    PackageUrl::new("opam", None, name, version).ok()
}

/// The value of a field: what follows `name:`.
fn field<'p, 'a>(pieces: &'p [Piece<'a>], name: &str) -> Option<&'p Piece<'a>> {
    pieces.windows(3).find_map(|window| match window {
        [Piece::Word(found), colon, value] if *found == name && colon.is(':') => Some(value),
        _ => None,
    })
}

fn text_of<'p>(pieces: &'p [Piece<'_>], name: &str) -> Option<&'p str> {
    field(pieces, name)?.text().filter(|text| !text.is_empty())
}

/// One text, or a list of them.
fn texts_of(pieces: &[Piece<'_>], name: &str) -> Vec<String> {
    let value = field(pieces, name);
    let single = value.and_then(Piece::text).into_iter();
    let list = value.map(Piece::inner).unwrap_or_default();
    single
        .chain(list.iter().filter_map(Piece::text))
        .map(str::to_owned)
        .collect()
}

/// Several licences are all kept to.
fn license(pieces: &[Piece<'_>]) -> Option<LicenseExpression> {
    let names = texts_of(pieces, "license");
    let known: Option<Vec<LicenseExpression>> = names
        .iter()
        .map(|name| from_expression(name).or_else(|| from_name(name)))
        .collect();
    LicenseExpression::and(known?)
}

struct Dependency<'p> {
    name: &'p str,
    version: Option<&'p str>,
    scope: Scope,
}

/// What `depends` and `depopts` list: `"dune" {>= "3.0" & build}`, also within brackets.
fn dependencies<'p>(pieces: &'p [Piece<'_>]) -> impl Iterator<Item = Dependency<'p>> {
    let fields = [("depends", Scope::Runtime), ("depopts", Scope::Optional)];
    fields.into_iter().flat_map(move |(name, scope)| {
        let value = field(pieces, name);
        let single = value.filter(|value| value.text().is_some());
        let list = value.map(Piece::inner).unwrap_or_default();
        let mut flat: Vec<&Piece<'_>> = single.into_iter().collect();
        for piece in list {
            flat.push(piece);
            if let Some(inner) = piece.group('(') {
                flat.extend(inner);
            }
        }
        let mut found = Vec::new();
        for (at, piece) in flat.iter().enumerate() {
            let Some(name) = piece.text() else {
                continue;
            };
            let filter = flat
                .get(at + 1)
                .and_then(|next| next.group('{'))
                .unwrap_or_default();
            let has = |word: &str| filter.iter().any(|piece| piece.word() == Some(word));
            let scope =
                if has("with-test") || has("with-doc") || has("with-dev-setup") || has("dev") {
                    Scope::Development
                } else if has("build") {
                    Scope::Build
                } else {
                    scope
                };
            let exact = filter.windows(2).find_map(|window| match window {
                [equals, Piece::Text(version)] if equals.is('=') => Some(version.as_ref()),
                _ => None,
            });
            // `>= "1.0"` has the same two pieces at its end.
            let is_range = filter
                .iter()
                .any(|piece| ['<', '>', '!'].iter().any(|mark| piece.is(*mark)));
            found.push(Dependency {
                name,
                version: exact.filter(|_| !is_range),
                scope,
            });
        }
        found
    })
}

/// A locked description: its dependencies are all that is installed, each in one version.
fn locked(root: Root, pieces: &[Piece<'_>], entry: &Entry<'_>) -> Lock {
    let mut lock = Lock {
        root: Some(root),
        ..Lock::default()
    };
    let mut direct = Vec::new();
    for needed in dependencies(pieces) {
        if let Some(url) = package_url(needed.name, needed.version) {
            let kind = OccurrenceKind::Locked;
            let mut part = Part::new(needed.name, url, entry, kind, OcamlOpam::ID);
            part.scope = Some(needed.scope);
            direct.push(Need::of(needed.name, needed.scope));
            lock.parts.push(part);
        }
    }
    lock.direct = Some(direct);
    lock
}

/// The block `url { src: … checksum: … }`.
fn source(pieces: &[Piece<'_>], part: &mut Part) {
    let block = pieces.windows(2).find_map(|window| match window {
        [Piece::Word("url"), Piece::Group('{', block)] => Some(block.as_slice()),
        _ => None,
    });
    let block = block.unwrap_or_default();
    if let Some(address) = text_of(block, "src").or_else(|| text_of(block, "archive")) {
        part.package.download = if address.starts_with("git") {
            Repository::parse(address).map(|repository| {
                repository.location(address.split_once('#').map(|(_, revision)| revision))
            })
        } else {
            public_address(address)
        };
    }
    for text in texts_of(block, "checksum") {
        if let Some((algorithm, hex)) = text.split_once('=') {
            let digest: Option<Digest> = format!("{algorithm}:{hex}").parse().ok();
            part.package.hashes.extend(digest);
        }
    }
}
