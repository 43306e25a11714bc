//! Digests with any algorithm that a format knows. Unlike `linchpin_model::Digest` the value is
//! kept as written, so that a document with a wrong one can be read and judged.

/// A digest as a document states it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash {
    /// The algorithm.
    pub algorithm: HashAlgorithm,
    /// The value, usually in hexadecimal.
    pub value: String,
}

/// A hash algorithm.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are those of the algorithms")]
pub enum HashAlgorithm {
    Md2,
    Md4,
    Md5,
    Md6,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha3_224,
    Sha3_256,
    Sha3_384,
    Sha3_512,
    Blake2b256,
    Blake2b384,
    Blake2b512,
    Blake3,
    Adler32,
    Streebog256,
    Streebog512,
    /// Any other, by the name that the document gives it.
    Other(String),
}

/// One line of the table: the algorithm, its names in CycloneDX, SPDX 2 and SPDX 3, and the number
/// of hexadecimal digits.
struct Names {
    algorithm: HashAlgorithm,
    cyclonedx: Option<&'static str>,
    spdx2: Option<&'static str>,
    spdx3: Option<&'static str>,
    digits: Option<usize>,
}

const fn names(
    algorithm: HashAlgorithm,
    cyclonedx: Option<&'static str>,
    spdx2: Option<&'static str>,
    spdx3: Option<&'static str>,
    digits: Option<usize>,
) -> Names {
    Names {
        algorithm,
        cyclonedx,
        spdx2,
        spdx3,
        digits,
    }
}

static NAMES: [Names; 20] = [
    names(HashAlgorithm::Md2, None, Some("MD2"), Some("md2"), Some(32)),
    names(HashAlgorithm::Md4, None, Some("MD4"), Some("md4"), Some(32)),
    names(
        HashAlgorithm::Md5,
        Some("MD5"),
        Some("MD5"),
        Some("md5"),
        Some(32),
    ),
    names(HashAlgorithm::Md6, None, Some("MD6"), Some("md6"), None),
    names(
        HashAlgorithm::Sha1,
        Some("SHA-1"),
        Some("SHA1"),
        Some("sha1"),
        Some(40),
    ),
    names(
        HashAlgorithm::Sha224,
        None,
        Some("SHA224"),
        Some("sha224"),
        Some(56),
    ),
    names(
        HashAlgorithm::Sha256,
        Some("SHA-256"),
        Some("SHA256"),
        Some("sha256"),
        Some(64),
    ),
    names(
        HashAlgorithm::Sha384,
        Some("SHA-384"),
        Some("SHA384"),
        Some("sha384"),
        Some(96),
    ),
    names(
        HashAlgorithm::Sha512,
        Some("SHA-512"),
        Some("SHA512"),
        Some("sha512"),
        Some(128),
    ),
    names(
        HashAlgorithm::Sha3_224,
        None,
        None,
        Some("sha3_224"),
        Some(56),
    ),
    names(
        HashAlgorithm::Sha3_256,
        Some("SHA3-256"),
        Some("SHA3-256"),
        Some("sha3_256"),
        Some(64),
    ),
    names(
        HashAlgorithm::Sha3_384,
        Some("SHA3-384"),
        Some("SHA3-384"),
        Some("sha3_384"),
        Some(96),
    ),
    names(
        HashAlgorithm::Sha3_512,
        Some("SHA3-512"),
        Some("SHA3-512"),
        Some("sha3_512"),
        Some(128),
    ),
    names(
        HashAlgorithm::Blake2b256,
        Some("BLAKE2b-256"),
        Some("BLAKE2b-256"),
        Some("blake2b256"),
        Some(64),
    ),
    names(
        HashAlgorithm::Blake2b384,
        Some("BLAKE2b-384"),
        Some("BLAKE2b-384"),
        Some("blake2b384"),
        Some(96),
    ),
    names(
        HashAlgorithm::Blake2b512,
        Some("BLAKE2b-512"),
        Some("BLAKE2b-512"),
        Some("blake2b512"),
        Some(128),
    ),
    names(
        HashAlgorithm::Blake3,
        Some("BLAKE3"),
        Some("BLAKE3"),
        Some("blake3"),
        None,
    ),
    names(
        HashAlgorithm::Adler32,
        None,
        Some("ADLER32"),
        Some("adler32"),
        Some(8),
    ),
    names(
        HashAlgorithm::Streebog256,
        Some("Streebog-256"),
        None,
        None,
        Some(64),
    ),
    names(
        HashAlgorithm::Streebog512,
        Some("Streebog-512"),
        None,
        None,
        Some(128),
    ),
];

impl HashAlgorithm {
    fn names(&self) -> Option<&'static Names> {
        NAMES.iter().find(|names| names.algorithm == *self)
    }

    /// All that have a name of their own.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|names| names.algorithm.clone())
    }

    /// The name in CycloneDX.
    pub fn cyclonedx(&self) -> Option<&'static str> {
        self.names()?.cyclonedx
    }

    /// The name in SPDX 2.3.
    pub fn spdx2(&self) -> Option<&'static str> {
        self.names()?.spdx2
    }

    /// The name in SPDX 3.
    pub fn spdx3(&self) -> Option<&'static str> {
        self.names()?.spdx3
    }

    /// The number of hexadecimal digits of a value, where it is fixed.
    pub fn digits(&self) -> Option<usize> {
        self.names()?.digits
    }

    /// What to call it in a report.
    pub fn label(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => known
                .names()
                .and_then(|names| names.cyclonedx.or(names.spdx2).or(names.spdx3))
                .unwrap_or("unknown"),
        }
    }

    /// The algorithm with this name, in any format's spelling and case.
    pub fn from_name(name: &str) -> Self {
        let plain = |text: &str| -> String {
            text.chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|letter| letter.to_ascii_lowercase())
                .collect()
        };
        // A name is short; whatever is longer is none of these.
        if name.len() > 40 {
            return Self::Other(name.to_owned());
        }
        let wanted = plain(name);
        NAMES
            .iter()
            .find(|names| {
                [names.cyclonedx, names.spdx2, names.spdx3]
                    .into_iter()
                    .flatten()
                    .any(|known| plain(known) == wanted)
            })
            .map_or_else(
                || Self::Other(name.to_owned()),
                |names| names.algorithm.clone(),
            )
    }

    /// The algorithm in our model, if it has it.
    pub fn model(&self) -> Option<linchpin_model::DigestAlgorithm> {
        use linchpin_model::DigestAlgorithm;
        Some(match self {
            Self::Md5 => DigestAlgorithm::Md5,
            Self::Sha1 => DigestAlgorithm::Sha1,
            Self::Sha256 => DigestAlgorithm::Sha256,
            Self::Sha384 => DigestAlgorithm::Sha384,
            Self::Sha512 => DigestAlgorithm::Sha512,
            _ => return None,
        })
    }
}

impl From<&linchpin_model::Digest> for Hash {
    fn from(digest: &linchpin_model::Digest) -> Self {
        Self {
            algorithm: HashAlgorithm::from_name(digest.algorithm().name()),
            value: digest.hex().to_owned(),
        }
    }
}
