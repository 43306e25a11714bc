//! pre-commit: the repositories that its hooks come from: <https://pre-commit.com/#pre-commit-configyaml---top-level>.
//!
//! What a hook installs besides is written in the terms of its language, which only the hook's own
//! repository says; `name==version` is Python's way, `name@version` npm's, others are left out.

use linchpin_model::{CatalogerId, OccurrenceKind, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::Loose;
use crate::documents::yaml::read_documents;
use crate::git_source::GitSource;
use crate::package_roots::is_inside_package;
use crate::references::{Reference, References, assemble_references, own_folder};

pub(super) static CATALOGER: PreCommit = PreCommit;

pub(super) struct PreCommit;

impl Cataloger for PreCommit {
    type Fragment = Vec<Reference>;
    const ID: CatalogerId = CatalogerId("pre-commit");
    const DOCUMENTATION: &'static str = "Reads `.pre-commit-config.yaml`: the repositories of hooks with their revisions, and \
        the packages that hooks install besides where they are pinned (`name==version`, `name@version`). All of them are \
        needed to develop only.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name(".pre-commit-config.yaml"),
        Pattern::Name(".pre-commit-config.yml"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Vec<Reference>> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let Ok(text) = std::str::from_utf8(entry.content) else {
            return Parsed::failed("it is no UTF-8");
        };
        let documents = match read_documents(text) {
            Ok(documents) => documents,
            Err(problem) => return Parsed::failed(problem),
        };
        let mut references = References::default();
        let list =
            |value: &Loose<'_>, name: &str| value.get(name).map_or(0, |list| list.items().len());
        for document in documents
            .iter()
            .filter(|document| list(document, "repos") > 0)
        {
            for repository in document.get("repos").map(Loose::items).unwrap_or_default() {
                read_repository(repository, &mut references);
            }
        }
        references.into_parsed()
    }

    fn assemble(fragments: Vec<Located<Vec<Reference>>>, assembly: &mut Assembly<'_>) {
        assemble_references(fragments, Self::ID, own_folder, assembly);
    }
}

fn read_repository(repository: &Loose<'_>, references: &mut References) {
    let text = |name: &str| repository.get(name).and_then(Loose::text);
    if let Some(address) = text("repo").filter(|address| !matches!(*address, "local" | "meta")) {
        let source = GitSource::parse(&format!("git::{}", address.trim_start_matches("git::")));
        match source.and_then(|source| source.at(text("rev")).reference(Scope::Development)) {
            Some(reference) => references.add_reference(reference),
            None => references
                .problem("a hook's repository has an address that can not be read".to_owned()),
        }
    }
    for hook in repository
        .get("hooks")
        .map(Loose::items)
        .unwrap_or_default()
    {
        let besides = hook
            .get("additional_dependencies")
            .map(Loose::items)
            .unwrap_or_default();
        for package in besides
            .iter()
            .filter_map(Loose::text)
            .filter_map(pinned_package)
        {
            references.add(package, OccurrenceKind::Declared, Scope::Development);
        }
    }
}

fn pinned_package(text: &str) -> Option<PackageUrl> {
    if let Some((name, version)) = text.split_once("==") {
        let name = name.split('[').next()?.trim();
        let version = version.split([';', ' ']).next()?;
        let is_exact = !version.contains(['*', ',']);
        return PackageUrl::new("pypi", None, name, Some(version))
            .ok()
            .filter(|_| is_exact);
    }
    let at = text.rfind('@').filter(|at| *at > 0)?;
    let (name, version) = (text.get(..at)?, text.get(at + 1..)?);
    if !version.starts_with(|first: char| first.is_ascii_digit()) || text.contains(':') {
        return None;
    }
    let (namespace, name) = match name.split_once('/') {
        Some((namespace, name)) if namespace.starts_with('@') => (Some(namespace), name),
        Some(_) => return None,
        None => (None, name),
    };
    PackageUrl::new("npm", namespace, name, Some(version)).ok()
}
