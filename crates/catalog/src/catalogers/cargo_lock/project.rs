//! A lockfile and the manifests of its members: who needs what, and what for.

use std::collections::{BTreeSet, HashMap};

use linchpin_model::{Scope, TargetPath};

use super::lockfile::{LockedPackage, Lockfile};
use super::manifest::{Manifest, Wish};
use crate::cataloger::Located;

/// The manifests of a target, by the name of the package.
pub(super) struct Manifests<'a> {
    by_name: HashMap<&'a str, Vec<&'a Located<Manifest>>>,
}

impl<'a> Manifests<'a> {
    pub(super) fn new(manifests: &'a [Located<Manifest>]) -> Self {
        let mut by_name: HashMap<&str, Vec<&Located<Manifest>>> = HashMap::new();
        for manifest in manifests {
            if let Some(package) = &manifest.value.package {
                by_name.entry(&package.name).or_default().push(manifest);
            }
        }
        Self { by_name }
    }

    /// The manifest of a lockfile's member: one below the lockfile's folder with its name, and
    /// best its version; path dependencies may lie elsewhere.
    fn of_member(
        &self,
        member: &LockedPackage,
        folder: &TargetPath,
    ) -> Option<&'a Located<Manifest>> {
        let candidates = self.by_name.get(member.name.as_str())?;
        let distance = |candidate: &&&Located<Manifest>| {
            let path = candidate.path.as_str();
            let is_below = folder.is_root()
                || path
                    .strip_prefix(folder.as_str())
                    .is_some_and(|rest| rest.starts_with('/'));
            let version = candidate
                .value
                .package
                .as_ref()
                .and_then(|p| p.version.as_deref());
            let differs = version.is_some_and(|version| version != member.version);
            (differs, !is_below, path.len())
        };
        candidates.iter().min_by_key(distance).copied()
    }
}

/// A locked edge and its scope.
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) on: usize,
    pub(super) scope: Scope,
}

/// What a lockfile and its manifests say together.
pub(super) struct Project<'a> {
    pub(super) edges: Vec<Edge>,
    /// The scope of each package, in the order of the lockfile.
    pub(super) scopes: Vec<Scope>,
    /// The manifest of each member.
    pub(super) manifests: Vec<Option<&'a Located<Manifest>>>,
}

impl<'a> Project<'a> {
    pub(super) fn new(lockfile: &Lockfile, folder: &TargetPath, manifests: &Manifests<'a>) -> Self {
        let members: Vec<Option<&Located<Manifest>>> = lockfile
            .packages
            .iter()
            .map(|package| match package.source {
                None => manifests.of_member(package, folder),
                Some(_) => None,
            })
            .collect();
        let mut edges = Vec::new();
        for (from, needed) in lockfile.edges().into_iter().enumerate() {
            let manifest = members.get(from).copied().flatten();
            let lines = manifest.map(|manifest| Lines::new(lockfile, &manifest.value, &needed));
            for &on in &needed {
                let package = lockfile.packages.get(on);
                let scope = lines.as_ref().zip(package);
                let scope =
                    scope.map_or(Scope::Runtime, |(lines, package)| lines.scope_of(package));
                edges.push(Edge { from, on, scope });
            }
        }
        let scopes = reach(lockfile, &edges);
        Self {
            edges,
            scopes,
            manifests: members,
        }
    }
}

/// Most lines about one package that are compared with each of its versions. A manifest has one, or
/// a few under names of their own.
const MOST_LINES: usize = 1000;

/// What a member asks for, by the names of packages.
struct Lines<'a> {
    wishes: HashMap<&'a str, Vec<&'a Wish>>,
    /// How many versions of a package it needs.
    versions: HashMap<&'a str, usize>,
}

impl<'a> Lines<'a> {
    fn new(lockfile: &'a Lockfile, manifest: &'a Manifest, needed: &[usize]) -> Self {
        let mut lines = Self {
            wishes: HashMap::new(),
            versions: HashMap::new(),
        };
        for wish in &manifest.wishes {
            let of_name = lines.wishes.entry(&wish.asked.name).or_default();
            of_name.push(wish);
        }
        let needed: BTreeSet<usize> = needed.iter().copied().collect();
        for package in needed.iter().filter_map(|on| lockfile.packages.get(*on)) {
            *lines.versions.entry(&package.name).or_default() += 1;
        }
        lines
    }

    /// What it needs a package for: the strongest of the lines that mean it. Where several versions
    /// of a package are needed, each line means those that its requirement allows.
    fn scope_of(&self, package: &LockedPackage) -> Scope {
        let name: &str = &package.name;
        let wishes = self.wishes.get(name).map_or(&[][..], Vec::as_slice);
        let is_only_one = self.versions.get(name).is_none_or(|count| *count < 2);
        let means = |wish: &&&Wish| {
            let requirement = wish.asked.requirement.as_ref();
            is_only_one
                || wishes.len() > MOST_LINES
                || requirement.is_none_or(|text| allows(text, &package.version))
        };
        let scopes = wishes.iter().filter(means).map(|wish| wish.scope);
        scopes.min().unwrap_or_default()
    }
}

fn allows(requirement: &str, version: &str) -> bool {
    match (
        semver::VersionReq::parse(requirement),
        semver::Version::parse(version),
    ) {
        (Ok(requirement), Ok(version)) => requirement.matches(&version),
        _ => true,
    }
}

/// The scope of every package: the strongest way to it from a member of the workspace.
fn reach(lockfile: &Lockfile, edges: &[Edge]) -> Vec<Scope> {
    let mut outgoing: Vec<Vec<(usize, Scope)>> = vec![Vec::new(); lockfile.packages.len()];
    for edge in edges {
        if let Some(list) = outgoing.get_mut(edge.from) {
            list.push((edge.on, edge.scope));
        }
    }
    let mut reached: Vec<Option<Scope>> = lockfile
        .packages
        .iter()
        .map(|package| package.source.is_none().then_some(Scope::Runtime))
        .collect();
    // All that is reached with the strongest scope first, so that each package is settled once.
    for scope in Scope::ALL {
        let mut waiting: Vec<usize> = (0..reached.len())
            .filter(|&index| {
                reached
                    .get(index)
                    .is_some_and(|found| *found <= Some(scope) && found.is_some())
            })
            .collect();
        while let Some(from) = waiting.pop() {
            for &(on, needed) in outgoing.get(from).into_iter().flatten() {
                if let Some(slot @ None) = reached.get_mut(on)
                    && needed <= scope
                {
                    *slot = Some(scope);
                    waiting.push(on);
                }
            }
        }
    }
    reached.into_iter().map(Option::unwrap_or_default).collect()
}
