//! The algorithms of keys, and the signatures that go with them.
//!
//! An algorithm has one signature of ours: the one that Sigstore's registry of algorithms gives
//! it by default, <https://github.com/sigstore/architecture-docs/blob/main/algorithm-registry.md>.
//! Which hash is used is never the choice of whoever hands in a signature.

use std::fmt;

use aws_lc_rs::signature::{
    self, ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ED25519,
    EcdsaSigningAlgorithm, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    VerificationAlgorithm,
};
use linchpin_model::DigestAlgorithm;

/// What a key computes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyAlgorithm {
    /// Ed25519, over the message itself.
    Ed25519,
    /// ECDSA on the curve P-256, with SHA-256.
    EcdsaP256,
    /// ECDSA on the curve P-384, with SHA-384.
    EcdsaP384,
    /// RSA of 2048 to 8192 bits, PKCS#1 version 1.5 or PSS with SHA-256.
    Rsa,
}

/// A sort of key that can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Ed25519.
    Ed25519,
    /// ECDSA on the curve P-256.
    EcdsaP256,
    /// ECDSA on the curve P-384.
    EcdsaP384,
    /// RSA of 3072 bits: as strong as the others.
    Rsa3072,
    /// RSA of 4096 bits.
    Rsa4096,
}

/// A way to check a signature: the algorithm, and the digest of the message that it works on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scheme {
    pub(crate) verification: &'static dyn VerificationAlgorithm,
    /// Nothing where the signature is over the message itself.
    pub(crate) digest: Option<DigestAlgorithm>,
}

impl KeyAlgorithm {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::EcdsaP256 => "ECDSA P-256",
            Self::EcdsaP384 => "ECDSA P-384",
            Self::Rsa => "RSA",
        }
    }

    /// What may be taken for a signature of such a key. The first is what we write; cosign signed
    /// with SHA-256 on every curve before its version 3, and PSS is what other programs sign with
    /// by RSA. Ed25519ph is not taken: no library here verifies it.
    pub(crate) fn schemes(self) -> &'static [Scheme] {
        const SHA256: Option<DigestAlgorithm> = Some(DigestAlgorithm::Sha256);
        match self {
            Self::Ed25519 => {
                &const {
                    [Scheme {
                        verification: &ED25519,
                        digest: None,
                    }]
                }
            }
            Self::EcdsaP256 => {
                &const {
                    [Scheme {
                        verification: &ECDSA_P256_SHA256_ASN1,
                        digest: SHA256,
                    }]
                }
            }
            Self::EcdsaP384 => {
                &const {
                    [
                        Scheme {
                            verification: &ECDSA_P384_SHA384_ASN1,
                            digest: Some(DigestAlgorithm::Sha384),
                        },
                        Scheme {
                            verification: &ECDSA_P384_SHA256_ASN1,
                            digest: SHA256,
                        },
                    ]
                }
            }
            Self::Rsa => {
                &const {
                    [
                        Scheme {
                            verification: &RSA_PKCS1_2048_8192_SHA256,
                            digest: SHA256,
                        },
                        Scheme {
                            verification: &RSA_PSS_2048_8192_SHA256,
                            digest: SHA256,
                        },
                    ]
                }
            }
        }
    }

    /// How a key on a curve signs; nothing for other keys.
    pub(crate) fn curve(self) -> Option<&'static EcdsaSigningAlgorithm> {
        match self {
            Self::EcdsaP256 => Some(&signature::ECDSA_P256_SHA256_ASN1_SIGNING),
            Self::EcdsaP384 => Some(&signature::ECDSA_P384_SHA384_ASN1_SIGNING),
            Self::Ed25519 | Self::Rsa => None,
        }
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
