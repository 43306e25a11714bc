//! Nix flakes: the lockfile `flake.lock`.
//! <https://nix.dev/manual/nix/stable/command-ref/new-cli/nix3-flake#lock-files>.
//!
//! Inputs are repositories and archives at a revision. Their `narHash` is that of Nix's own form of an
//! archive and is left out.

use std::collections::HashMap;

use linchpin_model::{CatalogerId, OccurrenceKind, PackageUrl};
use linchpin_source::{Entry, Pattern};

use crate::addresses::public_address;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::{Loose, read_loose};
use crate::lock_graph::{Lock, Need, Part, ProjectFile, assemble_projects};
use crate::package_roots::is_inside_package;
use crate::repository::{Repository, package_of_archive};

pub(super) static CATALOGER: NixFlake = NixFlake;

pub(super) struct NixFlake;

/// Longest way that an input which follows another is looked up by.
const MOST_STEPS: usize = 32;

impl Cataloger for NixFlake {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("nix-flake");
    const DOCUMENTATION: &'static str = "Reads `flake.lock`: the inputs of a Nix flake with their revisions, and which \
        input needs which, those that follow another resolved. Inputs that are folders of the project itself are left \
        out.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("flake.lock")];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let document = match read_loose(&text) {
            Ok(document) => document,
            Err(problem) => return Parsed::failed(problem),
        };
        // The inputs of all nodes, by the names of both.
        let nodes = document.members_of("nodes").iter();
        let inputs: Inputs<'_> = nodes
            .flat_map(|(name, node)| {
                let inputs = node.members_of("inputs").iter();
                inputs.map(move |(key, input)| ((name.as_ref(), key.as_ref()), input))
            })
            .collect();
        if document.members_of("nodes").is_empty() {
            return Parsed::failed("is no lockfile of a flake: it has no nodes");
        }
        let root = document.text_of("root").unwrap_or("root");
        let mut lock = Lock::default();
        let mut problems = Vec::new();
        for (name, node) in document.members_of("nodes") {
            let needs: Vec<Need> = node
                .members_of("inputs")
                .iter()
                .filter_map(|(_, input)| Some(Need::new(resolve(input, root, &inputs)?)))
                .collect();
            if name == root {
                lock.direct = Some(needs);
                continue;
            }
            let locked = node.get("locked").unwrap_or(&Loose::Other);
            if locked.text_of("type") == Some("path") {
                continue;
            }
            match input(name, locked) {
                Some((url, download)) => {
                    let kind = OccurrenceKind::Locked;
                    let mut part = Part::new(name.as_ref(), url, entry, kind, Self::ID);
                    part.needs = needs;
                    part.package.download = download;
                    lock.parts.push(part);
                }
                None => problems.push(format!(
                    "the input `{name}` is locked in a way that is not understood"
                )),
            }
        }
        Parsed {
            value: Some(ProjectFile::lock(entry, lock)),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        assemble_projects(fragments, Self::ID, assembly);
    }
}

/// Inputs by the names of their node and their own.
type Inputs<'d> = HashMap<(&'d str, &'d str), &'d Loose<'d>>;

/// The node that an input is: its name, or the way to it from the root.
fn resolve<'d>(input: &'d Loose<'_>, root: &'d str, inputs: &Inputs<'d>) -> Option<&'d str> {
    let mut input = input;
    let mut node: &str;
    let mut path: Vec<&str> = Vec::new();
    for _ in 0..MOST_STEPS {
        match input {
            Loose::Text(name) => node = name,
            Loose::List(steps) => {
                // The way starts at the root again, before what is left of the way so far.
                node = root;
                path.extend(steps.iter().rev().filter_map(Loose::text).take(MOST_STEPS));
            }
            _ => return None,
        }
        let Some(next) = path.pop() else {
            return Some(node);
        };
        input = inputs.get(&(node, next))?;
    }
    None
}

fn input(name: &str, locked: &Loose<'_>) -> Option<(PackageUrl, Option<String>)> {
    let revision = locked.text_of("rev");
    let place = || Some((locked.text_of("owner")?, locked.text_of("repo")?));
    let address = match locked.text_of("type")? {
        "github" => {
            let (owner, repo) = place()?;
            let host = locked.text_of("host").unwrap_or("github.com");
            format!("https://{host}/{owner}/{repo}")
        }
        "gitlab" => {
            let (owner, repo) = place()?;
            let host = locked.text_of("host").unwrap_or("gitlab.com");
            format!("https://{host}/{}/{repo}", owner.replace("%2F", "/"))
        }
        "sourcehut" => {
            let (owner, repo) = place()?;
            let host = locked.text_of("host").unwrap_or("git.sr.ht");
            format!("https://{host}/{owner}/{repo}")
        }
        "git" | "hg" => locked.text_of("url")?.to_owned(),
        "tarball" | "file" => {
            let address = locked.text_of("url")?;
            let url = package_of_archive(address, name, revision, None)?;
            return Some((url, public_address(address)));
        }
        _ => return None,
    };
    let repository = Repository::parse(&address)?;
    Some((
        repository.package_url(revision)?,
        Some(repository.location(revision)),
    ))
}
