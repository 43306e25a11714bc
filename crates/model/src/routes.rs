//! How each package came in: the shortest way to it from a root, computed once for all packages.

use std::collections::VecDeque;

use crate::{Inventory, PackageId, Role, Scope};

/// The shortest way to every package from a root.
#[derive(Debug)]
pub struct Routes {
    came_from: Vec<Option<PackageId>>,
    /// The first part on the way to each package that was reached.
    first_part: Vec<Option<PackageId>>,
    reached: Vec<bool>,
}

/// The longest way that is told. Real ones are far shorter; without a bound, a lockfile made up
/// as one long chain would cost the square of its length.
const LONGEST: usize = 100;

impl Routes {
    /// Walks the edges from all roots: first those that matter at run time, then the rest, so
    /// that a route through a development dependency is only shown where there is no other.
    pub fn new(inventory: &Inventory) -> Self {
        let mut routes = Self {
            came_from: vec![None; inventory.packages.len()],
            first_part: vec![None; inventory.packages.len()],
            reached: vec![false; inventory.packages.len()],
        };
        let roots: Vec<PackageId> = inventory.roots().map(|(id, _)| id).collect();
        for &root in &roots {
            routes.reached[root.index()] = true;
        }
        routes.spread(inventory, &roots, Scope::Optional);
        let reached: Vec<PackageId> = inventory
            .iter()
            .map(|(id, _)| id)
            .filter(|id| routes.reached[id.index()])
            .collect();
        routes.spread(inventory, &reached, Scope::Development);
        routes
    }

    fn spread(&mut self, inventory: &Inventory, start: &[PackageId], weakest: Scope) {
        let mut queue: VecDeque<PackageId> = start.iter().copied().collect();
        while let Some(from) = queue.pop_front() {
            for dependency in inventory.dependencies_of(from) {
                if dependency.scope <= weakest && !self.reached[dependency.on.index()] {
                    self.reached[dependency.on.index()] = true;
                    self.came_from[dependency.on.index()] = Some(from);
                    let is_part = inventory.package(dependency.on).role == Role::Library;
                    self.first_part[dependency.on.index()] =
                        self.first_part[from.index()].or(is_part.then_some(dependency.on));
                    queue.push_back(dependency.on);
                }
            }
        }
    }

    /// The way from a root to a package, both ends included. Only the package itself where no
    /// root reaches it; only the last hundred steps of a longer way.
    pub fn to(&self, package: PackageId) -> Vec<PackageId> {
        let mut way = vec![package];
        while let Some(previous) = way.last().and_then(|last| self.came_from[last.index()])
            && way.len() < LONGEST
        {
            way.push(previous);
        }
        way.reverse();
        way
    }

    /// The direct dependency through which a package came in; `None` if it is one itself, or if
    /// no root reaches it.
    pub fn direct_dependency(&self, package: PackageId) -> Option<PackageId> {
        self.first_part[package.index()].filter(|first| *first != package)
    }

    /// Whether a root asks for this package itself.
    pub fn is_direct(&self, package: PackageId) -> bool {
        self.first_part[package.index()] == Some(package)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        CatalogerId, InventoryBuilder, Occurrence, OccurrenceKind, Package, PackageUrl, Subject,
        SubjectKind, TargetPath,
    };

    #[test]
    fn the_shortest_way_is_found_and_cycles_end() {
        let mut builder = InventoryBuilder::default();
        let mut add = |name: &str, role: Role| {
            let mut package = Package::new(
                PackageUrl::new("npm", None, name, None).unwrap(),
                Occurrence {
                    path: TargetPath::new("lock"),
                    layer: None,
                    kind: OccurrenceKind::Locked,
                    cataloger: CatalogerId("test"),
                    owner: None,
                },
            );
            package.role = role;
            builder.add(package)
        };
        let (root, a, b, c) = (
            add("root", Role::Application),
            add("a", Role::Library),
            add("b", Role::Library),
            add("c", Role::Library),
        );
        for (from, on) in [(root, a), (a, b), (b, c), (c, a)] {
            builder.depend(from, on, Scope::Runtime);
        }
        let inventory = builder.finish(Subject {
            name: "x".into(),
            kind: SubjectKind::Directory,
            digest: None,
            platform: None,
            layers: Vec::new(),
        });
        let routes = Routes::new(&inventory);
        let c = inventory.find("pkg:npm/c").unwrap();
        let names: Vec<String> = routes
            .to(c)
            .into_iter()
            .map(|id| inventory.package(id).name())
            .collect();
        assert_eq!(names, ["root", "a", "b", "c"]);
        assert_eq!(routes.direct_dependency(c), inventory.find("pkg:npm/a"));
        let a = inventory.find("pkg:npm/a").unwrap();
        assert_eq!(routes.direct_dependency(a), None);
    }
}
