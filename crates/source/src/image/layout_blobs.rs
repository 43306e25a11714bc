//! The index and the blobs of an OCI layout in a folder, for whoever looks at what lies in it
//! beside images: signatures and statements that were copied along.
//!
//! What those mean is not here.

use std::path::{Path, PathBuf};

use linchpin_model::Digest;

use super::blob_store::{BlobStore, check};
use super::image_error::ImageError;
use crate::SourceError;

/// An OCI layout in a folder.
#[derive(Debug)]
pub struct LayoutBlobs {
    folder: PathBuf,
    store: BlobStore,
}

impl LayoutBlobs {
    /// The layout in this folder. Nothing is read yet.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            store: BlobStore::Folder(folder.to_owned()),
        }
    }

    /// Its index, of at most so many bytes.
    pub fn index(&self, most: u64) -> Result<Vec<u8>, SourceError> {
        let name = "index.json";
        let read = |blob: crate::layer::Blob| {
            blob.read(most)
                .map_err(|source| ImageError::UnreadableBlob {
                    name: name.to_owned(),
                    source,
                })
        };
        self.store
            .find(name)
            .and_then(read)
            .map_err(|source| self.failed(source))
    }

    /// Whether it has a blob with this digest.
    pub fn has(&self, digest: &Digest) -> bool {
        self.store.blob(digest).is_ok()
    }

    /// The blob with this digest, of at most so many bytes, compared with the digest.
    pub fn blob(&self, digest: &Digest, most: u64) -> Result<Vec<u8>, SourceError> {
        let name = || digest.to_string();
        let read = |blob: crate::layer::Blob| {
            let content = blob
                .read(most)
                .map_err(|source| ImageError::UnreadableBlob {
                    name: name(),
                    source,
                })?;
            check(&content, digest).map_err(|source| ImageError::WrongDocument {
                name: name(),
                source,
            })?;
            Ok(content)
        };
        self.store
            .blob(digest)
            .and_then(read)
            .map_err(|source| self.failed(source))
    }

    fn failed(&self, source: ImageError) -> SourceError {
        SourceError::Image {
            target: self.folder.display().to_string(),
            source,
        }
    }
}
