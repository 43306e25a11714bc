//! What was verified. Values of these types are made by `verify` alone, so that whoever holds one
//! knows that it was done.

use linchpin_model::{Digest, Timestamp};

use crate::{KeyAlgorithm, Statement};

/// A value that somebody vouches for, and the evidence.
#[derive(Debug, Clone)]
pub struct Verified<T> {
    value: T,
    evidence: Evidence,
}

/// What a bundle claims.
#[derive(Debug, Clone)]
pub enum Claim {
    /// A statement about the artifact.
    Statement(Statement),
    /// No more than that the artifact was signed.
    Signature,
}

/// By what something was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Who signed.
    pub signer: Signer,
    /// Whether a transparency log of the trusted root holds the signature.
    pub logged: bool,
    /// Whether a timestamp authority of the trusted root has stamped it.
    pub stamped: bool,
    /// The moments at which logs and timestamp authorities saw the signature. Of a key alone, no
    /// moment is known.
    pub times: Vec<Timestamp>,
    /// The artifact's digest.
    pub artifact: Option<Digest>,
}

/// Who signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// Whoever has the private key.
    Key {
        /// What it computes with.
        algorithm: KeyAlgorithm,
        /// The SHA-256 of the public key, in base64.
        fingerprint: String,
    },
    /// Whom an authority of the trusted root calls so.
    Identity {
        /// The name.
        identity: String,
        /// The provider of identities that vouched for the name.
        issuer: String,
    },
}

impl<T> Verified<T> {
    pub(super) fn new(value: T, evidence: Evidence) -> Self {
        Self { value, evidence }
    }

    /// The value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// By what it was verified.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }
}

impl Verified<Claim> {
    /// The statement, if it is more than a signature.
    pub fn into_statement(self) -> Option<Verified<Statement>> {
        match self.value {
            Claim::Statement(statement) => Some(Verified::new(statement, self.evidence)),
            Claim::Signature => None,
        }
    }
}
