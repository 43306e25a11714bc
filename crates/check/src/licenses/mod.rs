//! What the licences of packages ask for, held against what a project wants.
//!
//! A finding is made for each package whose licence the policy notes, warns of or denies. Its id
//! names the category, its other names are the licences: an exception in `linchpin.toml` can be for
//! either. Packages of the operating system are left out unless the policy asks for them: nobody
//! chooses them by their licence, and each of them has its source offered by the distribution.

mod policy;

use std::collections::BTreeSet;

use linchpin_model::{
    About, Finding, FindingKind, Inventory, LicenseCategory, LicenseExpression, Note, NoteKind,
    OccurrenceKind, Package, PackageId, Reason, RiskScore, RuleId, RuleReason, Step,
};

use crate::checks::Checked;
use crate::priority::risk_score;

pub use policy::{InvalidLicensePolicy, LicensePolicy, LicenseStanding, LicensesEntry};

/// Holds the licences of an inventory against a policy.
pub fn check_licenses(inventory: &Inventory, policy: &LicensePolicy) -> Checked {
    let mut checked = Checked::default();
    let mut unasked = 0_usize;
    for (id, package) in inventory.libraries() {
        if !policy.with_distribution && package.is_of_distribution() {
            continue;
        }
        let (standing, category) = policy.standing(package.license.as_ref());
        if standing == LicenseStanding::Allow {
            continue;
        }
        if package.license.is_none() && !package.is_there() {
            unasked += 1;
            continue;
        }
        checked
            .findings
            .push(finding(id, package, standing, category, policy));
    }
    if unasked > 0 {
        let packages = if unasked == 1 { "package" } else { "packages" };
        let text = format!(
            "the licences of {unasked} {packages} are not known, because only lockfiles name them: install them, and scan again"
        );
        checked.notes.push(Note::general(NoteKind::Unread, text));
    }
    checked
}

fn finding(
    id: PackageId,
    package: &Package,
    standing: LicenseStanding,
    category: LicenseCategory,
    policy: &LicensePolicy,
) -> Finding {
    let (score, parts) = risk_score(standing.severity());
    let license = package.license.as_ref();
    let names: BTreeSet<String> = license
        .map(LicenseExpression::terms)
        .unwrap_or_default()
        .into_iter()
        .filter(|term| policy.standing_of_term(term) == standing)
        .map(|term| term.to_string())
        .collect();
    let name = package.name();
    let summary = match license {
        Some(license) => format!("{license}: {}", category.meaning()),
        None => "it does not say what its licence is, and no licence file is one of the known"
            .to_owned(),
    };
    let rule = format!("license-{}", category.label());
    let excepted = names.first().unwrap_or(&rule);
    // What follows an `@` is the version: in names it is encoded.
    let purl = package.purl.as_str();
    let purl = purl.split(['@', '?']).next().unwrap_or(purl);
    let why = match &package.license_file {
        Some(file) => format!("{summary} (the text of {file})"),
        None => summary.clone(),
    };
    Finding {
        rule: RuleId(rule.clone()),
        aliases: names.iter().cloned().collect(),
        kind: FindingKind::License,
        severity: standing.severity(),
        cvss_tenths: None,
        score: RiskScore(score),
        exploited: None,
        about: About::Package(id),
        remedy: None,
        summary,
        published: None,
        because: vec![
            Reason::Rule(RuleReason {
                title: format!("The licence of {name} is {}", adjective(category)),
                category: "license".to_owned(),
                why,
                fix: format!(
                    "Use another package, or keep to what the licence asks for and say so in linchpin.toml:\n\
                     [[exceptions]]\n\
                     id = \"{excepted}\"\n\
                     package = \"{purl}\"\n\
                     reason = \"why it is fine here\"\n\
                     expires = 2030-12-31"
                ),
                references: Vec::new(),
                excerpt: Vec::new(),
                repair: None,
                fingerprint: None,
            }),
            Reason::Weighed(parts),
        ],
    }
}

fn adjective(category: LicenseCategory) -> &'static str {
    match category {
        LicenseCategory::PublicDomain => "a dedication to the public",
        LicenseCategory::Permissive => "permissive",
        LicenseCategory::WeakCopyleft => "weak copyleft",
        LicenseCategory::StrongCopyleft => "strong copyleft",
        LicenseCategory::NetworkCopyleft => "copyleft that reaches over networks",
        LicenseCategory::Restricted => "not for everybody or everything",
        LicenseCategory::Unknown => "not known",
    }
}

/// What to do about licences that are warned of or denied: one step for each package.
pub fn license_steps(findings: &[Finding], inventory: &Inventory) -> Vec<Step> {
    let wrong = findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| finding.kind == FindingKind::License && finding.score.0 > 0);
    wrong
        .filter_map(|(index, finding)| {
            let About::Package(id) = finding.about else {
                return None;
            };
            let package = inventory.packages.get(id.index())?;
            let license = match &package.license {
                Some(license) => format!("its licence is {license}"),
                None => "its licence is not known".to_owned(),
            };
            Some(Step {
                action: format!(
                    "use another package than {}, or except it in linchpin.toml: {license}",
                    package.name()
                ),
                command: None,
                place: package
                    .occurrences
                    .iter()
                    .min_by_key(|occurrence| occurrence.kind != OccurrenceKind::Locked)
                    .map(|occurrence| occurrence.path.clone()),
                removes: vec![index],
                risk: u32::from(finding.score.0),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use linchpin_model::{
        CatalogerId, InventoryBuilder, Occurrence, PackageUrl, Role, Severity, Subject,
        SubjectKind, TargetPath,
    };

    use super::*;

    fn inventory(packages: &[(&str, Option<&str>, OccurrenceKind)]) -> Inventory {
        let mut builder = InventoryBuilder::default();
        for (purl, license, kind) in packages {
            let occurrence = Occurrence {
                path: TargetPath::new("x"),
                layer: None,
                kind: *kind,
                cataloger: CatalogerId("npm"),
                owner: None,
            };
            let mut package = Package::new(purl.parse::<PackageUrl>().unwrap(), occurrence);
            package.license = license.map(|text| LicenseExpression::parse(text).unwrap());
            if *purl == "pkg:npm/root@1" {
                package.role = Role::Application;
            }
            builder.add(package);
        }
        builder.finish(Subject {
            name: "target".to_owned(),
            kind: SubjectKind::Directory,
            digest: None,
            platform: None,
            layers: Vec::new(),
        })
    }

    fn policy(text: &str) -> LicensePolicy {
        toml::from_str::<LicensesEntry>(text)
            .unwrap()
            .understand()
            .unwrap()
    }

    #[test]
    fn licences_are_held_against_the_policy() {
        use OccurrenceKind::{Installed, Locked};
        let inventory = inventory(&[
            ("pkg:deb/debian/bash@5", Some("AGPL-3.0-only"), Installed),
            ("pkg:npm/a@1", Some("AGPL-3.0-only OR MIT"), Locked),
            ("pkg:npm/b@1", Some("AGPL-3.0-only"), Locked),
            ("pkg:npm/c@1", None, Locked),
            ("pkg:npm/d@1", None, Installed),
            ("pkg:npm/root@1", Some("AGPL-3.0-only"), Locked),
        ]);
        let found = |policy: &LicensePolicy| -> Vec<(String, String, Severity)> {
            let checked = check_licenses(&inventory, policy);
            let findings = checked.findings.into_iter();
            findings
                .map(|finding| {
                    let About::Package(id) = finding.about else {
                        panic!("a place")
                    };
                    (
                        inventory.package(id).name(),
                        finding.rule.0,
                        finding.severity,
                    )
                })
                .collect()
        };
        let one = |name: &str, rule: &str, severity| (name.to_owned(), rule.to_owned(), severity);
        assert_eq!(
            found(&LicensePolicy::default()),
            [one("b", "license-network-copyleft", Severity::None)]
        );
        let strict = policy("deny = ['network-copyleft']\nwarn = ['unknown']\ndistribution = true");
        assert_eq!(
            found(&strict),
            [
                one("bash", "license-network-copyleft", Severity::High),
                one("b", "license-network-copyleft", Severity::High),
                one("d", "license-unknown", Severity::Medium),
            ]
        );
        let checked = check_licenses(&inventory, &strict);
        assert_eq!(checked.notes.len(), 1);
        assert_eq!(checked.findings[1].aliases, ["AGPL-3.0-only"]);
        let steps = license_steps(&checked.findings, &inventory);
        assert_eq!(steps.len(), 3);
        assert!(
            steps[1].action.contains("b, or except it"),
            "{}",
            steps[1].action
        );
    }
}
