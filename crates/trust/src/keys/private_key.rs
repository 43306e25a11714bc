//! A private key that signs.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use pkcs8::PrivateKeyInfoRef;
use pkcs8::der::Decode;
use zeroize::Zeroizing;

use super::public_key::algorithm_of;
use super::{KeyAlgorithm, KeyError, KeyKind, Passphrase, PublicKey, encryption, pem_block};

/// A private key. It is never shown, and can be written encrypted or, if that is said, plain.
pub struct PrivateKey {
    pair: Pair,
    public: PublicKey,
}

enum Pair {
    Ed25519(Ed25519KeyPair),
    Ecdsa(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl PrivateKey {
    /// Makes a new key.
    pub fn generate(kind: KeyKind) -> Result<Self, KeyError> {
        let failed = |_| KeyError::Library("make a key");
        let curve = |algorithm: KeyAlgorithm| {
            let curve = algorithm.curve().ok_or(KeyError::Library("make a key"))?;
            EcdsaKeyPair::generate(curve)
                .map(Pair::Ecdsa)
                .map_err(failed)
        };
        let rsa = |size| RsaKeyPair::generate(size).map(Pair::Rsa).map_err(failed);
        Self::new(match kind {
            KeyKind::Ed25519 => Pair::Ed25519(Ed25519KeyPair::generate().map_err(failed)?),
            KeyKind::EcdsaP256 => curve(KeyAlgorithm::EcdsaP256)?,
            KeyKind::EcdsaP384 => curve(KeyAlgorithm::EcdsaP384)?,
            KeyKind::Rsa3072 => rsa(KeySize::Rsa3072)?,
            KeyKind::Rsa4096 => rsa(KeySize::Rsa4096)?,
        })
    }

    /// The public key that goes with it.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The key in encrypted PKCS#8, in PEM.
    pub fn to_encrypted_pem(&self, passphrase: &Passphrase) -> Result<Zeroizing<String>, KeyError> {
        let encrypted = encryption::encrypt(&self.to_pkcs8()?, passphrase)?;
        Ok(Zeroizing::new(pem_block::write(
            "ENCRYPTED PRIVATE KEY",
            &encrypted,
        )))
    }

    /// The key in PKCS#8, in PEM, for anybody to use.
    pub fn to_plain_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        Ok(Zeroizing::new(pem_block::write(
            "PRIVATE KEY",
            &self.to_pkcs8()?,
        )))
    }

    /// Signs a message. The signature is checked before it is given away: a fault while RSA
    /// computes would betray the key.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let failed = |_| KeyError::Library("sign");
        let random = SystemRandom::new();
        let signature = match &self.pair {
            Pair::Ed25519(pair) => pair.try_sign(message).map_err(failed)?.as_ref().to_vec(),
            Pair::Ecdsa(pair) => pair
                .sign(&random, message)
                .map_err(failed)?
                .as_ref()
                .to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(failed)?;
                signature
            }
        };
        if self.public.verifies(message, &signature) {
            Ok(signature)
        } else {
            Err(KeyError::Library("sign: the signature does not hold"))
        }
    }

    /// A key in PKCS#8.
    pub(crate) fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let info =
            PrivateKeyInfoRef::from_der(der).map_err(|_| KeyError::Damaged("it is no PKCS#8"))?;
        let wrong = |_| KeyError::Damaged("its numbers are no such key");
        Self::new(match algorithm_of(&info.algorithm)? {
            KeyAlgorithm::Ed25519 => {
                // What openssl writes has no public key beside the private one to compare with.
                Pair::Ed25519(Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map_err(wrong)?)
            }
            algorithm @ (KeyAlgorithm::EcdsaP256 | KeyAlgorithm::EcdsaP384) => {
                let curve = algorithm
                    .curve()
                    .ok_or(KeyError::Library("find the curve"))?;
                Pair::Ecdsa(EcdsaKeyPair::from_pkcs8(curve, der).map_err(wrong)?)
            }
            KeyAlgorithm::Rsa => Pair::Rsa(RsaKeyPair::from_pkcs8(der).map_err(wrong)?),
        })
    }

    /// A key on a curve as openssl writes it of old: SEC 1.
    pub(crate) fn from_sec1(der: &[u8]) -> Result<Self, KeyError> {
        let pair = [KeyAlgorithm::EcdsaP256, KeyAlgorithm::EcdsaP384]
            .into_iter()
            .filter_map(KeyAlgorithm::curve)
            .find_map(|curve| EcdsaKeyPair::from_private_key_der(curve, der).ok());
        Self::new(Pair::Ecdsa(pair.ok_or_else(|| {
            KeyError::Algorithm("of a curve that is neither P-256 nor P-384".to_owned())
        })?))
    }

    /// A key of RSA as openssl writes it of old: PKCS#1.
    pub(crate) fn from_pkcs1(der: &[u8]) -> Result<Self, KeyError> {
        let pair = RsaKeyPair::from_der(der)
            .map_err(|_| KeyError::Damaged("its numbers are no such key"))?;
        Self::new(Pair::Rsa(pair))
    }

    fn new(pair: Pair) -> Result<Self, KeyError> {
        let failed = |_| KeyError::Library("write the public key");
        let spki: PublicKeyX509Der<'_> = match &pair {
            Pair::Ed25519(pair) => pair.public_key().as_der(),
            Pair::Ecdsa(pair) => pair.public_key().as_der(),
            Pair::Rsa(pair) => pair.public_key().as_der(),
        }
        .map_err(failed)?;
        let public = PublicKey::from_spki(spki.as_ref())?;
        Ok(Self { pair, public })
    }

    fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let failed = |_| KeyError::Library("write the key");
        // Version 1 without the public key, which is what openssl reads.
        Ok(Zeroizing::new(match &self.pair {
            Pair::Ed25519(pair) => pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec(),
            Pair::Ecdsa(pair) => pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
                der.as_ref().to_vec()
            }
        }))
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PrivateKey")
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}
