//! Digests written in base64, as npm and apk do.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use linchpin_model::{Digest, DigestAlgorithm};

/// Reads the standard alphabet, with or without padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The digest whose bytes are written so. `None` if it is no base64, or has another length than
/// the algorithm demands.
pub(crate) fn digest_from_base64(algorithm: DigestAlgorithm, text: &str) -> Option<Digest> {
    // The longest digest has 64 bytes.
    if text.len() > 128 {
        return None;
    }
    Digest::from_bytes(algorithm, &LENIENT.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_may_be_left_out_and_nonsense_is_refused() {
        let md5 = |text: &str| {
            digest_from_base64(DigestAlgorithm::Md5, text).map(|digest| digest.to_string())
        };
        let expected = Some("md5:098f6bcd4621d373cade4e832627b4f6".to_owned());
        assert_eq!(md5("CY9rzUYh03PK3k6DJie09g=="), expected);
        assert_eq!(md5("CY9rzUYh03PK3k6DJie09g"), expected);
        for nonsense in ["", "!!!", "TWFu", &"A".repeat(1000)] {
            assert_eq!(md5(nonsense), None, "{nonsense}");
        }
    }
}
