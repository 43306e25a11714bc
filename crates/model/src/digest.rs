//! Content digests: an algorithm and its value, as `sha256:ab12…`.

use std::fmt;
use std::str::FromStr;

/// A hash algorithm that the formats we read use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DigestAlgorithm {
    /// MD5. Only Debian file lists still use it; it proves nothing against an attacker.
    Md5,
    /// SHA-1. npm lockfiles of old and apk databases use it.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl DigestAlgorithm {
    /// The name in OCI descriptors and in our own output: `sha256`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// The number of bytes in a value of this algorithm.
    pub fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The algorithm with this name, in lower case and without a dash.
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Md5,
            Self::Sha1,
            Self::Sha256,
            Self::Sha384,
            Self::Sha512,
        ]
        .into_iter()
        .find(|algorithm| algorithm.name() == name)
    }
}

/// A digest of some bytes. Its value always has the length that its algorithm demands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest {
    algorithm: DigestAlgorithm,
    hex: Box<str>,
}

/// Why a text is not a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDigest {
    /// There is no `algorithm:` before the value.
    #[error("`{0}` has no algorithm; a digest is written `sha256:<hex>`")]
    NoAlgorithm(String),
    /// The algorithm is none that we know.
    #[error("`{0}` is no known digest algorithm")]
    UnknownAlgorithm(String),
    /// The value is not as many hexadecimal digits as the algorithm has.
    #[error("a {algorithm} digest has {expected} hexadecimal digits, `{value}` has not")]
    WrongValue {
        /// The algorithm's name.
        algorithm: &'static str,
        /// The number of digits that it demands.
        expected: usize,
        /// What was given.
        value: String,
    },
}

impl Digest {
    /// A digest from its hexadecimal value, in either case.
    pub fn from_hex(algorithm: DigestAlgorithm, hex: &str) -> Result<Self, InvalidDigest> {
        let right =
            hex.len() == algorithm.length() * 2 && hex.bytes().all(|b| b.is_ascii_hexdigit());
        if !right {
            return Err(InvalidDigest::WrongValue {
                algorithm: algorithm.name(),
                expected: algorithm.length() * 2,
                value: hex.chars().take(200).collect(),
            });
        }
        Ok(Self {
            algorithm,
            hex: hex.to_ascii_lowercase().into(),
        })
    }

    /// A digest from its raw bytes.
    pub fn from_bytes(algorithm: DigestAlgorithm, bytes: &[u8]) -> Result<Self, InvalidDigest> {
        use fmt::Write as _;
        let mut hex = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            let _ = write!(hex, "{byte:02x}");
        }
        Self::from_hex(algorithm, &hex)
    }

    /// The algorithm.
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// The value in lower-case hexadecimal.
    pub fn hex(&self) -> &str {
        &self.hex
    }

    /// The value's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut digits = self.hex.bytes().map(|digit| match digit {
            b'0'..=b'9' => digit - b'0',
            // Nothing but lower-case digits is ever in here.
            _ => digit.wrapping_sub(b'a').wrapping_add(10) & 15,
        });
        let mut bytes = Vec::with_capacity(self.hex.len() / 2);
        while let (Some(high), Some(low)) = (digits.next(), digits.next()) {
            bytes.push(high << 4 | low);
        }
        bytes
    }
}

impl FromStr for Digest {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, InvalidDigest> {
        let (algorithm, hex) = text
            .split_once(':')
            .ok_or_else(|| InvalidDigest::NoAlgorithm(text.chars().take(200).collect()))?;
        let algorithm = DigestAlgorithm::from_name(algorithm).ok_or_else(|| {
            InvalidDigest::UnknownAlgorithm(algorithm.chars().take(200).collect())
        })?;
        Self::from_hex(algorithm, hex)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.algorithm.name(), self.hex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips_in_lower_case() {
        let text = format!("sha256:{}", "Ab".repeat(32));
        let digest: Digest = text.parse().unwrap();
        assert_eq!(digest.to_string(), text.to_lowercase());
        assert_eq!(digest.to_bytes(), [0xab; 32]);
        let again = Digest::from_bytes(DigestAlgorithm::Sha256, &digest.to_bytes());
        assert_eq!(again, Ok(digest));
    }

    #[test]
    fn a_short_value_or_a_strange_algorithm_is_refused() {
        assert!(matches!(
            "sha256:ab".parse::<Digest>(),
            Err(InvalidDigest::WrongValue { .. })
        ));
        assert!(matches!(
            "crc:ab".parse::<Digest>(),
            Err(InvalidDigest::UnknownAlgorithm(_))
        ));
        assert!(matches!(
            "ab".parse::<Digest>(),
            Err(InvalidDigest::NoAlgorithm(_))
        ));
    }
}
