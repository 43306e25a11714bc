//! What can be planned without asking anybody: the plans of `fix` for the lockfiles of a scan, with no
//! versions but those that advisories call fixed. The steps at the end of a scan come from them, so
//! that a scan and `fix` say the same of what the files alone tell.
//!
//! Only what is near the findings is looked at: nobody knows what other versions need, so nothing
//! else moves.

use std::collections::{BTreeMap, BTreeSet};

use linchpin_model::{
    About, Finding, Inventory, OccurrenceKind, PackageId, Remedy, Requirement, TargetPath,
};

use super::flaws::{DatabaseFlaws, Flaw};
use super::graph::LockedGraph;
use super::jump::Jump;
use super::releases::NoReleases;
use super::solve::{
    Blocker, Choice, How, Manifests, Plan, PlanStep, Refused, SolveOptions, Stay, Why, solve,
};
use crate::database::Database;
use crate::exploitability::Exploitability;

/// The most lockfiles of a target that are planned for. Five steps are told.
const MOST_LOCKFILES: usize = 40;

/// How the client of a lockfile chooses; nothing if no plans are made for it.
pub type ClientOf<'a> = &'a dyn Fn(&TargetPath) -> Option<(Choice, Manifests)>;

/// What plans are made from.
#[derive(Clone, Copy)]
pub struct Foresight<'a> {
    /// What the target is made of.
    pub inventory: &'a Inventory,
    /// What its packages ask of each other.
    pub requirements: &'a [Requirement],
    /// What is wrong with other versions.
    pub database: &'a Database,
    /// What does not count.
    pub exploitability: Exploitability<'a>,
    /// The clients.
    pub client_of: ClientOf<'a>,
}

impl std::fmt::Debug for Foresight<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Foresight").finish_non_exhaustive()
    }
}

/// What comes of a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Foreseen {
    /// It goes if the package is moved.
    Goes {
        /// To this version.
        to: Box<str>,
        /// In this way.
        how: How,
    },
    /// Somebody does not allow a version without it.
    Forbidden {
        /// The version.
        version: Box<str>,
        /// Who, and what they ask for.
        by: Vec<Blocker>,
    },
    /// Nothing can be foreseen.
    Unknown,
}

/// The plans, by lockfile.
#[derive(Debug, Default)]
pub(super) struct ForeseenPlans {
    plans: BTreeMap<TargetPath, Plan>,
}

impl ForeseenPlans {
    /// Makes the plans for the lockfiles of findings.
    pub(super) fn new(findings: &[Finding], foresight: &Foresight<'_>) -> Self {
        let mut flawed: BTreeMap<&TargetPath, BTreeSet<PackageId>> = BTreeMap::new();
        let mut found: BTreeMap<PackageId, Vec<Flaw>> = BTreeMap::new();
        for finding in findings {
            let About::Package(id) = finding.about else {
                continue;
            };
            let Some(package) = foresight.inventory.packages.get(id.index()) else {
                continue;
            };
            found.entry(id).or_default().push(Flaw::of(finding));
            if !matches!(finding.remedy, Some(Remedy::Upgrade { .. })) {
                continue;
            }
            for place in &package.occurrences {
                if place.kind == OccurrenceKind::Locked {
                    flawed.entry(&place.path).or_default().insert(id);
                }
            }
        }
        let planned = flawed.into_iter().filter_map(|(lockfile, flawed)| {
            let (choice, manifests) = (foresight.client_of)(lockfile)?;
            let plan = plan(lockfile, &flawed, &found, foresight, choice, manifests)?;
            Some((lockfile.clone(), plan))
        });
        Self {
            plans: planned.take(MOST_LOCKFILES).collect(),
        }
    }

    /// What comes of a finding about a package that a lockfile locks.
    pub(super) fn of(
        &self,
        finding: &Finding,
        name: &str,
        version: &str,
        lockfile: &TargetPath,
    ) -> Foreseen {
        let Some(plan) = self.plans.get(lockfile) else {
            return Foreseen::Unknown;
        };
        let id = finding.rule.0.as_str();
        let step = plan.steps.iter().find(|step| {
            let mut removed = step.removes.iter();
            step.moved.name.as_ref() == name
                && removed.any(|flaw| {
                    flaw.id.as_ref() == id
                        && flaw.name.as_ref() == name
                        && flaw.version.as_ref() == version
                })
        });
        if let Some(step) = step {
            return Foreseen::Goes {
                to: step.moved.to.clone(),
                how: step.moved.how.clone(),
            };
        }
        // What stays is told of the version that is there when all steps are done.
        let is_own = |moved: &&PlanStep| {
            moved.moved.name.as_ref() == name && moved.moved.from.as_ref() == version
        };
        let moved = plan.steps.iter().find(is_own);
        let is_it = |stay: &&Stay| {
            let moved_to = moved.map(|step| step.moved.to.as_ref());
            stay.name.as_ref() == name
                && (stay.version.as_ref() == version || Some(stay.version.as_ref()) == moved_to)
                && stay.flaws.iter().any(|flaw| flaw.as_ref() == id)
        };
        match plan.stays.iter().find(is_it).map(|stay| &stay.why) {
            Some(Why::NotAllowed { version, by }) => Foreseen::Forbidden {
                version: version.clone(),
                by: by.clone(),
            },
            _ => Foreseen::Unknown,
        }
    }
}

fn plan(
    lockfile: &TargetPath,
    flawed: &BTreeSet<PackageId>,
    found: &BTreeMap<PackageId, Vec<Flaw>>,
    foresight: &Foresight<'_>,
    choice: Choice,
    manifests: Manifests,
) -> Option<Plan> {
    let inventory = foresight.inventory;
    let graph = LockedGraph::around(flawed, inventory, foresight.requirements, lockfile)?;
    // Whatever is locked was compared by the scan already.
    let mut known: BTreeMap<(Box<str>, Box<str>), Vec<Flaw>> = BTreeMap::new();
    for node in &graph.nodes {
        known.insert(
            (node.name.as_ref().into(), node.version.as_ref().into()),
            Vec::new(),
        );
    }
    for (id, flaws) in found {
        let package = inventory.package(*id);
        let version = package.version().unwrap_or_default();
        if package.purl.ecosystem() == Some(graph.ecosystem) {
            known.insert((package.name().into(), version.into()), flaws.clone());
        }
    }
    let flaws = DatabaseFlaws::new(
        foresight.database,
        foresight.exploitability,
        graph.ecosystem,
        inventory,
        lockfile.clone(),
    )
    .knowing(known.into_iter());
    let options = SolveOptions {
        choice,
        manifests,
        // A scan says what there is; how far one goes is asked of `fix`.
        farthest: Jump::Major,
        // Only what the scan shows is known here.
        include_development: true,
        refused: Refused::new(),
    };
    Some(solve(&graph, &NoReleases, &flaws, &options))
}
