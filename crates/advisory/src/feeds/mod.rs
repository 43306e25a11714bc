//! Where advisories come from: a bucket in the layout of OSV's own, the catalogue of known
//! exploited vulnerabilities, and the predictions of exploitation.
//!
//! The layout is that of <https://google.github.io/osv.dev/data/>: `ecosystems.txt`, and for each
//! ecosystem a folder with `all.zip`. Transport is not here: `remote` implements [`Bucket`] over
//! HTTPS, [`FolderBucket`] reads a mirror.

mod archive;
mod changes;
mod exploited;
mod folder;
mod predictions;

use std::fmt;
use std::io::{self, Read, Seek};
use std::path::PathBuf;

use linchpin_model::Timestamp;

pub use changes::count_changes;
pub use exploited::{CatalogueError, ExploitedCatalogue, find_catalogue};
pub use folder::FolderBucket;
pub use predictions::{ExploitPredictions, PredictionsError, find_predictions};

pub(crate) use changes::{CHANGES, Change, Onward, read_changes};

pub(crate) use archive::{Archive, FeedLimits, OVERSIZE, RawRecord};

/// A file that can be read from any place in it, as archives need.
pub trait SeekableRead: Read + Seek + Send {}

impl<T: Read + Seek + Send> SeekableRead for T {}

/// A file that was wanted only if it has changed.
pub enum Opened {
    /// It has not.
    Unchanged,
    /// It has, or nobody knows.
    File {
        /// The file.
        file: Box<dyn SeekableRead>,
        /// What names this version.
        validator: Option<String>,
    },
}

impl fmt::Debug for Opened {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unchanged => formatter.write_str("Unchanged"),
            Self::File { validator, .. } => formatter
                .debug_struct("File")
                .field("validator", validator)
                .finish_non_exhaustive(),
        }
    }
}

/// A folder of advisories in the layout of OSV's public bucket.
pub trait Bucket: Sync {
    /// What to call it in messages.
    fn label(&self) -> String;

    /// The names in `ecosystems.txt`; where a bucket has no such file, those of its folders.
    fn ecosystems(&self) -> Result<Vec<String>, FeedError>;

    /// Opens a file of the bucket, such as `npm/all.zip`.
    fn open(&self, path: &str) -> Result<Box<dyn SeekableRead>, FeedError>;

    /// Reads a file from its beginning, for whoever may not want all of it.
    fn stream(&self, path: &str) -> Result<Box<dyn Read + Send>, FeedError> {
        Ok(Box::new(self.open(path)?))
    }

    /// When a file was written, as far as whoever keeps the bucket says. Nothing where nobody does,
    /// and where asking fails: whoever needs the file is told why.
    fn modified(&self, _path: &str) -> Option<Timestamp> {
        None
    }

    /// Opens a file, unless it is still the version that a validator names, which the bucket gave
    /// with the file the last time. A bucket without versions gives none, and always opens.
    fn open_unless(&self, path: &str, _validator: Option<&str>) -> Result<Opened, FeedError> {
        Ok(Opened::File {
            file: self.open(path)?,
            validator: None,
        })
    }

    /// The paths of single records of an ecosystem (`npm/GHSA-….json`), for buckets that have no
    /// `all.zip`. Sorted.
    fn records(&self, _ecosystem: &str) -> Result<Vec<String>, FeedError> {
        Ok(Vec::new())
    }
}

/// Why a feed could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// There is no such file in it.
    #[error("there is no `{path}` in `{bucket}`")]
    Missing {
        /// The bucket.
        bucket: String,
        /// The path in it.
        path: String,
    },
    /// It is no folder of advisories.
    #[error("`{}` is no folder of advisories in the layout of OSV's bucket", path.display())]
    NotABucket {
        /// The folder.
        path: PathBuf,
    },
    /// It could not be read.
    #[error("could not read `{path}`")]
    Unreadable {
        /// The path in the bucket.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The archive is damaged.
    #[error("`{path}` is no readable zip archive: {reason}")]
    BadArchive {
        /// The path in the bucket.
        path: String,
        /// What the archive reader says.
        reason: String,
    },
    /// It holds more than any honest feed does.
    #[error("`{path}` is over the limit for {what}")]
    OverLimit {
        /// The path in the bucket.
        path: String,
        /// Which limit.
        what: &'static str,
    },
    /// The transport failed: a connection, a status, a missing permission to use the network.
    #[error("could not fetch `{path}`: {reason}")]
    Transport {
        /// The path in the bucket.
        path: String,
        /// What went wrong, as a fragment.
        reason: String,
    },
}

/// An ecosystem's name that is safe as the name of a folder. Names come from `ecosystems.txt`,
/// which somebody else wrote.
pub(crate) fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 100
        && !name.starts_with('.')
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || " .-_()".contains(character))
}

impl fmt::Debug for dyn Bucket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Bucket({})", self.label())
    }
}
