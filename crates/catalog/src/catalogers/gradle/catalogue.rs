//! A version catalogue: names for coordinates, shared by the build files of a project.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::Fragment;
use crate::cataloger::Parsed;
use crate::maven::Coordinate;

/// The libraries and bundles of a catalogue, by their names as build files write them.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Catalogue {
    libraries: BTreeMap<String, Coordinate>,
    bundles: BTreeMap<String, Vec<String>>,
}

impl Catalogue {
    /// What a name in a build file means: a library, or all of a bundle.
    pub(super) fn named(&self, alias: &str) -> Vec<Coordinate> {
        let alias = alias.strip_suffix(".get").unwrap_or(alias);
        if let Some(bundle) = alias.strip_prefix("bundles.") {
            let names = self.bundles.get(bundle).into_iter().flatten();
            return names
                .filter_map(|name| self.libraries.get(name).cloned())
                .collect();
        }
        self.libraries.get(alias).cloned().into_iter().collect()
    }

    /// All libraries.
    pub(super) fn all(&self) -> impl Iterator<Item = &Coordinate> {
        self.libraries.values()
    }
}

pub(super) fn read(text: &str) -> Parsed<Fragment> {
    let document: Table = match toml::from_str(text) {
        Ok(document) => document,
        Err(error) => return Parsed::failed(format!("is no valid TOML: {}", error.message())),
    };
    let mut catalogue = Catalogue::default();
    let mut problems = Vec::new();
    let versions = document.get("versions").and_then(Value::as_table);
    let libraries = document.get("libraries").and_then(Value::as_table);
    for (alias, library) in libraries.into_iter().flatten() {
        match coordinate(library, versions) {
            Some(coordinate) => {
                catalogue.libraries.insert(dotted(alias), coordinate);
            }
            None => problems.push(format!("the library `{alias}` has no group and name")),
        }
    }
    let bundles = document.get("bundles").and_then(Value::as_table);
    for (alias, names) in bundles.into_iter().flatten() {
        let names = names.as_array().into_iter().flatten();
        let names = names.filter_map(|name| name.as_str().map(dotted)).collect();
        catalogue.bundles.insert(dotted(alias), names);
    }
    Parsed {
        value: Some(Fragment::Catalogue(catalogue)),
        problems,
    }
}

/// An alias as build files write it: dashes and underscores become dots.
fn dotted(alias: &str) -> String {
    alias.replace(['-', '_'], ".")
}

fn coordinate(library: &Value, versions: Option<&Table>) -> Option<Coordinate> {
    if let Some(text) = library.as_str() {
        return Coordinate::parse(text);
    }
    let text = |key: &str| library.get(key).and_then(Value::as_str);
    let module = match text("module") {
        Some(module) => module.to_owned(),
        None => format!("{}:{}", text("group")?, text("name")?),
    };
    let mut coordinate = Coordinate::parse(&module)?;
    coordinate.version = version(library.get("version"), versions);
    Some(coordinate)
}

/// A version: a text, a reference to one, or a table of constraints.
fn version(value: Option<&Value>, versions: Option<&Table>) -> Option<String> {
    let value = value?;
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    if let Some(name) = value.get("ref").and_then(Value::as_str) {
        let named = versions?.get(name)?;
        return rich(named);
    }
    rich(value)
}

/// `strictly` is what is taken, `require` is what it is at least, `prefer` what it is by default.
fn rich(value: &Value) -> Option<String> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let found = value.as_str().or_else(|| text("strictly"));
    found
        .or_else(|| text("require"))
        .or_else(|| text("prefer"))
        .map(str::to_owned)
}
