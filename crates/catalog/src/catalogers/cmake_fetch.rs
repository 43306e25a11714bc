//! What CMake projects fetch when they are configured: `FetchContent_Declare`, `ExternalProject_Add`
//! and the functions of CPM. <https://cmake.org/cmake/help/latest/module/FetchContent.html>.
//!
//! A CMake file is a program. Literal arguments are read, and variables that the same file sets to a
//! literal; nothing is evaluated. What `find_package` looks for on the machine is not listed.

use std::collections::HashMap;

use linchpin_model::{CatalogerId, Digest, DigestAlgorithm, OccurrenceKind, PackageUrl};
use linchpin_source::{Entry, Pattern};

use crate::addresses::public_address;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::code::{Lexicon, Piece, calls, read_code};
use crate::lock_graph::{Lock, Need, Part, ProjectFile, assemble_projects};
use crate::package_roots::is_inside_package;
use crate::repository::{Repository, package_of_archive};

pub(super) static CATALOGER: CmakeFetch = CmakeFetch;

pub(super) struct CmakeFetch;

const CMAKE: Lexicon = Lexicon {
    line_comments: &["#"],
    block_comment: Some(("#[[", "]]")),
    quotes: "\"",
    multiline: true,
    brackets: "()",
    word_marks: "-./:@+${}=<>,;*~!?&%|^'[]\\",
    lines: false,
};

/// Most variables of one file.
const MOST_VARIABLES: usize = 10_000;

impl Cataloger for CmakeFetch {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("cmake-fetch");
    const DOCUMENTATION: &'static str = "Reads what `CMakeLists.txt` and `*.cmake` fetch by literal addresses \
        (`FetchContent_Declare`, `ExternalProject_Add`, `CPMAddPackage`): repositories with their tag or commit, and \
        archives with their digest. Variables count where the same file sets them to a literal. Nothing is evaluated.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("CMakeLists.txt"), Pattern::Suffix(".cmake")];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        // Most files of CMake fetch nothing.
        let fetches = |content: &[u8]| {
            let words: [&[u8]; 3] = [b"FetchContent_Declare", b"ExternalProject_Add", b"CPM"];
            words.iter().any(|word| {
                content
                    .windows(word.len())
                    .any(|found| found.eq_ignore_ascii_case(word))
            })
        };
        // CMake brings modules of its own, which hold examples.
        let is_of_cmake = entry.path.as_str().contains("share/cmake");
        if is_of_cmake || is_inside_package(entry.path) || !fetches(entry.content) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let pieces = match read_code(&text, &CMAKE) {
            Ok(pieces) => pieces,
            Err(problem) => return Parsed::failed(problem),
        };
        let mut variables: HashMap<String, String> = HashMap::new();
        let mut lock = Lock::default();
        let mut problems = Vec::new();
        for (function, arguments) in calls(&pieces) {
            let words: Vec<String> = arguments
                .iter()
                .filter_map(Piece::word_or_text)
                .map(|word| replaced(word, &variables))
                .collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            match function.to_ascii_lowercase().as_str() {
                "set" => {
                    if let [name, value] | [name, value, "CACHE", ..] = words.as_slice()
                        && variables.len() < MOST_VARIABLES
                    {
                        variables.insert((*name).to_owned(), (*value).to_owned());
                    }
                }
                "fetchcontent_declare"
                | "externalproject_add"
                | "cpmaddpackage"
                | "cpmfindpackage"
                | "cpmdeclarepackage" => {
                    // A function of the project with such an argument hands on what it was given.
                    let is_inner = words.iter().any(|word| word.contains("${ARG"));
                    match fetched(&words) {
                        Some((name, url, download, digest)) => {
                            let kind = OccurrenceKind::Declared;
                            let mut part = Part::new(name, url, entry, kind, Self::ID);
                            part.package.download = download;
                            part.package.hashes.extend(digest);
                            lock.parts.push(part);
                        }
                        None if is_inner || is_local(&words) => {}
                        None => problems.push(format!(
                            "`{function}({})` names no literal address",
                            words.first().unwrap_or(&"")
                        )),
                    }
                }
                _ => {}
            }
        }
        if lock.parts.is_empty() {
            return Parsed {
                value: None,
                problems,
            };
        }
        lock.direct = Some(
            lock.parts
                .iter()
                .map(|part| Need::new(part.key.clone()))
                .collect(),
        );
        Parsed {
            value: Some(ProjectFile::lock(entry, lock)),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        assemble_projects(fragments, Self::ID, assembly);
    }
}

/// A word with the variables that are known.
fn replaced(word: &str, variables: &HashMap<String, String>) -> String {
    let mut done = String::new();
    let mut rest = word;
    while let Some((before, after)) = rest.split_once("${") {
        done.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            rest = after;
            done.push_str("${");
            break;
        };
        match variables.get(name) {
            Some(value) if value.len() + done.len() < 2000 => done.push_str(value),
            _ => {
                done.push_str("${");
                done.push_str(name);
                done.push('}');
            }
        }
        rest = after;
    }
    done.push_str(rest);
    done
}

/// The value that follows a keyword.
fn after<'w>(words: &[&'w str], keyword: &str) -> Option<&'w str> {
    let at = words.iter().position(|word| *word == keyword)?;
    words
        .get(at + 1)
        .copied()
        .filter(|value| !value.contains("${"))
}

/// Whether only files of the project itself are built.
fn is_local(words: &[&str]) -> bool {
    words
        .iter()
        .any(|word| matches!(*word, "SOURCE_DIR" | "DOWNLOAD_COMMAND"))
        || !words.iter().any(|word| {
            matches!(
                *word,
                "GIT_REPOSITORY" | "URL" | "GITHUB_REPOSITORY" | "URI"
            )
        })
}

type Fetched = (String, PackageUrl, Option<String>, Option<Digest>);

fn fetched(words: &[&str]) -> Option<Fetched> {
    let first = words.first()?;
    // CPM's short form: `gh:owner/name@1.0` or `gh:owner/name#tag`.
    let uri = after(words, "URI").or(Some(*first).filter(|word| word.contains(':')));
    if let Some(uri) = uri.filter(|uri| !uri.contains("${")) {
        let (place, version) = uri.split_once(['@', '#']).unwrap_or((uri, ""));
        let version = Some(version).filter(|version| !version.is_empty());
        let (host, path) = place.split_once(':')?;
        let host = match host {
            "gh" => "github.com",
            "gl" => "gitlab.com",
            "bb" => "bitbucket.org",
            _ => return None,
        };
        // Of a version, CPM makes the tag by putting a `v` before it.
        let tag = version.map(|version| {
            if uri.contains('#') {
                version.to_owned()
            } else {
                format!("v{version}")
            }
        });
        return repository(&format!("https://{host}/{path}"), tag.as_deref(), path);
    }
    let name = after(words, "NAME").unwrap_or(first);
    let tag = after(words, "GIT_TAG").map(str::to_owned);
    let tag = tag.or_else(|| after(words, "VERSION").map(|version| format!("v{version}")));
    if let Some(path) = after(words, "GITHUB_REPOSITORY") {
        return repository(&format!("https://github.com/{path}"), tag.as_deref(), name);
    }
    if let Some(path) = after(words, "GITLAB_REPOSITORY") {
        return repository(&format!("https://gitlab.com/{path}"), tag.as_deref(), name);
    }
    if let Some(address) = after(words, "GIT_REPOSITORY") {
        return repository(address, tag.as_deref(), name);
    }
    let address = after(words, "URL")?;
    let digest = after(words, "URL_HASH").and_then(|hash| {
        let (algorithm, hex) = hash.split_once('=')?;
        let algorithm = DigestAlgorithm::from_name(&algorithm.to_ascii_lowercase())?;
        Digest::from_hex(algorithm, hex).ok()
    });
    let digest =
        digest.or_else(|| Digest::from_hex(DigestAlgorithm::Md5, after(words, "URL_MD5")?).ok());
    let url = package_of_archive(address, name, after(words, "VERSION"), digest.as_ref())?;
    Some((name.to_owned(), url, public_address(address), digest))
}

fn repository(address: &str, tag: Option<&str>, name: &str) -> Option<Fetched> {
    let repository = Repository::parse(address)?;
    let url = repository.package_url(tag)?;
    Some((name.to_owned(), url, Some(repository.location(tag)), None))
}
