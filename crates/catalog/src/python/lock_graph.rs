//! The graph of a lockfile: which packages a project takes, through which extras, and what for.
//!
//! An extra is active only where somebody who is taken himself asks for it, `celery[redis]`; only
//! then are its dependencies edges. Conditions on the platform are not looked at: a lockfile is
//! for all platforms that its project supports.

use std::collections::{BTreeMap, HashMap, HashSet};

use linchpin_model::{
    CatalogerId, Digest, OccurrenceKind, Package, PackageId, PackageUrl, Role, Scope,
};

use super::{MOST_EXTRAS, Marker, Requirement, package_url};
use crate::assembly::Assembly;
use crate::cataloger::Located;

/// Something that a package or project asks for.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    /// What is asked for. Its marker is looked at for extras alone.
    pub(crate) requirement: Requirement,
    /// The exact version, where the lockfile has several of one name.
    pub(crate) version: Option<Box<str>>,
}

/// A package of a lockfile, or a project whose dependencies it locks.
#[derive(Debug)]
pub(crate) struct LockedPackage {
    /// The name in its normal form.
    pub(crate) name: Box<str>,
    /// The version; a project may have none.
    pub(crate) version: Option<Box<str>>,
    /// A project that has another URL than its name gives it.
    pub(crate) url: Option<PackageUrl>,
    /// A project, or a part.
    pub(crate) role: Role,
    /// What it is needed for, if the lockfile says so itself.
    pub(crate) scope: Option<Scope>,
    /// Digests of its archives.
    pub(crate) hashes: Vec<Digest>,
    /// Where it can be fetched, without credentials.
    pub(crate) download: Option<String>,
    /// What it needs.
    pub(crate) links: Vec<Link>,
    /// What each of its extras needs.
    pub(crate) extras: BTreeMap<Box<str>, Vec<Link>>,
    /// What a project needs for other purposes than to run.
    pub(crate) groups: Vec<(Scope, Vec<Link>)>,
}

impl LockedPackage {
    /// A package of which nothing more is known.
    pub(crate) fn new(name: Box<str>, version: Option<&str>, role: Role) -> Self {
        Self {
            name,
            version: version.map(Into::into),
            url: None,
            role,
            scope: None,
            hashes: Vec::new(),
            download: None,
            links: Vec::new(),
            extras: BTreeMap::new(),
            groups: Vec::new(),
        }
    }
}

/// All packages of a lockfile.
#[derive(Debug, Default)]
pub(crate) struct LockGraph {
    /// In any order.
    pub(crate) packages: Vec<LockedPackage>,
}

/// How many packages of one name a link may mean.
const MOST_VERSIONS: usize = 100;

/// Edges by the places of both ends.
type Edges = BTreeMap<(usize, usize), Scope>;

/// A package by its place, with one of its extras or alone.
type Node = (usize, Option<Box<str>>);

impl LockGraph {
    /// The names of the packages that nobody in the graph asks for.
    pub(crate) fn needed_by_nobody(&self) -> Vec<Box<str>> {
        let needed: HashSet<&str> = self
            .packages
            .iter()
            .flat_map(|package| {
                package
                    .links
                    .iter()
                    .chain(package.extras.values().flatten())
            })
            .map(|link| link.requirement.name.as_ref())
            .collect();
        self.packages
            .iter()
            .filter(|package| package.role == Role::Library)
            .filter(|package| !needed.contains(package.name.as_ref()))
            .map(|package| package.name.clone())
            .collect()
    }

    /// Adds packages and active edges to the inventory.
    pub(crate) fn add_to<T>(
        &self,
        file: &Located<T>,
        cataloger: CatalogerId,
        assembly: &mut Assembly<'_>,
    ) {
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, package) in self.packages.iter().enumerate() {
            by_name.entry(&package.name).or_default().push(index);
        }
        let (edges, reached) = self.spread(&by_name);
        let ids: Vec<Option<PackageId>> = self
            .packages
            .iter()
            .zip(reached)
            .map(|(locked, reached)| {
                let url = locked
                    .url
                    .clone()
                    .or_else(|| package_url(&locked.name, locked.version.as_deref()))?;
                let kind = match locked.role {
                    Role::Application => OccurrenceKind::Declared,
                    Role::Library => OccurrenceKind::Locked,
                };
                let mut package = Package::new(url, file.occurrence(kind, cataloger));
                package.role = locked.role;
                // What the lockfile holds and nobody asks for belongs to an extra that is not taken.
                package.scope = locked.scope.or(reached).unwrap_or(Scope::Optional);
                package.hashes.clone_from(&locked.hashes);
                package.download.clone_from(&locked.download);
                Some(assembly.inventory.add(package))
            })
            .collect();
        for ((from, on), scope) in edges {
            if let (Some(Some(from)), Some(Some(on))) = (ids.get(from), ids.get(on)) {
                assembly.inventory.depend(*from, *on, scope);
            }
        }
    }

    /// Walks from the projects, strongest scope first: the active edges, and the scope with which
    /// each package is reached.
    fn spread(&self, by_name: &HashMap<&str, Vec<usize>>) -> (Edges, Vec<Option<Scope>>) {
        let mut edges = Edges::new();
        let mut reached: Vec<Option<Scope>> = vec![None; self.packages.len()];
        let mut visited: HashSet<Node> = HashSet::new();
        // What waits for its scope's turn: from whom, what, with which scope of the edge.
        let mut waiting: BTreeMap<Scope, Vec<(usize, &Link)>> = BTreeMap::new();
        let mut nodes: Vec<Node> = Vec::new();
        let mut extras_left: Vec<u16> = vec![MOST_EXTRAS; self.packages.len()];
        for (index, package) in self.packages.iter().enumerate() {
            if package.role == Role::Application {
                reached[index] = Some(Scope::Runtime);
                nodes.push((index, None));
                for (scope, links) in &package.groups {
                    let list = waiting.entry(*scope).or_default();
                    list.extend(links.iter().map(|link| (index, link)));
                }
                let extras = package.extras.values().flatten();
                let list = waiting.entry(Scope::Optional).or_default();
                list.extend(extras.map(|link| (index, link)));
            }
        }
        for scope in Scope::ALL {
            for (from, link) in waiting.remove(&scope).unwrap_or_default() {
                self.follow(
                    from,
                    link,
                    (scope, scope),
                    by_name,
                    &mut edges,
                    &mut reached,
                    &mut nodes,
                );
            }
            while let Some(node) = nodes.pop() {
                if !visited.insert(node.clone()) {
                    continue;
                }
                let (index, extra) = node;
                let (Some(package), Some(left)) =
                    (self.packages.get(index), extras_left.get_mut(index))
                else {
                    continue;
                };
                if extra.is_some() {
                    if *left == 0 {
                        continue;
                    }
                    *left -= 1;
                }
                let own = package.links.iter().filter(|link| {
                    let marker = link.requirement.marker.as_ref();
                    marker.is_none_or(|marker| marker.may_hold(extra.as_deref().into_iter()))
                });
                let of_extra = extra.as_ref().and_then(|extra| package.extras.get(extra));
                for link in own.chain(of_extra.into_iter().flatten()) {
                    let scopes = (Scope::Runtime, scope);
                    self.follow(
                        index,
                        link,
                        scopes,
                        by_name,
                        &mut edges,
                        &mut reached,
                        &mut nodes,
                    );
                }
            }
        }
        (edges, reached)
    }

    #[expect(clippy::too_many_arguments, reason = "the three results of one walk")]
    fn follow(
        &self,
        from: usize,
        link: &Link,
        (edge, reach): (Scope, Scope),
        by_name: &HashMap<&str, Vec<usize>>,
        edges: &mut Edges,
        reached: &mut [Option<Scope>],
        nodes: &mut Vec<Node>,
    ) {
        let candidates = by_name.get(link.requirement.name.as_ref());
        for &on in candidates.into_iter().flatten().take(MOST_VERSIONS) {
            let Some(package) = self.packages.get(on) else {
                continue;
            };
            let meant = match (&link.version, &package.version) {
                (Some(wanted), Some(version)) => wanted == version,
                (None, Some(version)) if candidates.is_some_and(|all| all.len() > 1) => {
                    link.requirement.allows(version)
                }
                _ => true,
            };
            if !meant {
                continue;
            }
            if on != from {
                edges
                    .entry((from, on))
                    .and_modify(|found| *found = (*found).min(edge))
                    .or_insert(edge);
            }
            if let Some(known) = reached.get_mut(on) {
                *known = Some(known.map_or(reach, |known| known.min(reach)));
            }
            nodes.push((on, None));
            let extras = link.requirement.extras.iter();
            nodes.extend(extras.map(|extra| (on, Some(extra.clone()))));
        }
    }
}

impl Link {
    /// A link that is as its requirement says.
    pub(crate) fn new(requirement: Requirement) -> Self {
        Self {
            requirement,
            version: None,
        }
    }

    /// A link to a name, with extras.
    pub(crate) fn to(name: &str, extras: impl Iterator<Item = Box<str>>) -> Self {
        let mut requirement = Requirement::of_name(name);
        requirement.extras = extras.collect();
        Self::new(requirement)
    }

    /// Whether it is for an extra of the package that has it.
    pub(crate) fn is_for_extra(&self) -> bool {
        let marker = self.requirement.marker.as_ref();
        marker.is_some_and(|marker: &Marker| marker.extras().next().is_some())
    }
}
