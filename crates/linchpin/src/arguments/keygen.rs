//! The arguments of `linchpin keygen`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use linchpin_trust::KeyKind;

use super::groups::PassphraseArguments;

#[derive(Debug, Args)]
pub(crate) struct KeygenArguments {
    /// The files to write, without their endings: the private key gets `.key`, the public key `.pub`
    #[arg(value_name = "NAME", default_value = "linchpin", value_hint = ValueHint::FilePath)]
    pub(crate) name: PathBuf,
    /// What the keys compute with
    #[arg(long, value_name = "ALGORITHM", value_enum, default_value_t)]
    pub(crate) algorithm: KeyChoice,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArguments,
    /// Write the private key for anybody to use, where the place itself is protected
    #[arg(long, conflicts_with = "passphrase_file")]
    pub(crate) no_passphrase: bool,
    /// Replace keys that are there already: what they signed can then only be verified with the old public key
    #[arg(long)]
    pub(crate) force: bool,
}

/// What keys compute with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum KeyChoice {
    /// Ed25519: small and fast
    #[default]
    Ed25519,
    /// ECDSA on the curve P-256, which cosign makes
    #[value(name = "ecdsa-p256")]
    EcdsaP256,
    /// ECDSA on the curve P-384
    #[value(name = "ecdsa-p384")]
    EcdsaP384,
    /// RSA of 3072 bits
    #[value(name = "rsa-3072")]
    Rsa3072,
    /// RSA of 4096 bits
    #[value(name = "rsa-4096")]
    Rsa4096,
}

impl From<KeyChoice> for KeyKind {
    fn from(choice: KeyChoice) -> Self {
        match choice {
            KeyChoice::Ed25519 => Self::Ed25519,
            KeyChoice::EcdsaP256 => Self::EcdsaP256,
            KeyChoice::EcdsaP384 => Self::EcdsaP384,
            KeyChoice::Rsa3072 => Self::Rsa3072,
            KeyChoice::Rsa4096 => Self::Rsa4096,
        }
    }
}
