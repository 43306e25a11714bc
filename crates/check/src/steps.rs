//! What to do about the findings of rules: one step for each rule and file, because that is one change.
//! What looks like an attack is one step for each file, whatever speaks against it.

use std::collections::BTreeMap;

use linchpin_model::{About, Finding, FindingKind, RuleReason, Severity, Step, TargetPath};

/// Longest sentence, in characters.
const LONGEST: usize = 200;

/// The steps that remove findings of rules, in the order of the files. `removes` speaks of places in
/// the list; the risk that a step removes is the sum of the scores.
pub fn steps(findings: &[Finding]) -> Vec<Step> {
    let mut changes: BTreeMap<(&TargetPath, &str), (&RuleReason, Vec<usize>)> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        if let (About::Place(place), Some(reason)) = (&finding.about, finding.rule_reason()) {
            // Whatever speaks against a package, it is taken out once. The worst comes first.
            let rule = if is_attack(finding) {
                ""
            } else {
                finding.rule.0.as_str()
            };
            let known = changes
                .entry((&place.path, rule))
                .or_insert((reason, Vec::new()));
            known.1.push(index);
        }
    }
    changes
        .into_iter()
        .map(|((path, _), (reason, removes))| Step {
            action: action(reason),
            command: None,
            place: Some(path.clone()),
            risk: removes
                .iter()
                .filter_map(|&index| findings.get(index))
                .map(weight)
                .sum(),
            removes,
        })
        .collect()
}

/// How much a finding adds to the risk that a step removes. What does what attacks do weighs as one
/// that is known: as much as four others of its score.
fn weight(finding: &Finding) -> u32 {
    u32::from(finding.score.0) * if is_attack(finding) { 4 } else { 1 }
}

fn is_attack(finding: &Finding) -> bool {
    finding.kind == FindingKind::Suspicious && finding.severity == Severity::Critical
}

/// What is wrong, and the first line of what to write instead.
fn action(reason: &RuleReason) -> String {
    let first = reason.fix.lines().next().unwrap_or_default();
    let first = first.trim().trim_end_matches(['.', ':']);
    let text = format!("{}: {first}", reason.title);
    text.chars().take(LONGEST).collect()
}
