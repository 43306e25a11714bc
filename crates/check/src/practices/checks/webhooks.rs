//! `Webhooks`: the share of webhooks that prove who tells.

use crate::practices::Facts;
use crate::practices::evaluation::{Check, Evaluation, MOST_SCORE, Risk, Standing};

pub(super) const CHECK: Check = Check {
    name: "Webhooks",
    risk: Risk::Critical,
    standing: Standing::Scorecard,
    short: "Whether webhooks have a secret by which receivers know the sender",
    remedy: "Set a secret for each webhook, and let the receiver check it.",
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    judge(facts).unwrap_or_else(Evaluation::unknown)
}

fn judge(facts: &Facts<'_>) -> Result<Evaluation, String> {
    let hooks = facts.of_forge(|forge| &forge.webhooks)?;
    if hooks.is_empty() {
        return Ok(Evaluation::new(MOST_SCORE, "no webhooks defined"));
    }
    let with_secret = hooks.iter().filter(|(_, has_secret)| *has_secret).count();
    let reason = format!("{with_secret} of {} webhooks have a secret", hooks.len());
    let evaluation = Evaluation::share(with_secret, hooks.len(), reason);
    let open = hooks.iter().filter(|(_, has_secret)| !has_secret);
    Ok(open.fold(evaluation, |evaluation, (name, _)| {
        evaluation.warn(format!("{name} has no secret"), None)
    }))
}
