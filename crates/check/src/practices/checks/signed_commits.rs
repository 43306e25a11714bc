//! `Signed-Commits`: the share of recent commits that are signed. Ours; Scorecard has no such check.
//!
//! That a signature is there says that somebody took the trouble. Whether it is right, only whoever
//! knows the keys can say.

use std::collections::BTreeMap;

use crate::practices::evaluation::{Check, Evaluation, Risk, Standing};
use crate::practices::{Facts, Signature};

pub(super) const CHECK: Check = Check {
    name: "Signed-Commits",
    risk: Risk::Low,
    standing: Standing::Ours,
    short: "Whether commits are signed",
    remedy: "Sign commits (`git config commit.gpgsign true`, with a key of SSH or OpenPGP), and let the forge require it.",
    evaluate,
};

fn label(signature: Signature) -> &'static str {
    match signature {
        Signature::Pgp => "OpenPGP",
        Signature::Ssh => "SSH",
        Signature::X509 => "a certificate",
        Signature::Other => "something unknown",
    }
}

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    judge(facts).unwrap_or_else(Evaluation::unknown)
}

fn judge(facts: &Facts<'_>) -> Result<Evaluation, String> {
    let commits = facts.recent_commits()?;
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for signature in commits.iter().filter_map(|commit| commit.signature) {
        *kinds.entry(label(signature)).or_default() += 1;
    }
    let signed: usize = kinds.values().sum();
    let reason = format!(
        "{signed} out of the latest {} commits are signed",
        commits.len()
    );
    let evaluation = Evaluation::share(signed, commits.len(), reason);
    let evaluation = kinds.into_iter().fold(evaluation, |all, (kind, count)| {
        all.inform(format!("{count} signed with {kind}, not verified"), None)
    });
    let unsigned = commits.iter().filter(|commit| commit.signature.is_none());
    Ok(unsigned.fold(evaluation, |all, commit| {
        let subject: String = commit.subject().chars().take(100).collect();
        all.warn(format!("not signed: {}: {subject}", commit.short()), None)
    }))
}
