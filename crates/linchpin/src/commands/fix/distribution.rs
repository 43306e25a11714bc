//! Packages of a distribution, in an image or on a system: one command upgrades them all, and where they
//! come from the base image, a newer one does it better.

use std::collections::BTreeMap;

use linchpin_advisory::remedy::{is_plain_argument, upgrade_command};
use linchpin_model::{
    About, Ecosystem, Finding, FindingKind, Inventory, LayerIndex, Package, PackageUrl, Remedy,
    SubjectKind,
};

/// A package that gets another version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Upgrade {
    pub(super) name: String,
    pub(super) from: String,
    /// The lowest version without the flaws that are fixed: that of the source package.
    pub(super) to: String,
    pub(super) removes: Vec<String>,
    /// Whether the base image brought it; nothing where that is not known, and outside of images.
    pub(super) in_base_image: Option<bool>,
}

/// A package with flaws for which its distribution has no fix.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Unfixed {
    pub(super) name: String,
    /// Its package URL, without qualifiers.
    pub(super) purl: String,
    pub(super) flaws: Vec<String>,
    pub(super) in_base_image: Option<bool>,
}

/// What to do about the packages of a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DistributionPlan {
    pub(super) ecosystem: Ecosystem,
    pub(super) upgrades: Vec<Upgrade>,
    /// One command that takes all of them.
    pub(super) command: String,
    /// Whether the command is for the description of an image.
    pub(super) is_for_image: bool,
    pub(super) unfixed: Vec<Unfixed>,
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
        self.unfixed.iter().map(|package| package.flaws.len()).sum()
    }

    /// How many of the flaws that go lie in packages that the base image brought; nothing if that is
    /// known of none.
    pub(super) fn in_base_image(&self) -> Option<usize> {
        let known = self.upgrades.iter().filter_map(|upgrade| {
            let is_in_base = upgrade.in_base_image?;
            Some(if is_in_base { upgrade.removes.len() } else { 0 })
        });
        known.reduce(|sum, count| sum + count)
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

/// Whether the base image brought a package. dpkg tells which layer installed it; apk and rpm keep one
/// database, which a later layer writes anew, and nothing is known of what was in it before.
fn is_in_base(package: &Package, base: Option<LayerIndex>) -> Option<bool> {
    let layers = package.occurrences.iter().filter_map(|place| place.layer);
    let is_lowest = layers.min()? == base?;
    (is_lowest || package.purl.kind() == "deb").then_some(is_lowest)
}

fn plan(
    ecosystem: Ecosystem,
    found: &[(&Package, &Finding)],
    base: Option<LayerIndex>,
) -> DistributionPlan {
    let mut upgrades: BTreeMap<&str, Upgrade> = BTreeMap::new();
    let mut unfixed: BTreeMap<&str, Unfixed> = BTreeMap::new();
    for (package, finding) in found {
        let name = package.purl.name();
        let id = finding.rule.0.clone();
        let Some(Remedy::Upgrade { version }) = &finding.remedy else {
            let unfixed = unfixed.entry(name).or_insert_with(|| Unfixed {
                name: name.to_owned(),
                purl: bare_purl(package),
                flaws: Vec::new(),
                in_base_image: is_in_base(package, base),
            });
            unfixed.flaws.push(id);
            continue;
        };
        let upgrade = upgrades.entry(name).or_insert_with(|| Upgrade {
            name: name.to_owned(),
            from: package.version().unwrap_or_default().to_owned(),
            to: version.clone(),
            removes: Vec::new(),
            in_base_image: is_in_base(package, base),
        });
        let scheme = ecosystem.facts().scheme;
        let order = linchpin_advisory::versions::compare(scheme, version, &upgrade.to);
        if order == Ok(std::cmp::Ordering::Greater) {
            upgrade.to.clone_from(version);
        }
        upgrade.removes.push(id);
    }
    let mut upgrades: Vec<Upgrade> = upgrades.into_values().collect();
    for upgrade in &mut upgrades {
        upgrade.removes.sort();
        upgrade.removes.dedup();
    }
    let mut unfixed: Vec<Unfixed> = unfixed.into_values().collect();
    for package in &mut unfixed {
        package.flaws.sort();
        package.flaws.dedup();
    }
    DistributionPlan {
        ecosystem,
        command: command(ecosystem, &upgrades),
        upgrades,
        is_for_image: base.is_some(),
        unfixed,
    }
}

/// The package URL without qualifiers, which stands for the package on every architecture.
fn bare_purl(package: &Package) -> String {
    let purl = &package.purl;
    let bare = PackageUrl::new(purl.kind(), purl.namespace(), purl.name(), purl.version());
    bare.map_or_else(
        |_| purl.as_str().to_owned(),
        |bare| bare.as_str().to_owned(),
    )
}

/// The command that upgrades these packages and no others; all of them where a name is not plain.
fn command(ecosystem: Ecosystem, upgrades: &[Upgrade]) -> String {
    let names: Vec<&str> = upgrades
        .iter()
        .map(|upgrade| upgrade.name.as_str())
        .collect();
    let are_plain = names.iter().all(|name| is_plain_argument(name));
    let names = are_plain.then(|| names.join(" "));
    upgrade_command(ecosystem, names.as_deref())
}

/// What else can be done where a distribution has no fix.
pub(super) fn without_fix(is_for_image: bool) -> &'static str {
    if is_for_image {
        "do without the package, take a base image that has none of it, or accept it for a time"
    } else {
        "do without the package, or accept it for a time"
    }
}
