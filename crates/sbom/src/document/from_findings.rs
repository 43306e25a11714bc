//! Findings as vulnerabilities: one for each advisory, with every package that it affects.

use std::collections::{BTreeSet, HashMap};

use linchpin_model::{About, Finding, Inventory, Reason, Remedy, Severity, Suppressed};

use super::analysis_of_findings::{analysis, stated};
use super::from_inventory::TARGET;
use super::{Affected, Analysis, Property, Rating, Vulnerability, VulnerabilitySource};

/// One vulnerability for each advisory and analysis, in the order of the findings; after them what
/// is suppressed.
pub(super) fn vulnerabilities(
    findings: &[Finding],
    suppressed: &[Suppressed],
    inventory: &Inventory,
) -> Vec<Vulnerability> {
    let counting = findings.iter().map(|finding| (finding, stated(finding)));
    let suppressed = suppressed
        .iter()
        .map(|suppressed| (&suppressed.finding, Some(analysis(suppressed))));
    let mut grouped: Vec<(Vec<&Finding>, Option<Analysis>)> = Vec::new();
    let mut places: HashMap<(&str, Option<String>), usize> = HashMap::new();
    // What a rule finds in a file is no flaw of a component.
    let of_components = counting
        .chain(suppressed)
        .filter(|(finding, _)| finding.rule_reason().is_none());
    for (finding, analysis) in of_components {
        // An analysis holds for all that its vulnerability affects.
        let key = (
            finding.rule.0.as_str(),
            analysis.as_ref().map(|analysis| format!("{analysis:?}")),
        );
        let place = *places.entry(key).or_insert(grouped.len());
        match grouped.get_mut(place) {
            Some((group, _)) => group.push(finding),
            None => grouped.push((vec![finding], analysis)),
        }
    }
    grouped
        .into_iter()
        .filter_map(|(group, analysis)| {
            let found = vulnerability(&group, inventory)?;
            Some(Vulnerability { analysis, ..found })
        })
        .collect()
}

fn vulnerability(group: &[&Finding], inventory: &Inventory) -> Option<Vulnerability> {
    let finding = *group.first()?;
    let aliases: BTreeSet<&str> = group
        .iter()
        .flat_map(|finding| finding.aliases.iter().map(String::as_str))
        .collect();
    let remedies: BTreeSet<String> = group
        .iter()
        .filter_map(|finding| remedy(finding, inventory))
        .collect();
    let affected: BTreeSet<&str> = group
        .iter()
        .map(|finding| match &finding.about {
            About::Package(id) => inventory.package(*id).purl.as_str(),
            About::Place(_) => TARGET,
        })
        .collect();
    let mut properties = vec![
        Property::new("linchpin:kind", finding.kind.label()),
        Property::new("linchpin:risk", finding.score.0.to_string()),
    ];
    if let Some(exploited) = &finding.exploited {
        properties.push(Property::new("linchpin:exploited", exploited.added.clone()));
    }
    let osv = || VulnerabilitySource {
        name: Some("OSV".to_owned()),
        url: None,
    };
    Some(Vulnerability {
        id: finding.rule.0.clone(),
        aliases: aliases
            .into_iter()
            .map(|id| (id.to_owned(), Some(osv())))
            .collect(),
        ratings: ratings(finding),
        description: Some(finding.summary.clone()).filter(|summary| !summary.is_empty()),
        recommendation: Some(remedies.into_iter().collect::<Vec<_>>().join(" "))
            .filter(|text| !text.is_empty()),
        published: finding.published.map(|published| published.to_string()),
        affects: affected
            .into_iter()
            .map(|reference| Affected {
                reference: reference.to_owned(),
                ..Affected::default()
            })
            .collect(),
        properties,
        ..Vulnerability::default()
    })
}

fn remedy(finding: &Finding, inventory: &Inventory) -> Option<String> {
    let name = match &finding.about {
        About::Package(id) => {
            let package = inventory.package(*id);
            match package.version() {
                Some(version) => format!("{} {version}", package.name()),
                None => package.name(),
            }
        }
        About::Place(place) => place.path.to_string(),
    };
    Some(match finding.remedy.as_ref()? {
        Remedy::Upgrade { version } => format!("Upgrade {name} to {version} or later."),
        Remedy::Remove => format!("Remove {name}."),
    })
}

fn ratings(finding: &Finding) -> Vec<Rating> {
    let mut ratings: Vec<Rating> = finding
        .because
        .iter()
        .filter_map(|reason| match reason {
            Reason::Scored { vector, tenths } => Some(scored(Some(vector), *tenths)),
            Reason::Lent {
                advisory,
                flaw,
                vector,
                tenths,
            } => Some(Rating {
                source: Some(VulnerabilitySource {
                    name: Some(advisory.clone()),
                    url: None,
                }),
                justification: Some(format!(
                    "No record of this package says how bad it is; {advisory} does, of {flaw}."
                )),
                ..scored(vector.as_deref(), *tenths)
            }),
            _ => None,
        })
        .collect();
    if ratings.is_empty() {
        ratings.push(Rating {
            severity: Some(finding.severity.label().to_owned()),
            ..Rating::default()
        });
    }
    ratings
}

fn scored(vector: Option<&str>, tenths: u8) -> Rating {
    let score = f64::from(tenths) / 10.0;
    Rating {
        score: Some(score),
        severity: Some(Severity::from_cvss(score).label().to_owned()),
        method: vector.map(|vector| method(vector).to_owned()),
        vector: vector.map(str::to_owned),
        ..Rating::default()
    }
}

fn method(vector: &str) -> &'static str {
    match vector.split('/').next() {
        Some("CVSS:4.0") => "CVSSv4",
        Some("CVSS:3.1") => "CVSSv31",
        Some("CVSS:3.0") => "CVSSv3",
        Some(first) if first.contains("AV:") => "CVSSv2",
        _ => "other",
    }
}
