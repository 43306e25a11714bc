//! The box in which cosign keeps a private key: JSON that names scrypt and the secretbox of NaCl,
//! around a key in PKCS#8. Read only; what we write, cosign and openssl read as PKCS#8.
//!
//! The format is that of <https://github.com/secure-systems-lab/go-securesystemslib> (`encrypted`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto_secretbox::aead::Aead;
use crypto_secretbox::{Key, KeyInit, Nonce, XSalsa20Poly1305};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::key_derivation::scrypt_parameters;
use super::{KeyError, Passphrase};

/// The labels that cosign gives its boxes, today's and that of old.
pub(crate) const LABELS: [&str; 2] = [
    "ENCRYPTED SIGSTORE PRIVATE KEY",
    "ENCRYPTED COSIGN PRIVATE KEY",
];

#[derive(Deserialize)]
struct SealedKey {
    kdf: Derivation,
    cipher: Cipher,
    ciphertext: String,
}

#[derive(Deserialize)]
struct Derivation {
    name: String,
    params: ScryptCost,
    salt: String,
}

#[derive(Deserialize)]
struct ScryptCost {
    #[serde(rename = "N")]
    cost: u64,
    #[serde(rename = "r")]
    block_size: u64,
    #[serde(rename = "p")]
    parallelization: u64,
}

#[derive(Deserialize)]
struct Cipher {
    name: String,
    nonce: String,
}

/// Opens a box: the DER of a `PrivateKeyInfo`, which nobody has looked at yet.
pub(crate) fn open(
    content: &[u8],
    passphrase: &Passphrase,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let sealed: SealedKey = serde_json::from_slice(content)
        .map_err(|_| KeyError::Damaged("its JSON is not that of cosign"))?;
    for (name, known) in [
        (&sealed.kdf.name, "scrypt"),
        (&sealed.cipher.name, "nacl/secretbox"),
    ] {
        if name != known {
            return Err(KeyError::Encryption(name.chars().take(100).collect()));
        }
    }
    let bytes = |text: &str| {
        STANDARD
            .decode(text)
            .map_err(|_| KeyError::Damaged("its base64 can not be read"))
    };
    let cost = &sealed.kdf.params;
    let cost = scrypt_parameters(cost.cost, cost.block_size, cost.parallelization)?;
    let nonce: [u8; 24] = bytes(&sealed.cipher.nonce)?
        .try_into()
        .map_err(|_| KeyError::Damaged("its nonce has not 24 bytes"))?;
    let mut key = Zeroizing::new([0_u8; 32]);
    scrypt::scrypt(
        passphrase.as_bytes(),
        &bytes(&sealed.kdf.salt)?,
        &cost,
        key.as_mut(),
    )
    .map_err(|_| KeyError::Library("make a key of the passphrase"))?;
    XSalsa20Poly1305::new(Key::from_slice(key.as_ref()))
        .decrypt(
            Nonce::from_slice(&nonce),
            bytes(&sealed.ciphertext)?.as_slice(),
        )
        .map(Zeroizing::new)
        .map_err(|_| KeyError::WrongPassphrase)
}
