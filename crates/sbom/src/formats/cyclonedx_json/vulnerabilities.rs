//! Findings as vulnerabilities: one for each advisory, with every package that it affects.

use std::collections::{BTreeSet, HashMap};

use linchpin_model::{About, Finding, Inventory, Reason, Remedy, Severity};

use super::{TARGET, wire};

/// One vulnerability for each advisory, in the order of the findings.
pub(super) fn of<'a>(
    findings: &'a [Finding],
    inventory: &'a Inventory,
) -> Vec<wire::Vulnerability<'a>> {
    let mut grouped: Vec<Vec<&Finding>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for finding in findings {
        let place = *places.entry(&finding.rule.0).or_insert(grouped.len());
        match grouped.get_mut(place) {
            Some(group) => group.push(finding),
            None => grouped.push(vec![finding]),
        }
    }
    grouped
        .iter()
        .filter_map(|group| vulnerability(group, inventory))
        .collect()
}

fn vulnerability<'a>(
    group: &[&'a Finding],
    inventory: &'a Inventory,
) -> Option<wire::Vulnerability<'a>> {
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
        wire::Property::new("linchpin:kind", finding.kind.label().to_owned()),
        wire::Property::new("linchpin:risk", finding.score.0.to_string()),
    ];
    if let Some(exploited) = &finding.exploited {
        properties.push(wire::Property::new(
            "linchpin:exploited",
            exploited.added.clone(),
        ));
    }
    Some(wire::Vulnerability {
        id: &finding.rule.0,
        references: aliases
            .into_iter()
            .map(|id| wire::Reference {
                id,
                source: wire::Source { name: "OSV" },
            })
            .collect(),
        ratings: ratings(finding),
        description: Some(finding.summary.as_str()).filter(|summary| !summary.is_empty()),
        recommendation: Some(remedies.into_iter().collect::<Vec<_>>().join(" "))
            .filter(|text| !text.is_empty()),
        published: finding.published.map(|published| published.to_string()),
        affects: affected
            .into_iter()
            .map(|reference| wire::Affected { reference })
            .collect(),
        properties,
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

fn ratings(finding: &Finding) -> Vec<wire::Rating<'_>> {
    let mut ratings: Vec<wire::Rating<'_>> = finding
        .because
        .iter()
        .filter_map(|reason| match reason {
            Reason::Scored { vector, tenths } => Some(wire::Rating {
                score: Some(f64::from(*tenths) / 10.0),
                severity: Severity::from_cvss(f64::from(*tenths) / 10.0).label(),
                method: Some(method(vector)),
                vector: Some(vector),
            }),
            _ => None,
        })
        .collect();
    if ratings.is_empty() {
        ratings.push(wire::Rating {
            score: None,
            severity: finding.severity.label(),
            method: None,
            vector: None,
        });
    }
    ratings
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
