//! Lockfiles: where each package comes from, and what it must be equal to.
//!
//! Each package manager writes this in its own way; here all become [`Locked`]s, and rules are asked
//! of those only that do not come as most do, so that a lockfile of thousands of packages costs no
//! more than reading it.

mod bundler;
mod cargo;
mod composer;
mod disputes;
mod npm;
mod origin;
mod pnpm;
mod python;
mod yarn;

use linchpin_document::{Member, Node, NodeValue, Position};
use linchpin_model::{FindingKind, TargetPath};
use linchpin_source::Pattern;
use memchr::memmem;

use crate::internal_names::InternalNames;
use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::syntax::Syntax;
use disputes::Disputes;
use origin::{Origins, host};

/// Where a project says which scopes its own registry serves.
const SETTINGS: &str = ".npmrc";

/// Most packages of a file that rules are asked of.
const MOST_ODD: usize = 2_000;

pub(super) const KIND: Kind = Kind {
    id: "lockfile",
    noun: "lockfile",
    documentation: "Lockfiles of npm, Yarn, pnpm, uv, Poetry, PDM, Pipenv, Cargo, Composer and Bundler",
    finding: FindingKind::Suspicious,
    wants: &[
        Pattern::Name("package-lock.json"),
        Pattern::Name("npm-shrinkwrap.json"),
        Pattern::Name("yarn.lock"),
        Pattern::Name("pnpm-lock.yaml"),
        Pattern::Name("uv.lock"),
        Pattern::Name("poetry.lock"),
        Pattern::Name("pdm.lock"),
        Pattern::Name("Pipfile.lock"),
        Pattern::Name("Cargo.lock"),
        Pattern::Name("composer.lock"),
        Pattern::Name("Gemfile.lock"),
        Pattern::Name(SETTINGS),
    ],
    may_be: |path, content| {
        reader(path).is_some() && !content.is_empty()
            || path.name() == SETTINGS && memmem::find(content, b":registry").is_some()
    },
    syntax: Syntax::Lockfile,
    prepare,
    subjects: &[
        SubjectKind {
            name: "file",
            documentation: "The whole file, as its package manager writes it",
            around: &[],
        },
        SubjectKind {
            name: "package",
            documentation: "A package that does not come as most do, with `name`, `version`, `ecosystem`, `url`, `host`, `scheme`, `integrity`, `git`, `odd_host`, `other_name`, `unchecked`, `internal`, `deprecated`, `disputed_by` and `has_script`",
            around: &[],
        },
    ],
    find,
    example: "package-lock.json",
};

/// A package as a lockfile has it.
#[derive(Debug, Default)]
struct Locked {
    at: Option<Position>,
    name: String,
    version: String,
    /// Where it is fetched from.
    url: String,
    /// Its hash, or one of them.
    integrity: String,
    /// Whether it is a commit of a git repository.
    is_git: bool,
    /// Whether there should be a hash, and is none.
    is_unchecked: bool,
    /// What its author says to those who install it.
    deprecated: String,
    has_script: bool,
}

type Reader = fn(&Node) -> Vec<Locked>;

/// How a lockfile of this name is understood, and which world it is of.
fn reader(path: &TargetPath) -> Option<(&'static str, Reader)> {
    Some(match path.name() {
        "package-lock.json" | "npm-shrinkwrap.json" => ("npm", npm::packages),
        "yarn.lock" => ("npm", yarn::packages),
        "pnpm-lock.yaml" => ("npm", pnpm::packages),
        "uv.lock" | "poetry.lock" | "pdm.lock" => ("pypi", python::of_toml),
        "Pipfile.lock" => ("pypi", python::of_pipenv),
        "Cargo.lock" => ("cargo", cargo::packages),
        "composer.lock" => ("composer", composer::packages),
        "Gemfile.lock" => ("gem", bundler::packages),
        _ => return None,
    })
}

fn prepare(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    prepare_with(files, &InternalNames::default())
}

/// The same for a project that has names of its own.
pub(crate) fn prepare_with(
    files: Vec<DocumentFile>,
    internal: &InternalNames,
) -> Vec<DocumentFile> {
    let (settings, mut files): (Vec<DocumentFile>, Vec<DocumentFile>) = files
        .into_iter()
        .partition(|file| file.path.name() == SETTINGS);
    let mut internal = internal.clone();
    for (scope, host) in settings.iter().flat_map(|file| own_scopes(&file.documents)) {
        internal.add("npm", format!("{scope}/*"), host);
    }
    let read: Vec<Option<(&str, Vec<Locked>)>> = files
        .iter()
        .map(|file| {
            let (ecosystem, read) = reader(&file.path)?;
            Some((ecosystem, read(file.documents.first()?)))
        })
        .collect();
    let mut disputes = Disputes::default();
    for (file, read) in files.iter().zip(&read) {
        if let Some((ecosystem, packages)) = read {
            disputes.add(ecosystem, &file.path, packages);
        }
    }
    for (file, read) in files.iter_mut().zip(read) {
        let Some((ecosystem, packages)) = read else {
            continue;
        };
        let origins = Origins::of(ecosystem, &packages);
        let odd = packages.iter().filter_map(|package| {
            let disputed_by = disputes.other(&file.path, package);
            odd(ecosystem, package, &origins, &internal, disputed_by)
        });
        let odd = Node::list(Position::START, odd.take(MOST_ODD).collect());
        file.documents.push(odd);
    }
    files
}

/// The scopes that settings of npm fetch from another registry than the public one, and its host.
fn own_scopes(documents: &[Node]) -> impl Iterator<Item = (&str, &str)> {
    let entries = documents.iter().flat_map(Node::items);
    entries.filter_map(|entry| {
        let scope = entry.find_text(&["name"])?.strip_suffix(":registry")?;
        let (_, host) = host(entry.find_text(&["value"])?);
        (scope.starts_with('@') && !host.is_empty() && !origin::is_public("npm", host))
            .then_some((scope, host))
    })
}

/// The package as rules see it, if there is anything about it.
fn odd(
    ecosystem: &str,
    package: &Locked,
    origins: &Origins<'_>,
    internal: &InternalNames,
    disputed_by: &str,
) -> Option<Node> {
    let (scheme, host) = host(&package.url);
    let odd_host = !package.is_git && origins.is_odd(package);
    let other_name = origin::other_name(ecosystem, package).unwrap_or_default();
    let is_internal = internal.forbids(ecosystem, &package.name, host, origins.is_public(host));
    let is_weak = package.integrity.starts_with("sha1-") || package.integrity.starts_with("md5");
    let is_plain = matches!(scheme, "http" | "git" | "git+http");
    if !(odd_host
        || is_internal
        || is_weak
        || is_plain
        || package.is_unchecked
        || package.has_script
        || !other_name.is_empty()
        || !disputed_by.is_empty()
        || !package.deprecated.is_empty())
    {
        return None;
    }
    let at = package.at.unwrap_or(Position::START);
    let text = |key: &str, text: &str| Member::added(key, Node::text(at, text));
    let boolean =
        |key: &str, value: bool| Member::added(key, Node::at(at, NodeValue::Boolean(value)));
    Some(Node::map(
        at,
        vec![
            text("ecosystem", ecosystem),
            text("name", &package.name),
            text("version", &package.version),
            text("url", &package.url),
            text("scheme", scheme),
            text("host", host),
            text("integrity", &package.integrity),
            text("other_name", &other_name),
            text("deprecated", &package.deprecated),
            text("disputed_by", disputed_by),
            boolean("git", package.is_git),
            boolean("odd_host", odd_host),
            boolean("internal", is_internal),
            boolean("unchecked", package.is_unchecked),
            boolean("has_script", package.has_script),
        ],
    ))
}

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    if let [document, odd] = file.documents.as_slice() {
        subjects.push(Subject::new("file", document));
        subjects.extend(
            odd.items()
                .iter()
                .map(|package| Subject::new("package", package)),
        );
    }
}

/// The text of a field, or an empty one.
fn field(node: &Node, key: &str) -> String {
    node.find_text(&[key]).unwrap_or_default().to_owned()
}

/// Whether a field is `true`.
fn is_set(node: &Node, key: &str) -> bool {
    matches!(
        node.get(key).map(|node| &node.value),
        Some(NodeValue::Boolean(true))
    )
}
