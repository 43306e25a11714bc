//! A policy's own cases: it is asked what it makes of statements as if they had been verified, and must
//! say what the case expects.

use crate::decision::{Context, Decision, Verdict, decide};
use crate::evidence::{Evidence, Readers};
use crate::policy::{Case, Level, Policy};

/// What came of a case.
#[derive(Debug)]
pub struct CaseOutcome {
    /// What the case shows.
    pub title: String,
    /// The line in the file.
    pub line: u32,
    /// What the policy says.
    pub verdict: Verdict,
    /// What is not as it should be, in words; none if all is.
    pub faults: Vec<String>,
}

/// Asks all cases of a policy.
pub fn run_cases(mut policy: Policy, readers: Readers<'_>) -> Vec<CaseOutcome> {
    let cases = std::mem::take(&mut policy.cases);
    let own: Option<Level> = policy.level.clone();
    let run = |case: &Case| {
        policy.level = case.level.clone().or_else(|| own.clone());
        let evidence = Evidence::of_case(case, &policy);
        let context = Context {
            name: case.artifact.clone(),
            label: String::new(),
            digest: None,
            environment: case.environment.clone(),
            channel: case.channel.clone(),
            now: case.now,
        };
        let verdict = decide(&policy, &evidence, &context, readers);
        CaseOutcome {
            title: case.title.clone(),
            line: case.at.line,
            faults: faults(case, &verdict),
            verdict,
        }
    };
    cases.iter().map(run).collect()
}

fn faults(case: &Case, verdict: &Verdict) -> Vec<String> {
    let mut faults = Vec::new();
    let differs = |what: &str, expected: Decision, found: Decision| {
        format!(
            "{what} is {}, and {} is expected",
            found.word(),
            expected.word()
        )
    };
    if verdict.decision != case.expect {
        faults.push(differs("the verdict", case.expect, verdict.decision));
    }
    for (id, expected) in &case.rules {
        match verdict.rules.iter().find(|rule| rule.id == *id) {
            None => faults.push(format!("the rule `{id}` is not about the artifact")),
            Some(rule) if rule.decision != *expected => {
                faults.push(differs(
                    &format!("the rule `{id}`"),
                    *expected,
                    rule.decision,
                ));
            }
            Some(_) => {}
        }
    }
    faults
}
