//! What a statement says of its subjects: the URI of its predicate's type, and the words by which
//! people ask for the common ones.

use std::fmt;
use std::str::FromStr;

/// The type of a predicate: a URI.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PredicateType(Box<str>);

/// Why a text is no type of a predicate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no type of a predicate\nhint: it is a URI, such as https://slsa.dev/provenance/v1, or one of the words {words}",
    words = PredicateType::WORDS.map(|(word, _)| word).join(", ")
)]
pub struct InvalidPredicateType(String);

/// The longest URI that is taken.
const LONGEST: usize = 1024;

impl PredicateType {
    /// The words for the common types, and the types.
    pub const WORDS: [(&'static str, &'static str); 12] = [
        ("signature", "https://sigstore.dev/cosign/sign/v1"),
        ("cyclonedx", "https://cyclonedx.org/bom"),
        ("spdx", "https://spdx.dev/Document"),
        ("vulns", "https://in-toto.io/attestation/vulns/v0.2"),
        ("openvex", "https://openvex.dev/ns/v0.2.0"),
        (
            "test-result",
            "https://in-toto.io/attestation/test-result/v0.1",
        ),
        ("provenance", "https://slsa.dev/provenance/v1"),
        ("provenance-v0.2", "https://slsa.dev/provenance/v0.2"),
        (
            "runtime-trace",
            "https://in-toto.io/attestation/runtime-trace/v0.1",
        ),
        ("link", "https://in-toto.io/attestation/link/v0.3"),
        ("vsa", "https://slsa.dev/verification_summary/v1"),
        // No common type says until when an exception counts.
        ("exception", "urn:linchpin:exception:v1"),
    ];

    /// The type of a plain signature, which says no more than that it was made: what cosign signs.
    pub fn signature() -> Self {
        Self("https://sigstore.dev/cosign/sign/v1".into())
    }

    /// The type with this URI, as a statement gives it. Words are not taken.
    pub fn from_uri(uri: &str) -> Result<Self, InvalidPredicateType> {
        let right = uri.len() <= LONGEST
            && uri.chars().all(|c| c.is_ascii_graphic())
            && uri.split_once(':').is_some_and(|(scheme, rest)| {
                !rest.is_empty()
                    && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                    && scheme
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
            });
        if right {
            Ok(Self(uri.into()))
        } else {
            Err(InvalidPredicateType(uri.chars().take(200).collect()))
        }
    }

    /// The URI.
    pub fn uri(&self) -> &str {
        &self.0
    }

    /// The word for it, if it has one.
    pub fn word(&self) -> Option<&'static str> {
        let found = Self::WORDS.iter().find(|(_, uri)| *uri == self.uri());
        found.map(|(word, _)| *word)
    }
}

impl FromStr for PredicateType {
    type Err = InvalidPredicateType;

    /// A word or a URI, as people give it.
    fn from_str(text: &str) -> Result<Self, InvalidPredicateType> {
        match Self::WORDS.iter().find(|(word, _)| *word == text) {
            Some((_, uri)) => Self::from_uri(uri),
            None => Self::from_uri(text),
        }
    }
}

impl fmt::Display for PredicateType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_uris_are_taken_and_nothing_else() {
        for (word, uri) in PredicateType::WORDS {
            let known: PredicateType = word.parse().unwrap();
            assert_eq!((known.uri(), known.word()), (uri, Some(word)));
        }
        let own: PredicateType = "https://example.org/review/v1".parse().unwrap();
        assert_eq!(own.word(), None);
        for wrong in [
            "",
            "sbom",
            "https:",
            ":x",
            "1:x",
            "a b:c",
            "https://x/\u{7f}",
            "a:é",
        ] {
            assert!(wrong.parse::<PredicateType>().is_err(), "{wrong:?}");
        }
        assert!(PredicateType::from_uri("vsa").is_err());
    }
}
