//! The inventory of a target: its packages and what needs what, and the builder that keeps it
//! free of doubles.

use std::collections::{BTreeMap, HashMap};

use crate::{
    Distribution, Ecosystem, LicenseCategory, Note, OccurrenceKind, Package, PackageId, PackageUrl,
    ProgramFunctions, Role, Scope, Subject,
};

/// An edge: something needs `on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dependency {
    /// What is needed.
    pub on: PackageId,
    /// What for.
    pub scope: Scope,
}

/// What a target is made of. Packages are sorted by package URL, edges by package: the same
/// target gives the same inventory each time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inventory {
    /// The target.
    pub subject: Subject,
    /// The distribution in it.
    pub distribution: Option<Distribution>,
    /// The packages, sorted by package URL.
    pub packages: Vec<Package>,
    /// What each package needs; the same length as `packages`.
    pub dependencies: Vec<Vec<Dependency>>,
    /// What could not be read.
    pub notes: Vec<Note>,
    /// The functions of programs whose tables of functions were read, sorted by place.
    pub programs: Vec<ProgramFunctions>,
}

impl Inventory {
    /// A package by its id.
    pub fn package(&self, id: PackageId) -> &Package {
        &self.packages[id.index()]
    }

    /// What a package needs.
    pub fn dependencies_of(&self, id: PackageId) -> &[Dependency] {
        &self.dependencies[id.index()]
    }

    /// All packages with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (PackageId, &Package)> {
        self.packages
            .iter()
            .enumerate()
            .map(|(index, package)| (PackageId(index as u32), package))
    }

    /// The roots: the projects whose manifests were found.
    pub fn roots(&self) -> impl Iterator<Item = (PackageId, &Package)> {
        self.iter()
            .filter(|(_, package)| package.role == Role::Application)
    }

    /// The parts: everything taken in from elsewhere.
    pub fn libraries(&self) -> impl Iterator<Item = (PackageId, &Package)> {
        self.iter()
            .filter(|(_, package)| package.role == Role::Library)
    }

    /// The package with this URL.
    pub fn find(&self, purl: &str) -> Option<PackageId> {
        self.packages
            .binary_search_by(|package| package.purl.as_str().cmp(purl))
            .ok()
            .map(|index| PackageId(index as u32))
    }

    /// The number of parts by ecosystem; `None` counts those of no ecosystem we know.
    pub fn counts(&self) -> BTreeMap<Option<Ecosystem>, usize> {
        let mut counts = BTreeMap::new();
        for (_, package) in self.libraries() {
            *counts.entry(package.purl.ecosystem()).or_default() += 1;
        }
        counts
    }

    /// How many parts that reach users there are of each category of licences. Packages of the
    /// operating system do not count, and neither do those that only a lockfile names, without a
    /// licence: nothing is known of them, and nothing was looked at.
    pub fn license_counts(&self) -> BTreeMap<LicenseCategory, usize> {
        let mut counts = BTreeMap::new();
        for (_, package) in self.libraries() {
            if package.scope == Scope::Development || package.is_of_distribution() {
                continue;
            }
            let category = match &package.license {
                Some(license) => license.category(),
                None if package.is_there() => LicenseCategory::Unknown,
                None => continue,
            };
            *counts.entry(category).or_default() += 1;
        }
        counts
    }
}

/// Collects packages and edges in any order, and makes an [`Inventory`] of them.
///
/// Ids that it gives out are its own: they change when [`finish`](Self::finish) sorts.
#[derive(Debug, Default)]
pub struct InventoryBuilder {
    distribution: Option<Distribution>,
    packages: Vec<Package>,
    by_purl: HashMap<PackageUrl, PackageId>,
    edges: BTreeMap<(PackageId, PackageId), Scope>,
    notes: Vec<Note>,
    programs: Vec<ProgramFunctions>,
    /// Packages that turned out to be another one, and which.
    united: BTreeMap<PackageId, PackageId>,
}

impl InventoryBuilder {
    /// Adds a package, or adds what this one knows to the one with the same URL.
    pub fn add(&mut self, package: Package) -> PackageId {
        if let Some(&id) = self.by_purl.get(&package.purl) {
            self.packages[id.index()].merge(package);
            return id;
        }
        let id = PackageId(self.packages.len() as u32);
        self.by_purl.insert(package.purl.clone(), id);
        self.packages.push(package);
        id
    }

    /// Records that `from` needs `on`. The strongest scope of several counts; an edge to itself
    /// is none.
    pub fn depend(&mut self, from: PackageId, on: PackageId, scope: Scope) {
        if from != on {
            self.edges
                .entry((from, on))
                .and_modify(|found| *found = (*found).min(scope))
                .or_insert(scope);
        }
    }

    /// Records that two packages are one, written in two ways: `same` becomes `package`, with
    /// everything that is known of it.
    pub fn unite(&mut self, package: PackageId, same: PackageId) {
        if package == same || self.united.contains_key(&same) || self.united.contains_key(&package)
        {
            return;
        }
        let mut other = self.packages[same.index()].clone();
        other.occurrences = std::mem::take(&mut self.packages[same.index()].occurrences);
        self.packages[package.index()].merge(other);
        self.united.insert(same, package);
    }

    /// Records the functions of a program.
    pub fn add_program(&mut self, program: ProgramFunctions) {
        self.programs.push(program);
    }

    /// Says something about the limits of the result.
    pub fn note(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// Sets the distribution; the first one found counts.
    pub fn set_distribution(&mut self, distribution: Distribution) {
        self.distribution.get_or_insert(distribution);
    }

    /// The distribution found so far.
    pub fn distribution(&self) -> Option<&Distribution> {
        self.distribution.as_ref()
    }

    /// The packages so far, in the order in which they were added.
    pub fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// A package so far, to add to what is known of it.
    pub fn package_mut(&mut self, id: PackageId) -> &mut Package {
        &mut self.packages[id.index()]
    }

    /// The package with this URL so far.
    pub fn find(&self, purl: &PackageUrl) -> Option<PackageId> {
        self.by_purl.get(purl).copied()
    }

    /// Sorts everything and gives the inventory.
    pub fn finish(self, subject: Subject) -> Inventory {
        let united = self.united;
        let mut order: Vec<usize> = (0..self.packages.len())
            .filter(|&index| !united.contains_key(&PackageId(index as u32)))
            .collect();
        order.sort_by(|&left, &right| self.packages[left].purl.cmp(&self.packages[right].purl));
        let mut new_ids = vec![PackageId(0); self.packages.len()];
        for (new, &old) in order.iter().enumerate() {
            new_ids[old] = PackageId(new as u32);
        }
        for (same, package) in &united {
            new_ids[same.index()] = new_ids[package.index()];
        }

        let mut slots: Vec<Option<Package>> = self.packages.into_iter().map(Some).collect();
        let mut packages: Vec<Package> =
            order.iter().filter_map(|&old| slots[old].take()).collect();
        for package in &mut packages {
            for occurrence in &mut package.occurrences {
                occurrence.owner = occurrence.owner.map(|owner| new_ids[owner.index()]);
            }
            package.occurrences.sort();
            package.occurrences.dedup();
            package.hashes.sort();
            package.hashes.dedup();
        }

        let mut dependencies: Vec<Vec<Dependency>> = vec![Vec::new(); packages.len()];
        for ((from, on), scope) in self.edges {
            let (from, on) = (new_ids[from.index()], new_ids[on.index()]);
            if from != on {
                dependencies[from.index()].push(Dependency { on, scope });
            }
        }
        for list in &mut dependencies {
            // Of two edges to one package the stronger comes first, and stays.
            list.sort();
            list.dedup_by_key(|dependency| dependency.on);
        }

        let mut notes = self.notes;
        notes.sort();
        notes.dedup();
        let mut programs = self.programs;
        programs.sort_by(|left, right| (&left.path, left.layer).cmp(&(&right.path, right.layer)));
        Inventory {
            subject,
            distribution: self.distribution,
            packages,
            dependencies,
            notes,
            programs,
        }
    }
}

impl Package {
    /// Whether all that is known of it comes from manifests: it was asked for, and no lockfile or
    /// installed copy says which version was taken.
    pub fn is_only_declared(&self) -> bool {
        self.occurrences
            .iter()
            .all(|occurrence| occurrence.kind == OccurrenceKind::Declared)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CatalogerId, Occurrence, SubjectKind, TargetPath};

    fn package(name: &str, path: &str) -> Package {
        Package::new(
            PackageUrl::new("npm", None, name, Some("1.0.0")).unwrap(),
            Occurrence {
                path: TargetPath::new(path),
                layer: None,
                kind: OccurrenceKind::Locked,
                cataloger: CatalogerId("test"),
                owner: None,
            },
        )
    }

    fn subject() -> Subject {
        Subject {
            name: "x".into(),
            kind: SubjectKind::Directory,
            digest: None,
            platform: None,
            layers: Vec::new(),
        }
    }

    #[test]
    fn the_same_package_twice_is_one_with_two_occurrences() {
        let mut builder = InventoryBuilder::default();
        let mut dev = package("b", "one");
        dev.scope = Scope::Development;
        let first = builder.add(dev);
        let second = builder.add(package("b", "two"));
        assert_eq!(first, second);
        let inventory = builder.finish(subject());
        assert_eq!(inventory.packages.len(), 1);
        assert_eq!(inventory.packages[0].occurrences.len(), 2);
        assert_eq!(inventory.packages[0].scope, Scope::Runtime);
    }

    #[test]
    fn united_packages_are_one() {
        let mut builder = InventoryBuilder::default();
        let a = builder.add(package("a", "l"));
        let b = builder.add(package("b", "l"));
        let c = builder.add(package("c", "m"));
        builder.depend(a, c, Scope::Development);
        builder.depend(a, b, Scope::Runtime);
        builder.depend(b, c, Scope::Runtime);
        builder.unite(b, c);
        let inventory = builder.finish(subject());
        assert_eq!(inventory.packages.len(), 2);
        assert_eq!(inventory.packages[1].occurrences.len(), 2);
        assert_eq!(
            inventory.dependencies[0],
            [Dependency {
                on: PackageId(1),
                scope: Scope::Runtime
            }]
        );
        assert!(inventory.dependencies[1].is_empty());
    }

    #[test]
    fn ids_of_edges_follow_the_sorting() {
        let mut builder = InventoryBuilder::default();
        let z = builder.add(package("z", "l"));
        let a = builder.add(package("a", "l"));
        builder.depend(z, a, Scope::Runtime);
        builder.depend(z, z, Scope::Runtime);
        let inventory = builder.finish(subject());
        assert_eq!(inventory.packages[0].purl.name(), "a");
        assert!(inventory.dependencies[0].is_empty());
        assert_eq!(
            inventory.dependencies[1],
            [Dependency {
                on: PackageId(0),
                scope: Scope::Runtime
            }]
        );
    }
}
