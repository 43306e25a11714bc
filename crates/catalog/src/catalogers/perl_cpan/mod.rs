//! Perl: Carton's lockfile, `cpanfile`, and the metadata of distributions, installed ones and
//! projects'. <https://metacpan.org/pod/CPAN::Meta::Spec>, <https://metacpan.org/pod/Carton>.
//!
//! A package URL of CPAN has the author's id, which a distribution is uploaded under. Where nothing
//! tells it, the distribution is `pkg:generic/cpan/…`.

mod metadata;
mod snapshot;

use linchpin_model::{CatalogerId, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::code::{Lexicon, Piece, SCRIPT, read_code, split};
use crate::lock_graph::{Part, ProjectFile, Root, Wish, add_parts, assemble_projects};
use crate::package_roots::is_inside_package;

pub(super) static CATALOGER: PerlCpan = PerlCpan;

pub(super) struct PerlCpan;

/// What one file tells.
pub(super) enum Fragment {
    Project(ProjectFile),
    Installed(Part),
}

impl Cataloger for PerlCpan {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("perl-cpan");
    const DOCUMENTATION: &'static str = "Reads `cpanfile.snapshot` and `cpanfile`, `META.json` of projects, and what \
        cpanm and Carton keep of installed distributions (`.meta/*/install.json`, `.meta/*/MYMETA.json`): \
        distributions with author, licence and edges from modules to the distributions that provide them. Requirements \
        of tests and of development are marked.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("cpanfile"),
        Pattern::Name("cpanfile.snapshot"),
        Pattern::Name("META.json"),
        Pattern::Name("MYMETA.json"),
        Pattern::Suffix("/install.json"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        let is_installed = entry.path.parts().rev().nth(2) == Some(".meta");
        let text = String::from_utf8_lossy(entry.content);
        match entry.path.name() {
            "install.json" | "MYMETA.json" if is_installed => {
                metadata::read_installed(&text, entry)
            }
            _ if is_inside_package(entry.path) => Parsed::not_mine(),
            "META.json" => metadata::read_project(&text, entry),
            "cpanfile.snapshot" => snapshot::read(&text, entry),
            "cpanfile" => cpanfile(&text, entry),
            _ => Parsed::not_mine(),
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut projects = Vec::new();
        let mut installed = Vec::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Project(value) => projects.push(Located { path, layer, value }),
                Fragment::Installed(value) => installed.push(Located { path, layer, value }),
            }
        }
        assemble_projects(projects, Self::ID, assembly);
        add_parts(metadata::united(installed), &[], assembly);
    }
}

/// The package URL of a distribution. A path such as `S/SR/SRI/Mojolicious-9.35.tar.gz` tells who
/// uploaded it.
fn package_url(name: &str, version: Option<&str>, pathname: Option<&str>) -> Option<PackageUrl> {
    let author = pathname.and_then(|path| path.split('/').nth(2));
    let is_author = |text: &&str| {
        text.chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-')
    };
    match author.filter(is_author).filter(|text| !text.is_empty()) {
        Some(author) => PackageUrl::new("cpan", Some(author), name, version).ok(),
        None => PackageUrl::new("generic", Some("cpan"), name, version).ok(),
    }
}

/// What is asked for by the name of a module. Which distribution it is in, only a lockfile or an
/// installed copy tells; distributions are mostly called after their main module.
fn wish(module: &str, scope: Scope) -> Option<Wish> {
    let url = package_url(&module.replace("::", "-"), None, None)?;
    Some(Wish::new(module, url, scope))
}

/// Perl itself is no distribution.
fn is_module(name: &str) -> bool {
    name != "perl" && !name.is_empty()
}

fn cpanfile(text: &str, entry: &Entry<'_>) -> Parsed<Fragment> {
    const PERL: Lexicon = Lexicon {
        word_marks: ":",
        ..SCRIPT
    };
    let pieces = match read_code(text, &PERL) {
        Ok(pieces) => pieces,
        Err(problem) => return Parsed::failed(problem),
    };
    let mut wishes = Vec::new();
    let mut problems = Vec::new();
    statements(&pieces, Scope::Runtime, 0, &mut wishes, &mut problems);
    Parsed {
        value: Some(Fragment::Project(ProjectFile::manifest(
            entry,
            Root::default(),
            wishes,
        ))),
        problems,
    }
}

/// `requires 'A', '1.0'; on test => sub { requires 'B'; };`
fn statements(
    pieces: &[Piece<'_>],
    around: Scope,
    depth: usize,
    wishes: &mut Vec<Wish>,
    problems: &mut Vec<String>,
) {
    for statement in split(pieces, ';') {
        // A block needs no semicolon behind it: what follows is a statement of its own.
        for statement in statement.split_inclusive(|piece| piece.group('{').is_some()) {
            let Some(word) = statement.first().and_then(Piece::word) else {
                continue;
            };
            let scope = match word {
                "requires" => Scope::Runtime,
                "recommends" | "suggests" => Scope::Optional,
                "test_requires" | "author_requires" => Scope::Development,
                "build_requires" | "configure_requires" => Scope::Build,
                "on" | "feature" if depth < 4 => {
                    let phase = statement
                        .get(1)
                        .and_then(Piece::word_or_text)
                        .unwrap_or_default();
                    let inner = match (word, phase) {
                        ("feature", _) => Scope::Optional,
                        (_, "test" | "develop") => Scope::Development,
                        (_, "build" | "configure") => Scope::Build,
                        _ => Scope::Runtime,
                    };
                    if let Some(block) = statement.last().and_then(|last| last.group('{')) {
                        statements(block, around.through(inner), depth + 1, wishes, problems);
                    }
                    continue;
                }
                _ => continue,
            };
            match statement.get(1).and_then(Piece::text) {
                Some(name) if is_module(name) => {
                    wishes.extend(wish(name, around.through(scope)));
                }
                Some(_) => {}
                None => problems.push("a requirement is no literal and was left out".to_owned()),
            }
        }
    }
}
