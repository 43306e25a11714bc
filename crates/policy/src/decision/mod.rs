//! The decision: each rule that is about the artifact is asked, and what can not be answered is never
//! a yes.

mod offences;
mod verdict;

use linchpin_expression::{Extent, Value, sort_of};
use linchpin_model::{Digest, Timestamp};

use crate::evidence::{Evidence, Readers};
use crate::facts::{Fact, Facts, Lack};
use crate::policy::{Policy, Question, Rule};
pub use verdict::{Decision, RuleVerdict, Verdict};

/// What is asked about, and when.
#[derive(Debug, Clone)]
pub struct Context {
    /// The name that it goes by, such as that of an image. Where nobody has said one, rules for artifacts
    /// of certain names apply: it might be one of them.
    pub name: Option<String>,
    /// What to call it where it has no name: its path.
    pub label: String,
    /// Its digest.
    pub digest: Option<Digest>,
    /// Where it is to run.
    pub environment: Option<String>,
    /// By which way it is given out.
    pub channel: Option<String>,
    /// The moment.
    pub now: Timestamp,
}

impl Context {
    /// What to call the artifact.
    pub fn called(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.label)
    }
}

/// Decides by a policy whether everyone has done their work.
pub fn decide(
    policy: &Policy,
    evidence: &Evidence,
    context: &Context,
    readers: Readers<'_>,
) -> Verdict {
    let facts = Facts::gather(policy, evidence, context, readers);
    let about = |rule: &&Rule| {
        rule.applies.to(
            context.name.as_deref(),
            context.environment.as_deref(),
            context.channel.as_deref(),
        )
    };
    let rules: Vec<RuleVerdict> = policy
        .rules
        .iter()
        .filter(about)
        .map(|rule| ask(rule, policy, &facts))
        .collect();
    let mut notes = facts.notes;
    // A verdict says the same however the evidence was ordered.
    notes.sort();
    notes.dedup();
    Verdict {
        decision: Verdict::of(&rules),
        left_out: policy.rules.len() - rules.len(),
        rules,
        statements: evidence.len(),
        build_level: facts.build_level,
        notes,
    }
}

/// Asks a rule.
fn ask(rule: &Rule, policy: &Policy, facts: &Facts) -> RuleVerdict {
    let answer = answer(rule, facts);
    let excepted = facts
        .exceptions
        .for_rule(&rule.id)
        .filter(|_| answer.decision == Decision::Denied);
    RuleVerdict {
        id: rule.id.clone(),
        title: rule.title.clone(),
        counts: policy.counts(rule),
        level: rule.level.as_ref().map(|level| level.0.clone()),
        decision: answer.decision,
        excepted,
        reason: answer.reason,
        offences: answer.offences,
        fix: answer.fix.map_or_else(|| rule.fix.clone(), str::to_owned),
    }
}

/// What a rule says, and why.
struct Answer {
    decision: Decision,
    reason: Option<String>,
    offences: Vec<String>,
    /// What to do, if it is something else than what the rule says.
    fix: Option<&'static str>,
}

impl Answer {
    fn passed() -> Self {
        Self {
            decision: Decision::Passed,
            reason: None,
            offences: Vec::new(),
            fix: None,
        }
    }

    fn denied(reason: impl Into<String>, offences: Vec<String>) -> Self {
        Self {
            decision: Decision::Denied,
            reason: Some(reason.into()),
            offences,
            fix: None,
        }
    }

    fn lacking(lack: Lack) -> Self {
        Self {
            fix: Some(lack.fix),
            ..Self::denied(lack.what, Vec::new())
        }
    }

    fn undecided(reason: impl Into<String>) -> Self {
        Self {
            decision: Decision::Undecided,
            reason: Some(reason.into()),
            offences: Vec::new(),
            fix: None,
        }
    }
}

fn answer(rule: &Rule, facts: &Facts) -> Answer {
    let expression = rule.question.expression();
    let (mut extent, mut is_null) = (Extent::default(), None);
    for name in expression.asked() {
        match facts.get(name) {
            Some(Fact::Missing(lack)) => return Answer::lacking(*lack),
            Some(Fact::Unreadable(why)) => return Answer::undecided(why.as_str()),
            Some(Fact::Known {
                extent: of_value,
                missing,
                ..
            }) => {
                extent = extent.with(*of_value);
                is_null = is_null.or(*missing);
            }
            None => return Answer::undecided(format!("nothing is known of `{name}`")),
        }
    }
    if expression.is_too_much_for(extent) {
        return Answer::undecided(format!(
            "its loops would take too long over {} values\nhint: write it with one loop less",
            extent.total
        ));
    }
    let value = match (expression.evaluate_prepared(&facts.known()), is_null) {
        (Ok(value), _) => value,
        // What was asked of something that nobody has said.
        (Err(_), Some(lack)) => return Answer::lacking(lack),
        (Err(error), None) => return Answer::undecided(format!("it can not be computed: {error}")),
    };
    let (denied, offences) = match (&rule.question, &value) {
        (Question::Require(_), Value::Bool(holds)) => (!holds, Vec::new()),
        (Question::Deny(_), Value::Bool(holds)) => (*holds, Vec::new()),
        (Question::Deny(_), Value::List(items)) => (
            !items.is_empty(),
            items.iter().map(offences::describe).collect(),
        ),
        (Question::Require(_), other) => {
            let sort = sort_of(other);
            return Answer::undecided(format!("`require` gives {sort}, and not true or false"));
        }
        (Question::Deny(_), other) => {
            let sort = sort_of(other);
            return Answer::undecided(format!(
                "`deny` gives {sort}, and not true, false or a list"
            ));
        }
    };
    match (denied, is_null) {
        (false, _) => Answer::passed(),
        (true, Some(lack)) => Answer::lacking(lack),
        (true, None) => Answer::denied(rule.message.as_str(), offences),
    }
}
