//! `vcpkg.json`: the project and what it asks for. Versions are those of overrides; a least version
//! (`version>=`) or the baseline of a registry names none.

use std::collections::HashMap;

use linchpin_model::Scope;
use linchpin_source::Entry;

use super::{Fragment, package_url};
use crate::cataloger::Parsed;
use crate::documents::json::{Loose, read_loose};
use crate::licenses::from_expression;
use crate::lock_graph::{ProjectFile, Root, Wish};

pub(super) fn read(text: &str, entry: &Entry<'_>) -> Parsed<Fragment> {
    let document = match read_loose(text) {
        Ok(document) => document,
        Err(problem) => return Parsed::failed(problem),
    };
    let name = document.text_of("name");
    let root = Root {
        url: name.and_then(|name| package_url(name, version(&document), None)),
        license: document.text_of("license").and_then(from_expression),
        supplier: document
            .texts_of("maintainers")
            .first()
            .map(|name| (*name).to_owned()),
        description: document
            .texts_of("description")
            .first()
            .map(|text| (*text).to_owned()),
    };
    let overrides = document
        .get("overrides")
        .map(Loose::items)
        .unwrap_or_default();
    let overrides: HashMap<&str, &str> = overrides
        .iter()
        .filter_map(|found| Some((found.text_of("name")?, version(found)?)))
        .collect();
    let mut wishes = Vec::new();
    let mut add = |list: Option<&Loose<'_>>, is_feature: bool| {
        for dependency in list.map(Loose::items).unwrap_or_default() {
            let Some(name) = dependency.text().or_else(|| dependency.text_of("name")) else {
                continue;
            };
            let is_host = dependency.get("host").is_some_and(Loose::is_true);
            let scope = match (is_host, is_feature) {
                (true, _) => Scope::Build,
                (false, true) => Scope::Optional,
                (false, false) => Scope::Runtime,
            };
            // `1.0#2` is version 1.0 of revision 2 of the port.
            let version = overrides.get(name).copied();
            let (version, revision) = match version.and_then(|found| found.split_once('#')) {
                Some((version, revision)) => (Some(version), Some(revision)),
                None => (version, None),
            };
            if let Some(url) = package_url(name, version, revision) {
                wishes.push(Wish::new(name, url, scope));
            }
        }
    };
    add(document.get("dependencies"), false);
    for (_, feature) in document.members_of("features") {
        add(feature.get("dependencies"), true);
    }
    Parsed::clean(Fragment::Project(ProjectFile::manifest(
        entry, root, wishes,
    )))
}

fn version<'d>(document: &'d Loose<'_>) -> Option<&'d str> {
    let fields = [
        "version",
        "version-semver",
        "version-date",
        "version-string",
    ];
    fields.iter().find_map(|field| document.text_of(field))
}
