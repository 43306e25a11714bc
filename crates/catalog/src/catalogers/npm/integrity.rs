//! Digests as npm and its kin write them: <https://www.w3.org/TR/SRI/>.

use linchpin_model::{Digest, DigestAlgorithm};

/// The digests of an `integrity` field: `sha512-<base64>`, several with spaces between. What is
/// no digest is left out.
pub(in crate::catalogers) fn digests(integrity: &str) -> Vec<Digest> {
    integrity
        .split_ascii_whitespace()
        .take(8)
        .filter_map(|part| {
            let (algorithm, value) = part.split_once('-')?;
            let value = value.split_once('?').map_or(value, |(value, _)| value);
            let algorithm = DigestAlgorithm::from_name(algorithm)?;
            Digest::from_bytes(algorithm, &from_base64(value)?).ok()
        })
        .collect()
}

/// Bytes from base64 with or without padding.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    if text.len() > 200 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let mut waiting: u32 = 0;
    let mut bits = 0;
    for character in text.trim_end_matches('=').bytes() {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        waiting = (waiting << 6 | u32::from(value)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((waiting >> bits) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrity_is_base64_of_the_digest() {
        let found = digests("md5-CY9rzUYh03PK3k6DJie09g== sha1-qUqP5cyxm6YcTAhz05Hph5gvu9M= x-y");
        let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "md5:098f6bcd4621d373cade4e832627b4f6",
                "sha1:a94a8fe5ccb19ba61c4c0873d391e987982fbbd3"
            ]
        );
        assert!(digests("sha512-short sha1-!!! sha256-").is_empty());
    }
}
