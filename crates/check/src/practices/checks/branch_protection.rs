//! `Branch-Protection`: tiers, of which each must be whole before the next one counts.

use crate::practices::evaluation::{Check, Evaluation, Risk, Standing};
use crate::practices::{Facts, Protection};

pub(super) const CHECK: Check = Check {
    name: "Branch-Protection",
    risk: Risk::High,
    standing: Standing::Scorecard,
    short: "Whether the branch that counts is protected from being changed without review",
    remedy: "Protect the default branch: no force pushes, no deletion, required reviews and status checks.",
    evaluate,
};

/// A requirement: what it is, and whether it holds. Nothing is what the token may not see.
type Requirement = (&'static str, Option<bool>);

/// The tiers with their points.
fn tiers(protection: &Protection) -> [(u32, Vec<Requirement>); 5] {
    let reviewers = protection.reviewers.unwrap_or_default();
    // What only administrators see is not asked of others.
    let is_administrator =
        protection.is_strict.is_some() || protection.requires_last_push_approval.is_some();
    [
        (
            3,
            vec![
                (
                    "force pushes are off",
                    Some(protection.allows_force_pushes == Some(false)),
                ),
                (
                    "the branch can not be deleted",
                    Some(protection.allows_deletion == Some(false)),
                ),
            ],
        ),
        (
            3,
            vec![
                ("at least one reviewer must approve", Some(reviewers >= 1)),
                (
                    "branches must be up to date before they are merged",
                    protection.is_strict,
                ),
                (
                    "the last push must be approved by somebody else",
                    protection.requires_last_push_approval,
                ),
                (
                    "changes must come as proposals",
                    is_administrator.then_some(protection.requires_proposals == Some(true)),
                ),
            ],
        ),
        (
            2,
            vec![(
                "status checks must succeed",
                Some(protection.status_checks > 0),
            )],
        ),
        (
            1,
            vec![
                ("at least two reviewers must approve", Some(reviewers >= 2)),
                (
                    "owners of the code must approve",
                    Some(protection.requires_code_owners == Some(true)),
                ),
            ],
        ),
        (
            1,
            vec![
                (
                    "approvals fall when something is added",
                    protection.dismisses_stale_reviews,
                ),
                (
                    "it holds for administrators",
                    protection.holds_for_administrators,
                ),
            ],
        ),
    ]
}

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    judge(facts).unwrap_or_else(Evaluation::unknown)
}

fn judge(facts: &Facts<'_>) -> Result<Evaluation, String> {
    let (branch, protection) = facts.of_forge(|forge| &forge.protection)?;
    let mut hundredths = 0;
    let mut is_whole = true;
    let mut said = Vec::new();
    for (points, requirements) in tiers(protection) {
        let asked: Vec<(&str, bool)> = (requirements.iter())
            .filter_map(|(text, holds)| Some((*text, (*holds)?)))
            .collect();
        let held = asked.iter().filter(|(_, holds)| *holds).count() as u32;
        let all = asked.len() as u32;
        if is_whole {
            // Nothing asked is nothing missing.
            hundredths += (100 * points * held)
                .checked_div(all)
                .unwrap_or(100 * points);
        }
        is_whole &= held == all;
        said.extend(asked);
    }
    let score = (hundredths / 100).min(10) as u8;
    let reason = match score {
        0 => format!("branch protection is not enabled on `{branch}`"),
        10 => format!("branch protection is fully enabled on `{branch}`"),
        _ => format!("branch protection is not maximal on `{branch}`"),
    };
    let evaluation = Evaluation::new(score, reason);
    Ok(
        (said.into_iter()).fold(evaluation, |evaluation, (text, holds)| {
            if holds {
                evaluation.inform(format!("{text} on `{branch}`"), None)
            } else {
                evaluation.warn(format!("it is not so that {text} on `{branch}`"), None)
            }
        }),
    )
}
