//! The one key in a PEM file.
//!
//! Programs put other things beside a key: `openssl ecparam` writes the curve first, and any
//! text may stand around. What is not a key is passed over; two keys are refused, since nobody
//! could say which was meant.

use zeroize::Zeroizing;

use super::KeyError;

/// The most that is read of a file with a key. A key of RSA with 8192 bits has 6 KiB.
pub const MAX_KEY_BYTES: usize = 64 << 10;

/// A block of PEM.
pub(crate) struct PemBlock {
    pub(crate) label: String,
    pub(crate) content: Zeroizing<Vec<u8>>,
    /// Whether it has the header by which openssl of old says that it is encrypted.
    pub(crate) old_encryption: bool,
}

/// The key in a file.
pub(crate) fn read(file: &[u8]) -> Result<PemBlock, KeyError> {
    if file.len() > MAX_KEY_BYTES {
        return Err(KeyError::TooLarge {
            limit: MAX_KEY_BYTES,
        });
    }
    let blocks = pem::parse_many(file).map_err(|_| KeyError::Damaged("its PEM can not be read"))?;
    let mut keys: Vec<PemBlock> = blocks
        .into_iter()
        .filter(|block| !block.tag().ends_with("PARAMETERS"))
        .map(|block| PemBlock {
            label: block.tag().chars().take(100).collect(),
            old_encryption: block.headers().get("Proc-Type").is_some(),
            content: Zeroizing::new(block.into_contents()),
        })
        .collect();
    match (keys.len(), keys.pop()) {
        (1, Some(key)) => Ok(key),
        (_, None) => Err(KeyError::NoPem),
        (count, _) => Err(KeyError::SeveralKeys(count)),
    }
}

/// A PEM file with this content.
pub(crate) fn write(label: &str, content: &[u8]) -> String {
    let block = pem::Pem::new(label, content);
    let ends_of_unix = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
    pem::encode_config(&block, ends_of_unix)
}
