//! `Token-Permissions`: whether the tokens of workflows may do no more than they need.
//!
//! A workflow should say at its top that it only reads, and jobs what they write. Points are taken as in
//! Scorecard: half a point where only the top is left out; all of them where a job has whatever the
//! forge gives, or where the top lets every job write code, packages or runs.

use crate::practices::evaluation::{Check, Evaluation, MOST_SCORE, Place, Risk, Standing};
use crate::practices::pipelines::TokenRights;
use crate::practices::{Facts, Workflow};

pub(super) const CHECK: Check = Check {
    name: "Token-Permissions",
    risk: Risk::High,
    standing: Standing::Scorecard,
    short: "Whether the tokens of workflows may do no more than they need",
    remedy: "Begin each workflow with `permissions: contents: read`, and let single jobs say what they write.",
    evaluate,
};

/// All points, in tenths.
const ALL: u32 = 100;

/// The scopes that count, and how many tenths of a point it costs to let all jobs write them.
const SCOPES: &[(&str, u32)] = &[
    ("actions", ALL),
    ("contents", ALL),
    ("packages", ALL),
    ("deployments", 10),
    ("security-events", 10),
    ("checks", 5),
    ("statuses", 5),
];

fn cost(scope: &str) -> Option<u32> {
    let mut scopes = SCOPES.iter();
    scopes
        .find(|(known, _)| *known == scope)
        .map(|(_, cost)| *cost)
}

/// Whether a job needs this to do what the workflow is for.
fn is_needed(workflow: &Workflow, scope: &str) -> bool {
    match scope {
        "contents" | "packages" => workflow.publishes.is_some(),
        "security-events" => workflow.uploads_analyses,
        _ => false,
    }
}

/// What a workflow costs, in tenths of a point, and why.
fn judge(workflow: &Workflow) -> (u32, Vec<(String, u32)>) {
    let mut said = Vec::new();
    let mut cost_of_jobs = 0;
    let mut is_undeclared = false;
    let mut writes_all = false;
    for (line, rights) in &workflow.jobs {
        match rights {
            TokenRights::Undeclared => {
                is_undeclared = true;
                if workflow.token == TokenRights::Undeclared {
                    said.push(("no jobLevel permission defined".to_owned(), *line));
                }
            }
            TokenRights::WriteAll(at) => {
                writes_all = true;
                said.push(("a job may write everything".to_owned(), *at));
            }
            TokenRights::Writes(scopes) => {
                for (scope, at) in scopes {
                    if cost(scope).is_some() && !is_needed(workflow, scope) {
                        cost_of_jobs += 5;
                        said.push((format!("jobLevel '{scope}' permission set to 'write'"), *at));
                    }
                }
            }
        }
    }
    let of_top = match &workflow.token {
        TokenRights::Undeclared => {
            said.push(("no topLevel permission defined".to_owned(), 1));
            if is_undeclared || writes_all {
                ALL
            } else {
                5 + cost_of_jobs
            }
        }
        TokenRights::WriteAll(at) => {
            said.push(("topLevel permissions set to 'write-all'".to_owned(), *at));
            if is_undeclared || writes_all || cost_of_jobs > 0 {
                ALL
            } else {
                5
            }
        }
        TokenRights::Writes(scopes) => {
            let mut sum = 0;
            for (scope, at) in scopes {
                if let Some(cost) = cost(scope) {
                    sum += cost;
                    said.push((format!("topLevel '{scope}' permission set to 'write'"), *at));
                }
            }
            sum
        }
    };
    (of_top, said)
}

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    let workflows = &facts.pipelines.workflows;
    if workflows.is_empty() {
        return Evaluation::unknown("no workflows found");
    }
    let mut tenths = 0;
    let mut said = Vec::new();
    for workflow in workflows {
        let (cost, texts) = judge(workflow);
        tenths += cost;
        let texts = texts.into_iter();
        said.extend(texts.map(|(text, line)| (text, Place::line(&workflow.path, line))));
    }
    let score = (ALL.saturating_sub(tenths) / 10) as u8;
    let reason = if tenths == 0 {
        "GitHub workflow tokens follow principle of least privilege"
    } else {
        "detected GitHub workflow tokens with excessive permissions"
    };
    let evaluation = Evaluation::new(score.min(MOST_SCORE), reason);
    said.into_iter()
        .fold(evaluation, |evaluation, (text, place)| {
            evaluation.warn(text, Some(place))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use linchpin_model::TargetPath;

    fn cost_of(token: TokenRights, jobs: &[TokenRights], publishes: bool) -> u32 {
        let workflow = Workflow {
            path: TargetPath::new(".github/workflows/a.yml"),
            token,
            jobs: jobs.iter().map(|rights| (1, rights.clone())).collect(),
            runs_for_proposals: true,
            publishes: publishes.then_some(1),
            analyses: Vec::new(),
            uploads_analyses: false,
        };
        judge(&workflow).0
    }

    #[test]
    fn points_are_taken_as_scorecard_takes_them() {
        let writes = |scopes: &[&str]| {
            TokenRights::Writes(
                scopes
                    .iter()
                    .map(|scope| ((*scope).to_owned(), 1))
                    .collect(),
            )
        };
        let none = TokenRights::Undeclared;
        let all = TokenRights::WriteAll(1);
        let read = writes(&[]);
        for (top, job, publishes, cost) in [
            (&read, &none, false, 0),
            (&read, &writes(&["contents"]), false, 0),
            (&none, &none, false, 100),
            (&none, &read, false, 5),
            (&none, &writes(&["contents"]), false, 10),
            (&none, &writes(&["contents"]), true, 5),
            (&none, &all, false, 100),
            (&all, &read, false, 5),
            (&all, &none, false, 100),
            (&writes(&["contents"]), &none, false, 100),
            (&writes(&["checks", "statuses"]), &none, false, 10),
            (&writes(&["security-events"]), &none, false, 10),
            (&writes(&["issues"]), &none, false, 0),
        ] {
            let found = cost_of(top.clone(), std::slice::from_ref(job), publishes);
            assert_eq!(found, cost, "{top:?} {job:?}");
        }
    }
}
