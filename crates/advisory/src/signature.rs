//! Signatures of databases that are carried by hand: Ed25519, with keys as OpenSSL writes them
//! (PKCS#8 and SubjectPublicKeyInfo in PEM, RFC 8410).

use std::fmt;

use ed25519_dalek::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _};
use ed25519_dalek::{Signature, Signer as _};

/// Why a key can not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    /// It is no private key.
    #[error(
        "it is no private Ed25519 key in PKCS#8 PEM\nhint: `openssl genpkey -algorithm ed25519 -out key.pem` makes one"
    )]
    NotPrivate,
    /// It is no public key.
    #[error(
        "it is no public Ed25519 key in PEM\nhint: `openssl pkey -in key.pem -pubout -out public.pem` makes one of a private key"
    )]
    NotPublic,
}

/// A key that signs.
pub struct PrivateKey(ed25519_dalek::SigningKey);

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PrivateKey")
    }
}

impl PrivateKey {
    /// Reads a key.
    pub fn from_pem(pem: &str) -> Result<Self, InvalidKey> {
        ed25519_dalek::SigningKey::from_pkcs8_pem(pem)
            .map(Self)
            .map_err(|_| InvalidKey::NotPrivate)
    }

    /// The signature of a message.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; SIGNATURE] {
        self.0.sign(message).to_bytes()
    }
}

/// The length of a signature.
pub(crate) const SIGNATURE: usize = ed25519_dalek::SIGNATURE_LENGTH;

/// A key that verifies.
#[derive(Debug, Clone)]
pub struct PublicKey(ed25519_dalek::VerifyingKey);

impl PublicKey {
    /// Reads a key.
    pub fn from_pem(pem: &str) -> Result<Self, InvalidKey> {
        ed25519_dalek::VerifyingKey::from_public_key_pem(pem)
            .ok()
            // A key of small order would accept signatures that nobody made.
            .filter(|key| !key.is_weak())
            .map(Self)
            .ok_or(InvalidKey::NotPublic)
    }

    /// Whether the key's owner signed the message.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}
