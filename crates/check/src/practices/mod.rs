//! Practices: what a project does to keep its software safe, as the checks of OpenSSF Scorecard ask it.
//!
//! Scorecard asks a forge; here the same questions are answered from a checkout and its history, as far
//! as these tell. A check is one file in [`checks`] with one constant: it takes [`Facts`], which are
//! values, and gives a score from 0 to 10 or says why it gives none. Nothing is guessed: what only a
//! forge knows has no score unless the forge was asked ([`forge`]). The rules are those of
//! <https://github.com/ossf/scorecard/blob/main/docs/checks.md>; `docs/score.md` says where they
//! differ.

mod checks;
mod commits;
mod evaluation;
mod facts;
mod files;
mod findings;
mod forge;
mod people;
mod pins;
mod pipelines;
mod tools;

pub use checks::{ALL, find};
pub use commits::{Beginning, Change, Commit, History, Person, RECENT, Signature};
pub use evaluation::{Check, Detail, DetailLevel, Evaluation, MOST_SCORE, Place, Risk, Standing};
pub use facts::{Facts, Vulnerabilities};
pub use files::{Depth, Files, PracticeFiles};
pub use findings::findings;
pub use forge::{Forge, ForgeFacts, Protection, Release, Repository, ask};
pub use pins::{Pin, PinKind};
pub use pipelines::{Pipelines, Workflow};

/// A check with what it came to.
#[derive(Debug, Clone)]
pub struct Scored {
    /// The check.
    pub check: &'static Check,
    /// What it came to.
    pub evaluation: Evaluation,
}

/// Makes checks.
pub fn score(chosen: &[&'static Check], facts: &Facts<'_>) -> Vec<Scored> {
    let scored = chosen.iter().map(|check| Scored {
        check,
        evaluation: (check.evaluate)(facts),
    });
    scored.collect()
}

/// The score over several checks: their mean, each by the weight of its risk, in tenths. Checks without
/// a score do not count, and neither do those that Scorecard does not have. Nothing if none counts.
pub fn overall(scored: &[Scored]) -> Option<u32> {
    let mut sum = 0;
    let mut weights = 0;
    for one in scored {
        if let (Some(score), Standing::Scorecard) = (one.evaluation.score, one.check.standing) {
            sum += u32::from(score) * one.check.risk.weight();
            weights += one.check.risk.weight();
        }
    }
    // Half of a tenth goes up.
    (weights > 0).then(|| (sum * 20 + weights) / (2 * weights))
}
