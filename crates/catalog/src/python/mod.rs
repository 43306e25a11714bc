//! What Python's formats share: names, requirements, markers, and what a lockfile's graph means.

pub(crate) mod declarations;
mod environment;
mod lock_graph;
mod locked_project;
mod marker;
mod project;
mod requirement;
mod requirements;

pub(crate) use environment::{Environment, major_and_minor};
pub(crate) use lock_graph::{Link, LockGraph, LockedPackage};
pub(crate) use locked_project::{LockOrProject, add_locked_projects, read_lock_or_project};
pub(crate) use marker::Marker;
pub(crate) use project::PyProject;
pub(crate) use requirement::Requirement;
pub(crate) use requirements::{requirement, requirements_of_lock, requirements_of_project};

/// How many extras of one package are followed. The largest real packages have some dozens; the
/// work grows with their product with the requirements.
pub(crate) const MOST_EXTRAS: u16 = 128;

/// The normal form of a name (PEP 503): lower case, runs of `-`, `_` and `.` as one dash. Extras
/// are compared in the same form (PEP 685).
pub(crate) fn normalise_name(name: &str) -> Box<str> {
    let name = name.trim();
    let mut normal = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            other => normal.extend(other.to_lowercase()),
        }
    }
    normal.into()
}

/// Whether words in a file's or group's name say that it is for those who develop the software:
/// `requirements-dev.txt`, `tests`, `docs`.
pub(crate) fn is_for_development(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "ci",
        "dev",
        "devel",
        "develop",
        "development",
        "doc",
        "docs",
        "documentation",
        "format",
        "lint",
        "linters",
        "linting",
        "mypy",
        "qa",
        "style",
        "test",
        "testing",
        "tests",
        "tox",
        "typing",
    ];
    name.split(|character: char| !character.is_ascii_alphanumeric())
        .any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// The package URL of a Python package.
pub(crate) fn package_url(name: &str, version: Option<&str>) -> Option<linchpin_model::PackageUrl> {
    linchpin_model::PackageUrl::new("pypi", None, name, version).ok()
}

/// The digests among texts such as `sha256:ab12…`; others are left out.
pub(crate) fn digests<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<linchpin_model::Digest> {
    let mut digests: Vec<linchpin_model::Digest> =
        texts.filter_map(|text| text.trim().parse().ok()).collect();
    digests.sort();
    digests.dedup();
    digests
}
