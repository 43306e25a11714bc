//! Crystal projects: the lockfile `shard.lock` and `shard.yml`.
//! <https://github.com/crystal-lang/shards/blob/master/docs/shard.yml.adoc>.
//!
//! Shards are repositories and have no registry; the lockfile has no edges between them.

use linchpin_model::{CatalogerId, OccurrenceKind, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::Loose;
use crate::documents::yaml::read_documents;
use crate::licenses::from_name;
use crate::lock_graph::{Lock, Part, ProjectFile, Root, Tells, Wish, assemble_projects};
use crate::package_roots::is_inside_package;
use crate::repository::Repository;

pub(super) static CATALOGER: CrystalShards = CrystalShards;

pub(super) struct CrystalShards;

impl Cataloger for CrystalShards {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("crystal-shards");
    const DOCUMENTATION: &'static str = "Reads `shard.lock` and `shard.yml` of Crystal: the project as root, and the \
        repositories that are its shards, with version or commit. Dependencies for development are marked; edges between \
        shards are not in these files.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("shard.lock"), Pattern::Name("shard.yml")];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        // What shards fetched lies in `lib`.
        let is_fetched = entry.path.parts().rev().nth(2) == Some("lib");
        if is_fetched || is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let document = match read_documents(&text) {
            Ok(documents) => documents.into_iter().next().unwrap_or_default(),
            Err(problem) => return Parsed::failed(problem),
        };
        let tells = if entry.path.name() == "shard.yml" {
            project(&document)
        } else if document.get("shards").is_some() {
            let parts = document
                .members_of("shards")
                .iter()
                .filter_map(|(name, shard)| {
                    let version = shard.text_of("version").or_else(|| shard.text_of("commit"));
                    let repository = repository(shard)?;
                    // `1.0.0+git.commit.4f2a…` names a commit behind a version.
                    let revision =
                        version.map(|version| match version.split_once("+git.commit.") {
                            Some((_, commit)) => commit.to_owned(),
                            None if version.starts_with(|first: char| first.is_ascii_digit()) => {
                                format!("v{version}")
                            }
                            None => version.to_owned(),
                        });
                    let url = repository.package_url(revision.as_deref())?;
                    let kind = OccurrenceKind::Locked;
                    let mut part = Part::new(name.as_ref(), url, entry, kind, Self::ID);
                    part.package.download = Some(repository.location(revision.as_deref()));
                    Some(part)
                });
            Tells::Lock(Lock {
                parts: parts.collect(),
                ..Lock::default()
            })
        } else {
            return Parsed::failed("is no lockfile of shards: it lists none");
        };
        Parsed::clean(ProjectFile {
            folder: entry.path.parent(),
            tells,
        })
    }

    fn assemble(fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        assemble_projects(fragments, Self::ID, assembly);
    }
}

fn repository(shard: &Loose<'_>) -> Option<Repository> {
    let hosts = [
        ("github", "github.com"),
        ("gitlab", "gitlab.com"),
        ("bitbucket", "bitbucket.org"),
        ("codeberg", "codeberg.org"),
    ];
    let short = hosts
        .iter()
        .find_map(|(key, host)| Some(format!("https://{host}/{}", shard.text_of(key)?)));
    Repository::parse(short.as_deref().or_else(|| shard.text_of("git"))?)
}

fn project(document: &Loose<'_>) -> Tells {
    let name = document.text_of("name");
    let version = document.text_of("version");
    let root = Root {
        url: name.and_then(|name| PackageUrl::new("generic", None, name, version).ok()),
        license: document.text_of("license").and_then(from_name),
        description: document
            .text_of("description")
            .map(|text| text.trim().to_owned()),
        ..Root::default()
    };
    let mut wishes = Vec::new();
    for (field, scope) in [
        ("dependencies", Scope::Runtime),
        ("development_dependencies", Scope::Development),
    ] {
        for (name, wanted) in document.members_of(field) {
            let exact = wanted.text_of("commit").or_else(|| wanted.text_of("tag"));
            let url = repository(wanted).and_then(|found| found.package_url(exact));
            wishes.extend(url.map(|url| Wish::new(name.as_ref(), url, scope)));
        }
    }
    Tells::Manifest(root, wishes)
}
