//! Keys: made, read from what other programs write, and used.
//!
//! A private key comes as PKCS#8, SEC 1 or PKCS#1 in PEM, plain or encrypted by a passphrase, or
//! in the box of cosign. A public key comes as SPKI or PKCS#1. The arithmetic is done by
//! AWS-LC; here is which key may do what.

mod algorithm;
mod cosign_box;
mod encryption;
mod error;
mod key_derivation;
mod passphrase;
mod pem_block;
mod private_key;
mod private_key_file;
mod public_key;

pub use algorithm::{KeyAlgorithm, KeyKind};
pub use error::KeyError;
pub use passphrase::Passphrase;
pub use pem_block::MAX_KEY_BYTES;
pub(crate) use pem_block::write as write_pem;
pub use private_key::PrivateKey;
pub use private_key_file::PrivateKeyFile;
pub use public_key::PublicKey;
