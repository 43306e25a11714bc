//! Metadata of distributions: `META.json` of a project, and the two files that cpanm keeps of an
//! installed one: where it came from and what it provides, and what it requires.

use std::collections::BTreeMap;

use linchpin_model::{OccurrenceKind, Scope, TargetPath};
use linchpin_source::Entry;

use super::snapshot::name_and_version;
use super::{Fragment, PerlCpan, is_module, package_url, wish};
use crate::cataloger::{Cataloger as _, Located, Parsed};
use crate::documents::json::{Loose, read_loose};
use crate::licenses::perl::from_words;
use crate::lock_graph::{Need, Part, ProjectFile, Root};

/// The phases and strengths of requirements, and what they are for.
const PHASES: &[(&str, &str, Scope)] = &[
    ("runtime", "requires", Scope::Runtime),
    ("runtime", "recommends", Scope::Optional),
    ("configure", "requires", Scope::Build),
    ("build", "requires", Scope::Build),
    ("test", "requires", Scope::Development),
    ("develop", "requires", Scope::Development),
];

fn requirements<'d>(document: &'d Loose<'_>) -> impl Iterator<Item = (&'d str, Scope)> {
    PHASES.iter().flat_map(move |(phase, strength, scope)| {
        let list = document.get("prereqs").and_then(|all| all.get(phase));
        let modules = list
            .map(|list| list.members_of(strength))
            .unwrap_or_default();
        let names = modules.iter().map(|(name, _)| name.as_ref());
        names
            .filter(|name| is_module(name))
            .map(move |name| (name, *scope))
    })
}

fn supplier(document: &Loose<'_>) -> Option<String> {
    let authors = document.texts_of("author");
    let authors: Vec<&str> = authors
        .into_iter()
        .filter(|name| *name != "unknown")
        .take(20)
        .collect();
    (!authors.is_empty()).then(|| authors.join(", "))
}

pub(super) fn read_project(text: &str, entry: &Entry<'_>) -> Parsed<Fragment> {
    // PostgreSQL's extensions and others have files of this name too.
    let Ok(document) = read_loose(text) else {
        return Parsed::not_mine();
    };
    let is_perl = document.get("meta-spec").is_some() && document.get("prereqs").is_some();
    let Some(name) = document.text_of("name").filter(|_| is_perl) else {
        return Parsed::not_mine();
    };
    let root = Root {
        url: package_url(name, document.text_of("version"), None),
        license: from_words(document.texts_of("license").into_iter()),
        supplier: supplier(&document),
        description: document.text_of("abstract").map(str::to_owned),
    };
    let wishes = requirements(&document).filter_map(|(name, scope)| wish(name, scope));
    let file = ProjectFile::manifest(entry, root, wishes.collect());
    Parsed::clean(Fragment::Project(file))
}

pub(super) fn read_installed(text: &str, entry: &Entry<'_>) -> Parsed<Fragment> {
    let document = match read_loose(text) {
        Ok(document) => document,
        Err(problem) => return Parsed::failed(problem),
    };
    // The folder is called after distribution and version.
    let folder = entry.path.parent();
    let (name, version) = name_and_version(folder.name());
    let pathname = document.text_of("pathname");
    let Some(url) = package_url(name, version, pathname) else {
        return Parsed::failed("lies in a folder that names no distribution");
    };
    let kind = OccurrenceKind::Installed;
    let mut part = Part::new(folder.name(), url, entry, kind, PerlCpan::ID);
    if entry.path.name() == "install.json" {
        let provides = document.members_of("provides").iter();
        part.also = provides.map(|(module, _)| module.as_ref().into()).collect();
    } else {
        part.package.license = from_words(document.texts_of("license").into_iter());
        part.package.supplier = supplier(&document);
        part.package.description = document.text_of("abstract").map(str::to_owned);
        let needs = requirements(&document);
        let needs = needs.filter(|(_, scope)| matches!(scope, Scope::Runtime | Scope::Optional));
        part.needs = needs.map(|(name, scope)| Need::of(name, scope)).collect();
    }
    Parsed::clean(Fragment::Installed(part))
}

/// The two files of each distribution as one part.
pub(super) fn united(files: Vec<Located<Part>>) -> Vec<Part> {
    let mut parts: BTreeMap<TargetPath, Part> = BTreeMap::new();
    for Located { path, value, .. } in files {
        let folder = path.parent();
        match parts.remove(&folder) {
            None => {
                parts.insert(folder, value);
            }
            Some(first) => {
                // The one that knows who uploaded it is the one that names it.
                let (mut kept, other) = if value.package.purl.kind() == "cpan" {
                    (value, first)
                } else {
                    (first, value)
                };
                kept.also.extend(other.also);
                kept.needs.extend(other.needs);
                let package = &mut kept.package;
                package.occurrences.extend(other.package.occurrences);
                package.license = package.license.take().or(other.package.license);
                package.supplier = package.supplier.take().or(other.package.supplier);
                package.description = package.description.take().or(other.package.description);
                parts.insert(folder, kept);
            }
        }
    }
    parts.into_values().collect()
}
