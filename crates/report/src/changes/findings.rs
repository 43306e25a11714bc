//! Which findings came and which went, and why.
//!
//! A finding is the same as another if it is the same flaw (they share a name: an id or an alias)
//! in the same package, whatever its version. Of several versions of a package those that are on
//! both sides belong together, then the rest in order. Nothing here looks at advisories.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use linchpin_model::{Difference, FindingKind, PackageIdentity, PackageUrl, Severity};

use crate::ExplainableFinding;

/// How the findings changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FindingChanges {
    /// What is there now and was not, the most urgent first.
    pub introduced: Vec<ChangedFinding<WhyIntroduced>>,
    /// What is gone, the most urgent first.
    pub fixed: Vec<ChangedFinding<WhyFixed>>,
    /// What was there and is held for worse now, the most urgent first.
    pub raised: Vec<RaisedFinding>,
    /// How many are on both sides, those that were raised among them.
    pub remaining: usize,
}

impl FindingChanges {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.introduced.is_empty() && self.fixed.is_empty() && self.raised.is_empty()
    }
}

/// A finding that came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFinding<Why> {
    /// The finding.
    pub finding: ExplainableFinding,
    /// The reason.
    pub why: Why,
}

/// Why a finding came.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhyIntroduced {
    /// Its package came.
    PackageAdded,
    /// Its package had this version before.
    VersionChanged(Option<String>),
    /// The package was there already: only the advisory is new.
    NewlyKnown,
    /// The packages of the two sides can not be compared.
    Unknown,
}

/// Why a finding went.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhyFixed {
    /// Its package went.
    PackageRemoved,
    /// Its package has this version now.
    VersionChanged(Option<String>),
    /// The package is still there: what is known of it changed.
    NoLongerReported,
    /// The packages of the two sides can not be compared.
    Unknown,
}

/// A finding of both sides that is worse now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RaisedFinding {
    /// As it is.
    pub finding: ExplainableFinding,
    /// How bad it was.
    pub severity_before: Severity,
    /// Whether it was known to be used in attacks.
    pub exploited_before: bool,
}

/// Compares the findings of two sides. The difference of their packages says why they changed.
pub fn compare_findings(
    before: &[ExplainableFinding],
    after: &[ExplainableFinding],
    difference: Option<&Difference>,
) -> FindingChanges {
    let flaws = Flaws::new(before.iter().chain(after));
    let mut waiting: BTreeMap<Key, ByVersion<'_>> = BTreeMap::new();
    for finding in before {
        let versions = waiting.entry(Key::new(finding, &flaws)).or_default();
        versions
            .entry(version(finding))
            .or_default()
            .push_back(finding);
    }
    // What is in both in the same version belongs together before anything else does.
    let mut pairs: Vec<Option<&ExplainableFinding>> = after
        .iter()
        .map(|finding| {
            let versions = waiting.get_mut(&Key::new(finding, &flaws))?;
            versions.get_mut(&version(finding))?.pop_front()
        })
        .collect();
    for (finding, pair) in after.iter().zip(&mut pairs) {
        if pair.is_none() {
            *pair = waiting
                .get_mut(&Key::new(finding, &flaws))
                .and_then(take_first);
        }
    }

    let paths = difference.map(Paths::new);
    let mut changes = FindingChanges::default();
    for (finding, pair) in after.iter().zip(pairs) {
        match pair {
            None => changes.introduced.push(ChangedFinding {
                why: paths.as_ref().map_or(WhyIntroduced::Unknown, |paths| {
                    paths.why_introduced(finding)
                }),
                finding: finding.clone(),
            }),
            Some(was) => {
                changes.remaining += 1;
                if weight(finding) > weight(was) {
                    changes.raised.push(RaisedFinding {
                        finding: finding.clone(),
                        severity_before: was.severity,
                        exploited_before: was.exploited.is_some(),
                    });
                }
            }
        }
    }
    let left: HashSet<*const ExplainableFinding> = waiting
        .into_values()
        .flat_map(BTreeMap::into_values)
        .flatten()
        .map(std::ptr::from_ref)
        .collect();
    // The most urgent first, as they came.
    changes.fixed = before
        .iter()
        .filter(|finding| left.contains(&std::ptr::from_ref(*finding)))
        .map(|finding| ChangedFinding {
            why: paths
                .as_ref()
                .map_or(WhyFixed::Unknown, |paths| paths.why_fixed(finding)),
            finding: finding.clone(),
        })
        .collect();
    changes
}

/// Findings of one flaw in one package, by the version of the package.
type ByVersion<'a> = BTreeMap<Option<&'a str>, VecDeque<&'a ExplainableFinding>>;

fn take_first<'a>(versions: &mut ByVersion<'a>) -> Option<&'a ExplainableFinding> {
    while let Some(mut entry) = versions.first_entry() {
        if let Some(found) = entry.get_mut().pop_front() {
            return Some(found);
        }
        entry.remove();
    }
    None
}

fn version(finding: &ExplainableFinding) -> Option<&str> {
    finding.package.as_ref()?.version.as_deref()
}

/// How bad a finding is, for comparing it with itself.
fn weight(finding: &ExplainableFinding) -> (bool, bool, Severity) {
    (
        finding.kind == FindingKind::Malicious,
        finding.exploited.is_some(),
        finding.severity,
    )
}

/// What makes two findings the same.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    flaw: usize,
    about: About,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum About {
    Package(PackageIdentity),
    /// A package URL that is none, in a report that somebody else wrote.
    Named(String),
    Place(Option<String>),
}

impl Key {
    fn new(finding: &ExplainableFinding, flaws: &Flaws<'_>) -> Self {
        let about = match &finding.package {
            Some(package) => match package.purl.parse::<PackageUrl>() {
                Ok(purl) => About::Package(PackageIdentity::from(&purl)),
                Err(_) => About::Named(package.name.clone()),
            },
            None => About::Place(finding.locations.first().map(|place| place.path.clone())),
        };
        Self {
            flaw: flaws.of(&finding.id),
            about,
        }
    }
}

/// Names of flaws, and which of them are names of one.
struct Flaws<'a> {
    places: HashMap<&'a str, usize>,
    /// For each name another one of the same flaw, or itself.
    parents: Vec<usize>,
}

impl<'a> Flaws<'a> {
    fn new(findings: impl Iterator<Item = &'a ExplainableFinding>) -> Self {
        let mut flaws = Self {
            places: HashMap::new(),
            parents: Vec::new(),
        };
        for finding in findings {
            let first = flaws.add(&finding.id);
            for alias in &finding.aliases {
                let other = flaws.add(alias);
                let (one, other) = (flaws.root(first), flaws.root(other));
                flaws.parents[one.max(other)] = one.min(other);
            }
        }
        // A parent is never a later name, so each finds its parent's root done.
        for place in 0..flaws.parents.len() {
            flaws.parents[place] = flaws.parents[flaws.parents[place]];
        }
        flaws
    }

    fn add(&mut self, name: &'a str) -> usize {
        let fresh = self.parents.len();
        let place = *self.places.entry(name).or_insert(fresh);
        if place == fresh {
            self.parents.push(fresh);
        }
        place
    }

    /// The name that stands for the flaw. The way there is halved each time, so that chains of
    /// names stay short.
    fn root(&mut self, mut place: usize) -> usize {
        while self.parents[place] != place {
            self.parents[place] = self.parents[self.parents[place]];
            place = self.parents[place];
        }
        place
    }

    fn of(&self, name: &str) -> usize {
        self.places
            .get(name)
            .map_or(usize::MAX, |place| self.parents[*place])
    }
}

/// What became of each package that is not the same on both sides.
struct Paths {
    /// By the package URL after.
    came: HashMap<PackageUrl, WhyIntroduced>,
    /// By the package URL before.
    went: HashMap<PackageUrl, WhyFixed>,
}

impl Paths {
    fn new(difference: &Difference) -> Self {
        let purl = |text: &Option<String>| text.as_deref()?.parse::<PackageUrl>().ok();
        let mut paths = Self {
            came: HashMap::new(),
            went: HashMap::new(),
        };
        for added in &difference.added {
            if let Some(purl) = purl(&added.purl) {
                paths.came.insert(purl, WhyIntroduced::PackageAdded);
            }
        }
        for removed in &difference.removed {
            if let Some(purl) = purl(&removed.purl) {
                paths.went.insert(purl, WhyFixed::PackageRemoved);
            }
        }
        for changed in &difference.changed {
            let Some((before, after)) = &changed.version else {
                continue;
            };
            if let Some(purl) = purl(&changed.after.purl) {
                let why = WhyIntroduced::VersionChanged(before.clone());
                paths.came.insert(purl, why);
            }
            if let Some(purl) = purl(&changed.before.purl) {
                paths
                    .went
                    .insert(purl, WhyFixed::VersionChanged(after.clone()));
            }
        }
        paths
    }

    fn why_introduced(&self, finding: &ExplainableFinding) -> WhyIntroduced {
        about(finding)
            .and_then(|purl| self.came.get(&purl).cloned())
            .unwrap_or(WhyIntroduced::NewlyKnown)
    }

    fn why_fixed(&self, finding: &ExplainableFinding) -> WhyFixed {
        about(finding)
            .and_then(|purl| self.went.get(&purl).cloned())
            .unwrap_or(WhyFixed::NoLongerReported)
    }
}

fn about(finding: &ExplainableFinding) -> Option<PackageUrl> {
    finding.package.as_ref()?.purl.parse().ok()
}
