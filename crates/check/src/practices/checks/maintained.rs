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
    if facts.forge.is_ok_and(|forge| forge.is_archived) {
        return Evaluation::new(0, "project is archived").warn("the repository is archived", None);
    }
    let history = match facts.history {
        Ok(history) => history,
        Err(reason) => return Evaluation::unknown(reason),
    };
    let start = History::window_start(facts.now);
    let count = history
        .commits
        .iter()
        .filter(|commit| commit.committed >= start)
        .count();
    match history.beginning {
        Beginning::Unknown => {
            return Evaluation::unknown(format!(
                "the clone is shallow and does not reach back {DAYS} days; `git fetch --unshallow` gets the rest"
            ));
        }
        Beginning::Recent => {
            return Evaluation::new(
                0,
                format!(
                    "project was created within the last {DAYS} days; review its contents carefully"
                ),
            )
            .warn(
                format!("the first commit is less than {DAYS} days old"),
                None,
            );
        }
        Beginning::LongAgo => {}
    }
    let reason = format!("{count} commit(s) found in the last {DAYS} days");
    Evaluation::share(count, ENOUGH, reason)
}
