//! `Code-Review`: the share of recent changes that somebody else has looked at.
//!
//! The history tells of a review by a trailer, or by somebody else having merged or committed the
//! change. Approvals are kept by the forge: where a proposal was merged there, and the history shows
//! no reviewer, nobody knows unless the forge is asked, and the change does not count.

use crate::practices::evaluation::{Check, Evaluation, Risk, Standing};
use crate::practices::people::{is_forge, is_machine, is_same, read};
use crate::practices::{Change, Facts, Person};

pub(super) const CHECK: Check = Check {
    name: "Code-Review",
    risk: Risk::High,
    standing: Standing::Scorecard,
    short: "Whether changes are reviewed by somebody else before they are merged",
    remedy: "Let somebody else review every change, and make the forge require it.",
    evaluate,
};

/// Trailers that name a reviewer.
const REVIEWERS: &[&str] = &["Reviewed-by", "Acked-by", "Approved-by"];

/// Trailers of systems that take only what was reviewed.
const SYSTEMS: &[&str] = &["Differential Revision", "PiperOrigin-RevId"];

/// What a history tells of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Review {
    Seen,
    NotSeen,
    /// The forge would know.
    Elsewhere,
}

fn review(change: &Change<'_>) -> Review {
    let author = change.author();
    let is_other = |person: &Person| !is_same(person, author) && !is_machine(person);
    let commits = [Some(change.commit), change.merged];
    for commit in commits.into_iter().flatten() {
        let mut reviewers = REVIEWERS.iter().flat_map(|key| commit.trailers(key));
        let mut systems = SYSTEMS.iter().flat_map(|key| commit.trailers(key));
        if reviewers.any(|text| is_other(&read(text))) || systems.next().is_some() {
            return Review::Seen;
        }
    }
    // Whoever merges on a forge is the author of the merge.
    let taken_by = if change.merged.is_some() {
        &change.commit.author
    } else {
        &change.commit.committer
    };
    let is_person = !is_forge(taken_by) && !taken_by.email.is_empty();
    if is_person && is_other(taken_by) {
        return Review::Seen;
    }
    match change.proposal() {
        Some(_) => Review::Elsewhere,
        None => Review::NotSeen,
    }
}

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    judge(facts).unwrap_or_else(Evaluation::unknown)
}

fn judge(facts: &Facts<'_>) -> Result<Evaluation, String> {
    let changes = facts.recent_changes()?;
    let mut counts = [0_usize; 3];
    let mut unreviewed = Vec::new();
    for change in &changes {
        if is_machine(change.author()) {
            continue;
        }
        let mut review = review(change);
        if review == Review::Elsewhere
            && let Ok(forge) = facts.forge
            && let Some(is_reviewed) = change
                .proposal()
                .flatten()
                .and_then(|number| forge.reviews.get(&number))
        {
            review = if *is_reviewed {
                Review::Seen
            } else {
                Review::NotSeen
            };
        }
        match review {
            Review::Seen => counts[0] += 1,
            Review::NotSeen => {
                counts[1] += 1;
                unreviewed.push(change.commit);
            }
            Review::Elsewhere => counts[2] += 1,
        }
    }
    let [seen, not_seen, elsewhere] = counts;
    let known = seen + not_seen;
    let humans = known + elsewhere;
    if humans == 0 {
        return Err("all recent changes were made by machines".to_owned());
    }
    if elsewhere > known {
        return Err(format!(
            "{elsewhere} of {humans} recent changes were merged on a forge, and only the forge knows whether they were reviewed"
        ));
    }
    let reason = format!("found {seen}/{known} approved changes");
    let evaluation = Evaluation::share(seen, known, reason);
    let evaluation = unreviewed.into_iter().fold(evaluation, |all, commit| {
        let subject: String = commit.subject().chars().take(100).collect();
        all.warn(format!("no review of {}: {subject}", commit.short()), None)
    });
    if elsewhere > 0 {
        let text = format!("{elsewhere} changes were merged on a forge and are not counted");
        return Ok(evaluation.inform(text, None));
    }
    Ok(evaluation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practices::Commit;

    fn person(name: &str) -> Person {
        Person {
            name: name.to_owned(),
            email: format!("{}@x.example", name.to_ascii_lowercase()),
        }
    }

    #[test]
    fn reviews_are_seen_in_trailers_and_in_who_takes_a_change() {
        use Review::{Elsewhere, NotSeen, Seen};
        let github = Person {
            name: "GitHub".to_owned(),
            email: "noreply@github.com".to_owned(),
        };
        for (author, committer, message, expected) in [
            (person("A"), person("A"), "Direct", NotSeen),
            (person("A"), person("B"), "Applied by another", Seen),
            (
                person("A"),
                person("A"),
                "x\n\nReviewed-by: B <b@x.example>",
                Seen,
            ),
            (
                person("A"),
                person("A"),
                "x\n\nreviewed-by: A <a@x.example>",
                NotSeen,
            ),
            (person("A"), github.clone(), "Squashed (#3)", Elsewhere),
            (person("A"), github, "Edited on the page", NotSeen),
            (
                person("A"),
                person("A"),
                "x\n\nDifferential Revision: D12",
                Seen,
            ),
            (
                person("A"),
                person("some-bot"),
                "Taken by a machine",
                NotSeen,
            ),
        ] {
            let commit = Commit {
                author,
                committer,
                message: message.to_owned(),
                ..Commit::default()
            };
            let change = Change {
                commit: &commit,
                merged: None,
            };
            assert_eq!(review(&change), expected, "{message}");
        }
    }

    #[test]
    fn a_merge_by_somebody_else_is_a_review() {
        let tip = Commit {
            author: person("A"),
            ..Commit::default()
        };
        for (merger, message, expected) in [
            ("B", "Merge branch 'x'", Review::Seen),
            ("A", "Merge branch 'x'", Review::NotSeen),
            ("A", "Merge pull request #1 from a/x", Review::Elsewhere),
        ] {
            let merge = Commit {
                author: person(merger),
                committer: person(merger),
                message: message.to_owned(),
                ..Commit::default()
            };
            let change = Change {
                commit: &merge,
                merged: Some(&tip),
            };
            assert_eq!(review(&change), expected, "{merger}");
        }
    }
}
