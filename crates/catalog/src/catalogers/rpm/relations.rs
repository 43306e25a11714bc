//! Which installed packages provide what a package requires: a capability, or a path.

use std::collections::{HashMap, HashSet};

use super::package::{Capability, RpmPackage};

/// Most packages that are taken to provide one name: a bound for hostile input.
const MOST_PROVIDERS: usize = 64;

/// The installed packages by the names that a requirement may use.
#[derive(Debug, Default)]
pub(super) struct Relations<'a> {
    provided: HashMap<&'a str, Vec<(usize, Option<&'a str>)>>,
    /// Only the paths that some package requires.
    files: HashMap<String, Vec<usize>>,
}

impl<'a> Relations<'a> {
    pub(super) fn new(packages: &'a [RpmPackage]) -> Self {
        let mut relations = Self::default();
        let required: HashSet<&str> = packages
            .iter()
            .flat_map(|package| &package.requires)
            .map(|capability| capability.name.as_ref())
            .collect();
        for (index, package) in packages.iter().enumerate() {
            let provided = package
                .provides
                .iter()
                .map(|capability| (capability.name.as_ref(), capability.version.as_deref()));
            for (name, version) in provided.filter(|(name, _)| required.contains(name)) {
                let providers = relations.provided.entry(name).or_default();
                if providers.len() < MOST_PROVIDERS {
                    providers.push((index, version));
                }
            }
        }
        relations.find_files(packages, &required);
        relations
    }

    fn find_files(&mut self, packages: &[RpmPackage], required: &HashSet<&str>) {
        let paths: HashSet<String> = required
            .iter()
            .filter(|name| name.starts_with('/'))
            .flat_map(|path| places(path))
            .collect();
        // Most files have names that nobody asks for: their paths need not be put together.
        let names: HashSet<&str> = paths
            .iter()
            .filter_map(|path| path.rsplit_once('/').map(|(_, name)| name))
            .collect();
        for (index, package) in packages.iter().enumerate() {
            for list in [&package.files, &package.other_files] {
                let mut folder = "";
                for line in list.lines() {
                    if line.starts_with('/') {
                        folder = line;
                        continue;
                    }
                    if !names.contains(line) {
                        continue;
                    }
                    let path = format!("{folder}{line}");
                    if paths.contains(&path) {
                        let owners = self.files.entry(path).or_default();
                        if owners.len() < MOST_PROVIDERS && owners.last() != Some(&index) {
                            owners.push(index);
                        }
                    }
                }
            }
        }
    }

    /// The places of all installed packages that provide what a package requires.
    pub(super) fn needed_by(&self, package: &RpmPackage) -> Vec<usize> {
        let mut needed: Vec<usize> = Vec::new();
        for capability in &package.requires {
            needed.extend(self.providers(capability));
            // Thousands of requirements are often met by the same few packages.
            if needed.len() > 10_000 {
                needed.sort_unstable();
                needed.dedup();
            }
        }
        needed.sort_unstable();
        needed.dedup();
        needed
    }

    fn providers(&self, capability: &Capability) -> Vec<usize> {
        let Some(providers) = self.provided.get(capability.name.as_ref()) else {
            return places(&capability.name)
                .filter_map(|path| self.files.get(&path))
                .flatten()
                .copied()
                .collect();
        };
        // Several kernels can be installed, and modules are for one of them.
        let exact: Vec<usize> = providers
            .iter()
            .filter(|(_, version)| {
                capability.version.is_some() && *version == capability.version.as_deref()
            })
            .map(|(index, _)| *index)
            .collect();
        if exact.is_empty() {
            providers.iter().map(|(index, _)| *index).collect()
        } else {
            exact
        }
    }
}

/// Where a required path may be: some folders moved below `/usr`, and requirements still name
/// the old place.
fn places(path: &str) -> impl Iterator<Item = String> {
    let moved = ["/bin/", "/sbin/", "/lib/", "/lib64/"]
        .iter()
        .any(|folder| path.starts_with(folder));
    let is_path = path.starts_with('/');
    is_path
        .then(|| path.to_owned())
        .into_iter()
        .chain(moved.then(|| format!("/usr{path}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capability(name: &str, version: Option<&str>) -> Capability {
        Capability {
            name: name.into(),
            version: version.map(Into::into),
        }
    }

    #[test]
    fn capabilities_versions_and_paths_are_found() {
        let kernel = |version: &str| RpmPackage {
            provides: vec![capability("kernel", Some(version))],
            ..RpmPackage::default()
        };
        let shell = RpmPackage {
            files: "/usr/share/x/\nsh\n/usr/bin/\nsh\n".into(),
            ..RpmPackage::default()
        };
        let module = RpmPackage {
            requires: vec![
                capability("kernel", Some("2")),
                capability("/bin/sh", None),
                capability("gone", None),
            ],
            ..RpmPackage::default()
        };
        let any = RpmPackage {
            requires: vec![capability("kernel", Some("3"))],
            ..RpmPackage::default()
        };
        let packages = [kernel("1"), kernel("2"), shell, module, any];
        let relations = Relations::new(&packages);
        assert_eq!(relations.needed_by(&packages[3]), [1, 2]);
        assert_eq!(relations.needed_by(&packages[4]), [0, 1]);
    }
}
