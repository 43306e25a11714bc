//! `Vulnerabilities`: each known flaw of a package takes a point.

use std::collections::BTreeMap;

use linchpin_model::FindingKind;

use crate::practices::Facts;
use crate::practices::evaluation::{Check, Evaluation, MOST_SCORE, Risk, Standing};

pub(super) const CHECK: Check = Check {
    name: "Vulnerabilities",
    risk: Risk::High,
    standing: Standing::Scorecard,
    short: "Whether packages of the project have known flaws",
    remedy: "Take versions without the flaws: `linchpin fix` proposes them.",
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    // The same flaw in several packages is one, as it has one record.
    let mut flaws: BTreeMap<&str, &str> = BTreeMap::new();
    for finding in facts.vulnerabilities.findings {
        if matches!(
            finding.kind,
            FindingKind::Vulnerability | FindingKind::Malicious
        ) {
            flaws.insert(&finding.rule.0, &finding.summary);
        }
    }
    let points = usize::from(MOST_SCORE).saturating_sub(flaws.len());
    let reason = format!("{} existing vulnerabilities detected", flaws.len());
    let evaluation = Evaluation::new(points as u8, reason);
    let evaluation = flaws.into_iter().fold(evaluation, |all, (id, summary)| {
        all.warn(format!("project is vulnerable to {id}: {summary}"), None)
    });
    if facts.vulnerabilities.starter_set_only {
        return evaluation.inform(
            "only the advisories of the starter set were there to compare with; `linchpin db update` fetches all",
            None,
        );
    }
    evaluation
}
