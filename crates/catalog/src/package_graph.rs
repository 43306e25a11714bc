//! The packages of one lockfile and what needs what, until each one's scope is known: the strongest
//! way that leads to it from a project.
//!
//! For formats in which every dependency names one entry. What npm installed, where folders decide,
//! and Python, where extras do, have graphs of their own.

use std::collections::{HashMap, HashSet};

use linchpin_model::{Package, PackageId, Role, Scope};

use crate::assembly::Assembly;

/// Packages by their keys in the lockfile.
#[derive(Debug, Default)]
pub(crate) struct PackageGraph {
    packages: Vec<Package>,
    edges: Vec<Vec<(usize, Scope)>>,
    by_key: HashMap<Box<str>, usize>,
}

impl PackageGraph {
    /// Adds a package; of two with one key the first one counts.
    pub(crate) fn add(&mut self, key: &str, package: Package) -> usize {
        if let Some(&place) = self.by_key.get(key) {
            return place;
        }
        let place = self.packages.len();
        self.by_key.insert(key.into(), place);
        self.packages.push(package);
        self.edges.push(Vec::new());
        place
    }

    /// The place of the package with this key.
    pub(crate) fn find(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    /// Lets another key lead to a package, unless one does already.
    pub(crate) fn also_known_as(&mut self, key: &str, place: usize) {
        self.by_key.entry(key.into()).or_insert(place);
    }

    /// Says that one package needs another.
    pub(crate) fn depend(&mut self, from: usize, on: usize, scope: Scope) {
        if from != on
            && let Some(edges) = self.edges.get_mut(from)
        {
            edges.push((on, scope));
        }
    }

    /// The places of the libraries that nothing needs.
    pub(crate) fn needed_by_nobody(&self) -> Vec<usize> {
        let packages = self.packages.iter().enumerate();
        let libraries: Vec<usize> = packages
            .filter(|(_, package)| package.role == Role::Library)
            .map(|(place, _)| place)
            .collect();
        self.roots_among(&libraries)
    }

    /// Those of the places that nothing needs.
    pub(crate) fn roots_among(&self, places: &[usize]) -> Vec<usize> {
        let needed: HashSet<usize> = self.edges.iter().flatten().map(|(on, _)| *on).collect();
        let places = places.iter().copied();
        places.filter(|place| !needed.contains(place)).collect()
    }

    /// Puts everything into the inventory. A package that no project leads to keeps its scope.
    pub(crate) fn finish(mut self, assembly: &mut Assembly<'_>) -> Vec<PackageId> {
        let roles = self.packages.iter().map(|package| package.role);
        let scopes = reach_of(roles, &self.edges);
        for (package, scope) in self.packages.iter_mut().zip(scopes) {
            package.scope = scope.unwrap_or(package.scope);
        }
        let ids: Vec<PackageId> = self
            .packages
            .into_iter()
            .map(|package| assembly.inventory.add(package))
            .collect();
        for (from, edges) in ids.iter().zip(&self.edges) {
            for (on, scope) in edges {
                if let Some(on) = ids.get(*on) {
                    assembly.inventory.depend(*from, *on, *scope);
                }
            }
        }
        ids
    }
}

/// The strongest scope with which each package is reached from an application. Strongest scope
/// first, so that each package is settled once.
fn reach_of(
    roles: impl Iterator<Item = Role>,
    edges: &[Vec<(usize, Scope)>],
) -> Vec<Option<Scope>> {
    let mut reached: Vec<Option<Scope>> = roles
        .map(|role| (role == Role::Application).then_some(Scope::Runtime))
        .collect();
    for scope in Scope::ALL {
        let mut waiting: Vec<usize> = (0..reached.len())
            .filter(|&place| matches!(reached.get(place), Some(Some(_))))
            .collect();
        while let Some(from) = waiting.pop() {
            for &(on, needed) in edges.get(from).into_iter().flatten() {
                if let Some(slot @ None) = reached.get_mut(on)
                    && needed <= scope
                {
                    *slot = Some(scope);
                    waiting.push(on);
                }
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_way_counts() {
        use Role::{Application, Library};
        let roles = [Application, Library, Library, Library, Library];
        let edges = [
            vec![(1, Scope::Development), (3, Scope::Runtime)],
            vec![(2, Scope::Runtime)],
            vec![],
            vec![(1, Scope::Optional)],
            vec![],
        ];
        assert_eq!(
            reach_of(roles.into_iter(), &edges),
            [
                Some(Scope::Runtime),
                Some(Scope::Optional),
                Some(Scope::Optional),
                Some(Scope::Runtime),
                None
            ]
        );
    }
}
