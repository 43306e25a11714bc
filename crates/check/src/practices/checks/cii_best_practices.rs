//! `CII-Best-Practices`: the level of the OpenSSF Best Practices badge.

use crate::practices::Facts;
use crate::practices::evaluation::{Check, Evaluation, Risk, Standing};

pub(super) const CHECK: Check = Check {
    name: "CII-Best-Practices",
    risk: Risk::Low,
    standing: Standing::Scorecard,
    short: "Whether the project has earned an OpenSSF Best Practices badge",
    remedy: "Sign up for the OpenSSF Best Practices program.",
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    judge(facts).unwrap_or_else(Evaluation::unknown)
}

fn judge(facts: &Facts<'_>) -> Result<Evaluation, String> {
    let level = facts.of_forge(|forge| &forge.badge)?;
    let level = level.as_deref().unwrap_or_default();
    let points = match level {
        "gold" => 10,
        "silver" => 7,
        "passing" => 5,
        "in_progress" => 2,
        "" => 0,
        other => return Err(format!("the badge `{other}` is not known")),
    };
    let reason = match level {
        "" => "no effort to earn an OpenSSF best practices badge detected".to_owned(),
        level => format!("badge detected: {}", level.replace('_', " ")),
    };
    Ok(Evaluation::new(points, reason))
}
