//! Why a key can not be made, read or used.

/// Why a key can not be made, read or used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The file is larger than any key.
    #[error("the file has more than {limit} bytes, which no key has")]
    TooLarge {
        /// The most that is read.
        limit: usize,
    },
    /// There is nothing between `-----BEGIN` and `-----END` lines.
    #[error(
        "the file holds no key in PEM: no text between `-----BEGIN …-----` and `-----END …-----`\nhint: `openssl pkey -inform DER -in KEY -out KEY.pem` makes PEM of a binary key"
    )]
    NoPem,
    /// There are several keys, and which is meant is unknown.
    #[error("the file holds {0} keys, and which is meant is unknown")]
    SeveralKeys(usize),
    /// The PEM holds something else.
    #[error("the file holds `{label}`, which is no {wanted} key")]
    OtherLabel {
        /// What the PEM says that it is.
        label: String,
        /// What was wanted: `public` or `private`.
        wanted: &'static str,
    },
    /// A public key was wanted.
    #[error(
        "the file holds a private key, and a public one is wanted\nhint: give the `.pub` file that was made with it"
    )]
    PrivateForPublic,
    /// A private key was wanted.
    #[error(
        "the file holds a public key, and a private one is wanted\nhint: give the `.key` file that was made with it"
    )]
    PublicForPrivate,
    /// An old way of encryption of openssl, by MD5.
    #[error(
        "the key is encrypted in the old way of openssl, whose passphrases are easily guessed\nhint: `openssl pkcs8 -topk8 -in OLD -out NEW` encrypts it in today's"
    )]
    OldEncryption,
    /// The bytes in the PEM are no such key.
    #[error("the key is damaged: {0}")]
    Damaged(&'static str),
    /// The key computes with something that is not supported.
    #[error(
        "the key's algorithm {0} is not supported\nhint: Ed25519, ECDSA on P-256 or P-384, and RSA are"
    )]
    Algorithm(String),
    /// An RSA key of a size that is not taken.
    #[error("an RSA key of {bits} bits is not taken: 2048 to 8192 are")]
    RsaSize {
        /// The size of its modulus.
        bits: usize,
    },
    /// The key is encrypted in a way that is not supported.
    #[error("the key is encrypted by {0}, which is not supported")]
    Encryption(String),
    /// Opening the key would take more time or memory than anyone should spend on it.
    #[error("the key asks for {0}, which is more than any program that makes keys asks for")]
    Excessive(&'static str),
    /// The key is encrypted, and there is no passphrase.
    #[error("the key is encrypted, and no passphrase was given")]
    PassphraseNeeded,
    /// The passphrase does not open the key.
    #[error("the passphrase does not open the key, or the file is damaged")]
    WrongPassphrase,
    /// No random numbers, or something else in the library that never should fail.
    #[error("the cryptographic library failed to {0}")]
    Library(&'static str),
}
