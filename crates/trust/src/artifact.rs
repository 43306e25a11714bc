//! The artifact that a bundle is to be about: its digests, and its bytes where a signature is over
//! those.

use std::io::{self, Read};

use aws_lc_rs::digest::{Context, SHA256, SHA384, SHA512};
use linchpin_model::{Digest, DigestAlgorithm};

use crate::statement::is_proof;
use crate::{Bundle, Content, StatementSubject};

/// An artifact, as far as verification needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    digests: Vec<Digest>,
    content: Option<Vec<u8>>,
}

/// A digest that proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` proves nothing: others can make an artifact with the same\nhint: SHA-256, SHA-384 and SHA-512 are taken"
)]
pub struct WeakDigest(Digest);

impl Artifact {
    /// The artifact with this digest.
    pub fn from_digest(digest: Digest) -> Result<Self, WeakDigest> {
        if !is_proof(digest.algorithm()) {
            return Err(WeakDigest(digest));
        }
        Ok(Self {
            digests: vec![digest],
            content: None,
        })
    }

    /// The artifact with these bytes, which are kept.
    pub fn from_content(content: Vec<u8>) -> io::Result<Self> {
        let all = [
            DigestAlgorithm::Sha256,
            DigestAlgorithm::Sha384,
            DigestAlgorithm::Sha512,
        ];
        let mut artifact = Self::read(&mut content.as_slice(), &all)?;
        artifact.content = Some(content);
        Ok(artifact)
    }

    /// The artifact that a reader gives, of which only digests are kept: its SHA-256, and those of
    /// the algorithms that are named.
    pub fn read(reader: &mut dyn Read, wanted: &[DigestAlgorithm]) -> io::Result<Self> {
        let mut contexts: Vec<(DigestAlgorithm, Context)> = [
            (DigestAlgorithm::Sha256, &SHA256),
            (DigestAlgorithm::Sha384, &SHA384),
            (DigestAlgorithm::Sha512, &SHA512),
        ]
        .into_iter()
        .filter(|(algorithm, _)| {
            *algorithm == DigestAlgorithm::Sha256 || wanted.contains(algorithm)
        })
        .map(|(algorithm, how)| (algorithm, Context::new(how)))
        .collect();
        let mut buffer = vec![0; 128 << 10];
        loop {
            let length = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            for (_, context) in &mut contexts {
                context.update(buffer.get(..length).unwrap_or_default());
            }
        }
        let digests = contexts
            .into_iter()
            .map(|(algorithm, context)| {
                Digest::from_bytes(algorithm, context.finish().as_ref()).map_err(io::Error::other)
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            digests,
            content: None,
        })
    }

    /// The digests that are known.
    pub fn digests(&self) -> &[Digest] {
        &self.digests
    }

    /// The digest by which it is named: its SHA-256 if that is known.
    pub fn digest(&self) -> Option<&Digest> {
        self.digests.first()
    }

    /// What a statement about it names as its subject.
    pub fn subject(&self, name: Option<String>) -> StatementSubject {
        StatementSubject {
            name,
            digests: self.digests.clone(),
        }
    }

    pub(crate) fn content(&self) -> Option<&[u8]> {
        self.content.as_deref()
    }

    /// Whether a statement's subject is this artifact: they have a digest in common, and none in
    /// which they differ.
    pub(crate) fn is(&self, subject: &StatementSubject) -> bool {
        let mut common = false;
        for digest in &self.digests {
            for theirs in &subject.digests {
                if theirs.algorithm() == digest.algorithm() {
                    if theirs != digest {
                        return false;
                    }
                    common = true;
                }
            }
        }
        common
    }
}

impl Bundle {
    /// Which digests of an artifact are needed to compare it with what the bundle says.
    pub fn wanted_digests(&self) -> Vec<DigestAlgorithm> {
        if matches!(self.content, Content::SimpleSigning(_)) {
            return vec![DigestAlgorithm::Sha256];
        }
        let Some(statement) = self.unverified_statement() else {
            return vec![DigestAlgorithm::Sha384, DigestAlgorithm::Sha512];
        };
        let mut wanted: Vec<DigestAlgorithm> = statement
            .subjects()
            .iter()
            .flat_map(|subject| &subject.digests)
            .map(Digest::algorithm)
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }

    /// Whether the signature may be over the bytes of the artifact, and not over a digest of it.
    pub fn wants_content(&self) -> bool {
        matches!(self.content, Content::Message(_))
    }
}
