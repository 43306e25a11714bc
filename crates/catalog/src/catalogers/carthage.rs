//! Carthage's lockfile, `Cartfile.resolved`:
//! <https://github.com/Carthage/Carthage/blob/master/Documentation/Artifacts.md>.
//!
//! One line for each framework, without edges. A framework that is given as a binary has the address
//! of its list of versions as its name.

use linchpin_model::{CatalogerId, OccurrenceKind, PackageUrl};
use linchpin_source::{Entry, Pattern};

use crate::addresses::public_address;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::code::{Lexicon, Piece, SCRIPT, read_code, split};
use crate::lock_graph::{Lock, Part, ProjectFile, assemble_projects};
use crate::package_roots::is_inside_package;
use crate::repository::Repository;

pub(super) static CATALOGER: Carthage = Carthage;

pub(super) struct Carthage;

const CARTFILE: Lexicon = Lexicon {
    quotes: "\"",
    brackets: "",
    lines: true,
    ..SCRIPT
};

impl Cataloger for Carthage {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("carthage");
    const DOCUMENTATION: &'static str = "Reads `Cartfile.resolved`: the frameworks that Carthage checked out or \
        downloaded, with version or revision. The format has no edges between them.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("Cartfile.resolved")];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let pieces = match read_code(&text, &CARTFILE) {
            Ok(pieces) => pieces,
            Err(problem) => return Parsed::failed(problem),
        };
        let mut parts = Vec::new();
        let mut problems = Vec::new();
        for line in split(&pieces, '\n') {
            let [Piece::Word(kind), Piece::Text(origin), Piece::Text(version)] = line else {
                problems.push("a line is not `kind \"origin\" \"version\"`".to_owned());
                continue;
            };
            match framework(kind, origin, version) {
                Some((url, download)) => {
                    let kind = OccurrenceKind::Locked;
                    let mut part = Part::new(origin.as_ref(), url, entry, kind, Self::ID);
                    part.package.download = download;
                    parts.push(part);
                }
                None => problems.push(format!("`{origin}` is no framework that others could use")),
            }
        }
        let lock = Lock {
            parts,
            ..Lock::default()
        };
        Parsed {
            value: Some(ProjectFile::lock(entry, lock)),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        assemble_projects(fragments, Self::ID, assembly);
    }
}

fn framework(kind: &str, origin: &str, version: &str) -> Option<(PackageUrl, Option<String>)> {
    match kind {
        "binary" => {
            let address = public_address(origin)?;
            let file = address.rsplit('/').next()?.trim_end_matches(".json");
            let qualifiers = [("download_url", address.as_str())];
            let url =
                PackageUrl::with_qualifiers("generic", None, file, Some(version), &qualifiers)
                    .ok()?;
            Some((url, Some(address)))
        }
        "github" | "git" => {
            let short = format!("https://github.com/{origin}");
            let address = if origin.contains(':') { origin } else { &short };
            let repository = Repository::parse(address)?;
            let url = repository.package_url(Some(version))?;
            Some((url, Some(repository.location(Some(version)))))
        }
        _ => None,
    }
}
