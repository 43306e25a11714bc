//! The history of a checkout, read by git.

use std::collections::HashMap;
use std::path::Path;

use linchpin_check::practices::{Beginning, Commit, History};
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

/// Which of the recent changes were tested: made when one of the files that make tests run was there
/// already. Nothing if git can not tell, as where earlier trees were left out of a clone.
pub(super) fn tested(
    history: &History,
    folder: &Path,
    testers: &[&str],
) -> Option<HashMap<String, bool>> {
    let mut tested = HashMap::new();
    let testers = testers.get(..MOST_TESTERS).unwrap_or(testers);
    if testers.is_empty() {
        return Some(tested);
    }
    let there = files_since(folder, None, testers).ok()?;
    let had = |id: &str| -> Option<bool> {
        let since = files_since(folder, Some(id), testers).ok()?;
        Some(there.iter().any(|path| !since.contains(path)))
    };
    // From the oldest on: what had one of the files is taken to have kept it.
    let mut has_one = false;
    for commit in history.branch().into_iter().rev() {
        has_one = has_one || had(&commit.id)?;
        tested.insert(commit.id.clone(), has_one);
    }
    Some(tested)
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
