//! Bazel: modules (`MODULE.bazel` and its lockfile), and what a `WORKSPACE` fetches.
//! <https://bazel.build/external/module>, <https://bazel.build/external/lockfile>.
//!
//! These files are Starlark; literals are read and nothing is evaluated. Since Bazel 7.2 the lockfile
//! names the files of a registry that were used: a module whose `source.json` is among them was
//! chosen. It has no edges then.

use std::collections::HashMap;

use linchpin_model::{CatalogerId, Digest, DigestAlgorithm, OccurrenceKind, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use crate::addresses::public_address;
use crate::assembly::Assembly;
use crate::base64_digest::digest_from_base64;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::code::{Piece, SCRIPT, calls, named, named_text, read_code};
use crate::documents::json::{Loose, read_loose};
use crate::lock_graph::{Lock, Need, Part, ProjectFile, Root, Tells, Wish, assemble_projects};
use crate::package_roots::is_inside_package;
use crate::repository::{Repository, package_of_archive};

pub(super) static CATALOGER: BazelModules = BazelModules;

pub(super) struct BazelModules;

impl Cataloger for BazelModules {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("bazel-modules");
    const DOCUMENTATION: &'static str = "Reads `MODULE.bazel` with its overrides and `MODULE.bazel.lock`: the module as \
        root, the modules that were chosen (with edges in lockfiles before Bazel 7.2), those for development marked; and \
        the archives and repositories that `WORKSPACE` fetches by literal rules. Nothing is evaluated.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("MODULE.bazel"),
        Pattern::Name("MODULE.bazel.lock"),
        Pattern::Name("WORKSPACE"),
        Pattern::Name("WORKSPACE.bazel"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let (tells, problems) = if entry.path.name() == "MODULE.bazel.lock" {
            match read_loose(&text) {
                Ok(document) => (Tells::Lock(lock(&document, entry)), Vec::new()),
                Err(problem) => return Parsed::failed(problem),
            }
        } else {
            let pieces = match read_code(&text, &SCRIPT) {
                Ok(pieces) => pieces,
                Err(problem) => return Parsed::failed(problem),
            };
            if entry.path.name() == "MODULE.bazel" {
                module(&pieces)
            } else {
                let (lock, problems) = workspace(&pieces, entry);
                if lock.parts.is_empty() {
                    return Parsed {
                        value: None,
                        problems,
                    };
                }
                (Tells::Lock(lock), problems)
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
        assemble_projects(fragments, Self::ID, assembly);
    }
}

fn package_url(name: &str, version: Option<&str>) -> Option<PackageUrl> {
    PackageUrl::new("bazel", None, name, version).ok()
}

fn module(pieces: &[Piece<'_>]) -> (Tells, Vec<String>) {
    let calls = calls(pieces);
    let mut root = Root::default();
    let mut wishes = Vec::new();
    let mut problems = Vec::new();
    // What a module comes from instead; nothing for a folder of the project.
    let mut overrides: HashMap<&str, Option<PackageUrl>> = HashMap::new();
    for (function, arguments) in &calls {
        let text = |name: &str| named_text(arguments, name);
        let Some(name) = text("module_name") else {
            continue;
        };
        let url = match *function {
            "single_version_override" => {
                let Some(version) = text("version") else {
                    continue;
                };
                package_url(name, Some(version))
            }
            "git_override" => {
                let repository = text("remote").and_then(Repository::parse);
                repository.and_then(|found| found.package_url(text("commit").or(text("tag"))))
            }
            "archive_override" => addresses(arguments)
                .first()
                .and_then(|address| package_of_archive(address, name, None, None)),
            _ => None,
        };
        overrides.insert(name, url);
    }
    for (function, arguments) in &calls {
        let text = |name: &str| named_text(arguments, name);
        match *function {
            "module" => {
                root.url = text("name").and_then(|name| package_url(name, text("version")));
            }
            "bazel_dep" => {
                let Some(name) = text("name") else {
                    problems.push("a dependency has no literal name and was left out".to_owned());
                    continue;
                };
                let is_dev = named(arguments, "dev_dependency")
                    .is_some_and(|value| value.first().and_then(Piece::word) == Some("True"));
                let scope = if is_dev {
                    Scope::Development
                } else {
                    Scope::Runtime
                };
                let url = match overrides.get(name) {
                    Some(Some(url)) => Some(url.clone()),
                    Some(None) => continue,
                    None => package_url(name, text("version")),
                };
                wishes.extend(url.map(|url| Wish::new(name, url, scope)));
            }
            _ => {}
        }
    }
    (Tells::Manifest(root, wishes), problems)
}

fn lock(document: &Loose<'_>, entry: &Entry<'_>) -> Lock {
    let mut lock = Lock::default();
    let kind = OccurrenceKind::Locked;
    for (file, _) in document.members_of("registryFileHashes") {
        // `https://registry/modules/<name>/<version>/source.json`
        let mut parts = file.rsplit('/');
        if parts.next() != Some("source.json") {
            continue;
        }
        let (version, name) = (parts.next(), parts.next().unwrap_or_default());
        if let Some(url) = package_url(name, version) {
            lock.parts
                .push(Part::new(name, url, entry, kind, BazelModules::ID));
        }
    }
    for (key, module) in document.members_of("moduleDepGraph") {
        let needs = module.members_of("deps").iter();
        let needs = needs
            .filter_map(|(_, on)| Some(Need::new(on.text()?)))
            .collect();
        if key == "<root>" {
            lock.direct = Some(needs);
            continue;
        }
        let name = module.text_of("name").unwrap_or_default();
        // Bazel's own tools are a module without a version.
        let version = module.text_of("version");
        if let Some(url) = package_url(name, version).filter(|_| version.is_some()) {
            let mut part = Part::new(key.as_ref(), url, entry, kind, BazelModules::ID);
            part.also.push(name.into());
            part.needs = needs;
            lock.parts.push(part);
        }
    }
    lock
}

/// The addresses of an archive: one, or several of the same.
fn addresses<'p>(arguments: &'p [Piece<'_>]) -> Vec<&'p str> {
    let single = named_text(arguments, "url").into_iter();
    let list = named(arguments, "urls").and_then(<[Piece<'_>]>::first);
    let list = list.map(Piece::inner).unwrap_or_default();
    single.chain(list.iter().filter_map(Piece::text)).collect()
}

fn workspace(pieces: &[Piece<'_>], entry: &Entry<'_>) -> (Lock, Vec<String>) {
    let mut lock = Lock::default();
    let mut problems = Vec::new();
    for (function, arguments) in calls(pieces) {
        let text = |name: &str| named_text(arguments, name);
        let name = text("name").unwrap_or_default();
        let digest = text("sha256")
            .and_then(|hex| Digest::from_hex(DigestAlgorithm::Sha256, hex).ok())
            .or_else(|| {
                let (algorithm, value) = text("integrity")?.split_once('-')?;
                digest_from_base64(DigestAlgorithm::from_name(algorithm)?, value)
            });
        let found = match function {
            "http_archive" | "http_file" | "http_jar" => {
                let addresses = addresses(arguments);
                // A mirror often comes first; the place that it mirrors says more.
                let known = addresses
                    .iter()
                    .find(|address| address.starts_with("https://github.com/"));
                known.or(addresses.first()).and_then(|address| {
                    let url = package_of_archive(address, name, None, digest.as_ref())?;
                    Some((url, public_address(address)))
                })
            }
            "git_repository" | "new_git_repository" => {
                let revision = text("commit").or(text("tag"));
                text("remote")
                    .and_then(Repository::parse)
                    .and_then(|repository| {
                        Some((
                            repository.package_url(revision)?,
                            Some(repository.location(revision)),
                        ))
                    })
            }
            _ => continue,
        };
        match found {
            Some((url, download)) => {
                let kind = OccurrenceKind::Declared;
                let mut part = Part::new(name, url, entry, kind, BazelModules::ID);
                part.package.download = download;
                part.package.hashes.extend(digest);
                lock.parts.push(part);
            }
            None => problems.push(format!("`{name}` has no literal address and was left out")),
        }
    }
    (lock, problems)
}
