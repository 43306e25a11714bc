//! in-toto statements: what is said (the predicate) about which artifacts (the subjects).
//!
//! Version 1 is written, versions 0.1 and 1 are read. Fields that are unknown are passed over, as
//! the specification asks; what is said twice is refused, since readers would differ in which
//! they take. <https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md>

use std::fmt;

use linchpin_model::{Digest, DigestAlgorithm};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::PredicateType;

const VERSION_1: &str = "https://in-toto.io/Statement/v1";
const VERSION_0_1: &str = "https://in-toto.io/Statement/v0.1";

/// The most subjects of a statement, and the most digests of a subject.
const MOST_SUBJECTS: usize = 100_000;
const MOST_DIGESTS: usize = 64;

/// What is said about which artifacts.
#[derive(Debug, Clone)]
pub struct Statement {
    subjects: Vec<StatementSubject>,
    predicate_type: PredicateType,
    predicate: Option<Box<RawValue>>,
}

/// An artifact that a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementSubject {
    /// What it is called. It says nothing about which artifact it is.
    pub name: Option<String>,
    /// The digests that we can compute: SHA-256, SHA-384 and SHA-512.
    pub digests: Vec<Digest>,
}

/// Why bytes are no statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidStatement {
    /// They are no JSON of that shape.
    #[error("the statement can not be read: {0}")]
    Malformed(String),
    /// It is a statement of a version that is not known.
    #[error("`{0}` is no version of an in-toto statement that is known")]
    Version(String),
    /// It is about nothing.
    #[error("the statement is about nothing: it has no subject")]
    NoSubject,
    /// Its predicate's type is no URI.
    #[error("`{0}` is no type of a predicate")]
    PredicateType(String),
    /// What is to be said is no JSON object.
    #[error("the predicate is no JSON object: {0}")]
    Predicate(String),
}

impl Statement {
    /// A statement with a predicate, which is the text of a JSON object.
    pub fn new(
        subjects: Vec<StatementSubject>,
        predicate_type: PredicateType,
        predicate: &[u8],
    ) -> Result<Self, InvalidStatement> {
        if subjects.is_empty() || subjects.iter().any(|subject| subject.digests.is_empty()) {
            return Err(InvalidStatement::NoSubject);
        }
        let wrong = |error: serde_json::Error| InvalidStatement::Predicate(error.to_string());
        let text = std::str::from_utf8(predicate)
            .map_err(|_| InvalidStatement::Predicate("it is not UTF-8".to_owned()))?
            .trim_start_matches('\u{feff}');
        let raw: Box<RawValue> = serde_json::from_str(text).map_err(wrong)?;
        if !raw.get().starts_with('{') {
            let other = "it is another value".to_owned();
            return Err(InvalidStatement::Predicate(other));
        }
        Ok(Self {
            subjects,
            predicate_type,
            predicate: Some(raw),
        })
    }

    /// Reads a statement.
    pub fn read(bytes: &[u8]) -> Result<Self, InvalidStatement> {
        let wire: WireStatement = serde_json::from_slice(bytes)
            .map_err(|error| InvalidStatement::Malformed(error.to_string()))?;
        if wire.version != VERSION_1 && wire.version != VERSION_0_1 {
            let version = wire.version.chars().take(200).collect();
            return Err(InvalidStatement::Version(version));
        }
        if wire.subject.0.is_empty() {
            return Err(InvalidStatement::NoSubject);
        }
        let predicate_type = PredicateType::from_uri(&wire.predicate_type).map_err(|_| {
            InvalidStatement::PredicateType(wire.predicate_type.chars().take(200).collect())
        })?;
        Ok(Self {
            subjects: wire.subject.0,
            predicate_type,
            predicate: wire.predicate,
        })
    }

    /// The statement as JSON, which is what is signed.
    pub fn to_json(&self) -> Result<Vec<u8>, InvalidStatement> {
        let written = serde_json::to_vec(&WrittenStatement {
            version: VERSION_1,
            subject: &self.subjects,
            predicate_type: self.predicate_type.uri(),
            predicate: self.predicate.as_deref(),
        });
        written.map_err(|error| InvalidStatement::Malformed(error.to_string()))
    }

    /// What it is about.
    pub fn subjects(&self) -> &[StatementSubject] {
        &self.subjects
    }

    /// What sort of thing it says.
    pub fn predicate_type(&self) -> &PredicateType {
        &self.predicate_type
    }

    /// What it says: the text of a JSON value, if it says anything beside its type.
    pub fn predicate(&self) -> Option<&str> {
        self.predicate.as_deref().map(RawValue::get)
    }
}

#[derive(Deserialize)]
struct WireStatement {
    #[serde(rename = "_type")]
    version: String,
    subject: WireSubjects,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Option<Box<RawValue>>,
}

struct WireSubjects(Vec<StatementSubject>);

#[derive(Deserialize)]
struct WireSubject {
    name: Option<String>,
    #[serde(default)]
    digest: WireDigests,
}

#[derive(Default)]
struct WireDigests(Vec<Digest>);

impl<'de> Deserialize<'de> for WireSubjects {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Subjects;
        impl<'de> Visitor<'de> for Subjects {
            type Value = WireSubjects;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list of subjects")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<WireSubjects, A::Error> {
                let mut subjects = Vec::new();
                while let Some(WireSubject { name, digest }) = list.next_element()? {
                    if subjects.len() == MOST_SUBJECTS {
                        return Err(serde::de::Error::custom(
                            "it has more than 100,000 subjects",
                        ));
                    }
                    subjects.push(StatementSubject {
                        name,
                        digests: digest.0,
                    });
                }
                Ok(WireSubjects(subjects))
            }
        }
        deserializer.deserialize_seq(Subjects)
    }
}

impl<'de> Deserialize<'de> for WireDigests {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digests;
        impl<'de> Visitor<'de> for Digests {
            type Value = WireDigests;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("digests by the names of their algorithms")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<WireDigests, A::Error> {
                use serde::de::Error as _;
                let (mut names, mut digests) = (Vec::<String>::new(), Vec::new());
                while let Some((name, hex)) = map.next_entry::<String, String>()? {
                    if names.contains(&name) {
                        return Err(A::Error::custom("a subject has a digest twice"));
                    }
                    if names.len() == MOST_DIGESTS {
                        return Err(A::Error::custom("a subject has more than 64 digests"));
                    }
                    if let Some(algorithm) = computed(&name) {
                        digests.push(Digest::from_hex(algorithm, &hex).map_err(A::Error::custom)?);
                    }
                    names.push(name);
                }
                Ok(WireDigests(digests))
            }
        }
        deserializer.deserialize_map(Digests)
    }
}

/// The algorithm with this name, if it proves something and we compute it.
fn computed(name: &str) -> Option<DigestAlgorithm> {
    DigestAlgorithm::from_name(name).filter(|algorithm| is_proof(*algorithm))
}

/// Whether equal digests mean equal artifacts, whoever made them.
pub(crate) fn is_proof(algorithm: DigestAlgorithm) -> bool {
    match algorithm {
        DigestAlgorithm::Md5 | DigestAlgorithm::Sha1 => false,
        DigestAlgorithm::Sha256 | DigestAlgorithm::Sha384 | DigestAlgorithm::Sha512 => true,
    }
}

#[derive(Serialize)]
struct WrittenStatement<'a> {
    #[serde(rename = "_type")]
    version: &'a str,
    subject: &'a [StatementSubject],
    #[serde(rename = "predicateType")]
    predicate_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    predicate: Option<&'a RawValue>,
}

impl Serialize for StatementSubject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Digests<'a>(&'a [Digest]);
        impl Serialize for Digests<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(Some(self.0.len()))?;
                for digest in self.0 {
                    map.serialize_entry(digest.algorithm().name(), digest.hex())?;
                }
                map.end()
            }
        }
        let mut map = serializer.serialize_map(None)?;
        if let Some(name) = &self.name {
            map.serialize_entry("name", name)?;
        }
        map.serialize_entry("digest", &Digests(&self.digests))?;
        map.end()
    }
}
