//! Signing a statement: with a key alone, so that the bundle stands for itself, or with services
//! that say whose key it was, and that and when they saw the signature.

mod with_services;

use crate::services::{InvalidAnswer, NoAnswer, Service};
use crate::{
    Bundle, InvalidBundle, InvalidStatement, KeyError, NotVerified, PrivateKey, Statement,
};
pub use with_services::{Witnessed, Witnesses, sign_as, sign_witnessed};

/// Why a statement is not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// The statement can not be written.
    #[error("failed to write the statement")]
    Statement(#[from] InvalidStatement),
    /// The key does not sign.
    #[error("failed to use the key")]
    Key(#[from] KeyError),
    /// Nobody is known who gives certificates.
    #[error(
        "no certificate authority is known that would take a token\nhint: `--signing-config` names services, `--fulcio-url` one authority; `--key` signs without"
    )]
    NoAuthority,
    /// Nobody would say when the signature was made.
    #[error(
        "nobody would say when the signature was made, and a certificate is valid for minutes: a log of version 2 tells no time\nhint: `--timestamp-url` names a timestamp authority"
    )]
    NoTime,
    /// A log of version 2 takes keys of one sort.
    #[error(
        "the log `{0}` is of version 2, in which only signatures of ECDSA P-256 keys can be verified\nhint: `linchpin keygen --algorithm ecdsa-p256` makes one; `--rekor-url` names a log of version 1"
    )]
    KeyNotTaken(String),
    /// A service does not answer.
    #[error("the {service} does not do what it was asked")]
    NoAnswer {
        /// The service.
        service: Service,
        /// Why.
        #[source]
        why: NoAnswer,
    },
    /// A service answers with something else than it should.
    #[error("the answer of the {service} can not be used")]
    Answer {
        /// The service.
        service: Service,
        /// Why.
        #[source]
        why: InvalidAnswer,
    },
    /// What came of it could not be read again.
    #[error("what would be written could not be read again")]
    Bundle(#[from] InvalidBundle),
    /// What services gave does not hold.
    #[error(
        "what the services gave does not verify by the trusted root\nhint: `--trusted-root` names the root that goes with these services"
    )]
    NotVerified(#[from] NotVerified),
    /// Something that never should fail.
    #[error("failed to verify what was signed: {0}")]
    Internal(&'static str),
}

/// Signs a statement with a key.
pub fn sign(statement: &Statement, key: &PrivateKey) -> Result<Bundle, SigningError> {
    let envelope = with_services::signed(statement, key)?;
    Ok(Bundle::of_key(key.public_key().hint(), envelope))
}
