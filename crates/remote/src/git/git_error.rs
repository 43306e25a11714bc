//! Why a git repository can not be read.

use std::io;

/// Why a git repository can not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GitError {
    /// The network is not to be used.
    #[error(
        "`{address}` is on the network, and `--offline` is set\n\
         hint: clone it where there is a network, and name the folder"
    )]
    Offline {
        /// The repository.
        address: String,
    },
    /// The program can not be run.
    #[error("`git` can not be run; it is needed to read repositories")]
    NoGit(#[source] io::Error),
    /// The program fails.
    #[error("`git {command}` fails: {reason}")]
    Failed {
        /// What it was to do.
        command: String,
        /// What it says.
        reason: String,
    },
    /// There is no such revision.
    #[error("`{repository}` has no revision `{revision}`")]
    UnknownRevision {
        /// The repository.
        repository: String,
        /// What was asked for.
        revision: String,
    },
    /// The temporary folder can not be made or written.
    #[error("a temporary repository can not be made")]
    Temporary(#[source] io::Error),
}
