//! What a work tree holds: the commit, the branch or tag, where it came from, and what differs from the
//! commit. Only asked, nothing is changed.

use std::collections::BTreeSet;
use std::path::Path;

use super::client::{Allowed, Git};
use super::commits::names;
use super::{GitError, origin};

/// A work tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkTree {
    /// The commit that is checked out.
    pub commit: String,
    /// The branch, `refs/heads/main`, or the tag of the commit, `refs/tags/v1`, if there is one.
    pub reference: Option<String>,
    /// The URI of the repository that it came from, without credentials.
    pub origin: Option<String>,
    /// The paths that differ from the commit, or that it does not have.
    pub changed: BTreeSet<String>,
}

/// The work tree that a folder is in. Nothing if it is in none, or in one without a commit.
///
/// # Errors
/// If `git` is not there, or can not tell.
pub fn work_tree(folder: &Path) -> Result<Option<WorkTree>, GitError> {
    let git = Git::at(folder, Allowed::Nothing);
    let answer = |arguments: &[&str]| match git.output(arguments) {
        Ok(answer) => Ok(Some(answer).filter(|answer| !answer.is_empty())),
        Err(GitError::Failed { .. }) => Ok(None),
        Err(error) => Err(error),
    };
    // Whoever owns the repository may be another: git says so, and that is no absence.
    match git.output(&["rev-parse", "--is-inside-work-tree"]) {
        Ok(inside) if inside == "true" => {}
        Ok(_) => return Ok(None),
        Err(GitError::Failed { reason, .. }) if reason.contains("not a git repository") => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    }
    let Some(commit) = answer(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])? else {
        return Ok(None);
    };
    let branch = answer(&["symbolic-ref", "--quiet", "HEAD"])?;
    let reference = match branch {
        Some(branch) => Some(branch),
        None => answer(&["describe", "--exact-match", "--tags", "HEAD"])?
            .map(|tag| format!("refs/tags/{tag}")),
    };
    let status = [
        "status",
        "--porcelain=v1",
        "-z",
        "--no-renames",
        "--untracked-files=normal",
        "--ignore-submodules=none",
    ];
    let changed = names(&git, &status)?;
    Ok(Some(WorkTree {
        commit,
        reference,
        origin: origin(folder)?.as_deref().map(repository_uri),
        // A record is two letters and a space before the path.
        changed: changed
            .iter()
            .filter_map(|record| record.get(3..).map(str::to_owned))
            .collect(),
    }))
}

/// The URI of a repository as git names it: `git@host:path` becomes `ssh://git@host/path`, and who logs
/// in by a password or token is left out.
pub fn repository_uri(address: &str) -> String {
    let without_end = |text: &str| text.strip_suffix(".git").unwrap_or(text).to_owned();
    let Some((scheme, rest)) = address.split_once("://") else {
        return match address.split_once(':') {
            // A path on this disk may hold a colon behind a slash.
            Some((host, path)) if !host.contains('/') && host.len() > 1 => {
                without_end(&format!("ssh://{host}/{}", path.trim_start_matches('/')))
            }
            _ => without_end(address),
        };
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = match authority.rsplit_once('@') {
        // The user of SSH is a part of the address, and no secret.
        Some((user, host)) if scheme == "ssh" && !user.contains(':') => format!("{user}@{host}"),
        Some((_, host)) => host.to_owned(),
        None => authority.to_owned(),
    };
    without_end(&format!("{scheme}://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_repositories_become_uris_without_secrets() {
        for (address, uri) in [
            ("https://example.com/o/r.git", "https://example.com/o/r"),
            (
                "https://me:secret@example.com/o/r",
                "https://example.com/o/r",
            ),
            ("https://token@example.com/o/r", "https://example.com/o/r"),
            ("git@example.com:o/r.git", "ssh://git@example.com/o/r"),
            (
                "ssh://git@example.com:22/o/r.git",
                "ssh://git@example.com:22/o/r",
            ),
            ("ssh://git:secret@example.com/o/r", "ssh://example.com/o/r"),
            ("/srv/git/r.git", "/srv/git/r"),
            ("../a:b", "../a:b"),
            ("C:/r", "C:/r"),
        ] {
            assert_eq!(repository_uri(address), uri, "{address}");
        }
    }
}
