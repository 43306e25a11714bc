//! Git repositories at a revision, through the user's own `git`: it knows the user's keys, proxies
//! and credentials.
//!
//! A bare repository in a temporary folder takes the one commit that is meant, or borrows the
//! objects of a repository on this disk, so that no setting of a repository that nobody has looked
//! at counts. `git archive` then writes the files as they are stored: filters, substitutions and
//! `export-ignore` are switched off. Hooks, submodules and transports that run programs are, too.
//! What submodules hold is not read.

mod client;
mod git_error;
mod target;

pub use git_error::GitError;
pub use target::{GitAddress, GitTarget, InvalidGitTarget};

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use linchpin_model::{Digest, DigestAlgorithm, Subject, SubjectKind};
use linchpin_source::{SourceOptions, TarSource};

use client::{Allowed, Git};

/// The name of what was fetched, in the temporary repository.
const FETCHED: &str = "refs/linchpin/target";
/// Switches off everything that makes `git archive` write anything but what is stored.
const ATTRIBUTES: &str =
    "* -filter -text -eol -ident -working-tree-encoding -export-ignore -export-subst\n";

/// The files of a repository at a revision.
///
/// # Errors
/// If `git` is not there, or there is no such repository or revision.
pub fn open_repository(
    target: &GitTarget,
    offline: bool,
    options: SourceOptions,
) -> Result<TarSource, GitError> {
    let folder = Arc::new(tempfile::tempdir().map_err(GitError::Temporary)?);
    let commit = match target.address() {
        GitAddress::Folder(repository) => borrow(folder.path(), repository, target)?,
        GitAddress::Url(_) if offline => {
            return Err(GitError::Offline {
                address: target.address().to_string(),
            });
        }
        GitAddress::Url(url) => fetch(folder.path(), url, target)?,
    };
    let attributes = folder.path().join("info");
    std::fs::create_dir_all(&attributes)
        .and_then(|()| std::fs::write(attributes.join("attributes"), ATTRIBUTES))
        .map_err(GitError::Temporary)?;
    let algorithm = match commit.len() {
        64 => DigestAlgorithm::Sha256,
        _ => DigestAlgorithm::Sha1,
    };
    let subject = Subject {
        name: target.to_string(),
        kind: SubjectKind::Repository,
        digest: Digest::from_hex(algorithm, &commit).ok(),
        platform: None,
        layers: Vec::new(),
    };
    let begin = move || -> io::Result<Box<dyn Read + Send>> {
        let git = Git::at(folder.path(), Allowed::Nothing);
        git.stream(&["archive", "--format=tar", &commit])
            .map(|stream| Box::new(stream) as Box<dyn Read + Send>)
    };
    Ok(TarSource::new(subject, begin, options))
}

/// Uses the objects of a repository on this disk; gives the commit.
fn borrow(folder: &Path, repository: &Path, target: &GitTarget) -> Result<String, GitError> {
    let theirs = Git::at(repository, Allowed::Nothing);
    let unknown = |error| match error {
        GitError::Failed { reason, .. } if reason.is_empty() => GitError::UnknownRevision {
            repository: target.address().to_string(),
            revision: target.revision().unwrap_or("HEAD").to_owned(),
        },
        other => other,
    };
    let revision = format!("{}^{{commit}}", target.revision().unwrap_or("HEAD"));
    let commit = theirs
        .output(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &revision,
        ])
        .map_err(unknown)?;
    let objects = theirs.output(&["rev-parse", "--git-path", "objects"])?;
    let objects = repository
        .join(objects)
        .canonicalize()
        .map_err(GitError::Temporary)?;
    let form = if commit.len() == 64 {
        "--object-format=sha256"
    } else {
        "--object-format=sha1"
    };
    let ours = Git::at(folder, Allowed::Nothing);
    ours.output(&["init", "--quiet", "--bare", "--template=", form])?;
    let information = folder.join("objects").join("info");
    let mut line = objects.into_os_string().into_encoded_bytes();
    line.push(b'\n');
    std::fs::create_dir_all(&information)
        .and_then(|()| std::fs::write(information.join("alternates"), line))
        .map_err(GitError::Temporary)?;
    Ok(commit)
}

/// Fetches the one commit that is meant; gives its id.
fn fetch(folder: &Path, url: &str, target: &GitTarget) -> Result<String, GitError> {
    let git = Git::at(folder, Allowed::Network);
    git.output(&["init", "--quiet", "--bare", "--template="])?;
    let refspec = format!("+{}:{FETCHED}", target.revision().unwrap_or("HEAD"));
    git.output(&[
        "fetch",
        "--quiet",
        "--depth=1",
        "--no-tags",
        "--no-recurse-submodules",
        "--no-write-fetch-head",
        "--end-of-options",
        url,
        &refspec,
    ])?;
    let commit = format!("{FETCHED}^{{commit}}");
    git.output(&[
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        &commit,
    ])
}
