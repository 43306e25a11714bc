//! A public key that checks signatures.

use aws_lc_rs::digest;
use aws_lc_rs::signature::ParsedPublicKey;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use linchpin_model::{Digest, DigestAlgorithm};
use pkcs8::der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, UintRef};
use pkcs8::der::{self, Decode, Encode, Reader as _, SliceReader};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use super::{KeyAlgorithm, KeyError, pem_block};

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const ELLIPTIC_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    algorithm: KeyAlgorithm,
    spki: Box<[u8]>,
}

impl PublicKey {
    /// Reads a PEM file.
    pub fn read(file: &[u8]) -> Result<Self, KeyError> {
        let block = pem_block::read(file)?;
        match block.label.as_str() {
            "PUBLIC KEY" => Self::from_spki(&block.content),
            "RSA PUBLIC KEY" => Self::from_pkcs1(&block.content),
            label if label.ends_with("PRIVATE KEY") => Err(KeyError::PrivateForPublic),
            _ => Err(KeyError::OtherLabel {
                label: block.label,
                wanted: "public",
            }),
        }
    }

    /// A key as certificates hold it: the DER of a `SubjectPublicKeyInfo`.
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        let info = SubjectPublicKeyInfoRef::from_der(der)
            .map_err(|_| KeyError::Damaged("it is no public key"))?;
        let algorithm = algorithm_of(&info.algorithm)?;
        if algorithm == KeyAlgorithm::Rsa {
            let bits = rsa_bits(info.subject_public_key.as_bytes().unwrap_or_default())
                .map_err(|_| KeyError::Damaged("its numbers are no RSA key"))?;
            if !(2048..=8192).contains(&bits) {
                return Err(KeyError::RsaSize { bits });
            }
        }
        // A point that is not on its curve is found here and not at the first signature.
        for scheme in algorithm.schemes() {
            ParsedPublicKey::new(scheme.verification, der)
                .map_err(|_| KeyError::Damaged("its numbers are no such key"))?;
        }
        Ok(Self {
            algorithm,
            spki: der.into(),
        })
    }

    /// What it computes with.
    pub fn algorithm(&self) -> KeyAlgorithm {
        self.algorithm
    }

    /// The DER of its `SubjectPublicKeyInfo`.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The key in PEM.
    pub fn to_pem(&self) -> String {
        pem_block::write("PUBLIC KEY", &self.spki)
    }

    /// The name by which a bundle refers to it, as cosign does: its SHA-256 in base64.
    pub fn hint(&self) -> String {
        STANDARD.encode(self.digest())
    }

    /// Whether a signature over exactly this message is this key's.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.algorithm.schemes().iter().any(|scheme| {
            ParsedPublicKey::new(scheme.verification, self.spki.as_ref())
                .is_ok_and(|key| key.verify_sig(message, signature).is_ok())
        })
    }

    /// Whether a signature over a message with these digests is this key's. Nothing if the digest
    /// that counts is not among them, or the signature is over the message itself.
    pub fn verifies_digest(&self, digests: &[Digest], signature: &[u8]) -> Option<bool> {
        let mut known = None;
        for scheme in self.algorithm.schemes() {
            let found = digests
                .iter()
                .find(|digest| Some(digest.algorithm()) == scheme.digest)
                .and_then(imported);
            if let Some(digest) = found {
                let holds = ParsedPublicKey::new(scheme.verification, self.spki.as_ref())
                    .is_ok_and(|key| key.verify_digest_sig(&digest, signature).is_ok());
                known = Some(known.unwrap_or(false) || holds);
            }
        }
        known
    }

    fn digest(&self) -> digest::Digest {
        digest::digest(&digest::SHA256, &self.spki)
    }

    fn from_pkcs1(der: &[u8]) -> Result<Self, KeyError> {
        let wrong = |_| KeyError::Damaged("it is no public key");
        let info = SubjectPublicKeyInfoRef {
            algorithm: AlgorithmIdentifierRef {
                oid: RSA,
                parameters: Some(AnyRef::NULL),
            },
            subject_public_key: BitStringRef::from_bytes(der).map_err(wrong)?,
        };
        Self::from_spki(&info.to_der().map_err(wrong)?)
    }
}

/// The size of an RSA key's modulus.
fn rsa_bits(der: &[u8]) -> der::Result<usize> {
    let mut reader = SliceReader::new(der)?;
    let modulus: UintRef<'_> = reader.sequence(|numbers| {
        let modulus = numbers.decode()?;
        let _exponent: UintRef<'_> = numbers.decode()?;
        Ok::<_, der::Error>(modulus)
    })?;
    reader.finish()?;
    let leading = modulus
        .as_bytes()
        .first()
        .map_or(0, |byte| byte.leading_zeros());
    Ok((modulus.as_bytes().len() * 8).saturating_sub(leading as usize))
}

/// The digest as the library takes it.
fn imported(digest: &Digest) -> Option<digest::Digest> {
    let algorithm = match digest.algorithm() {
        DigestAlgorithm::Sha256 => &digest::SHA256,
        DigestAlgorithm::Sha384 => &digest::SHA384,
        DigestAlgorithm::Sha512 => &digest::SHA512,
        DigestAlgorithm::Md5 | DigestAlgorithm::Sha1 => return None,
    };
    digest::Digest::import_less_safe(&digest.to_bytes(), algorithm).ok()
}

/// What a key says that it computes with.
pub(crate) fn algorithm_of(
    identifier: &AlgorithmIdentifierRef<'_>,
) -> Result<KeyAlgorithm, KeyError> {
    let curve = || {
        identifier
            .parameters
            .and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok())
    };
    match identifier.oid {
        ED25519 => Ok(KeyAlgorithm::Ed25519),
        RSA => Ok(KeyAlgorithm::Rsa),
        ELLIPTIC_CURVE => match curve() {
            Some(P256) => Ok(KeyAlgorithm::EcdsaP256),
            Some(P384) => Ok(KeyAlgorithm::EcdsaP384),
            Some(other) => Err(KeyError::Algorithm(format!("of the curve {other}"))),
            None => Err(KeyError::Algorithm("of a curve without a name".to_owned())),
        },
        other => Err(KeyError::Algorithm(other.to_string())),
    }
}
