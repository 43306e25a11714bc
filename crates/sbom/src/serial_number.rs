//! The serial number of a document: made from its content, so that the same target gives the
//! same bytes, and any difference gives another number.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// A UUID of version 8 (RFC 9562, section 5.8: vendor-specific, here from SHA-256).
pub(crate) fn of(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    let mut text = String::from("urn:uuid:");
    for (position, byte) in digest.iter().take(16).enumerate() {
        let byte = match position {
            6 => (byte & 0x0f) | 0x80,
            8 => (byte & 0x3f) | 0x80,
            _ => *byte,
        };
        if matches!(position, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_content_gives_the_same_number() {
        let number = of(b"x");
        assert_eq!(number, of(b"x"));
        assert_ne!(number, of(b"y"));
        assert_eq!(number.len(), "urn:uuid:".len() + 36);
        assert_eq!(number.as_bytes().get(9 + 14), Some(&b'8'));
    }
}
