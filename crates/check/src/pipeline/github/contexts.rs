//! Who decides what a context of GitHub Actions holds.
//!
//! Sources: <https://docs.github.com/en/actions/concepts/security/script-injections> and the payloads
//! of <https://docs.github.com/en/webhooks/webhook-events-and-payloads>. Numbers, digests, names of
//! accounts and addresses are left out: their characters do nothing in a script.

/// Texts that anybody with an account decides, and the events that carry them.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("github.head_ref", &["pull_request", "pull_request_target"]),
    ("github.event.issue.title", &["issues", "issue_comment"]),
    ("github.event.issue.body", &["issues", "issue_comment"]),
    (
        "github.event.comment.body",
        &[
            "issue_comment",
            "pull_request_review_comment",
            "commit_comment",
            "discussion_comment",
        ],
    ),
    ("github.event.review.body", &["pull_request_review"]),
    (
        "github.event.review_comment.body",
        &["pull_request_review_comment"],
    ),
    (
        "github.event.discussion.title",
        &["discussion", "discussion_comment"],
    ),
    (
        "github.event.discussion.body",
        &["discussion", "discussion_comment"],
    ),
    ("github.event.pages.*.page_name", &["gollum"]),
    ("github.event.pages.*.title", &["gollum"]),
    ("github.event.workflow_run.head_branch", &["workflow_run"]),
    ("github.event.workflow_run.display_title", &["workflow_run"]),
    (
        "github.event.workflow_run.head_repository.description",
        &["workflow_run"],
    ),
    (
        "github.event.workflow_run.pull_requests.*.head.ref",
        &["workflow_run"],
    ),
];

/// Texts of a pull request, below `github.event.pull_request`.
const PULL_REQUEST: &[&str] = &[
    "title",
    "body",
    "head.ref",
    "head.label",
    "head.repo.default_branch",
    "head.repo.description",
    "head.repo.homepage",
];

/// Texts of a commit, below the contexts of commits.
const COMMIT: &[&str] = &[
    "message",
    "author.name",
    "author.email",
    "committer.name",
    "committer.email",
];

/// Contexts that hold a commit.
const COMMITS: &[(&str, &[&str])] = &[
    ("github.event.commits.*.", &["push"]),
    ("github.event.head_commit.", &["push"]),
    ("github.event.workflow_run.head_commit.", &["workflow_run"]),
];

/// Events of pull requests.
const PULL_REQUEST_EVENTS: &[&str] = &[
    "pull_request",
    "pull_request_target",
    "pull_request_review",
    "pull_request_review_comment",
];

/// Whole objects that hold such texts: `toJSON(github.event)`.
const OBJECTS: &[&str] = &[
    "github",
    "github.event",
    "github.event.issue",
    "github.event.comment",
    "github.event.review",
    "github.event.pull_request",
    "github.event.pull_request.head",
    "github.event.commits",
    "github.event.commits.*",
    "github.event.head_commit",
    "github.event.discussion",
    "github.event.workflow_run",
];

/// Texts that only somebody decides who may write to the repository already.
const INSIDE: &[&str] = &[
    "github.ref",
    "github.ref_name",
    "github.base_ref",
    "github.event.ref",
    "github.event.base_ref",
    "github.event.pull_request.base.ref",
    "github.event.release.name",
    "github.event.release.body",
    "github.event.release.tag_name",
    "github.event.release.target_commitish",
    "github.event.milestone.title",
    "github.event.milestone.description",
    "github.event.label.name",
    "github.event.label.description",
    "github.event.repository.description",
    "github.event.merge_group.head_ref",
];

/// Events whose runs have the rights of the repository although anybody can cause them.
pub(crate) const PRIVILEGED: &[&str] = &[
    "pull_request_target",
    "issues",
    "issue_comment",
    "workflow_run",
    "discussion",
    "discussion_comment",
    "fork",
    "watch",
    "gollum",
    "commit_comment",
];

/// Who decides a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decides {
    /// Anybody, and the run has the rights of the repository.
    AnybodyPrivileged,
    /// Anybody, and the run has no secrets if it comes from a fork; or nobody knows which run it is.
    AnybodyFromFork,
    /// Somebody who may write to the repository or start the run.
    Insider,
}

/// Who decides what a context holds in a run of one of these events. Without events it is an action,
/// which any workflow may use.
pub(crate) fn decides(path: &str, events: &[&str]) -> Option<Decides> {
    if let Some(carrying) = carrying(path) {
        let in_fork =
            |event: &str| event.starts_with("pull_request") && event != "pull_request_target";
        let mut here = events
            .iter()
            .filter(|event| carrying.contains(event))
            .peekable();
        if here.peek().is_some() {
            return Some(if here.all(|event| in_fork(event)) {
                Decides::AnybodyFromFork
            } else {
                Decides::AnybodyPrivileged
            });
        }
        let any_caller = events.is_empty() || events.contains(&"workflow_call");
        return any_caller.then_some(Decides::AnybodyFromFork);
    }
    let insider = INSIDE.contains(&path)
        || path.starts_with("github.event.inputs.")
        || path.starts_with("github.event.client_payload");
    insider.then_some(Decides::Insider)
}

/// The events that carry a text of outsiders, if the context holds one.
fn carrying(path: &str) -> Option<Vec<&'static str>> {
    if let Some((_, events)) = OUTSIDE.iter().find(|(known, _)| *known == path) {
        return Some(events.to_vec());
    }
    if let Some(rest) = path.strip_prefix("github.event.pull_request.")
        && PULL_REQUEST.contains(&rest)
    {
        return Some(PULL_REQUEST_EVENTS.to_vec());
    }
    for (prefix, events) in COMMITS {
        if path
            .strip_prefix(prefix)
            .is_some_and(|rest| COMMIT.contains(&rest))
        {
            return Some(events.to_vec());
        }
    }
    if OBJECTS.contains(&path) {
        let prefix = format!("{path}.");
        let mut events: Vec<&str> = OUTSIDE
            .iter()
            .chain(COMMITS)
            .filter(|(known, _)| known.starts_with(&prefix))
            .flat_map(|(_, events)| events.iter().copied())
            .collect();
        if "github.event.pull_request.head.ref".starts_with(&prefix) {
            events.extend(PULL_REQUEST_EVENTS);
        }
        return Some(events);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_event_decides_whether_a_text_is_there_and_what_it_can_do() {
        let title = "github.event.pull_request.title";
        for (path, events, expected) in [
            (title, &["pull_request"][..], Some(Decides::AnybodyFromFork)),
            (
                title,
                &["pull_request", "pull_request_target"],
                Some(Decides::AnybodyPrivileged),
            ),
            (title, &["push"], None),
            (title, &[], Some(Decides::AnybodyFromFork)),
            (title, &["workflow_call"], Some(Decides::AnybodyFromFork)),
            ("github.head_ref", &["push"], None),
            (
                "github.event.issue.title",
                &["issues"],
                Some(Decides::AnybodyPrivileged),
            ),
            ("github.event.issue.number", &["issues"], None),
            (
                "github.event.head_commit.message",
                &["push"],
                Some(Decides::AnybodyPrivileged),
            ),
            ("github.event.head_commit.id", &["push"], None),
            (
                "github.event",
                &["issues"],
                Some(Decides::AnybodyPrivileged),
            ),
            ("github.event", &["schedule"], None),
            (
                "github.event.pull_request",
                &["pull_request"],
                Some(Decides::AnybodyFromFork),
            ),
            ("github.ref_name", &["push"], Some(Decides::Insider)),
            ("github.sha", &["push"], None),
        ] {
            assert_eq!(decides(path, events), expected, "{path} {events:?}");
        }
    }
}
