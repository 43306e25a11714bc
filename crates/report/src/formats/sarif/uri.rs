//! Paths as relative references: RFC 3986, section 4.2.

use std::fmt::Write as _;

/// A path as a relative reference. Everything that could mean something else in a reference (a
/// colon in the first part, a question mark, a control character) is percent-encoded.
pub(super) fn of_path(path: &str) -> String {
    if path.is_empty() {
        return ".".to_owned();
    }
    let parts: Vec<String> = path.split('/').map(encode).collect();
    parts.join("/")
}

/// One part of a path, percent-encoded but for the unreserved characters and a few that are
/// harmless and frequent in the names of packages.
pub(super) fn encode(part: &str) -> String {
    let mut text = String::with_capacity(part.len());
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@+".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(of_path(""), ".");
        assert_eq!(of_path("a/@scope/b c"), "a/@scope/b%20c");
        assert_eq!(of_path("c:/x?y#z%\u{1b}ä"), "c%3A/x%3Fy%23z%25%1B%C3%A4");
    }
}
