//! R: installed packages and projects that are packages, by their `DESCRIPTION`, and the lockfiles
//! of renv and packrat. <https://cran.r-project.org/doc/manuals/r-release/R-exts.html>,
//! <https://rstudio.github.io/renv/articles/lockfile.html>.
//!
//! renv's hashes are of its own making and no digests of an archive; they are left out.

use linchpin_model::{CatalogerId, OccurrenceKind, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, Stage};
use crate::debian_control::{Paragraph, paragraphs};
use crate::documents::json::{Loose, read_loose};
use crate::licenses::r::from_field;
use crate::lock_graph::{Lock, Need, Part, ProjectFile, Root, Wish, add_parts, assemble_projects};
use crate::repository::Repository;

pub(super) static CATALOGER: RPackages = RPackages;

pub(super) struct RPackages;

/// What one file tells.
pub(super) enum Fragment {
    Installed(Part),
    Project(ProjectFile),
}

/// Dependencies of a package and what they are for.
const FIELDS: [(&str, Scope); 4] = [
    ("Depends", Scope::Runtime),
    ("Imports", Scope::Runtime),
    ("LinkingTo", Scope::Build),
    ("Suggests", Scope::Optional),
];

impl Cataloger for RPackages {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("r-packages");
    const DOCUMENTATION: &'static str = "Reads `DESCRIPTION` of installed R packages, those of R itself included, with \
        licence, maintainer and edges; of a project that is a package, what it asks for; `renv.lock` and `packrat.lock` \
        with the packages, where they come from, and what needs what. Suggested packages are edges only where they are \
        installed.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("DESCRIPTION"),
        Pattern::Name("renv.lock"),
        Pattern::Name("packrat.lock"),
    ];
    #[allow(
        private_interfaces,
        reason = "the stages are the driver's own business"
    )]
    const STAGE: Stage = Stage::Installed;

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        let text = String::from_utf8_lossy(entry.content);
        match entry.path.name() {
            "DESCRIPTION" => description(&text, entry),
            "renv.lock" => match read_loose(&text) {
                Ok(document) if document.get("Packages").is_some() => Parsed::clean(
                    Fragment::Project(ProjectFile::lock(entry, renv(&document, entry))),
                ),
                Ok(_) => Parsed::failed("is no lockfile of renv: it lists no packages"),
                Err(problem) => Parsed::failed(problem),
            },
            _ => packrat(&text, entry),
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut projects = Vec::new();
        let mut libraries: std::collections::BTreeMap<String, Vec<Part>> =
            std::collections::BTreeMap::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Project(value) => projects.push(Located { path, layer, value }),
                // R looks through all libraries of a session; those that lie in a project of renv
                // or packrat are apart from the system's.
                Fragment::Installed(part) => {
                    let path = path.as_str();
                    let own = ["/renv/", "/packrat/"]
                        .iter()
                        .find_map(|mark| path.find(mark));
                    let session = own.and_then(|end| path.get(..end)).unwrap_or_default();
                    libraries.entry(session.to_owned()).or_default().push(part);
                }
            }
        }
        for parts in libraries.into_values() {
            add_parts(parts, &[], assembly);
        }
        assemble_projects(projects, Self::ID, assembly);
    }
}

fn package_url(name: &str, version: Option<&str>) -> Option<PackageUrl> {
    PackageUrl::new("cran", None, name, version).ok()
}

/// The names in a list such as `R (>= 3.5), rlang (>= 1.0), utils`. R itself is no package.
fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',')
        .map(|item| {
            item.split(['(', ' ', '\n'])
                .find(|word| !word.is_empty())
                .unwrap_or_default()
        })
        .map(str::trim)
        .filter(|name| !name.is_empty() && *name != "R")
}

fn description(text: &str, entry: &Entry<'_>) -> Parsed<Fragment> {
    let Some(paragraph) = paragraphs(text).next() else {
        return Parsed::not_mine();
    };
    // Other files have this name too: `.git/DESCRIPTION`, documents.
    let (Some(name), Some(version)) = (paragraph.line("Package"), paragraph.line("Version")) else {
        return Parsed::not_mine();
    };
    if paragraph.get("Built").is_none() {
        return project(&paragraph, name, version, entry);
    }
    let Some(url) = package_url(name, Some(version)) else {
        return Parsed::failed("names no package");
    };
    let mut part = Part::new(name, url, entry, OccurrenceKind::Installed, RPackages::ID);
    part.package.license = paragraph.get("License").and_then(from_field);
    part.package.supplier = paragraph.line("Maintainer").map(str::to_owned);
    part.package.description = paragraph.line("Title").map(str::to_owned);
    part.package.download = remote(|field| paragraph.line(field));
    for (field, scope) in FIELDS {
        let needs = names(paragraph.get(field).unwrap_or_default());
        part.needs.extend(needs.map(|name| Need::of(name, scope)));
    }
    Parsed::clean(Fragment::Installed(part))
}

/// A project that is itself a package.
fn project(
    paragraph: &Paragraph<'_>,
    name: &str,
    version: &str,
    entry: &Entry<'_>,
) -> Parsed<Fragment> {
    let root = Root {
        url: package_url(name, Some(version)),
        license: paragraph.get("License").and_then(from_field),
        supplier: paragraph.line("Maintainer").map(str::to_owned),
        description: paragraph.line("Title").map(str::to_owned),
    };
    let mut wishes = Vec::new();
    for (field, scope) in FIELDS {
        for name in names(paragraph.get(field).unwrap_or_default()) {
            if let Some(url) = package_url(name, None) {
                // For a project, what it suggests is for its tests and documentation.
                let scope = if field == "Suggests" {
                    Scope::Development
                } else {
                    scope
                };
                wishes.push(Wish::new(name, url, scope));
            }
        }
    }
    Parsed::clean(Fragment::Project(ProjectFile::manifest(
        entry, root, wishes,
    )))
}

fn renv(document: &Loose<'_>, entry: &Entry<'_>) -> Lock {
    let mut parts = Vec::new();
    for (name, package) in document.members_of("Packages") {
        let Some(url) = package_url(name, package.text_of("Version")) else {
            continue;
        };
        let mut part = Part::new(
            name.as_ref(),
            url,
            entry,
            OccurrenceKind::Locked,
            RPackages::ID,
        );
        part.package.license = package.text_of("License").and_then(from_field);
        part.package.supplier = package.text_of("Maintainer").map(str::to_owned);
        part.package.description = package.text_of("Title").map(str::to_owned);
        part.package.download = remote(|field| package.text_of(field));
        let needs = package.texts_of("Requirements").into_iter().flat_map(names);
        part.needs.extend(needs.map(Need::new));
        for (field, scope) in FIELDS {
            // Since renv 1.1 the fields of the description are in the lockfile, suggestions too.
            if field == "Suggests" {
                continue;
            }
            let needs = package.texts_of(field).into_iter().flat_map(names);
            part.needs.extend(needs.map(|name| Need::of(name, scope)));
        }
        parts.push(part);
    }
    Lock {
        parts,
        ..Lock::default()
    }
}

fn packrat(text: &str, entry: &Entry<'_>) -> Parsed<Fragment> {
    let mut lock = Lock::default();
    let mut is_packrat = false;
    for paragraph in paragraphs(text) {
        is_packrat |= paragraph.get("PackratFormat").is_some();
        let Some(name) = paragraph.line("Package") else {
            continue;
        };
        let Some(url) = package_url(name, paragraph.line("Version")) else {
            continue;
        };
        let mut part = Part::new(name, url, entry, OccurrenceKind::Locked, RPackages::ID);
        let requires = paragraph.get("Requires").unwrap_or_default();
        part.needs = names(requires).map(Need::new).collect();
        part.package.download = remote(|field| match field {
            "RemoteUsername" => paragraph.line("GithubUsername"),
            "RemoteRepo" => paragraph.line("GithubRepo"),
            "RemoteSha" => paragraph.line("GithubSha1"),
            _ => None,
        });
        lock.parts.push(part);
    }
    if !is_packrat && lock.parts.is_empty() {
        return Parsed::failed("is no lockfile of packrat: it lists no packages");
    }
    let mut file = ProjectFile::lock(entry, lock);
    if file.folder.name() == "packrat" {
        file.folder = file.folder.parent();
    }
    Parsed::clean(Fragment::Project(file))
}

/// Where a package that is from no repository of packages comes from.
fn remote<'t>(field: impl Fn(&str) -> Option<&'t str>) -> Option<String> {
    let revision = field("RemoteSha");
    if let Some(address) = field("RemoteUrl") {
        return Some(Repository::parse(address)?.location(revision));
    }
    let (owner, name) = (field("RemoteUsername")?, field("RemoteRepo")?);
    let host = match field("RemoteType").unwrap_or("github") {
        "github" => "github.com",
        "gitlab" => "gitlab.com",
        "bitbucket" => "bitbucket.org",
        _ => return None,
    };
    let address = format!("https://{host}/{owner}/{name}");
    Some(Repository::parse(&address)?.location(revision))
}
