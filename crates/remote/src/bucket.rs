//! OSV's bucket, or a mirror of it, over HTTPS.

use std::io::Read;

use linchpin_advisory::{Bucket, FeedError, SeekableRead};

use crate::client::FetchError;
use crate::{Address, Client};

/// Largest list of ecosystems, in bytes; the real one has about 500.
const MOST_LIST: u64 = 1 << 20;

/// A bucket of advisories behind an address.
#[derive(Debug, Clone)]
pub struct HttpBucket {
    client: Client,
    address: Address,
}

impl HttpBucket {
    /// The bucket at this address.
    pub fn new(client: Client, address: Address) -> Self {
        Self { client, address }
    }

    fn fetch(&self, path: &str) -> Result<std::fs::File, FeedError> {
        self.client
            .fetch(&self.address, path)
            .map_err(|error| match error {
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
            })
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
}
