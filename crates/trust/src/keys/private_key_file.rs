//! What a file with a private key holds, before anybody opened it: whoever reads it asks whether
//! a passphrase is needed, and fetches one only then.

use std::fmt;

use zeroize::Zeroizing;

use super::pem_block::{self, PemBlock};
use super::{KeyError, Passphrase, PrivateKey, cosign_box, encryption};

/// A file with a private key.
pub struct PrivateKeyFile {
    form: Form,
    content: Zeroizing<Vec<u8>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Pkcs8,
    EncryptedPkcs8,
    Sec1,
    Pkcs1,
    CosignBox,
}

impl PrivateKeyFile {
    /// Reads a PEM file.
    pub fn read(file: &[u8]) -> Result<Self, KeyError> {
        let PemBlock {
            label,
            content,
            old_encryption,
        } = pem_block::read(file)?;
        let form = match label.as_str() {
            "PRIVATE KEY" => Form::Pkcs8,
            "ENCRYPTED PRIVATE KEY" => Form::EncryptedPkcs8,
            "EC PRIVATE KEY" => Form::Sec1,
            "RSA PRIVATE KEY" => Form::Pkcs1,
            label if cosign_box::LABELS.contains(&label) => Form::CosignBox,
            label if label.ends_with("PUBLIC KEY") => return Err(KeyError::PublicForPrivate),
            _ => {
                return Err(KeyError::OtherLabel {
                    label,
                    wanted: "private",
                });
            }
        };
        if old_encryption {
            return Err(KeyError::OldEncryption);
        }
        Ok(Self { form, content })
    }

    /// Whether a passphrase opens it.
    pub fn is_encrypted(&self) -> bool {
        matches!(self.form, Form::EncryptedPkcs8 | Form::CosignBox)
    }

    /// The key. A passphrase that is not needed is not used.
    pub fn open(&self, passphrase: Option<&Passphrase>) -> Result<PrivateKey, KeyError> {
        let needed = || passphrase.ok_or(KeyError::PassphraseNeeded);
        match self.form {
            Form::Pkcs8 => PrivateKey::from_pkcs8(&self.content),
            Form::EncryptedPkcs8 => {
                PrivateKey::from_pkcs8(&encryption::decrypt(&self.content, needed()?)?)
            }
            Form::CosignBox => PrivateKey::from_pkcs8(&cosign_box::open(&self.content, needed()?)?),
            Form::Sec1 => PrivateKey::from_sec1(&self.content),
            Form::Pkcs1 => PrivateKey::from_pkcs1(&self.content),
        }
    }
}

impl fmt::Debug for PrivateKeyFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PrivateKeyFile")
            .field("form", &self.form)
            .finish_non_exhaustive()
    }
}
