//! An image that lies elsewhere: its documents and blobs are fetched when they are needed.
//! Who fetches them, and how, is another room's affair.

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use linchpin_model::Digest;

/// An image that lies elsewhere.
pub trait RemoteImage: std::fmt::Debug + Send + Sync {
    /// The name a person knows it by.
    fn name(&self) -> &str;

    /// The manifest or index that the name leads to, of at most this many bytes. A name that is
    /// a digest was compared with these bytes.
    fn root(&self, most: u64) -> io::Result<Vec<u8>>;

    /// The manifest or index with this digest, of at most this many bytes. Whoever asks compares
    /// the digest.
    fn manifest(&self, digest: &Digest, most: u64) -> io::Result<Vec<u8>>;

    /// The bytes of a blob. Whoever asks compares the digest and the length.
    fn blob(&self, blob: &RemoteBlob) -> io::Result<Box<dyn Read + Send>>;
}

/// A blob that a manifest names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteBlob {
    /// Its digest.
    pub digest: Digest,
    /// Its length, as the manifest says it.
    pub size: Option<u64>,
    /// Where else it can be had: layers that their owner does not let others hand on.
    pub urls: Vec<String>,
}

/// The documents of a remote image, each fetched once.
#[derive(Debug)]
pub(crate) struct RemoteStore {
    pub(super) image: Arc<dyn RemoteImage>,
    documents: Mutex<HashMap<Digest, Arc<[u8]>>>,
}

impl RemoteStore {
    pub(super) fn new(image: Arc<dyn RemoteImage>) -> Self {
        Self {
            image,
            documents: Mutex::default(),
        }
    }

    /// Keeps a document that was fetched and whose digest is known.
    pub(super) fn keep(&self, digest: Digest, content: Vec<u8>) {
        self.documents
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(digest, content.into());
    }

    /// The manifest or index with this digest.
    pub(super) fn manifest(&self, digest: &Digest, most: u64) -> io::Result<Vec<u8>> {
        self.document(digest, || self.image.manifest(digest, most))
    }

    /// A document that is stored as a blob.
    pub(super) fn small_blob(&self, digest: &Digest, most: u64) -> io::Result<Vec<u8>> {
        self.document(digest, || {
            let blob = RemoteBlob {
                digest: digest.clone(),
                size: None,
                urls: Vec::new(),
            };
            let mut content = Vec::new();
            self.image
                .blob(&blob)?
                .take(most.saturating_add(1))
                .read_to_end(&mut content)?;
            if content.len() as u64 > most {
                return Err(io::Error::other(format!(
                    "it is larger than {most} bytes, and at most that many are read"
                )));
            }
            Ok(content)
        })
    }

    fn document(
        &self,
        digest: &Digest,
        fetch: impl FnOnce() -> io::Result<Vec<u8>>,
    ) -> io::Result<Vec<u8>> {
        let kept = self
            .documents
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(digest)
            .cloned();
        if let Some(kept) = kept {
            return Ok(kept.to_vec());
        }
        let content = fetch()?;
        self.keep(digest.clone(), content.clone());
        Ok(content)
    }
}
