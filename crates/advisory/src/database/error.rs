//! Why a database can not be used, and what to do about it.

use std::io;
use std::path::PathBuf;

/// Why a database can not be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// There is no such file.
    #[error("there is no advisory database at `{}`", path.display())]
    NotFound {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Its first update was interrupted.
    #[error("the first update of the advisory database `{}` was not finished", path.display())]
    Unfinished {
        /// The folder.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("`{}` is no advisory database", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// Another version of the program wrote it.
    #[error(
        "the advisory database has format {found}, and this version of linchpin reads format {expected}"
    )]
    WrongVersion {
        /// The format of the file.
        found: u32,
        /// The format that is read.
        expected: u32,
    },
    /// Its bytes are not those that were written.
    #[error("the advisory database is damaged: {what}")]
    Corrupt {
        /// What is wrong.
        what: &'static str,
    },
    /// One of its files can not be used.
    #[error("its file `{}` can not be used", path.display())]
    InFile {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<DatabaseError>,
    },
    /// The operating system does not let us read it.
    #[error("could not read the advisory database `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl DatabaseError {
    /// The same of one file of a database.
    pub(super) fn in_file(path: &std::path::Path, error: Self) -> Self {
        Self::InFile {
            path: path.to_owned(),
            source: Box::new(error),
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => {
                "make one with `linchpin db update`, or with `linchpin db import DIR` from a mirror"
            }
            Self::Unfinished { .. } => "`linchpin db update` goes on where it was interrupted",
            Self::NotADatabase { .. } => {
                "`--db` takes the folder that `linchpin db update` or `linchpin db import DIR` wrote; a file that `linchpin db export` wrote is imported first"
            }
            Self::WrongVersion { found, expected } if found > expected => {
                "a newer linchpin wrote it: update this one, or write the database again with `linchpin db update` or `linchpin db import DIR`"
            }
            Self::WrongVersion { .. } | Self::Corrupt { .. } | Self::InFile { .. } => {
                "write it again with `linchpin db update` or `linchpin db import DIR`"
            }
            Self::Unreadable { .. } => {
                "check that the file may be read, or name another one with `--db`"
            }
        }
    }
}
