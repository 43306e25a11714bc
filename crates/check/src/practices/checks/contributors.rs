//! `Contributors`: how many organisations those come from who commit often.
//!
//! A forge knows the company of a person; a history knows the domain of an address.

use std::collections::BTreeMap;

use crate::practices::Facts;
use crate::practices::evaluation::{Check, Evaluation, Risk, Standing};
use crate::practices::people::{is_machine, organisation};

pub(super) const CHECK: Check = Check {
    name: "Contributors",
    risk: Risk::Low,
    standing: Standing::Scorecard,
    short: "Whether people of several organisations contribute",
    remedy: "There is nothing to mend: it shows on how many shoulders the project rests.",
    evaluate,
};

/// How many organisations are enough for the best score.
const ENOUGH: usize = 3;

/// How many commits make somebody a contributor.
const LEAST_COMMITS: usize = 5;

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    judge(facts).unwrap_or_else(Evaluation::unknown)
}

fn judge(facts: &Facts<'_>) -> Result<Evaluation, String> {
    // Whether the latest commits are there at all.
    facts.recent_commits()?;
    let history = facts.history()?;
    let mut commits: BTreeMap<String, (usize, Option<String>)> = BTreeMap::new();
    for commit in &history.commits {
        let author = &commit.author;
        if commit.parents.len() < 2 && !is_machine(author) {
            let key = author.email.to_ascii_lowercase();
            let known = commits
                .entry(key)
                .or_insert_with(|| (0, organisation(author)));
            known.0 += 1;
        }
    }
    let mut organisations: Vec<String> = commits
        .into_values()
        .filter(|(count, _)| *count >= LEAST_COMMITS)
        .filter_map(|(_, organisation)| organisation)
        .collect();
    organisations.sort();
    organisations.dedup();
    let count = organisations.len();
    let reason = format!("project has {count} contributing companies or organizations");
    let evaluation = Evaluation::share(count.min(ENOUGH), ENOUGH, reason);
    if organisations.is_empty() {
        return Ok(evaluation);
    }
    let listed: Vec<String> = organisations.into_iter().take(20).collect();
    let text = format!("found contributions from: {}", listed.join(", "));
    Ok(evaluation.inform(text, None))
}
