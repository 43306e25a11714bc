//! Encrypted PKCS#8: keys under a passphrase as openssl writes and reads them (PBES2, RFC 8018).

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{Decode, Encode};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{Kdf, Parameters};
use zeroize::Zeroizing;

use super::key_derivation::{check_pbkdf2_rounds, scrypt_parameters};
use super::{KeyError, Passphrase};

/// How hard a passphrase of a key that we write is to guess: scrypt with N of 2^14, r of 8 and p
/// of 5, which OWASP names among equally strong choices. It stays below the 32 MiB to which
/// openssl limits itself.
const COST: u64 = 1 << 14;
const BLOCK_SIZE: u64 = 8;
const PARALLELIZATION: u64 = 5;

/// Encrypts a key in PKCS#8: the DER of an `EncryptedPrivateKeyInfo`.
pub(crate) fn encrypt(key: &[u8], passphrase: &Passphrase) -> Result<Vec<u8>, KeyError> {
    let failed = |_| KeyError::Library("encrypt the key");
    let (mut salt, mut initial) = ([0_u8; 16], [0_u8; 16]);
    let random = SystemRandom::new();
    for numbers in [&mut salt, &mut initial] {
        random
            .fill(numbers)
            .map_err(|_| KeyError::Library("make random numbers"))?;
    }
    let cost = scrypt_parameters(COST, BLOCK_SIZE, PARALLELIZATION)?;
    let parameters = Parameters::generate_scrypt_aes256cbc(cost, &salt, initial)
        .map_err(|_| KeyError::Library("encrypt the key"))?;
    let encrypted = parameters
        .encrypt(passphrase.as_bytes(), key)
        .map_err(|_| KeyError::Library("encrypt the key"))?;
    EncryptedPrivateKeyInfoRef {
        encryption_algorithm: parameters.into(),
        encrypted_data: OctetStringRef::new(&encrypted).map_err(failed)?,
    }
    .to_der()
    .map_err(failed)
}

/// Decrypts a key: the DER of a `PrivateKeyInfo`, which nobody has looked at yet.
pub(crate) fn decrypt(
    encrypted: &[u8],
    passphrase: &Passphrase,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let encrypted = EncryptedPrivateKeyInfoRef::from_der(encrypted)
        .map_err(|_| KeyError::Damaged("it is no encrypted PKCS#8 that is known"))?;
    let EncryptionScheme::Pbes2(parameters) = &encrypted.encryption_algorithm else {
        return Err(KeyError::Encryption("PBES1, by MD5 or SHA-1".to_owned()));
    };
    match &parameters.kdf {
        Kdf::Pbkdf2(asked) => check_pbkdf2_rounds(asked.iteration_count)?,
        Kdf::Scrypt(asked) => {
            scrypt_parameters(
                asked.cost_parameter,
                asked.block_size.into(),
                asked.parallelization.into(),
            )?;
        }
        other => return Err(KeyError::Encryption(other.oid().to_string())),
    }
    parameters
        .decrypt(passphrase.as_bytes(), encrypted.encrypted_data.as_bytes())
        .map(Zeroizing::new)
        .map_err(|_| KeyError::WrongPassphrase)
}
