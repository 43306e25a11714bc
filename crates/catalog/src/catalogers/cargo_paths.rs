//! Rust programs that carry no list of their crates: the places of panics in them name the source
//! files, and with these the crates that Cargo had unpacked to build them:
//! `…/registry/src/<registry>-<hash>/<crate>-<version>/src/lib.rs`.
//!
//! It is a lower bound: a crate that can not panic, or whose paths were remapped, leaves no trace, and
//! which crate needs which is not in it. Programs with an exact list are left to `cargo-auditable`.

use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;

use linchpin_model::{CatalogerId, OccurrenceKind, Package, PackageUrl};
use linchpin_source::{Entry, Pattern, Piece};
use memchr::memmem;

use super::cargo_auditable::CargoAuditable;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, ReadsPieces};

pub(super) static CATALOGER: CargoPaths = CargoPaths;

pub(super) struct CargoPaths;

/// What one program shows.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Traces {
    /// Crates with their versions.
    crates: BTreeSet<Crate>,
    /// The version of the compiler, which is that of the standard library.
    rust: Option<String>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Crate {
    name: String,
    version: String,
    /// The host of a registry that is not the public one.
    registry: Option<String>,
}

/// Where Cargo unpacks crates, on Unix and on Windows.
const FOLDERS: [&[u8]; 2] = [b"/registry/src/", b"\\registry\\src\\"];

/// How the compiler signs what it makes.
const SIGNATURE: &[u8] = b"rustc version ";

/// Most places that are looked at for it; debug information has one for each part of the program.
const MOST_SIGNATURES: usize = 1000;

/// Whether a registry is the public one, by the host that its folder is called after: the index of
/// the registry, or of its old repository.
fn is_public(host: &str) -> bool {
    let name = linchpin_model::Ecosystem::Cargo.facts().osv_name;
    host == "github.com" || host.strip_prefix("index.") == Some(name)
}

/// Most crates of one program.
const MOST_CRATES: usize = 20_000;

/// Longest name of a folder.
const LONGEST_NAME: usize = 256;

impl Cataloger for CargoPaths {
    type Fragment = Traces;
    const ID: CatalogerId = CatalogerId("cargo-paths");
    const DOCUMENTATION: &'static str = "Looks in Rust programs and libraries that carry no list of their crates for the \
        paths of source files that panics name: crates of a registry with their versions, and the version of Rust. That is \
        a lower bound, without edges; `cargo auditable` makes programs that tell all.";
    const WANTS: &'static [Pattern] = &[Pattern::ExecutableContainingInPieces(&[
        FOLDERS[0], FOLDERS[1], SIGNATURE,
    ])];

    fn read(entry: &Entry<'_>) -> Parsed<Traces> {
        let mut reading = Box::<Reading>::default();
        let _ = reading.take(Piece {
            content: entry.content,
            is_last: true,
        });
        reading.finish()
    }

    fn read_in_pieces(_: &Entry<'_>) -> Option<Box<dyn ReadsPieces<Traces>>> {
        Some(Box::<Reading>::default())
    }

    fn assemble(fragments: Vec<Located<Traces>>, assembly: &mut Assembly<'_>) {
        let told = assembly.inventory.packages().iter();
        let told_exactly: HashSet<_> = told
            .flat_map(|package| &package.occurrences)
            .filter(|occurrence| occurrence.cataloger == CargoAuditable::ID)
            .map(|occurrence| (occurrence.path.clone(), occurrence.layer))
            .collect();
        let is_told = |program: &Located<Traces>| {
            !told_exactly.is_empty()
                && told_exactly.contains(&(program.path.clone(), program.layer))
        };
        for program in fragments.iter().filter(|program| !is_told(program)) {
            let crates = program.value.crates.iter().filter_map(|found| {
                let registry = found.registry.as_deref().unwrap_or_default();
                let qualifiers = [("repository_url", registry)];
                let version = Some(found.version.as_str());
                PackageUrl::with_qualifiers("cargo", None, &found.name, version, &qualifiers).ok()
            });
            let rust = program.value.rust.as_deref();
            let rust = rust
                .and_then(|version| PackageUrl::new("generic", None, "rust", Some(version)).ok());
            for purl in crates.chain(rust) {
                let occurrence = program.occurrence(OccurrenceKind::Embedded, Self::ID);
                // What it is needed for, a lockfile of the target may know.
                let known = assembly.inventory.find(&purl);
                let mut package = Package::new(purl, occurrence);
                if let Some(known) =
                    known.and_then(|id| assembly.inventory.packages().get(id.index()))
                {
                    package.scope = known.scope;
                    package.role = known.role;
                }
                assembly.inventory.add(package);
            }
        }
    }
}

/// A program that is being read.
#[derive(Default)]
struct Reading {
    traces: Traces,
    /// Whether Cargo's folder is named at all: programs that only hold the signature are none of ours.
    names_folder: bool,
    signatures: usize,
}

impl ReadsPieces<Traces> for Reading {
    fn take(&mut self, piece: Piece<'_>) -> ControlFlow<()> {
        let content = piece.content;
        let places = |text: &'static [u8]| {
            let places = memmem::find_iter(content, text);
            // What begins later is seen again in the next piece.
            places
                .take_while(|at| *at < piece.own_length())
                .filter_map(|at| content.get(at + text.len()..))
        };
        for folder in FOLDERS {
            for rest in places(folder) {
                self.names_folder = true;
                if self.traces.crates.len() < MOST_CRATES
                    && let Some(found) = crate_at(rest)
                {
                    self.traces.crates.insert(found);
                }
            }
        }
        // Programs that look for it themselves hold the words as well.
        for rest in places(SIGNATURE) {
            if self.traces.rust.is_some() || self.signatures == MOST_SIGNATURES {
                break;
            }
            self.signatures += 1;
            self.traces.rust = compiler_version(rest);
        }
        ControlFlow::Continue(())
    }

    fn finish(self: Box<Self>) -> Parsed<Traces> {
        if self.names_folder && self.traces != Traces::default() {
            Parsed::clean(self.traces)
        } else {
            Parsed::not_mine()
        }
    }
}

/// The crate of a path that follows Cargo's folder: `<host>-6f17d22bba15001f/serde-1.0.0/`.
fn crate_at(path: &[u8]) -> Option<Crate> {
    let (registry, rest) = part(path)?;
    let (folder, _) = part(rest)?;
    let (host, hash) = registry.rsplit_once('-')?;
    if hash.len() != 16 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    // Names may hold dashes and numbers, `md-5-0.10.6`: the version is the first that can be one.
    let (name, version) = folder
        .match_indices('-')
        .filter_map(|(at, _)| Some((folder.get(..at)?, folder.get(at + 1..)?)))
        .find(|(_, version)| semver::Version::parse(version).is_ok())?;
    let fine = |next: char| next.is_ascii_alphanumeric() || matches!(next, '-' | '_');
    if name.is_empty() || !name.chars().all(fine) {
        return None;
    }
    Some(Crate {
        name: name.to_owned(),
        version: version.to_owned(),
        registry: (!is_public(host)).then(|| host.to_owned()),
    })
}

/// The name of a folder, and what follows it.
fn part(path: &[u8]) -> Option<(&str, &[u8])> {
    let start = path.get(..LONGEST_NAME).unwrap_or(path);
    let end = start.iter().position(|byte| matches!(byte, b'/' | b'\\'))?;
    let name = std::str::from_utf8(path.get(..end)?).ok()?;
    Some((name, path.get(end + 1..)?))
}

/// `1.75.0` of `1.75.0 (82e1608df 2023-12-21)`. Builds that are no release have no version that is
/// known elsewhere.
fn compiler_version(text: &[u8]) -> Option<String> {
    let text = text.get(..32).unwrap_or(text);
    let end = text
        .iter()
        .position(|byte| !(byte.is_ascii_digit() || *byte == b'.'))?;
    let version = std::str::from_utf8(text.get(..end)?).ok()?;
    let is_release = matches!(text.get(end), Some(b' ' | b'\0' | b')' | b'\n'));
    (is_release && semver::Version::parse(version).is_ok()).then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use linchpin_source::PIECE_OVERLAP;

    use super::*;

    /// What a program shows in pieces that are this much apart.
    fn traces_in_pieces(program: &[u8], step: usize) -> Traces {
        let mut reading = Box::<Reading>::default();
        let mut start = 0;
        loop {
            let end = (start + step + PIECE_OVERLAP).min(program.len());
            let is_last = end == program.len();
            let content = &program[start..end];
            let _ = reading.take(Piece { content, is_last });
            if is_last {
                return reading.finish().value.unwrap_or_default();
            }
            start += step;
        }
    }

    fn traces(program: &[u8]) -> Traces {
        traces_in_pieces(program, program.len())
    }

    #[test]
    fn pieces_tell_what_the_whole_tells() {
        let mut program = Vec::new();
        for number in 0..200 {
            program.extend(vec![b'.'; number % 23]);
            let path =
                format!("/registry/src/x.example-0123456789abcdef/c-1.{number}.0/src/lib.rs");
            program.extend(path.into_bytes());
        }
        program.extend(b"rustc version rustc version 1.75.0 (82e1608df)");
        let whole = traces(&program);
        assert_eq!(
            (whole.crates.len(), whole.rust.as_deref()),
            (200, Some("1.75.0"))
        );
        for step in [1, 7, 64, 1000] {
            assert_eq!(traces_in_pieces(&program, step), whole, "{step}");
        }
    }

    #[test]
    fn paths_name_crates() {
        let public = linchpin_model::Ecosystem::Cargo.facts().osv_name;
        let mut program = b"\x7fELF /home/u/.cargo/registry/src/index.".to_vec();
        program.extend_from_slice(public.as_bytes());
        program.extend_from_slice(
            b"-6f17d22bba15001f/md-5-0.10.6/src/lib.rs\
              C:\\u\\.cargo\\registry\\src\\github.com-1ecc6299db9ec823\\ring-0.17.0-alpha.1\\src\\x.rs\
              /registry/src/packages.example-0123456789abcdef/own-1.0.0+x/a.rs\
              /registry/src/nohash/serde-1.0.0/ /registry/src/x-0123456789abcdef/noversion/\
              \0rustc version 1.75.0 (82e1608df 2023-12-21)",
        );
        let found = traces(&program);
        let texts: Vec<String> = found
            .crates
            .iter()
            .map(|found| format!("{}@{} {:?}", found.name, found.version, found.registry))
            .collect();
        assert_eq!(
            texts,
            [
                "md-5@0.10.6 None",
                "own@1.0.0+x Some(\"packages.example\")",
                "ring@0.17.0-alpha.1 None"
            ]
        );
        assert_eq!(found.rust.as_deref(), Some("1.75.0"));
        assert_eq!(
            traces(b"/registry/src/ rustc version 1.76.0-nightly (x)").rust,
            None
        );
        assert_eq!(traces(b"rustc version 1.76.0 (x)"), Traces::default());
        assert_eq!(traces(b"/registry/src/"), Traces::default());
    }
}
