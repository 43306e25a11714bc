//! `Pinned-Dependencies`: how much of what builds take from elsewhere is named by its hash. Each sort of
//! thing counts alike, however often it is there; of actions, those of others weigh more than those of
//! the forge.

use std::collections::BTreeMap;

use crate::practices::evaluation::{Check, Evaluation, MOST_SCORE, Risk, Standing};
use crate::practices::{Facts, Pin, PinKind};

pub(super) const CHECK: Check = Check {
    name: "Pinned-Dependencies",
    risk: Risk::Medium,
    standing: Standing::Scorecard,
    short: "Whether builds name what they take from elsewhere by its hash",
    remedy: "Name actions by their commit and images by their digest, and install from lock files that have hashes.",
    evaluate,
};

/// The weight of a sort; the two of actions share one where both are there.
fn weight(kind: PinKind, has_both: bool) -> usize {
    match kind {
        PinKind::OfficialAction if has_both => 2,
        PinKind::Action if has_both => 8,
        _ => 10,
    }
}

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    let pins: Vec<&Pin> = (facts.pipelines.pins.iter())
        .chain(&facts.files.pins)
        .collect();
    let mut counts: BTreeMap<PinKind, (usize, usize)> = BTreeMap::new();
    for pin in &pins {
        let count = counts.entry(pin.kind).or_default();
        count.0 += usize::from(pin.is_pinned);
        count.1 += 1;
    }
    if counts.is_empty() {
        return Evaluation::unknown("no dependencies found");
    }
    let has_both =
        counts.contains_key(&PinKind::OfficialAction) && counts.contains_key(&PinKind::Action);
    let mut sum = 0;
    let mut weights = 0;
    for (kind, (pinned, all)) in &counts {
        let weight = weight(*kind, has_both);
        // Each sort for itself is rounded down, as Scorecard does it.
        sum += (pinned * usize::from(MOST_SCORE) / all) * weight;
        weights += weight;
    }
    let score = (sum / weights) as u8;
    let reason = if score == MOST_SCORE {
        "all dependencies are pinned"
    } else {
        "dependency not pinned by hash detected"
    };
    let mut evaluation = Evaluation::new(score, reason);
    for pin in pins.iter().filter(|pin| !pin.is_pinned) {
        let text = format!("{} not pinned by hash: {}", pin.kind.label(), pin.what);
        evaluation = evaluation.warn(text, Some(pin.place.clone()));
    }
    for (kind, (pinned, all)) in counts {
        let text = format!(
            "{pinned} out of {all} of the sort `{}` are pinned",
            kind.label()
        );
        evaluation = evaluation.inform(text, None);
    }
    evaluation
}
