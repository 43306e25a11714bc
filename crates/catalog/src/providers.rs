//! Which packages answer to a name that a dependency uses: the package of that name, else those
//! that say that they provide it.

use std::collections::HashMap;

use linchpin_model::PackageId;

/// Most packages that are taken to provide one name: a bound for hostile input.
const MOST_PROVIDERS: usize = 64;

/// Installed packages by the names that dependencies may use.
#[derive(Debug, Default)]
pub(crate) struct Providers<'a> {
    real: HashMap<&'a str, Vec<PackageId>>,
    provided: HashMap<&'a str, Vec<PackageId>>,
}

impl<'a> Providers<'a> {
    /// A package and its own name.
    pub(crate) fn add(&mut self, name: &'a str, package: PackageId) {
        insert(&mut self.real, name, package);
    }

    /// Another name that a package provides.
    pub(crate) fn add_provided(&mut self, name: &'a str, package: PackageId) {
        insert(&mut self.provided, name, package);
    }

    /// The packages that a dependency on this name is about.
    pub(crate) fn of(&self, name: &str) -> &[PackageId] {
        self.real
            .get(name)
            .or_else(|| self.provided.get(name))
            .map_or(&[], Vec::as_slice)
    }
}

fn insert<'a>(map: &mut HashMap<&'a str, Vec<PackageId>>, name: &'a str, package: PackageId) {
    let packages = map.entry(name).or_default();
    if packages.len() < MOST_PROVIDERS && packages.last() != Some(&package) {
        packages.push(package);
    }
}
