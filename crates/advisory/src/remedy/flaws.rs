//! What is wrong with any version of a package, for a plan that tries versions.
//!
//! Asks the same matcher as a scan, with an inventory of one package, so that a plan and the scan
//! after it can not differ.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use linchpin_model::{
    CatalogerId, Ecosystem, FindingKind, InventoryBuilder, Occurrence, OccurrenceKind, Package,
    PackageUrl, Subject, SubjectKind, TargetPath,
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
    lockfile: TargetPath,
    ecosystem: Ecosystem,
    known: Mutex<Known>,
}

impl<'a> DatabaseFlaws<'a> {
    /// The advisories of one ecosystem, for what a lockfile locks. Statements about a package hold
    /// for the versions that they name; those about a product that the package is a part of do not
    /// reach it here.
    pub fn new(
        database: &'a Database,
        exploitability: Exploitability<'a>,
        ecosystem: Ecosystem,
        lockfile: TargetPath,
    ) -> Self {
        Self {
            database,
            exploitability,
            lockfile,
            ecosystem,
            known: Mutex::default(),
        }
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
        let mut builder = InventoryBuilder::default();
        builder.add(Package::new(purl, occurrence));
        let inventory = builder.finish(Subject {
            name: String::new(),
            kind: SubjectKind::Directory,
            digest: None,
            platform: None,
            layers: Vec::new(),
        });
        // A database that is damaged was noticed when the target was compared.
        let matched = match_advisories(&inventory, self.database).ok()?;
        let weighed = weigh(matched.findings, &inventory, &self.exploitability).ok()?;
        let flaws = weighed.findings.iter().map(|finding| {
            let is_attack = finding.kind == FindingKind::Malicious;
            Flaw {
                id: finding.rule.0.as_str().into(),
                weight: weight(finding),
                is_urgent: is_attack || finding.exploited.is_some(),
                is_attack,
                fixed: finding.fixed().map(Into::into),
            }
        });
        Some(flaws.collect())
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
