//! What to do first: the few steps that remove the most risk.
//!
//! Findings that one action removes are one step: all of one package, and all packages of a
//! distribution, which one command upgrades. `advice` puts it into
//! words, `package_managers` knows how each of them is told.
//!
//! That is what a scan can say without asking anybody. `solve` works out a plan: it knows who asks for
//! what (`graph`, `requirements`), what is wrong with any version (`flaws`), and what a registry
//! says (`releases`). Where plans are made for a lockfile, the steps here come from one that knows no
//! registry (`foreseen`), so that a scan tells no client what `fix` would not.

mod advice;
mod flaws;
mod foreseen;
mod graph;
mod jump;
mod package_managers;
mod releases;
mod requirements;
mod solve;

pub use advice::is_plain as is_plain_argument;
pub use flaws::{DatabaseFlaws, Flaw, Flaws};
pub use foreseen::{ClientOf, Foresight};
pub use graph::{GraphEdge, GraphNode, LockedGraph, NodeKind};
pub use jump::Jump;
pub use package_managers::upgrade_command;
pub use releases::{NoReleases, ReleaseNeed, Releases};
pub use requirements::allows;
pub use solve::{
    Blocker, Change, Choice, FlawOf, How, Manifests, Move, Plan, PlanStep, Refused, SolveOptions,
    Stay, Why, compare_graphs, solve,
};

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use linchpin_model::{
    About, Ecosystem, Finding, FindingKind, Inventory, OccurrenceKind, PackageId, Remedy, Routes,
    Step, TargetPath,
};

use crate::versions::compare;
use advice::Advice;
use foreseen::{Foreseen, ForeseenPlans};

/// More than a person does in one go is no help.
const MOST: usize = 5;

/// What one action can be about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// Taking a package out.
    Remove(PackageId),
    /// Another version of one package.
    Upgrade(PackageId, Foreseen),
    /// All packages of a distribution.
    Distribution(Ecosystem),
}

/// At most five steps, the one that removes the most risk first. Each finding is counted in one
/// step at most; those that nothing removes are in none. Without foresight, what somebody asks for is
/// not known.
pub fn next_steps(
    findings: &[Finding],
    inventory: &Inventory,
    routes: &Routes,
    foresight: Option<&Foresight<'_>>,
) -> Vec<Step> {
    let plans = foresight.map(|foresight| ForeseenPlans::new(findings, foresight));
    let plans = plans.unwrap_or_default();
    let mut groups: BTreeMap<Group, Vec<usize>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        if let Some(group) = group(finding, inventory, &plans) {
            groups.entry(group).or_default().push(index);
        }
    }
    let mut steps: BTreeMap<Advice, Vec<usize>> = BTreeMap::new();
    for (group, indexes) in groups {
        let found: Vec<&Finding> = indexes
            .iter()
            .filter_map(|&index| findings.get(index))
            .collect();
        if let Some(advice) = advice(&group, &found, inventory, routes) {
            // Two copies of a package can need the very same change.
            steps.entry(advice).or_default().extend(indexes);
        }
    }
    let mut steps: Vec<Step> = steps
        .into_iter()
        .map(|(advice, mut removes)| {
            removes.sort_unstable();
            let risk = removes
                .iter()
                .filter_map(|&index| findings.get(index))
                .map(weight)
                .sum();
            Step {
                action: advice.action,
                command: advice.command,
                place: advice.place,
                removes,
                risk,
            }
        })
        .collect();
    steps.sort_by(|left, right| {
        (Reverse(left.risk), &left.action).cmp(&(Reverse(right.risk), &right.action))
    });
    steps.truncate(MOST);
    steps
}

/// How much a finding adds to the risk that a step removes. What is used in attacks, or is one,
/// weighs as much as four other findings of its score, so that a package with many mild flaws does
/// not push it out of the list.
fn weight(finding: &Finding) -> u32 {
    let urgent = finding.kind == FindingKind::Malicious || finding.exploited.is_some();
    u32::from(finding.score.0) * if urgent { 4 } else { 1 }
}

fn group(finding: &Finding, inventory: &Inventory, plans: &ForeseenPlans) -> Option<Group> {
    let About::Package(id) = finding.about else {
        return None;
    };
    let package = inventory.packages.get(id.index())?;
    let ecosystem = package.purl.ecosystem()?;
    match finding.remedy.as_ref()? {
        Remedy::Remove => Some(Group::Remove(id)),
        Remedy::Upgrade { .. } if ecosystem.facts().is_distribution() => {
            Some(Group::Distribution(ecosystem))
        }
        Remedy::Upgrade { .. } => {
            let foreseen = match advice::place(package) {
                Some(place) if place.kind == OccurrenceKind::Locked => {
                    let version = package.version().unwrap_or_default();
                    plans.of(finding, &package.name(), version, &place.path)
                }
                _ => Foreseen::Unknown,
            };
            Some(Group::Upgrade(id, foreseen))
        }
    }
}

fn advice(
    group: &Group,
    findings: &[&Finding],
    inventory: &Inventory,
    routes: &Routes,
) -> Option<Advice> {
    match group {
        Group::Remove(id) => Some(advice::remove(*id, inventory, routes)),
        Group::Upgrade(id, foreseen @ Foreseen::Goes { to, .. }) => {
            Some(advice::upgrade(*id, to, foreseen, inventory, routes))
        }
        Group::Upgrade(id, foreseen) => {
            let scheme = inventory.package(*id).purl.ecosystem()?.facts().scheme;
            // The highest of the fixed versions removes them all.
            let version = findings
                .iter()
                .filter_map(|finding| finding.fixed())
                .reduce(|highest, version| match compare(scheme, version, highest) {
                    Ok(Ordering::Greater) => version,
                    _ => highest,
                })?;
            Some(advice::upgrade(*id, version, foreseen, inventory, routes))
        }
        Group::Distribution(ecosystem) => {
            let mut names: Vec<&str> = findings
                .iter()
                .filter_map(|finding| match finding.about {
                    About::Package(id) => inventory.packages.get(id.index()),
                    About::Place(_) => None,
                })
                .map(|package| package.purl.name())
                .collect();
            names.sort_unstable();
            names.dedup();
            let place: Option<TargetPath> = findings.iter().find_map(|finding| {
                let About::Package(id) = finding.about else {
                    return None;
                };
                let package = inventory.packages.get(id.index())?;
                Some(package.occurrences.first()?.path.clone())
            });
            Some(advice::upgrade_distribution(
                *ecosystem, &names, place, inventory,
            ))
        }
    }
}
