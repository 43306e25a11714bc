//! `Maintained`: commits of the last 90 days, of which one a week is enough. A project that is younger
//! has no past to be judged by.

use crate::practices::evaluation::{Check, Evaluation, Risk, Standing};
use crate::practices::{Beginning, Facts, History};

pub(super) const CHECK: Check = Check {
    name: "Maintained",
    risk: Risk::High,
    standing: Standing::Scorecard,
    short: "Whether somebody looks after the project",
    remedy: "There is nothing to mend at once: a project that nobody changes may be finished, or left alone.",
    evaluate,
};

/// How far back commits count, in days.
const DAYS: i64 = 90;

/// How many commits are enough: one a week.
const ENOUGH: usize = 90 / 7;

impl History {
    /// The moment from which on commits count, in seconds since 1970.
    pub fn window_start(now: linchpin_model::Timestamp) -> i64 {
        now.as_second().saturating_sub(DAYS * 24 * 60 * 60)
    }
}

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    judge(facts).unwrap_or_else(Evaluation::unknown)
}

fn judge(facts: &Facts<'_>) -> Result<Evaluation, String> {
    if facts.forge.is_ok_and(|forge| forge.is_archived) {
        let evaluation = Evaluation::new(0, "project is archived");
        return Ok(evaluation.warn("the repository is archived", None));
    }
    let history = facts.history()?;
    let start = History::window_start(facts.now);
    let count = history
        .commits
        .iter()
        .filter(|commit| commit.committed >= start)
        .count();
    match history.beginning {
        Beginning::Unknown => Err(format!(
            "the clone is shallow and does not reach back {DAYS} days; `git fetch --unshallow` gets the rest"
        )),
        Beginning::Recent => {
            let reason = format!(
                "project was created within the last {DAYS} days; review its contents carefully"
            );
            let text = format!("the first commit is less than {DAYS} days old");
            Ok(Evaluation::new(0, reason).warn(text, None))
        }
        Beginning::LongAgo => {
            let reason = format!("{count} commit(s) found in the last {DAYS} days");
            Ok(Evaluation::share(count, ENOUGH, reason))
        }
    }
}
