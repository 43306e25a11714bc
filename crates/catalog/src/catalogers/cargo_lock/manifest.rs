//! `Cargo.toml`: the package, and what each of its dependencies is for.
//! <https://doc.rust-lang.org/cargo/reference/manifest.html>

use std::collections::{BTreeMap, BTreeSet};

use linchpin_model::{LicenseExpression, Scope};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::licenses;

/// What a manifest says of its package.
#[derive(Debug, Clone, Default)]
pub(in crate::catalogers) struct Manifest {
    /// Nothing for the manifest of a workspace that is no package itself.
    pub(super) package: Option<ManifestPackage>,
    pub(super) wishes: Vec<Wish>,
    /// What members take over from it, if it is the manifest of a workspace.
    pub(super) workspace: Option<Workspace>,
}

/// What a workspace has for its members.
#[derive(Debug, Clone, Default)]
pub(super) struct Workspace {
    /// `[workspace.dependencies]`, by the names that members use.
    pub(super) dependencies: BTreeMap<String, Asked>,
    pub(super) package: ManifestPackage,
}

/// The package that a manifest describes, or what a workspace says of all its packages.
#[derive(Debug, Clone, Default)]
pub(super) struct ManifestPackage {
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) license: Option<LicenseExpression>,
    pub(super) description: Option<String>,
    /// The members that the workspace says.
    pub(super) inherits: Vec<Inherited>,
}

/// Something that a package may leave to its workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inherited {
    Version,
    License,
    Description,
}

/// Which package a dependency is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// The package's own name.
    pub(super) name: String,
    pub(super) requirement: Option<String>,
    pub(super) origin: Origin,
}

/// Where a dependency comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// The registry that is Cargo's own.
    Registry,
    /// Another one, by its address, or by the name that a configuration file gives it.
    OtherRegistry(String),
    Git {
        address: String,
        revision: Option<String>,
    },
    /// A folder, as seen from the manifest that names it.
    Folder(String),
}

/// One line of a dependency table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wish {
    /// The name in the table; the workspace's table is asked with it.
    pub(super) key: String,
    pub(super) asked: Asked,
    /// The workspace says what it is.
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

#[derive(Deserialize, Default)]
#[serde(default)]
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

impl PackageTable {
    fn into_package(self) -> ManifestPackage {
        let mut inherits = Vec::new();
        let mut text = |value, member| match value {
            Some(Inheritable::Text(text)) => Some(text),
            Some(Inheritable::Other(_)) => {
                inherits.push(member);
                None
            }
            None => None,
        };
        let version = text(self.version, Inherited::Version);
        let license = text(self.license, Inherited::License);
        let description = text(self.description, Inherited::Description);
        ManifestPackage {
            name: self.name,
            version,
            license: license.and_then(|text| licenses::from_expression(&text)),
            description,
            inherits,
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
    package: PackageTable,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Version(String),
    Table(LineTable),
    Other(IgnoredAny),
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case")]
struct LineTable {
    version: Option<String>,
    package: Option<String>,
    optional: bool,
    workspace: bool,
    path: Option<String>,
    git: Option<String>,
    rev: Option<String>,
    tag: Option<String>,
    registry: Option<String>,
    registry_index: Option<String>,
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
        let package = document.package.or(document.project);
        let package = package.map(PackageTable::into_package);
        if package
            .as_ref()
            .is_some_and(|package| package.name.is_empty())
        {
            return Err("its package has no name".to_owned());
        }
        let workspace = document.workspace.map(|table| Workspace {
            dependencies: table
                .dependencies
                .into_iter()
                .map(|(key, line)| {
                    let asked = line.into_table().into_asked(&key);
                    (key, asked)
                })
                .collect(),
            package: table.package.into_package(),
        });
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

impl LineTable {
    fn into_asked(self, key: &str) -> Asked {
        // A folder and a version: the version is for those who take the package from a registry.
        let origin = match (self.path, self.git) {
            (Some(folder), _) => Origin::Folder(folder),
            (None, Some(address)) => Origin::Git {
                address,
                revision: self.rev.or(self.tag),
            },
            (None, None) => match self.registry_index.or(self.registry) {
                Some(registry) if registry != "crates-io" => Origin::OtherRegistry(registry),
                _ => Origin::Registry,
            },
        };
        Asked {
            name: self.package.unwrap_or_else(|| key.to_owned()),
            requirement: self.version,
            origin,
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
            inherits: line.workspace,
            asked: line.into_asked(&key),
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
            .map(|wish| (wish.asked.name.as_str(), wish.scope))
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
        assert_eq!(package.inherits, [Inherited::Version]);
        assert_eq!(package.license.unwrap().as_str(), "MIT OR Apache-2.0");
    }
}
