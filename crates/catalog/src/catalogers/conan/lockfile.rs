//! `conan.lock`: a list of references by purpose (Conan 2), or a graph of nodes (Conan 1).

use linchpin_model::{OccurrenceKind, Scope};
use linchpin_source::Entry;

use super::reference::Reference;
use super::{Conan, Fragment};
use crate::cataloger::{Cataloger as _, Parsed};
use crate::documents::json::{Loose, read_loose};
use crate::lock_graph::{Lock, Need, Part, ProjectFile};

pub(super) fn read(text: &str, entry: &Entry<'_>) -> Parsed<Fragment> {
    let document = match read_loose(text) {
        Ok(document) => document,
        Err(problem) => return Parsed::failed(problem),
    };
    let mut problems = Vec::new();
    let nodes = document
        .get("graph_lock")
        .map(|graph| graph.members_of("nodes"));
    let lock = match nodes {
        Some(nodes) => graph(nodes, entry, &mut problems),
        None if document.get("requires").is_some() || document.get("build_requires").is_some() => {
            list(&document, entry, &mut problems)
        }
        None => return Parsed::failed("is no lockfile of Conan: it has no requirements"),
    };
    Parsed {
        value: Some(Fragment::Project(ProjectFile::lock(entry, lock))),
        problems,
    }
}

fn list(document: &Loose<'_>, entry: &Entry<'_>, problems: &mut Vec<String>) -> Lock {
    let mut lock = Lock::default();
    for (field, scope) in [
        ("requires", Scope::Runtime),
        ("build_requires", Scope::Build),
        ("python_requires", Scope::Build),
        ("config_requires", Scope::Build),
    ] {
        for text in document.texts_of(field) {
            let reference = Reference::parse(text);
            let Some((reference, url)) =
                reference.and_then(|found| Some((found.clone(), found.package_url()?)))
            else {
                problems.push(format!("`{text}` is no reference of a package"));
                continue;
            };
            let kind = OccurrenceKind::Locked;
            let mut part = Part::new(reference.name, url, entry, kind, Conan::ID);
            part.scope = Some(scope);
            lock.parts.push(part);
        }
    }
    lock
}

fn graph(
    nodes: &[(std::borrow::Cow<'_, str>, Loose<'_>)],
    entry: &Entry<'_>,
    problems: &mut Vec<String>,
) -> Lock {
    let mut lock = Lock::default();
    let mut direct = Vec::new();
    for (id, node) in nodes {
        let mut needs = Vec::new();
        for (field, scope) in [
            ("requires", Scope::Runtime),
            ("build_requires", Scope::Build),
        ] {
            let ids = node.texts_of(field).into_iter();
            needs.extend(ids.map(|id| Need::of(id, scope)));
        }
        // The node with a path is the project itself.
        if node.get("path").is_some() || node.get("ref").is_none() {
            direct.extend(needs);
            continue;
        }
        let text = node.text_of("ref").unwrap_or_default();
        match Reference::parse(text).and_then(|reference| reference.package_url()) {
            Some(url) => {
                let kind = OccurrenceKind::Locked;
                let mut part = Part::new(id.as_ref(), url, entry, kind, Conan::ID);
                part.needs = needs;
                lock.parts.push(part);
            }
            None => problems.push(format!("`{text}` is no reference of a package")),
        }
    }
    lock.direct = Some(direct);
    lock
}
