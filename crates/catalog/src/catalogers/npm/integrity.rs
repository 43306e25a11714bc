//! Digests as npm and its kin write them: <https://www.w3.org/TR/SRI/>.

use linchpin_model::{Digest, DigestAlgorithm};

use crate::base64_digest::digest_from_base64;

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
            digest_from_base64(algorithm, value)
        })
        .collect()
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
