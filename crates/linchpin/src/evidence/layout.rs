//! What an OCI layout brings beside its image: manifests that name it as their subject, as `oras`
//! copies them, and cosign's tags, as `skopeo` does.

use std::path::Path;

use linchpin_model::Digest;
use linchpin_source::LayoutBlobs;
use linchpin_trust::{
    AttachedManifest, AttachmentStore, Descriptor, MAX_ATTACHED_DOCUMENT_BYTES, Tagged,
};

use super::StoreError;

/// Most manifests that an index of a layout names.
const MOST_MANIFESTS: usize = 10_000;
/// Most bytes of manifests that are read to find those that are attached to something.
const MOST_BYTES: u64 = 512 << 20;
/// Most bytes of one manifest.
const MOST_OF_ONE: u64 = MAX_ATTACHED_DOCUMENT_BYTES as u64;
/// Under which names images are listed.
const NAMES: [&str; 2] = [
    "io.containerd.image.name",
    "org.opencontainers.image.ref.name",
];

/// An OCI layout.
pub(crate) struct LayoutStore {
    blobs: LayoutBlobs,
    index: Vec<Descriptor>,
}

impl LayoutStore {
    /// Reads the index of the layout in a folder.
    pub(super) fn open(folder: &Path) -> Result<Self, StoreError> {
        let blobs = LayoutBlobs::new(folder);
        let index = Descriptor::read_index(&blobs.index(MOST_OF_ONE)?, MOST_MANIFESTS)?;
        Ok(Self { blobs, index })
    }
}

impl AttachmentStore for LayoutStore {
    type Error = StoreError;

    fn referrers(&self, subject: &Digest) -> Result<Option<Vec<Descriptor>>, StoreError> {
        let mut found = Vec::new();
        let mut bytes = 0;
        for descriptor in &self.index {
            // An index may name what was not copied along.
            if !self.blobs.has(&descriptor.digest) {
                continue;
            }
            let content = self.blobs.blob(&descriptor.digest, MOST_OF_ONE)?;
            bytes += content.len() as u64;
            if bytes > MOST_BYTES {
                return Err(StoreError::TooMuch);
            }
            let Ok(manifest) = AttachedManifest::read(&content) else {
                continue;
            };
            if manifest.subject.as_ref() == Some(subject) {
                found.push(Descriptor {
                    artifact_type: Some(manifest.artifact_type),
                    ..descriptor.clone()
                });
            }
        }
        Ok(Some(found))
    }

    fn tagged(&self, tag: &str) -> Result<Option<Tagged>, StoreError> {
        let is_named = |descriptor: &&Descriptor| {
            let names = NAMES
                .iter()
                .filter_map(|key| descriptor.annotations.get(*key));
            names
                .into_iter()
                .any(|name| name.rsplit(':').next() == Some(tag))
        };
        let Some(descriptor) = self.index.iter().find(is_named) else {
            return Ok(None);
        };
        Ok(Some(Tagged {
            digest: descriptor.digest.clone(),
            content: self.blobs.blob(&descriptor.digest, MOST_OF_ONE)?,
        }))
    }

    fn manifest(&self, digest: &Digest) -> Result<Vec<u8>, StoreError> {
        Ok(self.blobs.blob(digest, MOST_OF_ONE)?)
    }

    fn blob(&self, digest: &Digest, most: u64) -> Result<Vec<u8>, StoreError> {
        Ok(self.blobs.blob(digest, most)?)
    }
}
