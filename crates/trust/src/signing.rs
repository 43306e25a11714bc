//! Signing a statement with a key: the result is a bundle that stands for itself, without a log
//! and without a timestamp.

use crate::envelope::IN_TOTO;
use crate::{Bundle, Envelope, InvalidStatement, KeyError, PrivateKey, Statement};

/// Why a statement is not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// The statement can not be written.
    #[error("failed to write the statement")]
    Statement(#[from] InvalidStatement),
    /// The key does not sign.
    #[error("failed to use the key")]
    Key(#[from] KeyError),
}

/// Signs a statement.
pub fn sign(statement: &Statement, key: &PrivateKey) -> Result<Bundle, SigningError> {
    let mut envelope = Envelope {
        payload_type: IN_TOTO.to_owned(),
        payload: statement.to_json()?,
        signature: Vec::new(),
        key_id: String::new(),
    };
    envelope.signature = key.sign(&envelope.signed_bytes())?;
    Ok(Bundle::of_key(key.public_key().hint(), envelope))
}
