//! OSV's bucket, or a mirror of it, over HTTPS.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use linchpin_advisory::{Bucket, FeedError, Opened, SeekableRead};
use linchpin_model::Timestamp;

use crate::client::FetchError;
use crate::download::Download;
use crate::{Address, Client};

/// Largest list of ecosystems, in bytes; the real one has about 500.
const MOST_LIST: u64 = 1 << 20;

/// A bucket of advisories behind an address.
#[derive(Debug, Clone)]
pub struct HttpBucket {
    client: Client,
    address: Address,
    downloads: Option<PathBuf>,
}

impl HttpBucket {
    /// The bucket at this address.
    pub fn new(client: Client, address: Address) -> Self {
        Self {
            client,
            address,
            downloads: None,
        }
    }

    /// Keeps archives that are being fetched in this folder, so that a fetch which was interrupted
    /// goes on where it was. The folder must be this process's alone.
    pub fn with_downloads(self, folder: &Path) -> Self {
        Self {
            downloads: Some(folder.to_owned()),
            ..self
        }
    }

    fn error(&self, path: &str) -> impl Fn(FetchError) -> FeedError {
        move |error| match error {
            FetchError::NotFound { .. } => FeedError::Missing {
                bucket: self.address.to_string(),
                path: path.to_owned(),
            },
            FetchError::TooLarge { .. } => FeedError::OverLimit {
                path: path.to_owned(),
                what: "size",
            },
            FetchError::Failed { reason, .. } => FeedError::Transport {
                path: path.to_owned(),
                reason,
            },
            FetchError::Unwritable(source) => FeedError::Unreadable {
                path: path.to_owned(),
                source,
            },
        }
    }

    fn fetch(&self, path: &str) -> Result<File, FeedError> {
        self.client
            .fetch(&self.address, path)
            .map_err(self.error(path))
    }
}

impl Bucket for HttpBucket {
    fn label(&self) -> String {
        self.address.to_string()
    }

    fn ecosystems(&self) -> Result<Vec<String>, FeedError> {
        let path = "ecosystems.txt";
        let mut list = String::new();
        self.fetch(path)?
            .take(MOST_LIST)
            .read_to_string(&mut list)
            .map_err(|source| FeedError::Unreadable {
                path: path.to_owned(),
                source,
            })?;
        Ok(list
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect())
    }

    fn open(&self, path: &str) -> Result<Box<dyn SeekableRead>, FeedError> {
        Ok(Box::new(self.fetch(path)?))
    }

    fn stream(&self, path: &str) -> Result<Box<dyn Read + Send>, FeedError> {
        self.client
            .stream(&self.address, path)
            .map_err(self.error(path))
    }

    fn modified(&self, path: &str) -> Option<Timestamp> {
        self.client.modified(&self.address, path).ok().flatten()
    }

    fn open_unless(&self, path: &str, validator: Option<&str>) -> Result<Opened, FeedError> {
        let Some(folder) = &self.downloads else {
            return Ok(Opened::File {
                file: self.open(path)?,
                validator: None,
            });
        };
        let download = self
            .client
            .download(&self.address, path, validator, folder)
            .map_err(self.error(path))?;
        Ok(match download {
            Download::Unchanged => Opened::Unchanged,
            Download::File { file, version } => Opened::File {
                file: Box::new(file),
                validator: version,
            },
        })
    }
}
