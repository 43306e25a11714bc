//! Which advisories hold for the packages of an inventory.
//!
//! A package is looked up by its name, or by that of its source package where a distribution
//! publishes advisories for those; its version is compared with what each advisory says; records
//! of the same flaw become one finding. What could not be compared is said in notes: no package
//! is ever clean because we could not tell.

mod finding;
mod flaws;
mod lending;
mod moving_tag;
mod questions;
mod stream;
mod tally;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use linchpin_model::{Ecosystem, FiledBy, Finding, FindingKind, Inventory, Note, Package, Routes};

use crate::database::{Database, DatabaseError, Summaries};
use crate::ranges::{Judgement, has_fix, judge, lowest_fixed};
use crate::versions;
use finding::{Flawed, Hit};
use moving_tag::{Span, judge_span};
use questions::{Asked, Precision, SourceEpochs, Unasked, Wanted, distribution, questions};
use stream::{Concern, concern};
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
        epochs: SourceEpochs::of(inventory),
        releases: BTreeMap::new(),
        known: BTreeMap::new(),
        tally: Tally::default(),
    };
    let routes = Routes::new(inventory);
    let mut findings = Vec::new();
    for (id, package) in inventory.libraries() {
        let Some(wanted) = matcher.wanted(package) else {
            continue;
        };
        for flawed in matcher.flaws(&wanted)? {
            // The way has both ends; alone, the package is one that no project asks for.
            let depth = routes
                .to(id)
                .len()
                .checked_sub(1)
                .filter(|steps| *steps > 0);
            findings.push(flawed.finding(id, package.scope, depth));
        }
    }
    sort(&mut findings, inventory);
    Ok(Matched {
        findings,
        notes: matcher.tally.notes(),
    })
}

struct Matcher<'a> {
    inventory: &'a Inventory,
    database: &'a Database,
    summaries: Summaries<'a>,
    covered: BTreeSet<Ecosystem>,
    epochs: SourceEpochs<'a>,
    /// The releases that hold for a distribution, by its qualifier in package URLs.
    releases: BTreeMap<(Ecosystem, String), Rc<[String]>>,
    /// What was looked up already: a source package has many binary packages.
    known: BTreeMap<Wanted, Vec<Flawed>>,
    tally: Tally,
}

impl<'a> Matcher<'a> {
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
            self.tally.strange(&package.purl);
            return None;
        };
        if package.version().is_none() {
            self.tally.unasked(Unasked::NoVersion, package);
            return None;
        }
        // A workflow names the very tag that is used.
        if package.is_only_declared() && ecosystem != Ecosystem::GitHubActions {
            self.tally.only_declared += 1;
            return None;
        }
        if !self.covered.contains(&ecosystem) {
            self.tally.uncovered(ecosystem);
            return None;
        }
        let questions = match questions(package, ecosystem, &self.epochs) {
            Ok(questions) => questions,
            Err(reason) => {
                self.tally.unasked(reason, package);
                return None;
            }
        };
        let facts = ecosystem.facts();
        if facts.filed_by == FiledBy::Source
            && questions
                .iter()
                .any(|asked| holds_no_kernel(&asked.name, package.purl.name()))
        {
            self.tally
                .without_kernel
                .insert(package.purl.name().to_owned());
            return None;
        }
        let releases = if facts.has_releases {
            Some(self.releases(ecosystem, package)?)
        } else {
            None
        };
        if let Some(strange) = questions
            .iter()
            .find(|asked| versions::validate(facts.scheme, &asked.version).is_err())
        {
            self.tally
                .incomparable(ecosystem, &package.name(), &strange.version);
            return None;
        }
        Some(Wanted {
            ecosystem,
            releases,
            questions,
        })
    }

    /// The releases of the distribution for which there are advisories.
    fn releases(&mut self, ecosystem: Ecosystem, package: &Package) -> Option<Rc<[String]>> {
        let found = distribution(package, self.inventory)
            .filter(|distribution| distribution.ecosystem() == Some(ecosystem));
        let Some((release, found)) = found.and_then(|found| Some((found.osv_release()?, found)))
        else {
            self.tally.without_release(ecosystem);
            return None;
        };
        let releases = self
            .releases
            .entry((ecosystem, found.purl_distro()))
            .or_insert_with(|| {
                self.database
                    .releases()
                    .filter(|(filed, name, count)| {
                        *filed == ecosystem && *count > 0 && found.is_release(name)
                    })
                    .map(|(_, name, _)| name.to_owned())
                    .collect()
            });
        if releases.is_empty() {
            self.tally.uncovered_release(ecosystem, &release);
            return None;
        }
        Some(Rc::clone(releases))
    }

    fn flaws(&mut self, wanted: &Wanted) -> Result<Vec<Flawed>, DatabaseError> {
        if let Some(known) = self.known.get(wanted) {
            return Ok(known.clone());
        }
        let flaws = self.look_up(wanted)?;
        // Most packages have none, and most names come once: only those of distributions are
        // worth keeping.
        if wanted.ecosystem.facts().is_distribution() {
            self.known.insert(wanted.clone(), flaws.clone());
        }
        Ok(flaws)
    }

    fn look_up(&mut self, wanted: &Wanted) -> Result<Vec<Flawed>, DatabaseError> {
        let mut hits = Vec::new();
        // Flaws whose repair the version has, by the word of one of the distribution's lists.
        let mut repaired: BTreeSet<&str> = BTreeSet::new();
        let releases = wanted.releases.as_deref().unwrap_or_default();
        // Some records hold for every release.
        let places = std::iter::once(None).chain(releases.iter().map(|name| Some(name.as_str())));
        for release in places {
            for question in &wanted.questions {
                let asked = Asked {
                    ecosystem: wanted.ecosystem,
                    release,
                    question,
                };
                self.ask(asked, &mut hits, &mut repaired)?;
            }
        }
        // A product line has several lists, and a repair may be in one of them only: Ubuntu's for
        // its customers, Red Hat's for one minor release.
        if releases.len() > 1 {
            hits.retain(|hit| !hit.is_about(&repaired));
        }
        let mut flaws = finding::flawed(hits);
        for flaw in &mut flaws {
            let mut highest = None;
            for name in flaw.names() {
                highest = highest.max(self.database.exploit_prediction(name)?);
            }
            flaw.prediction = highest;
            lending::lend(flaw, self.database)?;
        }
        Ok(flaws)
    }

    fn ask(
        &mut self,
        asked: Asked<'_>,
        hits: &mut Vec<Hit<'a>>,
        repaired: &mut BTreeSet<&'a str>,
    ) -> Result<(), DatabaseError> {
        let Asked {
            ecosystem,
            release,
            question,
        } = asked;
        let database = self.database;
        let scheme = ecosystem.facts().scheme;
        for affected in database.lookup(ecosystem, release, &question.name)? {
            let concern = concern(question.stream.as_ref(), &affected);
            if concern == Concern::No {
                continue;
            }
            let judgement = match question.precision {
                Precision::MovingTag => judge_span(scheme, &question.version, &affected),
                Precision::Exact => judge(scheme, &question.version, &affected).map(Span::Same),
            };
            match judgement {
                Ok(Span::Same(Judgement::Unaffected)) => {
                    if has_fix(scheme, &question.version, &affected) {
                        let advisory = database.advisory(&affected)?;
                        repaired.insert(advisory.id);
                        repaired.extend(advisory.aliases);
                        repaired.extend(advisory.upstream);
                    }
                }
                Ok(Span::Same(judgement)) if concern == Concern::Yes => {
                    let advisory = database.advisory(&affected)?;
                    hits.push(Hit {
                        reason: finding::reason(asked, advisory.id, &judgement),
                        fixed: lowest_fixed(scheme, &question.version, &affected)
                            .map(str::to_owned),
                        rating: affected.rating.clone(),
                        summary: self.summaries.get(&advisory)?,
                        advisory,
                    });
                }
                Ok(_) => {
                    let advisory = database.advisory(&affected)?;
                    self.tally.undecided(asked, advisory.id);
                }
                Err(_) => {
                    let advisory = database.advisory(&affected)?;
                    self.tally.uncertain(ecosystem, advisory.id, &question.name);
                }
            }
        }
        Ok(())
    }
}

/// Packages that are built from the kernel's source and hold nothing of the kernel that runs:
/// headers, documents, build tools. Thousands of advisories for `linux` do not concern them.
fn holds_no_kernel(source: &str, binary: &str) -> bool {
    let kernel = matches!(
        source,
        "linux" | "kernel" | "kernel-source" | "kernel-default"
    ) || source.starts_with("linux-");
    kernel
        && [
            "linux-libc-dev",
            "linux-headers-",
            "linux-kbuild-",
            "linux-compiler-",
            "linux-doc",
            "linux-source",
            "linux-config-",
            "kernel-headers",
            "kernel-doc",
            "kernel-macros",
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
