//! What is wrong with any version of a package, for a plan that tries versions.
//!
//! Asks the same matcher as a scan, with an inventory of one package, and weighs what it finds as a
//! scan does, so that a plan and the scan after it can not differ.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use linchpin_model::{
    About, CatalogerId, Ecosystem, Finding, FindingKind, Inventory, InventoryBuilder, Occurrence,
    OccurrenceKind, Package, PackageId, PackageUrl, Role, Scope, TargetPath,
};

use super::weight;
use crate::database::Database;
use crate::exploitability::{Exploitability, weigh};
use crate::matching::match_advisories;

/// A flaw of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The id of its finding.
    pub id: Box<str>,
    /// How much risk it is; see [`Step::risk`](linchpin_model::Step).
    pub weight: u32,
    /// It is an attack, or used in attacks: it counts where only development needs the package, too.
    pub is_urgent: bool,
    /// The package itself is the attack: no version of it is to be taken.
    pub is_attack: bool,
    /// The lowest later version without it, where an advisory says one.
    pub fixed: Option<Box<str>>,
}

/// Knows the flaws of any version.
pub trait Flaws {
    /// The flaws of a version of a package.
    fn of(&self, name: &str, version: &str) -> Arc<[Flaw]>;
}

/// The flaws that were looked up, by name and version.
type Known = HashMap<(Box<str>, Box<str>), Arc<[Flaw]>>;

/// The advisories of a database as a source of flaws, without those that do not count.
#[derive(Debug)]
pub struct DatabaseFlaws<'a> {
    database: &'a Database,
    exploitability: Exploitability<'a>,
    /// The flaws of which VEX documents speak, by their names in lower case.
    spoken_of: HashSet<String>,
    locked: &'a Inventory,
    lockfile: TargetPath,
    ecosystem: Ecosystem,
    known: Mutex<Known>,
}

impl<'a> DatabaseFlaws<'a> {
    /// The advisories of one ecosystem, for what a lockfile locks, which `locked` holds.
    ///
    /// What is said of a product holds for its parts, and whether a package is a part of it is told by
    /// the ways that lead to it. Another version of a package is taken to have the ways that the
    /// versions have which are locked, and one of a package that is not locked yet to come in through
    /// all projects. Whoever has a new lockfile asks anew with that.
    pub fn new(
        database: &'a Database,
        exploitability: Exploitability<'a>,
        ecosystem: Ecosystem,
        locked: &'a Inventory,
        lockfile: TargetPath,
    ) -> Self {
        let statements = exploitability.documents.iter();
        let statements = statements.flat_map(|document| &document.statements);
        Self {
            database,
            exploitability,
            spoken_of: statements
                .flat_map(|statement| &statement.vulnerability)
                .map(|name| name.to_ascii_lowercase())
                .collect(),
            locked,
            lockfile,
            ecosystem,
            known: Mutex::default(),
        }
    }

    /// Takes over what a scan found, so that it is not looked up again.
    pub(super) fn knowing(
        mut self,
        found: impl Iterator<Item = ((Box<str>, Box<str>), Vec<Flaw>)>,
    ) -> Self {
        let known = self.known.get_mut().unwrap_or_else(PoisonError::into_inner);
        known.extend(found.map(|(version, flaws)| (version, flaws.into())));
        self
    }

    fn look_up(&self, name: &str, version: &str) -> Option<Arc<[Flaw]>> {
        let kind = self.ecosystem.facts().purl_type;
        let (namespace, bare) = match name.rsplit_once('/') {
            Some((namespace, bare)) => (Some(namespace), bare),
            None => (None, name),
        };
        let purl = PackageUrl::new(kind, namespace, bare, Some(version)).ok()?;
        let occurrence = Occurrence {
            path: self.lockfile.clone(),
            layer: None,
            kind: OccurrenceKind::Locked,
            cataloger: CatalogerId("plan"),
            owner: None,
        };
        let package = Package::new(purl, occurrence);
        let mut builder = InventoryBuilder::default();
        builder.add(package.clone());
        let alone = builder.finish(self.locked.subject.clone());
        // A database that is damaged was noticed when the target was compared.
        let mut findings = match_advisories(&alone, self.database).ok()?.findings;
        let weighed = if self.are_spoken_of(&findings) {
            let (inventory, id) = self.with(package)?;
            for finding in &mut findings {
                finding.about = About::Package(id);
            }
            weigh(findings, &inventory, &self.exploitability).ok()?
        } else {
            weigh(findings, &alone, &self.exploitability).ok()?
        };
        Some(weighed.findings.iter().map(Flaw::of).collect())
    }

    fn are_spoken_of(&self, findings: &[Finding]) -> bool {
        let mut names = findings.iter().flat_map(Finding::names);
        !self.spoken_of.is_empty()
            && names.any(|name| self.spoken_of.contains(&name.to_ascii_lowercase()))
    }

    /// What is locked, with a package in its place, and where that is then.
    fn with(&self, package: Package) -> Option<(Inventory, PackageId)> {
        let purl = package.purl.clone();
        let (name, is_same) = (package.name(), |other: &Package| other.purl == purl);
        let mut builder = InventoryBuilder::default();
        if let Some(distribution) = &self.locked.distribution {
            builder.set_distribution(distribution.clone());
        }
        let new = builder.add(package);
        let ids: Vec<PackageId> = self
            .locked
            .iter()
            .map(|(_, other)| {
                if is_same(other) {
                    new
                } else {
                    builder.add(other.clone())
                }
            })
            .collect();
        let is_version = |other: &Package| {
            other.role == Role::Library
                && other.purl.ecosystem() == Some(self.ecosystem)
                && other.name() == name
        };
        let is_there = self.locked.iter().any(|(_, other)| is_same(other));
        let is_known = self.locked.iter().any(|(_, other)| is_version(other));
        for (from, needing) in self.locked.iter() {
            let by = *ids.get(from.index())?;
            for needed in self.locked.dependencies_of(from) {
                builder.depend(by, *ids.get(needed.on.index())?, needed.scope);
                let is_other = self.locked.packages.get(needed.on.index());
                if !is_there && is_other.is_some_and(is_version) {
                    builder.depend(by, new, needed.scope);
                }
            }
            if !is_known && needing.role == Role::Application {
                builder.depend(by, new, Scope::Runtime);
            }
        }
        let inventory = builder.finish(self.locked.subject.clone());
        let id = inventory.find(purl.as_str())?;
        Some((inventory, id))
    }
}

impl Flaw {
    /// A finding as a flaw of its version.
    pub(super) fn of(finding: &Finding) -> Self {
        let is_attack = finding.kind == FindingKind::Malicious;
        Self {
            id: finding.rule.0.as_str().into(),
            weight: weight(finding),
            is_urgent: is_attack || finding.exploited.is_some(),
            is_attack,
            fixed: finding.fixed().map(Into::into),
        }
    }
}

impl Flaws for DatabaseFlaws<'_> {
    fn of(&self, name: &str, version: &str) -> Arc<[Flaw]> {
        let key = (name.into(), version.into());
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return Arc::clone(known);
        }
        let flaws = self.look_up(name, version).unwrap_or_default();
        lock().insert(key, Arc::clone(&flaws));
        flaws
    }
}
