//! The history of a checkout, read by git.

use std::collections::BTreeSet;
use std::path::Path;

use linchpin_check::practices::{Beginning, Commit, Files, History, Pipelines, RECENT};
use linchpin_model::Timestamp;
use linchpin_remote::{GitError, GitTarget, files_since, has_commit_before, read_commits};

/// Most commits that are read. The checks look at the last 90 days, of which a dozen commits are
/// enough, and at those who commit often.
const MOST_COMMITS: usize = 2000;

/// Most files that make tests run.
const MOST_TESTERS: usize = 50;

/// The history of a folder, or why there is none.
pub(super) fn read(folder: &Path, now: Timestamp) -> Result<History, String> {
    if !GitTarget::is_repository(folder) {
        return Err("not evaluated: the folder is not the root of a git repository".to_owned());
    }
    read_repository(folder, now).map_err(reason)
}

fn reason(error: GitError) -> String {
    // What git says to somebody who has not committed yet is no help.
    match error {
        GitError::Failed { command, .. } if command == "rev-parse" => {
            "not evaluated: there are no commits".to_owned()
        }
        error => format!("not evaluated: {error}"),
    }
}

fn read_repository(folder: &Path, now: Timestamp) -> Result<History, GitError> {
    let mut commits = Vec::new();
    let is_shallow = read_commits(folder, MOST_COMMITS, &mut |record| {
        commits.extend(Commit::read(record));
    })?;
    let window = History::window_start(now);
    let beginning = if has_commit_before(folder, window)? {
        Beginning::LongAgo
    } else if is_shallow {
        Beginning::Unknown
    } else {
        Beginning::Recent
    };
    Ok(History {
        commits,
        is_shallow,
        beginning,
        ..History::default()
    })
}

/// The same, with what tested the recent changes: a change is tested if one of the files that make tests
/// run was there already when it was made.
pub(super) fn tested(
    mut history: History,
    folder: &Path,
    pipelines: &Pipelines,
    files: &Files,
) -> Result<History, String> {
    let testers = pipelines.testers(files);
    let paths: Vec<&str> = (testers.iter())
        .map(|(_, path)| path.as_str())
        .take(MOST_TESTERS)
        .collect();
    if paths.is_empty() {
        return Ok(history);
    }
    let there = files_since(folder, None, &paths).map_err(reason)?;
    // From the first parent to its first parent: the changes of the branch itself.
    let ids = branch(&history);
    // If the oldest of them had one of the files, all had.
    let had = |id: &str| -> Result<bool, String> {
        let since: BTreeSet<String> = files_since(folder, Some(id), &paths).map_err(reason)?;
        Ok(there.iter().any(|path| !since.contains(path)))
    };
    let mut all_had = match ids.last() {
        Some(oldest) => had(oldest)?,
        None => false,
    };
    for id in ids.iter().rev() {
        all_had = all_had || had(id)?;
        history.tested.insert(id.clone(), all_had);
    }
    Ok(history)
}

/// The ids of the recent changes of the branch, the latest first.
fn branch(history: &History) -> Vec<String> {
    let mut ids = Vec::new();
    let mut next = history.commits.first();
    while let Some(commit) = next
        && ids.len() < RECENT
    {
        ids.push(commit.id.clone());
        next = commit
            .parents
            .first()
            .and_then(|parent| history.commits.iter().find(|other| other.id == *parent));
    }
    ids
}

/// Where the repository of a folder is said to be, as `host/path`. Users and passwords are left out.
pub(super) fn origin(folder: &Path) -> Option<String> {
    if !GitTarget::is_repository(folder) {
        return None;
    }
    let address = linchpin_remote::origin(folder).ok()??;
    let rest = match address.split_once("://") {
        Some(("file", _)) => return None,
        Some((_, rest)) => rest.to_owned(),
        // `user@host:path`; anything else is a folder.
        None => {
            let (host, path) = address.split_once(':')?;
            format!("{host}/{}", path.trim_start_matches('/'))
        }
    };
    let (authority, path) = rest.split_once('/')?;
    let host = authority.rsplit('@').next()?;
    let path = path.trim_end_matches('/').trim_end_matches(".git");
    Some(format!("{host}/{path}"))
}
