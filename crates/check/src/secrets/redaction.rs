//! Secrets are never shown whole: what tells people which one it is stays, the rest does not.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::engine::ExcerptLine;

/// Most characters of a secret that are shown.
const MOST_SHOWN: usize = 6;

/// Longest line of an excerpt, in characters.
const LONGEST_LINE: usize = 160;

/// A secret as it may be shown: its beginning, no more than a fifth of it.
pub(super) fn shown(secret: &[u8]) -> String {
    let text = String::from_utf8_lossy(secret);
    let count = text.chars().count();
    let beginning: String = text.chars().take((count / 5).min(MOST_SHOWN)).collect();
    format!("{beginning}… ({count} characters)")
}

/// What is the same wherever a secret is found, and does not tell it: a part of the digest of its kind
/// and itself.
pub(super) fn fingerprint(kind: &str, secret: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update((kind.len() as u64).to_be_bytes());
    hash.update(kind.as_bytes());
    hash.update(secret);
    let digest = hash.finalize();
    digest
        .iter()
        .take(16)
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The line on which a secret begins, with all secrets of the file covered. A line that is very long
/// is shown from a little before the secret on.
pub(super) fn excerpt(
    bytes: &[u8],
    secrets: &[(usize, usize)],
    start: usize,
    line: u32,
) -> Vec<ExcerptLine> {
    let from = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |place| place + 1);
    let to = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |place| start + place);
    let from = from.max(start.saturating_sub(LONGEST_LINE / 2));
    let mut text = String::new();
    let mut at = from;
    for &(start, end) in secrets {
        if end <= at || start >= to {
            continue;
        }
        text.push_str(&String::from_utf8_lossy(&bytes[at..start.max(at)]));
        if start >= at {
            text.push_str(&shown(&bytes[start..end]));
        } else {
            text.push('…');
        }
        at = end.min(to).max(at);
    }
    if at < to {
        text.push_str(&String::from_utf8_lossy(&bytes[at..to]));
    }
    vec![ExcerptLine {
        number: line,
        text: text.trim_end().chars().take(LONGEST_LINE).collect(),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_shown_whole() {
        let bytes = b"a\nkey = SECRETSECRETSECRET; other = HIDDENHIDDEN!\nz";
        let lines = excerpt(bytes, &[(8, 26), (36, 48)], 8, 2);
        assert_eq!(
            lines[0].text,
            "key = SEC… (18 characters); other = HI… (12 characters)!"
        );
        assert_eq!(shown(b"abc"), "… (3 characters)");
        // One that began before the excerpt.
        let lines = excerpt(bytes, &[(8, 26), (36, 48)], 20, 2);
        assert!(!lines[0].text.contains("SECRETSECRET"));
    }

    #[test]
    fn fingerprints_tell_kinds_apart() {
        assert_eq!(fingerprint("a", b"x"), fingerprint("a", b"x"));
        assert_ne!(fingerprint("a", b"x"), fingerprint("b", b"x"));
        assert_eq!(fingerprint("a", b"x").len(), 32);
    }
}
