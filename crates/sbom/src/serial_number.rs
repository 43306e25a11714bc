//! The serial number of a document: made from its content, so that the same target gives the
//! same bytes, and any difference gives another number.

use std::fmt::Write as _;
use std::io;

use sha2::{Digest as _, Sha256};

use crate::node::Node;

/// A number made from the JSON of a tree, which is never in memory whole: of a large document it
/// is as large as everything else.
pub(crate) fn of(content: &Node) -> String {
    let mut hasher = Hasher(Sha256::new());
    // A tree is always JSON; were it not, any number is better than none.
    let _ = serde_json::to_writer(&mut hasher, content);
    uuid(&hasher.0.finalize())
}

/// Hashes what is written.
struct Hasher(Sha256);

impl io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A UUID of version 8 (RFC 9562, section 5.8: vendor-specific, here from SHA-256).
fn uuid(digest: &[u8]) -> String {
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
        let number = of(&Node::text("x"));
        assert_eq!(number, of(&Node::text("x")));
        assert_ne!(number, of(&Node::text("y")));
        assert_eq!(number, uuid(&Sha256::digest(b"\"x\"")));
        assert_eq!(number.len(), "urn:uuid:".len() + 36);
        assert_eq!(number.as_bytes().get(9 + 14), Some(&b'8'));
    }
}
