//! Where the files of an image lie: in a folder, or as members of a tar.

use std::collections::HashMap;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use linchpin_model::{Digest, TargetPath};
use serde::de::DeserializeOwned;

use super::documents::Descriptor;
use super::image_error::ImageError;
use super::remote_image::{RemoteBlob, RemoteStore};
use crate::Limits;
use crate::archives::{FileBytes, Stretch};
use crate::layer::{
    Blob, BlobFile, Expected, FetchedBlob, Hasher, LayerContent, LayerError, MemberKind, TarStream,
};

/// Most members of a tar that holds an image: a few per layer.
const MOST_MEMBERS: u64 = 100_000;

/// Where the files of an image lie.
#[derive(Debug)]
pub(crate) enum BlobStore {
    /// A folder.
    Folder(PathBuf),
    /// A tar, with the places of its members.
    Tar {
        /// Its regular files.
        members: HashMap<TargetPath, Blob>,
        /// Its links: `docker save` writes one for a layer that occurs twice.
        links: HashMap<TargetPath, TargetPath>,
    },
    /// Somewhere else.
    Remote(RemoteStore),
}

/// What sort of document is asked for, and by what it is known.
#[derive(Debug, Clone, Copy)]
pub(crate) enum DocumentName<'a> {
    /// A file of this name.
    File(&'a str),
    /// A manifest or index.
    Manifest(&'a Digest),
    /// A configuration.
    Configuration(&'a Digest),
}

impl BlobStore {
    /// Lists the members of a tar without reading their content.
    pub(crate) fn of_tar(tar: &BlobFile, limits: Limits) -> Result<Self, LayerError> {
        let file = tar.open().map_err(LayerError::Unreadable)?;
        let length = file.metadata().map_err(LayerError::Unreadable)?.len();
        let bytes = FileBytes { file, size: length };
        let limits = Limits {
            entries: MOST_MEMBERS,
            ..limits
        };
        let mut stream = TarStream::new(Stretch::whole(&bytes), limits);
        let (mut members, mut links) = (HashMap::new(), HashMap::new());
        while let Some(member) = stream.next_member()? {
            let name = TargetPath::from_bytes(&member.path);
            match member.kind {
                MemberKind::File => {
                    if member.offset.saturating_add(member.size) > length {
                        return Err(LayerError::Truncated {
                            what: format!("`{name}`"),
                        });
                    }
                    let blob = Blob {
                        file: tar.clone(),
                        offset: member.offset,
                        size: member.size,
                    };
                    members.insert(name, blob);
                }
                MemberKind::SymbolicLink(target) => {
                    let target = String::from_utf8_lossy(&target).into_owned();
                    links.insert(name.clone(), name.parent().join(&target));
                }
                MemberKind::HardLink(target) => {
                    links.insert(name, TargetPath::from_bytes(&target));
                }
                _ => {}
            }
        }
        Ok(Self::Tar { members, links })
    }

    /// Whether there is a file of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.find(name).is_ok()
    }

    /// Whether there is a file of this name that begins so, white space aside.
    pub(crate) fn starts_with(&self, name: &str, wanted: &[u8]) -> bool {
        let mut start = Vec::new();
        let read = self
            .find(name)
            .ok()
            .and_then(|blob| blob.open().ok()?.take(64).read_to_end(&mut start).ok());
        read.is_some() && start.trim_ascii_start().starts_with(wanted)
    }

    /// The file of this name.
    pub(crate) fn find(&self, name: &str) -> Result<Blob, ImageError> {
        let missing = || ImageError::MissingBlob {
            name: name.chars().take(200).collect(),
        };
        let path = TargetPath::new(name);
        match self {
            Self::Folder(folder) => {
                let file = folder.join(path.as_str());
                // A layout may link blobs among each other, but never to somewhere else.
                let real = file.canonicalize().map_err(|_| missing())?;
                let inside = folder
                    .canonicalize()
                    .is_ok_and(|folder| real.starts_with(folder));
                if !inside {
                    return Err(missing());
                }
                Blob::whole(&real).map_err(|source| ImageError::UnreadableBlob {
                    name: name.to_owned(),
                    source,
                })
            }
            Self::Tar { members, links } => {
                let target = links.get(&path).unwrap_or(&path);
                members.get(target).cloned().ok_or_else(missing)
            }
            Self::Remote(_) => Err(missing()),
        }
    }

    /// The layer with this digest.
    pub(super) fn layer(&self, descriptor: &Descriptor) -> Result<LayerContent, ImageError> {
        let digest: Digest = descriptor.digest.parse().map_err(ImageError::BadDigest)?;
        match self {
            Self::Remote(store) => {
                let blob = RemoteBlob {
                    digest,
                    size: descriptor.size,
                    urls: descriptor.urls.clone(),
                };
                let (image, size) = (Arc::clone(&store.image), blob.size);
                let blob = FetchedBlob::new(Arc::new(move || image.blob(&blob)), size);
                Ok(LayerContent::Fetched(Arc::new(blob)))
            }
            _ => self.blob(&digest).map(LayerContent::Stored),
        }
    }

    /// The blob with this digest, in the place that an OCI layout gives it.
    pub(super) fn blob(&self, digest: &Digest) -> Result<Blob, ImageError> {
        self.find(&format!(
            "blobs/{}/{}",
            digest.algorithm().name(),
            digest.hex()
        ))
    }

    /// A JSON document, checked against its digest if it has one.
    pub(crate) fn document<T: DeserializeOwned>(
        &self,
        name: DocumentName<'_>,
        what: &'static str,
        limits: Limits,
    ) -> Result<(T, Vec<u8>), ImageError> {
        let most = limits.document_bytes;
        let (shown, digest) = match name {
            DocumentName::File(name) => (name.to_owned(), None),
            DocumentName::Manifest(digest) | DocumentName::Configuration(digest) => {
                (digest.to_string(), Some(digest))
            }
        };
        let read = match (self, name) {
            (Self::Remote(store), DocumentName::Manifest(digest)) => store.manifest(digest, most),
            (Self::Remote(store), DocumentName::Configuration(digest)) => {
                store.small_blob(digest, most)
            }
            (_, DocumentName::File(name)) => self.find(name)?.read(most),
            (_, DocumentName::Manifest(digest) | DocumentName::Configuration(digest)) => {
                self.blob(digest)?.read(most)
            }
        };
        let content = read.map_err(|source| ImageError::UnreadableBlob {
            name: shown.clone(),
            source,
        })?;
        if let Some(digest) = digest {
            check(&content, digest).map_err(|source| ImageError::WrongDocument {
                name: shown.clone(),
                source,
            })?;
        }
        let document =
            serde_json::from_slice(&content).map_err(|source| ImageError::BadDocument {
                name: shown,
                what,
                source,
            })?;
        Ok((document, content))
    }
}

/// Compares bytes with their digest.
pub(super) fn check(content: &[u8], digest: &Digest) -> Result<(), LayerError> {
    let mut hasher = Hasher::checking(digest)?;
    hasher.update(content);
    hasher.check(digest)
}

/// What a layer that an OCI manifest names must be.
pub(super) fn expected_blob(digest: Digest, size: Option<u64>) -> Expected {
    Expected {
        stored: Some((digest, size)),
        unpacked: None,
    }
}
