//! Texts that mean nothing but themselves in a page.

use std::fmt::Write as _;

use crate::text::visible;

/// A text of one line, in an element or in an attribute between double quotes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in visible(text).chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// A sentence in which what stands between backticks is code.
pub(super) fn prose(text: &str) -> String {
    let escaped = escape(text);
    let parts: Vec<&str> = escaped.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escaped;
    }
    let mut prose = String::with_capacity(escaped.len());
    for (place, part) in parts.into_iter().enumerate() {
        if place.is_multiple_of(2) {
            prose.push_str(part);
        } else {
            let _ = write!(prose, "<code>{part}</code>");
        }
    }
    prose
}

/// An address that a browser may open: others are shown as text only.
pub(super) fn link(address: &str) -> String {
    let shown = escape(address);
    if address.starts_with("https://") {
        format!("<a href=\"{shown}\" rel=\"noopener noreferrer\">{shown}</a>")
    } else {
        shown
    }
}

/// Base64 with padding, as policies of pages write digests.
pub(super) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .chain(std::iter::repeat(&0))
            .take(3)
            .fold(0usize, |word, &byte| word << 8 | usize::from(byte));
        for place in 0..4 {
            if place <= chunk.len() {
                text.push(char::from(LETTERS[word >> (18 - 6 * place) & 63]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_written_as_base64() {
        assert_eq!(base64(b"Man"), "TWFu");
        assert_eq!(base64(b"Ma"), "TWE=");
        assert_eq!(base64(b"M"), "TQ==");
    }

    #[test]
    fn code_is_what_stands_between_backticks() {
        assert_eq!(prose("change `a<b` now"), "change <code>a&lt;b</code> now");
        assert_eq!(prose("one ` alone"), "one ` alone");
    }

    #[test]
    fn only_secure_addresses_are_links() {
        assert!(
            link("https://example.com/a\"b")
                .starts_with("<a href=\"https://example.com/a&quot;b\"")
        );
        assert_eq!(link("javascript:alert(1)"), "javascript:alert(1)");
    }
}
