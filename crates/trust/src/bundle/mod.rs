//! Sigstore bundles: a signature, and what is needed to verify it, in one JSON file.
//!
//! Version 0.3 is written, versions 0.1 to 0.3 are read. Reading says only what is there; whether
//! any of it holds is the affair of `verification`. Entries of logs and timestamps are kept as
//! the JSON that they are: they mean something to the adapter of Sigstore alone.

mod read;
mod wire;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::{Envelope, SimpleSigning, Statement, sigstore};
pub use read::{InvalidBundle, MAX_BUNDLE_BYTES};
pub(crate) use read::{MOST_CERTIFICATES, MOST_EVIDENCE_BYTES};

/// A bundle.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    pub(crate) version: BundleVersion,
    pub(crate) material: Material,
    pub(crate) content: Content,
    pub(crate) log_entries: Vec<Value>,
    pub(crate) timestamps: Value,
}

/// The version of a bundle's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BundleVersion {
    /// 0.1: a chain of certificates, and a promise of the log.
    V0_1,
    /// 0.2: a chain of certificates, and a proof of the log.
    V0_2,
    /// 0.3: one certificate.
    V0_3,
}

/// By what the signature is to be verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Material {
    /// A key that the verifier has, and a hint at which.
    Key {
        /// The hint. Nobody vouches for it.
        hint: String,
    },
    /// A certificate, and perhaps those above it.
    Certificates {
        /// The DER of each, the signer's first; never empty.
        chain: Vec<Vec<u8>>,
        /// Whether the bundle says that it is a chain, even if of one.
        is_chain: bool,
    },
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A payload in an envelope.
    Envelope(Envelope),
    /// The artifact itself.
    Message(MessageSignature),
    /// A payload that names an image, in cosign's old form. No file has it: bundles are made
    /// around what is found in a registry.
    SimpleSigning(SimpleSigning),
}

/// Who signed a bundle, as it says itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnverifiedSigner {
    /// Whoever has the key of which this is said. It may be empty.
    Key {
        /// The hint.
        hint: String,
    },
    /// Whom the certificate names.
    Certificate {
        /// The name.
        identity: Option<String>,
        /// The provider of identities that vouched for it.
        issuer: Option<String>,
    },
    /// The certificate can not be read.
    Unreadable,
}

/// A signature over the bytes of the artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageSignature {
    /// What is said of the artifact's digest: the algorithm as the bundle names it, and the value.
    pub digest: Option<(String, Vec<u8>)>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Bundle {
    /// A bundle of today's version around an envelope that a key has signed.
    pub(crate) fn of_key(hint: String, envelope: Envelope) -> Self {
        Self {
            version: BundleVersion::V0_3,
            material: Material::Key { hint },
            content: Content::Envelope(envelope),
            log_entries: Vec::new(),
            timestamps: Value::Null,
        }
    }

    /// A bundle of today's version around an envelope that the key in a certificate has signed.
    pub(crate) fn of_certificate(certificate: Vec<u8>, envelope: Envelope) -> Self {
        Self {
            version: BundleVersion::V0_3,
            material: Material::Certificates {
                chain: vec![certificate],
                is_chain: false,
            },
            content: Content::Envelope(envelope),
            log_entries: Vec::new(),
            timestamps: Value::Null,
        }
    }

    /// Adds what log and timestamp authorities said of the signature: entries as bundles have
    /// them, and answers in DER.
    pub(crate) fn add_evidence(&mut self, log_entries: Vec<Value>, stamps: &[Vec<u8>]) {
        self.log_entries = log_entries;
        if !stamps.is_empty() {
            let stamps: Vec<Value> = stamps
                .iter()
                .map(|stamp| json!({"signedTimestamp": STANDARD.encode(stamp)}))
                .collect();
            self.timestamps = json!({"rfc3161Timestamps": stamps});
        }
    }

    /// The version of its format.
    pub fn version(&self) -> BundleVersion {
        self.version
    }

    /// By what it is to be verified.
    pub fn material(&self) -> &Material {
        &self.material
    }

    /// What is signed.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// How many entries of logs it has.
    pub fn log_entries(&self) -> usize {
        self.log_entries.len()
    }

    /// How many signed timestamps it has.
    pub fn timestamps(&self) -> usize {
        self.timestamps
            .get("rfc3161Timestamps")
            .and_then(Value::as_array)
            .map_or(0, Vec::len)
    }

    /// Who signed it, which nobody has verified: only for telling people what is there.
    pub fn unverified_signer(&self) -> UnverifiedSigner {
        match &self.material {
            Material::Key { hint } => UnverifiedSigner::Key { hint: hint.clone() },
            Material::Certificates { chain, .. } => chain
                .first()
                .and_then(|certificate| sigstore::names_in(certificate))
                .map_or(UnverifiedSigner::Unreadable, |(identity, issuer)| {
                    UnverifiedSigner::Certificate { identity, issuer }
                }),
        }
    }

    /// What it says, which nobody has verified: only for choosing which bundle to look at, or
    /// which digests to compute.
    pub fn unverified_statement(&self) -> Option<Statement> {
        match &self.content {
            Content::Envelope(envelope) => Statement::read(&envelope.payload).ok(),
            Content::Message(_) | Content::SimpleSigning(_) => None,
        }
    }
}

impl BundleVersion {
    /// The media type that we write, and the first that we read.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::V0_1 => "application/vnd.dev.sigstore.bundle+json;version=0.1",
            Self::V0_2 => "application/vnd.dev.sigstore.bundle+json;version=0.2",
            Self::V0_3 => "application/vnd.dev.sigstore.bundle.v0.3+json",
        }
    }

    fn from_media_type(text: &str) -> Option<Self> {
        [Self::V0_1, Self::V0_2, Self::V0_3]
            .into_iter()
            .find(|version| version.media_type() == text)
            .or_else(|| {
                (text == "application/vnd.dev.sigstore.bundle+json;version=0.3")
                    .then_some(Self::V0_3)
            })
    }
}
