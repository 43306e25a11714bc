//! An OCI layout as one thing that can be signed: the digest of the manifest or index that it is
//! about, after every blob that hangs on it was compared with its own digest.
//!
//! A signature is over that one digest. Without the comparison a layout with another layer under
//! the old name would still verify. Of an index, images that were not copied along may lack.

use std::collections::HashSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use linchpin_model::Digest;

use super::blob_store::{BlobStore, DocumentName};
use super::documents::{Descriptor, IndexOrManifest};
use super::image_error::ImageError;
use super::oci_layout::{DEEPEST, MOST_MANIFESTS, chosen_descriptors, parse_digest};
use crate::layer::{Hasher, LayerError};
use crate::open::split_reference;
use crate::{Limits, SourceError};

/// An OCI layout whose blobs are what they are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedLayout {
    /// Its folder.
    pub path: PathBuf,
    /// The name by which one image of several was chosen.
    pub reference: Option<String>,
    /// The digest of the manifest or index that it is about.
    pub digest: Digest,
    /// How many images of an index are not in it.
    pub absent: usize,
}

/// Checks the OCI layout in a folder; `PATH:NAME` chooses one image of several. Nothing if there
/// is a folder, and no layout in it.
pub fn check_layout(target: &str, limits: Limits) -> Result<Option<CheckedLayout>, SourceError> {
    let (path, reference) = split_reference(target)?;
    let store = BlobStore::Folder(path.clone());
    if !(store.has("index.json") && store.has("oci-layout")) {
        return Ok(None);
    }
    let failed = |source| SourceError::Image {
        target: target.to_owned(),
        source,
    };
    check(&store, &path, reference.as_deref(), limits)
        .map(Some)
        .map_err(failed)
}

fn check(
    store: &BlobStore,
    path: &Path,
    reference: Option<&str>,
    limits: Limits,
) -> Result<CheckedLayout, ImageError> {
    let chosen = chosen_descriptors(store, reference, limits)?;
    let mut digests: Vec<&str> = chosen.iter().map(|chosen| chosen.digest.as_str()).collect();
    digests.sort_unstable();
    digests.dedup();
    let digest = match digests.as_slice() {
        [] => return Err(ImageError::Empty),
        [digest] => parse_digest(digest)?,
        several => {
            return Err(ImageError::Ambiguous {
                names: several.iter().map(|digest| (*digest).to_owned()).collect(),
            });
        }
    };
    let mut walk = Walk {
        store,
        limits,
        seen: HashSet::new(),
        absent: 0,
    };
    walk.document(&digest, 0)?;
    Ok(CheckedLayout {
        path: path.to_owned(),
        reference: reference.map(str::to_owned),
        digest,
        absent: walk.absent,
    })
}

struct Walk<'a> {
    store: &'a BlobStore,
    limits: Limits,
    seen: HashSet<Digest>,
    absent: usize,
}

impl Walk<'_> {
    /// Checks a manifest or index and all that it names. The depth is bounded, and nothing is
    /// looked at twice.
    fn document(&mut self, digest: &Digest, depth: usize) -> Result<(), ImageError> {
        if !self.is_new(digest)? {
            return Ok(());
        }
        if depth > DEEPEST {
            return Err(ImageError::TooMany {
                most: DEEPEST,
                what: "indexes in one another",
            });
        }
        let (document, _): (IndexOrManifest, _) = self.store.document(
            DocumentName::Manifest(digest),
            "image manifest or index",
            self.limits,
        )?;
        for nested in document.manifests.unwrap_or_default() {
            let digest = parse_digest(&nested.digest)?;
            if self.store.blob(&digest).is_ok() {
                self.document(&digest, depth + 1)?;
            } else {
                self.absent += 1;
            }
        }
        for blob in document
            .config
            .iter()
            .chain(document.layers.iter().flatten())
        {
            self.blob(blob)?;
        }
        Ok(())
    }

    fn blob(&mut self, descriptor: &Descriptor) -> Result<(), ImageError> {
        let digest = parse_digest(&descriptor.digest)?;
        if !self.is_new(&digest)? {
            return Ok(());
        }
        let name = || digest.to_string();
        let unreadable = |source| ImageError::UnreadableBlob {
            name: name(),
            source,
        };
        let wrong = |source: LayerError| ImageError::WrongDocument {
            name: name(),
            source,
        };
        let mut reader = self.store.blob(&digest)?.open().map_err(unreadable)?;
        let mut hasher = Hasher::checking(&digest).map_err(wrong)?;
        let mut buffer = vec![0; 128 << 10];
        loop {
            match reader.read(&mut buffer).map_err(unreadable)? {
                0 => break,
                length => hasher.update(buffer.get(..length).unwrap_or_default()),
            }
        }
        hasher.check(&digest).map_err(wrong)
    }

    fn is_new(&mut self, digest: &Digest) -> Result<bool, ImageError> {
        if self.seen.len() > MOST_MANIFESTS {
            return Err(ImageError::TooMany {
                most: MOST_MANIFESTS,
                what: "blobs",
            });
        }
        Ok(self.seen.insert(digest.clone()))
    }
}
