//! `Cargo.toml`, as far as a lockfile needs it: what each dependency of a member is for.
//! <https://doc.rust-lang.org/cargo/reference/manifest.html>

use std::collections::{BTreeMap, BTreeSet};

use linchpin_model::{LicenseExpression, Scope};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::licenses;

/// What a manifest says of its package.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Manifest {
    /// Nothing for the manifest of a workspace that is no package itself.
    pub(super) package: Option<ManifestPackage>,
    pub(super) wishes: Vec<Wish>,
    /// What `[workspace.dependencies]` calls differently than the packages are called, and the
    /// requirements there.
    pub(super) workspace: BTreeMap<String, (String, Option<String>)>,
}

/// The package that a manifest describes.
#[derive(Debug)]
pub(super) struct ManifestPackage {
    pub(super) name: String,
    /// Nothing if the workspace says it.
    pub(super) version: Option<String>,
    pub(super) license: Option<LicenseExpression>,
    pub(super) description: Option<String>,
}

/// One line of a dependency table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wish {
    /// The name in the table; the workspace's table is asked with it.
    pub(super) key: String,
    /// The package's own name.
    pub(super) name: String,
    pub(super) requirement: Option<String>,
    pub(super) inherits: bool,
    pub(super) scope: Scope,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case")]
struct Document {
    package: Option<PackageTable>,
    // Before Cargo 1.0.
    project: Option<PackageTable>,
    #[serde(flatten)]
    tables: Tables,
    target: BTreeMap<String, Tables>,
    features: BTreeMap<String, Vec<String>>,
    workspace: Option<WorkspaceTable>,
}

#[derive(Deserialize)]
struct PackageTable {
    name: String,
    version: Option<Inheritable>,
    license: Option<Inheritable>,
    description: Option<Inheritable>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Inheritable {
    Text(String),
    Other(IgnoredAny),
}

impl Inheritable {
    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Other(_) => None,
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case")]
struct Tables {
    dependencies: BTreeMap<String, Line>,
    #[serde(alias = "dev_dependencies")]
    dev_dependencies: BTreeMap<String, Line>,
    #[serde(alias = "build_dependencies")]
    build_dependencies: BTreeMap<String, Line>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct WorkspaceTable {
    dependencies: BTreeMap<String, Line>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Version(String),
    Table(LineTable),
    Other(IgnoredAny),
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct LineTable {
    version: Option<String>,
    package: Option<String>,
    optional: bool,
    workspace: bool,
}

impl Manifest {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let document: Document =
            toml::from_str(text).map_err(|error| error.message().to_owned())?;
        let active = default_features(&document.features);
        let mut wishes = Vec::new();
        for tables in std::iter::once(document.tables).chain(document.target.into_values()) {
            take_wishes(tables.dependencies, Scope::Runtime, &active, &mut wishes);
            take_wishes(
                tables.build_dependencies,
                Scope::Build,
                &active,
                &mut wishes,
            );
            take_wishes(
                tables.dev_dependencies,
                Scope::Development,
                &active,
                &mut wishes,
            );
        }
        let package = document.package.or(document.project).map(|table| {
            let license = table.license.and_then(Inheritable::text);
            ManifestPackage {
                name: table.name,
                version: table.version.and_then(Inheritable::text),
                license: license.and_then(|text| licenses::from_expression(&text)),
                description: table.description.and_then(Inheritable::text),
            }
        });
        let workspace = document
            .workspace
            .unwrap_or_default()
            .dependencies
            .into_iter()
            .map(|(key, line)| {
                let line = line.into_table();
                let name = line.package.unwrap_or_else(|| key.clone());
                (key, (name, line.version))
            })
            .collect();
        Ok(Self {
            package,
            wishes,
            workspace,
        })
    }
}

impl Line {
    fn into_table(self) -> LineTable {
        match self {
            Self::Version(version) => LineTable {
                version: Some(version),
                ..LineTable::default()
            },
            Self::Table(table) => table,
            Self::Other(_) => LineTable::default(),
        }
    }
}

fn take_wishes(
    table: BTreeMap<String, Line>,
    scope: Scope,
    active: &BTreeSet<String>,
    wishes: &mut Vec<Wish>,
) {
    for (key, line) in table {
        let line = line.into_table();
        let is_active = !line.optional || active.contains(&key);
        wishes.push(Wish {
            name: line.package.unwrap_or_else(|| key.clone()),
            requirement: line.version,
            inherits: line.workspace,
            scope: if is_active {
                scope
            } else {
                scope.through(Scope::Optional)
            },
            key,
        });
    }
}

/// The features and optional dependencies that the default features turn on:
/// <https://doc.rust-lang.org/cargo/reference/features.html>.
fn default_features(features: &BTreeMap<String, Vec<String>>) -> BTreeSet<String> {
    let mut active = BTreeSet::new();
    let mut waiting = vec!["default"];
    while let Some(feature) = waiting.pop() {
        if !active.insert(feature.to_owned()) {
            continue;
        }
        for enabled in features.get(feature).into_iter().flatten() {
            // `name/feature` turns `name` on, `name?/feature` does not.
            let name = match enabled.split_once('/') {
                Some((name, _)) if name.ends_with('?') => continue,
                Some((name, _)) => name,
                None => enabled,
            };
            waiting.push(name.strip_prefix("dep:").unwrap_or(name));
        }
    }
    active
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_gives_its_scope() {
        let manifest = Manifest::parse(
            r#"
            [package]
            name = "app"
            version.workspace = true
            license = "MIT OR Apache-2.0"
            [dependencies]
            a = "1"
            other = { package = "b", version = "2", optional = true }
            on = { version = "1", optional = true }
            w.workspace = true
            [features]
            default = ["std"]
            std = ["dep:on", "other?/std"]
            [dev-dependencies]
            c = "*"
            [target.'cfg(unix)'.build-dependencies]
            d = { path = "../d" }
            "#,
        )
        .unwrap();
        let scopes: Vec<(&str, Scope)> = manifest
            .wishes
            .iter()
            .map(|wish| (wish.name.as_str(), wish.scope))
            .collect();
        assert_eq!(
            scopes,
            [
                ("a", Scope::Runtime),
                ("on", Scope::Runtime),
                ("b", Scope::Optional),
                ("w", Scope::Runtime),
                ("c", Scope::Development),
                ("d", Scope::Build),
            ]
        );
        let package = manifest.package.unwrap();
        assert_eq!(package.version, None);
        assert_eq!(package.license.unwrap().as_str(), "MIT OR Apache-2.0");
    }
}
