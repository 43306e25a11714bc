//! The commits of a branch as git stores them, and which files it tracks.
//!
//! Only commands of git are run that neither verify nor convert anything: the settings of a repository
//! may name programs for both, and whoever made the repository chose them.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use super::GitError;
use super::client::{Allowed, Git};

/// Longest record of a commit that is kept, in bytes.
const LONGEST_COMMIT: u64 = 256 << 10;

/// Most files whose names are kept.
const MOST_NAMES: usize = 5_000_000;

/// Longest path, in bytes.
const LONGEST_PATH: u64 = 64 << 10;

/// Hands over the latest commits of `HEAD`, `most` of them, each as git stores it behind a line with its
/// id. Gives whether the repository is shallow: whether it has no more than the latest commits.
///
/// # Errors
/// If `git` is not there or fails, as it does where there is no commit.
pub fn read_commits(
    repository: &Path,
    most: usize,
    visit: &mut dyn FnMut(&[u8]),
) -> Result<bool, GitError> {
    let git = Git::at(repository, Allowed::Nothing);
    let is_shallow = git.output(&["rev-parse", "--is-shallow-repository"])? == "true";
    // An error of the stream would have no name; this one has.
    git.output(&["rev-parse", "--verify", "HEAD^{commit}"])?;
    let most = format!("--max-count={most}");
    records(
        &git,
        &["rev-list", "--header", &most, "HEAD"],
        LONGEST_COMMIT,
        visit,
    )?;
    Ok(is_shallow)
}

/// Whether `HEAD` has a commit that was made before a moment, in seconds since 1970.
///
/// # Errors
/// If `git` is not there or fails.
pub fn has_commit_before(repository: &Path, seconds: i64) -> Result<bool, GitError> {
    let git = Git::at(repository, Allowed::Nothing);
    let before = format!("--min-age={}", seconds.max(0));
    let found = git.output(&["rev-list", "--max-count=1", &before, "HEAD"])?;
    Ok(!found.is_empty())
}

/// Which of some files of `HEAD` a commit did not have yet. `None` in place of a commit gives those that
/// `HEAD` has.
///
/// # Errors
/// If `git` is not there or fails.
pub fn files_since(
    repository: &Path,
    commit: Option<&str>,
    paths: &[&str],
) -> Result<BTreeSet<String>, GitError> {
    let git = Git::at(repository, Allowed::Nothing);
    let literal: Vec<String> = paths
        .iter()
        .map(|path| format!(":(top,literal){path}"))
        .collect();
    let mut arguments = match commit {
        Some(commit) => vec![
            "diff-tree",
            "-r",
            "-z",
            "--no-renames",
            "--name-only",
            "--diff-filter=A",
            commit,
            "HEAD",
            "--",
        ],
        None => vec!["ls-tree", "-r", "-z", "--name-only", "HEAD", "--"],
    };
    // Paths of `ls-tree` are no patterns.
    if commit.is_some() {
        arguments.extend(literal.iter().map(String::as_str));
    } else {
        arguments.extend(paths);
    }
    names(&git, &arguments)
}

/// The files that a repository tracks, from its root on.
///
/// # Errors
/// If `git` is not there or fails.
pub fn tracked_files(repository: &Path) -> Result<BTreeSet<String>, GitError> {
    names(&Git::at(repository, Allowed::Nothing), &["ls-files", "-z"])
}

/// Where a repository says that it came from.
///
/// # Errors
/// If `git` can not be run.
pub fn origin(repository: &Path) -> Result<Option<String>, GitError> {
    let git = Git::at(repository, Allowed::Nothing);
    match git.output(&["config", "--get", "remote.origin.url"]) {
        Ok(address) => Ok(Some(address).filter(|address| !address.is_empty())),
        // There is none.
        Err(GitError::Failed { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The names that git writes between zero bytes.
pub(super) fn names(git: &Git<'_>, arguments: &[&str]) -> Result<BTreeSet<String>, GitError> {
    let mut names = BTreeSet::new();
    records(git, arguments, LONGEST_PATH, &mut |name| {
        if names.len() < MOST_NAMES {
            names.insert(String::from_utf8_lossy(name).into_owned());
        }
    })?;
    Ok(names)
}

/// Hands over what git writes between zero bytes, of each record no more than its beginning.
fn records(
    git: &Git<'_>,
    arguments: &[&str],
    longest: u64,
    visit: &mut dyn FnMut(&[u8]),
) -> Result<(), GitError> {
    let failed = |error: io::Error| GitError::Failed {
        command: arguments.first().copied().unwrap_or_default().to_owned(),
        reason: error.to_string(),
    };
    let stream = git.stream(arguments).map_err(GitError::NoGit)?;
    let mut stream = BufReader::new(stream);
    let mut record = Vec::new();
    loop {
        record.clear();
        let count = (&mut stream)
            .take(longest)
            .read_until(0, &mut record)
            .map_err(failed)?;
        if count == 0 {
            return Ok(());
        }
        if record.last() == Some(&0) {
            record.pop();
        } else {
            stream.skip_until(0).map_err(failed)?;
        }
        visit(&record);
    }
}
