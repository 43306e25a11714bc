//! Packages of a distribution, in an image or on a system: one command upgrades them all, and where they
//! come from the base image, a newer one does it better.

use std::collections::BTreeMap;

use linchpin_advisory::remedy::is_plain_argument;
use linchpin_model::{
    About, Ecosystem, Finding, FindingKind, Inventory, LayerIndex, Package, Remedy, SubjectKind,
};

/// A package that gets another version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Upgrade {
    pub(super) name: String,
    pub(super) from: String,
    /// The lowest version without the flaws that are fixed: that of the source package.
    pub(super) to: String,
    pub(super) removes: Vec<String>,
}

/// What to do about the packages of a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DistributionPlan {
    pub(super) ecosystem: Ecosystem,
    pub(super) upgrades: Vec<Upgrade>,
    /// One command that takes all of them.
    pub(super) command: String,
    /// How many of the flaws that go lie in packages of the base image; nothing outside of images.
    pub(super) in_base_image: Option<usize>,
    /// Flaws for which the distribution has no fix, by package.
    pub(super) unfixed: BTreeMap<String, Vec<String>>,
}

impl DistributionPlan {
    /// How many flaws go.
    pub(super) fn removes(&self) -> usize {
        self.upgrades
            .iter()
            .map(|upgrade| upgrade.removes.len())
            .sum()
    }

    /// How many flaws stay.
    pub(super) fn stay(&self) -> usize {
        self.unfixed.values().map(Vec::len).sum()
    }
}

/// The plans for the distributions of a target; nearly always none or one.
pub(super) fn plans(findings: &[Finding], inventory: &Inventory) -> Vec<DistributionPlan> {
    let mut by_ecosystem: BTreeMap<Ecosystem, Vec<(&Package, &Finding)>> = BTreeMap::new();
    for finding in findings {
        let About::Package(id) = finding.about else {
            continue;
        };
        let Some(package) = inventory.packages.get(id.index()) else {
            continue;
        };
        let ecosystem = package.purl.ecosystem();
        let releases = |ecosystem: &Ecosystem| ecosystem.facts().has_releases;
        if let Some(ecosystem) = ecosystem.filter(releases)
            && finding.kind != FindingKind::Notice
        {
            let list = by_ecosystem.entry(ecosystem).or_default();
            list.push((package, finding));
        }
    }
    let base = base_layer(inventory);
    by_ecosystem
        .into_iter()
        .map(|(ecosystem, found)| plan(ecosystem, &found, base))
        .collect()
}

/// The layer of the base image: the lowest, where what says which distribution this is lies.
fn base_layer(inventory: &Inventory) -> Option<LayerIndex> {
    (inventory.subject.kind == SubjectKind::Image).then_some(LayerIndex(0))
}

fn plan(
    ecosystem: Ecosystem,
    found: &[(&Package, &Finding)],
    base: Option<LayerIndex>,
) -> DistributionPlan {
    let mut upgrades: BTreeMap<&str, Upgrade> = BTreeMap::new();
    let mut unfixed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut in_base = 0;
    for (package, finding) in found {
        let name = package.purl.name();
        let id = finding.rule.0.clone();
        let Some(Remedy::Upgrade { version }) = &finding.remedy else {
            unfixed.entry(name.to_owned()).or_default().push(id);
            continue;
        };
        let upgrade = upgrades.entry(name).or_insert_with(|| Upgrade {
            name: name.to_owned(),
            from: package.version().unwrap_or_default().to_owned(),
            to: version.clone(),
            removes: Vec::new(),
        });
        let scheme = ecosystem.facts().scheme;
        let order = linchpin_advisory::versions::compare(scheme, version, &upgrade.to);
        if order == Ok(std::cmp::Ordering::Greater) {
            upgrade.to.clone_from(version);
        }
        upgrade.removes.push(id);
        // The database of packages is written anew by every layer that installs something, so that
        // what a package's own record tells of layers is all there is.
        let lowest = package
            .occurrences
            .iter()
            .filter_map(|place| place.layer)
            .min();
        in_base += usize::from(base.is_some() && lowest <= base);
    }
    let mut upgrades: Vec<Upgrade> = upgrades.into_values().collect();
    for upgrade in &mut upgrades {
        upgrade.removes.sort();
        upgrade.removes.dedup();
    }
    unfixed.values_mut().for_each(|ids| ids.sort());
    let command = command(ecosystem, &upgrades);
    DistributionPlan {
        ecosystem,
        upgrades,
        command,
        in_base_image: base.map(|_| in_base),
        unfixed,
    }
}

/// The command that upgrades these packages and no others; all of them where a name is not plain.
fn command(ecosystem: Ecosystem, upgrades: &[Upgrade]) -> String {
    let names: Vec<&str> = upgrades
        .iter()
        .map(|upgrade| upgrade.name.as_str())
        .collect();
    let plain = names.iter().all(|name| is_plain_argument(name));
    let names = if plain {
        names.join(" ")
    } else {
        String::new()
    };
    let line = match (ecosystem.facts().purl_type, plain) {
        ("apk", _) => format!("apk upgrade --update-cache {names}"),
        ("rpm", _) => format!("dnf upgrade {names}"),
        (_, true) => format!("apt-get update && apt-get install --only-upgrade {names}"),
        (_, false) => "apt-get update && apt-get upgrade".to_owned(),
    };
    line.trim_end().to_owned()
}
