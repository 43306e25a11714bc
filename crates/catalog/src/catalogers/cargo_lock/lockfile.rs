//! `Cargo.lock`, versions 1 to 4. The format has no specification but Cargo itself:
//! <https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html>.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

/// A lockfile. Entries of `dependencies` are `name`, `name version` or `name version (source)`,
/// as short as they can be without doubt.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::catalogers) struct Lockfile {
    /// Of versions before 1: the project itself.
    root: Option<LockedPackage>,
    #[serde(rename = "package")]
    pub(super) packages: Vec<LockedPackage>,
    /// Version 1 keeps the checksums here: `checksum name version (source)`.
    metadata: BTreeMap<String, String>,
}

/// One package of a lockfile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(in crate::catalogers) struct LockedPackage {
    pub(super) name: String,
    pub(super) version: String,
    /// Where it comes from; nothing for members of the workspace and path dependencies.
    pub(super) source: Option<String>,
    /// SHA-256 of the archive.
    pub(super) checksum: Option<String>,
    pub(super) dependencies: Vec<String>,
}

impl Lockfile {
    /// Reads a lockfile, and says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<(Self, Vec<String>), String> {
        let mut lockfile: Self =
            toml::from_str(text).map_err(|error| error.message().to_owned())?;
        lockfile.packages.extend(lockfile.root.take());
        let mut problems = Vec::new();
        let before = lockfile.packages.len();
        lockfile
            .packages
            .retain(|package| !package.name.is_empty() && !package.version.is_empty());
        if lockfile.packages.len() < before {
            problems.push(format!(
                "packages without a name or a version: {}",
                before - lockfile.packages.len()
            ));
        }
        for package in &mut lockfile.packages {
            if let (None, Some(source)) = (&package.checksum, &package.source) {
                let key = format!("checksum {} {} ({source})", package.name, package.version);
                package.checksum = lockfile.metadata.get(&key).cloned();
            }
        }
        Ok((lockfile, problems))
    }

    /// The places of each package's dependencies in the list of packages.
    pub(super) fn edges(&self) -> Vec<Vec<usize>> {
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, package) in self.packages.iter().enumerate() {
            by_name.entry(&package.name).or_default().push(index);
        }
        let resolve = |dependency: &String| {
            let mut parts = dependency.splitn(3, ' ');
            let (name, version, source) = (parts.next()?, parts.next(), parts.next());
            let source = source.map(|source| {
                let source = source.strip_prefix('(').unwrap_or(source);
                source.strip_suffix(')').unwrap_or(source)
            });
            by_name
                .get(name)?
                .iter()
                .copied()
                .take(MOST_OF_ONE_NAME)
                .find(|&index| {
                    self.packages.get(index).is_some_and(|package| {
                        version.is_none_or(|version| package.version == version)
                            && source.is_none_or(|source| is_source(package, source))
                    })
                })
        };
        self.packages
            .iter()
            .map(|package| package.dependencies.iter().filter_map(resolve).collect())
            .collect()
    }
}

/// Most packages of one name that are looked through: a bound for hostile input.
const MOST_OF_ONE_NAME: usize = 100;

/// Whether a package comes from a source. Dependencies name a git repository without the commit.
fn is_source(package: &LockedPackage, source: &str) -> bool {
    let without_commit = |text: &str| text.split('#').next().map(str::to_owned);
    package
        .source
        .as_deref()
        .is_some_and(|found| found == source || without_commit(found) == without_commit(source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_version_has_a_root_and_checksums_apart() {
        let text = r#"
            [root]
            name = "app"
            version = "0.1.0"
            dependencies = ["a 1.0.0 (registry+https://index.packages.example/)"]
            [[package]]
            name = "a"
            version = "1.0.0"
            source = "registry+https://index.packages.example/"
            [metadata]
            "checksum a 1.0.0 (registry+https://index.packages.example/)" = "abc"
        "#;
        let (lockfile, problems) = Lockfile::parse(text).unwrap();
        assert!(problems.is_empty());
        assert_eq!(lockfile.packages[0].checksum.as_deref(), Some("abc"));
        assert_eq!(lockfile.edges(), [vec![], vec![0]]);
    }

    #[test]
    fn dependencies_are_as_long_as_they_must_be() {
        let text = r#"
            version = 4
            [[package]]
            name = "app"
            version = "0.1.0"
            dependencies = ["a 2.0.0", "b", "g 1.0.0 (git+https://git.packages.example/g?branch=x)", "gone"]
            [[package]]
            name = "a"
            version = "1.0.0"
            [[package]]
            name = "a"
            version = "2.0.0"
            [[package]]
            name = "b"
            version = "1.0.0"
            [[package]]
            name = "g"
            version = "1.0.0"
            source = "git+https://git.packages.example/g?branch=x#0123"
        "#;
        let (lockfile, _) = Lockfile::parse(text).unwrap();
        assert_eq!(lockfile.edges()[0], [2, 3, 4]);
    }
}
