//! Packages whose names look like those of popular ones: somebody may have mistyped, and somebody
//! else may have counted on that.

mod likeness;
mod popular;

use std::collections::BTreeMap;

use linchpin_model::{
    About, Ecosystem, Finding, FindingKind, Inventory, Location, Package, Reason, RiskScore,
    RuleId, RuleReason, Severity,
};

use crate::internal_names::InternalNames;
use crate::priority::risk_score;
use likeness::{Likeness, likeness};
use popular::Popular;

/// The id of these findings.
const RULE: &str = "look-alike-name";

/// Most findings of one target.
const MOST: usize = 200;

/// What makes a name another one in front or behind, though it says the same: who looks for a
/// library finds it by such names.
const AFFIXES: &[(Ecosystem, &[&str], &[&str])] = &[
    (Ecosystem::Npm, &["node-"], &["-js", ".js", "-node"]),
    (
        Ecosystem::PyPi,
        &["python-", "python3-", "py-"],
        &["-python", "-python3", "-py"],
    ),
];

/// The packages of an inventory whose names look like those of popular packages and are none.
pub fn look_alikes(inventory: &Inventory, internal: &InternalNames) -> Vec<Finding> {
    let mut lists: BTreeMap<Ecosystem, Option<Popular>> = BTreeMap::new();
    let mut findings = Vec::new();
    for (_, package) in inventory.libraries() {
        let Some(ecosystem) = package.purl.ecosystem() else {
            continue;
        };
        let list = lists
            .entry(ecosystem)
            .or_insert_with(|| Popular::of(ecosystem));
        let Some(list) = list else {
            continue;
        };
        let name = package.name();
        if internal.covers(&name) {
            continue;
        }
        if let Some(alike) = alike(ecosystem, &name, list) {
            findings.extend(finding(package, &name, alike));
        }
        if findings.len() >= MOST {
            break;
        }
    }
    findings
}

/// A popular name, and how another one looks like it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Alike {
    popular: &'static str,
    how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Letters(Likeness),
    /// The same with a word in front or behind that says nothing.
    Affix,
    /// The same in a scope of somebody else.
    Scope,
}

impl How {
    fn words(self) -> &'static str {
        match self {
            Self::Letters(likeness) => likeness.words(),
            Self::Affix => "the name of the language stands with it",
            Self::Scope => "it is of another scope",
        }
    }

    fn severity(self) -> Severity {
        match self {
            Self::Letters(Likeness::Foreign) => Severity::High,
            Self::Letters(Likeness::Separated) | Self::Affix => Severity::Low,
            Self::Letters(_) | Self::Scope => Severity::Medium,
        }
    }
}

/// The popular name that a name looks like, if it is none that many use itself.
fn alike(ecosystem: Ecosystem, name: &str, list: &Popular) -> Option<Alike> {
    let lower = name.to_lowercase();
    let same = match ecosystem {
        Ecosystem::Cargo | Ecosystem::RubyGems => lower.replace('_', "-"),
        Ecosystem::Npm | Ecosystem::PyPi | Ecosystem::NuGet | Ecosystem::Packagist => lower,
        _ => name.to_owned(),
    };
    if list.knows(&same) {
        return None;
    }
    if !same.is_ascii() {
        // Letters of other writings may be anywhere, so that no part of the name finds it.
        return list.by_look(&same).map(|popular| Alike {
            popular,
            how: How::Letters(Likeness::Foreign),
        });
    }
    let near = list.near(&same).into_iter();
    let found = near.filter_map(|popular| Some((popular, likeness(&same, popular)?)));
    // Where it looks like several, the closest.
    if let Some((popular, how)) = found.min_by_key(|(_, how)| *how) {
        let how = how_of(&same, popular, how)?;
        return Some(Alike { popular, how });
    }
    if same.contains('/') {
        // A scope has one owner, who may call things so.
        return None;
    }
    let affixes = AFFIXES.iter().find(|(of, _, _)| *of == ecosystem)?;
    let without = affixes
        .1
        .iter()
        .filter_map(|start| same.strip_prefix(start));
    let mut without = without.chain(affixes.2.iter().filter_map(|end| same.strip_suffix(end)));
    let popular = without.find_map(|inner| list.same(inner))?;
    Some(Alike {
        popular,
        how: How::Affix,
    })
}

/// Within one scope, names are their owner's; a scope that looks like another one is worse than a
/// name.
fn how_of(name: &str, popular: &str, how: Likeness) -> Option<How> {
    match (name.rsplit_once('/'), popular.rsplit_once('/')) {
        (Some((owner, _)), Some((other, _))) if owner == other => None,
        (Some((_, name)), Some((_, other))) if name == other => Some(How::Scope),
        (Some(_), Some(_)) | (None, None) => Some(How::Letters(how)),
        _ => None,
    }
}

fn finding(package: &Package, name: &str, alike: Alike) -> Option<Finding> {
    let place = package.occurrences.first()?;
    let severity = alike.how.severity();
    let (score, parts) = risk_score(severity);
    let Alike { popular, how } = alike;
    Some(Finding {
        rule: RuleId(RULE.to_owned()),
        aliases: Vec::new(),
        kind: FindingKind::Suspicious,
        severity,
        cvss_tenths: None,
        score: RiskScore(score),
        exploited: None,
        about: About::Place(Location {
            path: place.path.clone(),
            layer: place.layer,
            line: None,
            column: None,
        }),
        remedy: None,
        summary: format!(
            "{name} looks like {popular}, which many use: {}",
            how.words()
        ),
        published: None,
        because: vec![
            Reason::Rule(RuleReason {
                title: "The name of a package looks like that of a popular one".to_owned(),
                category: "look-alike".to_owned(),
                why: "Attackers publish packages under names that are easily mistyped or misread. \
                      Whoever asks for one by mistake runs their code."
                    .to_owned(),
                fix: format!(
                    "See whether the popular one is meant.\nThat would be {popular}. If {name} is what you \
                     want, accept it in linchpin.toml."
                ),
                references: vec!["https://arxiv.org/abs/2003.03471".to_owned()],
                excerpt: Vec::new(),
                repair: None,
                fingerprint: None,
            }),
            Reason::Weighed(parts),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ecosystem: Ecosystem, name: &str) -> Option<(&'static str, How)> {
        let list = Popular::of(ecosystem).unwrap();
        alike(ecosystem, name, &list).map(|alike| (alike.popular, alike.how))
    }

    #[test]
    fn names_of_real_attacks_are_recognised() {
        for (ecosystem, name, popular) in [
            (Ecosystem::PyPi, "colourama", "colorama"),
            (Ecosystem::PyPi, "reqeusts", "requests"),
            (Ecosystem::PyPi, "python-requests", "requests"),
            (Ecosystem::PyPi, "djanga", "django"),
            (Ecosystem::Npm, "crossenv", "cross-env"),
            (Ecosystem::Npm, "loadash", "lodash"),
            (Ecosystem::Npm, "commnader", "commander"),
            (Ecosystem::Npm, "@bable/core", "@babel/core"),
            (Ecosystem::Npm, "lоdash", "lodash"),
            (Ecosystem::Cargo, "rand_croe", "rand-core"),
        ] {
            let found = of(ecosystem, name).map(|(popular, _)| popular);
            assert_eq!(found, Some(popular), "{name}");
        }
    }

    #[test]
    fn names_that_many_use_look_like_nobody() {
        for (ecosystem, name) in [
            (Ecosystem::Npm, "lodash"),
            (Ecosystem::Npm, "preact"),
            (Ecosystem::Npm, "@babel/core"),
            (Ecosystem::Npm, "@acme/lodash"),
            (Ecosystem::Npm, "@babel/core-js"),
            (Ecosystem::PyPi, "python-dateutil"),
            (Ecosystem::PyPi, "PyYAML"),
            (Ecosystem::Cargo, "serde_json"),
            (Ecosystem::Cargo, "glutin_wgl_sys"),
        ] {
            assert_eq!(of(ecosystem, name), None, "{name}");
        }
    }
}
