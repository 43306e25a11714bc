//! Which advisories hold for the packages of an inventory.
//!
//! A package is looked up by its name, or by that of its source package where a distribution
//! publishes advisories for those; its version is compared with what each advisory says; records
//! of the same flaw become one finding. What could not be compared is said in notes: no package
//! is ever clean because we could not tell.

mod finding;
mod flaws;
mod tally;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use linchpin_model::{Ecosystem, Finding, FindingKind, Inventory, Note, Package};

use crate::database::{Database, DatabaseError, Summaries};
use crate::ranges::{Judgement, judge, lowest_fixed};
use crate::versions;
use finding::{Flawed, Hit};
use tally::Tally;

/// What matching found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matched {
    /// What is wrong, the most urgent first.
    pub findings: Vec<Finding>,
    /// What could not be compared.
    pub notes: Vec<Note>,
}

/// Compares every package with the advisories that name it.
pub fn match_advisories(
    inventory: &Inventory,
    database: &Database,
) -> Result<Matched, DatabaseError> {
    let mut matcher = Matcher {
        inventory,
        database,
        summaries: database.summaries(),
        covered: database
            .facts()
            .records
            .iter()
            .map(|(ecosystem, _)| *ecosystem)
            .collect(),
        known: BTreeMap::new(),
        tally: Tally::default(),
    };
    let mut findings = Vec::new();
    for (id, package) in inventory.libraries() {
        let Some(wanted) = matcher.wanted(package) else {
            continue;
        };
        for flawed in matcher.flaws(&wanted)? {
            findings.push(flawed.finding(id, package.scope));
        }
    }
    sort(&mut findings, inventory);
    Ok(Matched {
        findings,
        notes: matcher.tally.notes(),
    })
}

/// What to look up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Wanted {
    ecosystem: Ecosystem,
    release: Option<String>,
    name: String,
    version: String,
}

struct Matcher<'a> {
    inventory: &'a Inventory,
    database: &'a Database,
    summaries: Summaries<'a>,
    covered: BTreeSet<Ecosystem>,
    /// What was looked up already: a source package has many binary packages.
    known: BTreeMap<Wanted, Vec<Flawed>>,
    tally: Tally,
}

impl Matcher<'_> {
    /// What to look up for a package, or nothing, with the reason counted.
    fn wanted(&mut self, package: &Package) -> Option<Wanted> {
        // The advisories of the owner speak for all of its files.
        if !package.occurrences.is_empty()
            && package
                .occurrences
                .iter()
                .all(|place| place.owner.is_some())
        {
            return None;
        }
        let Some(ecosystem) = package.purl.ecosystem() else {
            self.tally.strange(package.purl.kind());
            return None;
        };
        let Some(own) = package.version() else {
            self.tally.without_version += 1;
            return None;
        };
        if package.is_only_declared() {
            self.tally.only_declared += 1;
            return None;
        }
        if !self.covered.contains(&ecosystem) {
            self.tally.uncovered(ecosystem);
            return None;
        }
        let (name, version) = match &package.source {
            Some(source) => (source.name.clone(), source.version.clone()),
            None => (package.name(), own.to_owned()),
        };
        let release = if ecosystem.facts().has_releases {
            if holds_no_kernel(&name, package.purl.name()) {
                self.tally
                    .without_kernel
                    .insert(package.purl.name().to_owned());
                return None;
            }
            Some(self.release(ecosystem)?)
        } else {
            None
        };
        if versions::validate(ecosystem.facts().scheme, &version).is_err() {
            self.tally.incomparable(ecosystem, &name, &version);
            return None;
        }
        Some(Wanted {
            ecosystem,
            release,
            name,
            version,
        })
    }

    /// The release of the distribution, where there are advisories for it.
    fn release(&mut self, ecosystem: Ecosystem) -> Option<String> {
        let release = self
            .inventory
            .distribution
            .as_ref()
            .filter(|distribution| distribution.ecosystem() == Some(ecosystem))
            .and_then(linchpin_model::Distribution::osv_release);
        let Some(release) = release else {
            self.tally.without_release(ecosystem);
            return None;
        };
        let known = self
            .database
            .releases()
            .any(|(found, name, count)| found == ecosystem && name == release && count > 0);
        if !known {
            self.tally.uncovered_release(ecosystem, &release);
            return None;
        }
        Some(release)
    }

    fn flaws(&mut self, wanted: &Wanted) -> Result<Vec<Flawed>, DatabaseError> {
        if let Some(known) = self.known.get(wanted) {
            return Ok(known.clone());
        }
        let flaws = self.look_up(wanted)?;
        // Most packages have none, and most names come once: only those of distributions are
        // worth keeping.
        if wanted.release.is_some() {
            self.known.insert(wanted.clone(), flaws.clone());
        }
        Ok(flaws)
    }

    fn look_up(&mut self, wanted: &Wanted) -> Result<Vec<Flawed>, DatabaseError> {
        let scheme = wanted.ecosystem.facts().scheme;
        let mut all =
            self.database
                .lookup(wanted.ecosystem, wanted.release.as_deref(), &wanted.name)?;
        if wanted.release.is_some() {
            // Some records hold for every release.
            all.extend(self.database.lookup(wanted.ecosystem, None, &wanted.name)?);
        }
        let mut hits = Vec::new();
        for affected in all {
            match judge(scheme, &wanted.version, &affected) {
                Ok(Judgement::Unaffected) => {}
                Ok(judgement) => {
                    let reason = |id: &str| finding::reason(wanted, id, &judgement);
                    let advisory = self.database.advisory(&affected)?;
                    hits.push(Hit {
                        reason: reason(advisory.id),
                        fixed: lowest_fixed(scheme, &wanted.version, &affected).map(str::to_owned),
                        rating: affected.rating.clone(),
                        summary: self.summaries.get(&advisory)?,
                        advisory,
                    });
                }
                Err(_) => {
                    let advisory = self.database.advisory(&affected)?;
                    self.tally
                        .uncertain(wanted.ecosystem, advisory.id, &wanted.name);
                }
            }
        }
        Ok(finding::flawed(hits))
    }
}

/// Packages that are built from the kernel's source and hold nothing of the kernel that runs:
/// headers, documents, build tools. Thousands of advisories for `linux` do not concern them.
fn holds_no_kernel(source: &str, binary: &str) -> bool {
    let kernel = source == "linux" || source.starts_with("linux-");
    kernel
        && [
            "linux-libc-dev",
            "linux-headers-",
            "linux-kbuild-",
            "linux-compiler-",
            "linux-doc",
            "linux-source",
            "linux-config-",
        ]
        .iter()
        .any(|prefix| binary.starts_with(prefix))
}

/// The most urgent first; what is equal in all that, in the order of names.
fn sort(findings: &mut [Finding], inventory: &Inventory) {
    findings.sort_by_cached_key(|finding| {
        let purl = match &finding.about {
            linchpin_model::About::Package(id) => inventory
                .packages
                .get(id.index())
                .map_or("", |package| package.purl.as_str()),
            linchpin_model::About::Place(place) => place.path.as_str(),
        };
        (
            finding.kind != FindingKind::Malicious,
            finding.exploited.is_none(),
            Reverse(finding.score),
            Reverse(finding.severity),
            finding.remedy.is_none(),
            finding.rule.clone(),
            purl.to_owned(),
        )
    });
}
