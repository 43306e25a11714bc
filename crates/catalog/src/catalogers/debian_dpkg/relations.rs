//! Which installed packages satisfy a `Depends` field: deb-control(5), "Depends".
//!
//! Versions are not compared: dpkg has done so before it installed.

use std::collections::HashMap;

use super::package::DpkgPackage;

/// Most packages that are taken to provide one virtual name: a bound for hostile input.
const MOST_PROVIDERS: usize = 64;

/// The installed packages by the names that a dependency may use.
#[derive(Debug, Default)]
pub(super) struct Relations<'a> {
    real: HashMap<&'a str, Vec<usize>>,
    provided: HashMap<&'a str, Vec<usize>>,
    packages: Vec<&'a DpkgPackage>,
}

impl<'a> Relations<'a> {
    pub(super) fn new(packages: impl IntoIterator<Item = &'a DpkgPackage>) -> Self {
        let mut relations = Self::default();
        for (index, package) in packages.into_iter().enumerate() {
            let same_name = relations.real.entry(&package.name).or_default();
            if same_name.len() < MOST_PROVIDERS {
                same_name.push(index);
            }
            for (name, _) in package.provides.split(',').filter_map(relation) {
                let providers = relations.provided.entry(name).or_default();
                if providers.len() < MOST_PROVIDERS && providers.last() != Some(&index) {
                    providers.push(index);
                }
            }
            relations.packages.push(package);
        }
        relations
    }

    /// The places of all installed packages that the dependencies of a package name, those of
    /// every installed alternative included.
    pub(super) fn needed_by(&self, package: &DpkgPackage) -> Vec<usize> {
        let mut needed: Vec<usize> = Vec::new();
        for (name, architecture) in package.depends.split([',', '|']).filter_map(relation) {
            if let Some(real) = self.real.get(name) {
                needed.extend(self.right_architecture(real, package, architecture));
            } else {
                needed.extend(self.provided.get(name).into_iter().flatten());
            }
        }
        needed.sort_unstable();
        needed.dedup();
        needed
    }

    /// Of packages with one name, the one whose architecture the dependency means: the one it
    /// names, else the dependent's own, else one for all, else any.
    fn right_architecture(
        &self,
        candidates: &[usize],
        package: &DpkgPackage,
        architecture: Option<&str>,
    ) -> Option<usize> {
        let wanted = match architecture {
            Some("any" | "native") | None => &package.architecture,
            Some(architecture) => architecture,
        };
        let of = |architecture: &str| {
            candidates.iter().copied().find(|&index| {
                self.packages
                    .get(index)
                    .is_some_and(|found| found.architecture.as_ref() == architecture)
            })
        };
        of(wanted)
            .or_else(|| of("all"))
            .or_else(|| candidates.first().copied())
    }
}

/// The name and architecture of `name:arch (>= 1) [arch] <profile>`.
fn relation(text: &str) -> Option<(&str, Option<&str>)> {
    let name = text.trim();
    let end = name
        .find(|c: char| c.is_ascii_whitespace() || matches!(c, '(' | '[' | '<'))
        .unwrap_or(name.len());
    let name = name.get(..end)?;
    let (name, architecture) = match name.split_once(':') {
        Some((name, architecture)) => (name, Some(architecture)),
        None => (name, None),
    };
    (!name.is_empty()).then_some((name, architecture))
}

#[cfg(test)]
mod tests {
    use super::super::package::{NoStatus, installed_packages};
    use super::*;

    #[test]
    fn alternatives_and_virtual_packages_are_found() {
        let text = "Package: app\nVersion: 1\nArchitecture: i386\n\
            Pre-Depends: dpkg (>= 1.15)\n\
            Depends: libc6 (>= 2), gone | mail-agent, python3:any,\n editor\n\n\
            Package: libc6\nVersion: 2\nArchitecture: amd64\n\n\
            Package: libc6\nVersion: 2\nArchitecture: i386\n\n\
            Package: exim\nVersion: 1\nArchitecture: amd64\nProvides: mail-agent (= 1), editor\n\n\
            Package: python3\nVersion: 3\nArchitecture: amd64\n\n\
            Package: vim\nVersion: 3\nArchitecture: amd64\nProvides: editor\n";
        let (packages, _) = installed_packages(text, NoStatus::Installed);
        let relations = Relations::new(&packages);
        assert_eq!(relations.needed_by(&packages[0]), [2, 3, 4, 5]);
    }
}
