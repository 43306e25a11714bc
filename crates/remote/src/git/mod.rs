//! Git repositories at a revision, through the user's own `git`: it knows the user's keys, proxies
//! and credentials.
//!
//! A bare repository in a temporary folder takes the one commit that is meant, or borrows the
//! objects of a repository on this disk, so that no setting of a repository that nobody has looked
//! at counts. `git archive` then writes the files as they are stored: filters, substitutions and
//! `export-ignore` are switched off. Hooks and transports that run programs are, too. Submodules are
//! read in the same way: borrowed from where a repository on this disk keeps them, fetched where
//! the repository was. Those that can not be had are told.

mod checkout;
mod client;
mod commits;
mod git_error;
mod history;
mod joined_tar;
mod repository_source;
mod submodules;
mod target;
mod work_tree;

pub use commits::{files_since, has_commit_before, origin, read_commits, tracked_files};
pub use git_error::GitError;
pub use history::{HistoryFile, commit_of, read_history};
pub use repository_source::RepositorySource;
pub use target::{GitAddress, GitTarget, InvalidGitTarget};
pub use work_tree::{WorkTree, repository_uri, work_tree};

use std::path::{Path, PathBuf};
use std::sync::Arc;

use linchpin_model::{Digest, DigestAlgorithm, Subject, SubjectKind};
use linchpin_source::SourceOptions;

use client::{Allowed, Git};
use repository_source::collect_parts;
use submodules::Origin;

/// The name of what was fetched, in the temporary repository.
const FETCHED: &str = "refs/linchpin/target";
/// Switches off everything that makes `git archive` write anything but what is stored.
const ATTRIBUTES: &str =
    "* -filter -text -eol -ident -working-tree-encoding -export-ignore -export-subst\n";

/// The files of a repository at a revision, and those of its submodules.
///
/// # Errors
/// If `git` is not there, or there is no such repository or revision.
pub fn open_repository(
    target: &GitTarget,
    offline: bool,
    options: SourceOptions,
) -> Result<RepositorySource, GitError> {
    let folder = Arc::new(tempfile::tempdir().map_err(GitError::Temporary)?);
    let (commit, origin) = match target.address() {
        GitAddress::Folder(repository) => borrow(folder.path(), repository, target)?,
        GitAddress::Url(_) if offline => {
            return Err(GitError::Offline {
                address: target.address().to_string(),
            });
        }
        GitAddress::Url(url) => (
            fetch(folder.path(), url, target)?,
            Origin::Fetched(url.clone()),
        ),
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
    let parts = collect_parts(folder.path(), commit, origin).map_err(GitError::Temporary)?;
    Ok(RepositorySource::new(folder, subject, parts, options))
}

/// Uses the objects of a repository on this disk; gives the commit.
fn borrow(
    folder: &Path,
    repository: &Path,
    target: &GitTarget,
) -> Result<(String, Origin), GitError> {
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
    let [objects, own] = [&["--git-path", "objects"][..], &["--git-common-dir"]].map(|asked| {
        let path = theirs.output(&[&["rev-parse"], asked].concat())?;
        repository
            .join(path)
            .canonicalize()
            .map_err(GitError::Temporary)
    });
    let form = if commit.len() == 64 {
        "--object-format=sha256"
    } else {
        "--object-format=sha1"
    };
    let ours = Git::at(folder, Allowed::Nothing);
    ours.output(&["init", "--quiet", "--bare", "--template=", form])?;
    borrow_objects(folder, &objects?).map_err(GitError::Temporary)?;
    let origin = Origin::Here {
        own: own?,
        tree: repository.to_path_buf(),
    };
    Ok((commit, origin))
}

/// Lets the temporary repository use the objects in a folder, beside those that it uses already.
fn borrow_objects(folder: &Path, objects: &Path) -> std::io::Result<()> {
    use std::io::Write as _;
    let information = folder.join("objects").join("info");
    let mut line = PathBuf::from(objects).into_os_string().into_encoded_bytes();
    line.push(b'\n');
    std::fs::create_dir_all(&information)?;
    std::fs::File::options()
        .create(true)
        .append(true)
        .open(information.join("alternates"))?
        .write_all(&line)
}

/// Fetches the one commit that is meant; gives its id.
fn fetch(folder: &Path, url: &str, target: &GitTarget) -> Result<String, GitError> {
    let git = Git::at(folder, Allowed::Network);
    git.output(&["init", "--quiet", "--bare", "--template="])?;
    fetch_revision(&git, url, target.revision().unwrap_or("HEAD"))?;
    let commit = format!("{FETCHED}^{{commit}}");
    git.output(&[
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        &commit,
    ])
}

/// Fetches a revision and nothing before it.
fn fetch_revision(git: &Git<'_>, url: &str, revision: &str) -> Result<(), GitError> {
    let refspec = format!("+{revision}:{FETCHED}");
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
    ])
    .map(|_| ())
}
