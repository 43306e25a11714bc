//! An image whose blobs are in memory, as a registry would give them.

use std::collections::HashMap;
use std::io::{self, Cursor, Read};

use linchpin_model::{Digest, DigestAlgorithm};
use linchpin_source::{RemoteBlob, RemoteImage};
use sha2::{Digest as _, Sha256};

use crate::layers::SEPARATOR;

/// The most blobs that are made.
const MOST: usize = 9;

/// An image whose blobs are in memory.
#[derive(Debug)]
pub struct MemoryImage {
    root: Vec<u8>,
    blobs: HashMap<Digest, Vec<u8>>,
}

impl MemoryImage {
    /// Cuts the bytes into blobs. Those that come later are made first, because the earlier ones
    /// may hold their digests.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut parts = vec![bytes];
        while parts.len() < MOST
            && let Some(last) = parts.last().copied()
            && let Some(place) = last
                .windows(SEPARATOR.len())
                .position(|window| window == SEPARATOR)
        {
            parts.pop();
            parts.push(&last[..place]);
            parts.push(&last[place + SEPARATOR.len()..]);
        }
        let mut digests: HashMap<u8, String> = HashMap::new();
        let mut image = Self {
            root: Vec::new(),
            blobs: HashMap::new(),
        };
        for (place, part) in parts.iter().enumerate().rev() {
            let blob = with_digests(part, &digests);
            let digest = Digest::from_bytes(DigestAlgorithm::Sha256, &Sha256::digest(&blob))
                .expect("the length is right");
            digests.insert(b'0' + place as u8, digest.to_string());
            image.root.clone_from(&blob);
            image.blobs.insert(digest, blob);
        }
        image
    }
}

/// Puts digests where their places are named.
fn with_digests(part: &[u8], digests: &HashMap<u8, String>) -> Vec<u8> {
    let mut blob = Vec::new();
    let mut rest = part;
    while let [first, others @ ..] = rest {
        match rest {
            [b'#', place, b'#', after @ ..] if digests.contains_key(place) => {
                blob.extend(digests[place].as_bytes());
                rest = after;
            }
            _ => {
                blob.push(*first);
                rest = others;
            }
        }
    }
    blob
}

impl RemoteImage for MemoryImage {
    fn name(&self) -> &str {
        "registry.example/image:1"
    }

    fn root(&self, _most: u64) -> io::Result<Vec<u8>> {
        Ok(self.root.clone())
    }

    fn manifest(&self, digest: &Digest, _most: u64) -> io::Result<Vec<u8>> {
        let found = self.blobs.get(digest).cloned();
        found.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn blob(&self, blob: &RemoteBlob) -> io::Result<Box<dyn Read + Send>> {
        let content = self.manifest(&blob.digest, u64::MAX)?;
        Ok(Box::new(Cursor::new(content)))
    }
}
