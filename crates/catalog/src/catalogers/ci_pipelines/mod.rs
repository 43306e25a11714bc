//! Pipelines of continuous integration other than GitHub's: GitLab, CircleCI, Azure, Bitbucket,
//! Drone, Woodpecker, Jenkins. One file per system; all of them name images, and something of
//! their own that is shared between pipelines.

mod azure;
mod bitbucket;
mod circleci;
mod drone;
mod gitlab;
mod jenkins;

use linchpin_model::{CatalogerId, TargetPath};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::Loose;
use crate::documents::yaml::read_documents;
use crate::package_roots::is_inside_package;
use crate::references::{Reference, References, assemble_references, folder_above};

pub(super) static CATALOGER: CiPipelines = CiPipelines;

pub(super) struct CiPipelines;

/// Folders in which pipelines lie, below the project that they build.
const FOLDERS: &[&str] = &[
    ".circleci",
    ".gitlab",
    ".woodpecker",
    ".azure-pipelines",
    ".azuredevops",
];

/// How the documents of one system are read.
type Reader = fn(&[Loose<'_>], &mut References);

impl Cataloger for CiPipelines {
    type Fragment = Vec<Reference>;
    const ID: CatalogerId = CatalogerId("ci-pipelines");
    const DOCUMENTATION: &'static str = "Reads the pipelines of GitLab (images, services, included components and projects), \
        CircleCI (images and orbs), Azure (containers, tasks, repositories), Bitbucket (images and pipes), Drone and \
        Woodpecker (images), and Jenkins (images and libraries whose names are written out). Images whose names only \
        variables know are told as notes.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Suffix(".gitlab-ci.yml"),
        Pattern::Suffix(".gitlab-ci.yaml"),
        Pattern::Glob("**/.gitlab/ci/**/*.yml"),
        Pattern::Suffix(".circleci/config.yml"),
        Pattern::Name("azure-pipelines.yml"),
        Pattern::Name("azure-pipelines.yaml"),
        Pattern::Glob("**/azure-pipelines{.,-}*.{yml,yaml}"),
        Pattern::Glob("**/{.azure-pipelines,.azuredevops}/**/*.{yml,yaml}"),
        Pattern::Name("bitbucket-pipelines.yml"),
        Pattern::Name(".drone.yml"),
        Pattern::Name(".woodpecker.yml"),
        Pattern::Name(".woodpecker.yaml"),
        Pattern::Glob("**/.woodpecker/**/*.{yml,yaml}"),
        Pattern::Name("Jenkinsfile"),
        Pattern::Glob("**/Jenkinsfile.*"),
        Pattern::Suffix(".jenkinsfile"),
        Pattern::Suffix(".Jenkinsfile"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Vec<Reference>> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let Ok(text) = std::str::from_utf8(entry.content) else {
            return Parsed::failed("it is no UTF-8");
        };
        let mut references = References::default();
        match reader_of(entry.path) {
            None => jenkins::read(text, &mut references),
            Some(reader) => match read_documents(text) {
                Ok(documents) => reader(&documents, &mut references),
                Err(problem) => return Parsed::failed(problem),
            },
        }
        references.into_parsed()
    }

    fn assemble(fragments: Vec<Located<Vec<Reference>>>, assembly: &mut Assembly<'_>) {
        assemble_references(
            fragments,
            Self::ID,
            |path| folder_above(path, FOLDERS),
            assembly,
        );
    }
}

/// The reader of a file; none for Jenkins, whose pipelines are programs.
fn reader_of(path: &TargetPath) -> Option<Reader> {
    let name = path.name();
    let is_in = |folder: &str| path.parts().any(|part| part == folder);
    Some(match name {
        "bitbucket-pipelines.yml" => bitbucket::read,
        _ if name.to_ascii_lowercase().contains("jenkinsfile") => return None,
        _ if is_in(".circleci") => circleci::read,
        _ if name.contains("gitlab-ci") || is_in(".gitlab") => gitlab::read,
        _ if name.contains("drone") || name.contains("woodpecker") || is_in(".woodpecker") => {
            drone::read
        }
        _ => azure::read,
    })
}

/// A text member.
fn text_of<'b>(value: &'b Loose<'_>, name: &str) -> Option<&'b str> {
    value.get(name)?.text().filter(|text| !text.is_empty())
}

/// Calls `found` with every object in a document. The parser bounds how deep it nests.
fn each_object<'b, 'a>(value: &'b Loose<'a>, found: &mut impl FnMut(&'b Loose<'a>)) {
    if !value.members().is_empty() {
        found(value);
    }
    for item in value.items() {
        each_object(item, found);
    }
    for (_, member) in value.members() {
        each_object(member, found);
    }
}
