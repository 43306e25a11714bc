//! Zig projects: `build.zig.zon`.
//! <https://github.com/ziglang/zig/blob/master/doc/build.zig.zon.md>.
//!
//! Zig's hashes are of the files that a package keeps, and no digests of an archive; they are left
//! out. What dependencies need in turn is in their own files.

use linchpin_model::{CatalogerId, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::code::{C_LIKE, Lexicon, Piece, read_code, split};
use crate::lock_graph::{ProjectFile, Root, Wish, assemble_projects};
use crate::package_roots::is_inside_package;
use crate::repository::{Repository, package_of_archive};

pub(super) static CATALOGER: ZigZon = ZigZon;

pub(super) struct ZigZon;

const ZON: Lexicon = Lexicon {
    block_comment: None,
    ..C_LIKE
};

impl Cataloger for ZigZon {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("zig-zon");
    const DOCUMENTATION: &'static str = "Reads `build.zig.zon`: the project, and the archives and repositories that it \
        depends on itself, lazy ones as optional. Dependencies of a path are the project's own.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("build.zig.zon")];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let pieces = match read_code(&text, &ZON) {
            Ok(pieces) => pieces,
            Err(problem) => return Parsed::failed(problem),
        };
        let Some(fields) = pieces.iter().find_map(|piece| piece.group('{')) else {
            return Parsed::failed("holds no structure");
        };
        // A name is a text, or since Zig 0.14 a literal `.name`.
        let name = value(fields, "name")
            .and_then(|value| value.last())
            .and_then(Piece::word_or_text);
        let version = text_of(fields, "version");
        let root = Root {
            url: name.and_then(|name| PackageUrl::new("generic", None, name, version).ok()),
            ..Root::default()
        };
        let mut wishes = Vec::new();
        let mut problems = Vec::new();
        let dependencies = value(fields, "dependencies").and_then(|value| value.last());
        for dependency in split(dependencies.map(Piece::inner).unwrap_or_default(), ',') {
            let (Some(name), Some(place)) = (name_of(dependency), dependency.last()) else {
                continue;
            };
            let Some(address) = text_of(place.inner(), "url") else {
                continue;
            };
            let is_lazy = value(place.inner(), "lazy")
                .is_some_and(|value| value.first().and_then(Piece::word) == Some("true"));
            let scope = if is_lazy {
                Scope::Optional
            } else {
                Scope::Runtime
            };
            let url = if address.starts_with("git+") {
                let revision = address.split_once('#').map(|(_, revision)| revision);
                Repository::parse(address).and_then(|found| found.package_url(revision))
            } else {
                package_of_archive(address, name, None, None)
            };
            match url {
                Some(url) => wishes.push(Wish::new(name, url, scope)),
                None => problems.push(format!("`{name}` has no address that others could use")),
            }
        }
        Parsed {
            value: Some(ProjectFile::manifest(entry, root, wishes)),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        assemble_projects(fragments, Self::ID, assembly);
    }
}

/// The name of a field: `.name = …` or `.@"name" = …`.
fn name_of<'p>(field: &'p [Piece<'_>]) -> Option<&'p str> {
    match field {
        [dot, at, Piece::Text(name), ..] if dot.is('.') && at.is('@') => Some(name),
        [dot, Piece::Word(name), ..] if dot.is('.') => Some(name),
        _ => None,
    }
}

/// What stands behind a field's equals sign.
fn value<'p, 'a>(fields: &'p [Piece<'a>], name: &str) -> Option<&'p [Piece<'a>]> {
    let field = split(fields, ',').find(|field| name_of(field) == Some(name))?;
    let equals = field.iter().position(|piece| piece.is('='))?;
    field.get(equals + 1..)
}

fn text_of<'p>(fields: &'p [Piece<'_>], name: &str) -> Option<&'p str> {
    value(fields, name)?.first()?.text()
}
