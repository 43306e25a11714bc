//! What is written to attach a bundle: its manifest, as cosign 3 makes it, and its entry in the
//! list of a store that keeps none itself.
//!
//! Entries of others in such a list are kept as they are, fields that are not known included.

use aws_lc_rs::digest::{SHA256, digest};
use linchpin_model::{Digest, DigestAlgorithm, Timestamp};
use serde_json::{Map, Value, json};

use super::{Descriptor, InvalidAttachment, MAX_ATTACHED_DOCUMENT_BYTES, MOST_ATTACHED};
use crate::{Bundle, Content, InvalidBundle};

/// The type of a manifest.
pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// The type of a list of manifests.
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// The configuration of what needs none.
pub const EMPTY_CONFIGURATION: &[u8] = b"{}";
const EMPTY: &str = "application/vnd.oci.empty.v1+json";

/// A bundle and all that is stored beside it to attach it.
#[derive(Debug, Clone)]
pub struct WrittenAttachment {
    /// The bundle.
    pub bundle: Vec<u8>,
    /// The digest of the bundle.
    pub bundle_digest: Digest,
    /// The digest of the empty configuration.
    pub configuration_digest: Digest,
    /// Its manifest.
    pub manifest: Vec<u8>,
    /// The digest of the manifest.
    pub manifest_digest: Digest,
    entry: Value,
}

/// Why a bundle can not be attached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAttachable {
    /// It can not be written.
    #[error("the bundle can not be written")]
    Bundle(#[from] InvalidBundle),
    /// It says nothing.
    #[error("only statements are attached, and it is a signature over a file")]
    NoStatement,
}

impl WrittenAttachment {
    /// What is stored to attach a bundle to a manifest, at this moment.
    pub fn new(
        bundle: &Bundle,
        subject: &Descriptor,
        created: Timestamp,
    ) -> Result<Self, NotAttachable> {
        let statement = bundle
            .unverified_statement()
            .filter(|_| matches!(bundle.content(), Content::Envelope(_)))
            .ok_or(NotAttachable::NoStatement)?;
        let bundle_type = bundle.version().media_type();
        let written = bundle.to_json()?;
        let (bundle_digest, configuration_digest) =
            (sha256(&written)?, sha256(EMPTY_CONFIGURATION)?);
        let annotations = json!({
            "dev.sigstore.bundle.content": "dsse-envelope",
            "dev.sigstore.bundle.predicateType": statement.predicate_type().uri(),
            "org.opencontainers.image.created": created.to_string(),
        });
        let named = |media_type: &str, digest: &Digest, size: u64| {
            json!({
                "mediaType": media_type,
                "digest": digest.to_string(),
                "size": size,
            })
        };
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "artifactType": bundle_type,
            "config": named(EMPTY, &configuration_digest, EMPTY_CONFIGURATION.len() as u64),
            "layers": [named(bundle_type, &bundle_digest, written.len() as u64)],
            "subject": named(&subject.media_type, &subject.digest, subject.size),
            "annotations": annotations,
        });
        let manifest = manifest.to_string().into_bytes();
        let manifest_digest = sha256(&manifest)?;
        Ok(Self {
            entry: json!({
                "mediaType": MANIFEST,
                "digest": manifest_digest.to_string(),
                "size": manifest.len(),
                "artifactType": bundle_type,
                "annotations": annotations,
            }),
            bundle: written,
            bundle_digest,
            configuration_digest,
            manifest,
            manifest_digest,
        })
    }

    /// The list with the entry of this attachment added to it. Nothing if it is in it already.
    pub fn added_to(&self, list: Option<&[u8]>) -> Result<Option<Vec<u8>>, InvalidAttachment> {
        let mut document = match list {
            Some(list) => parse(list)?,
            None => Map::from_iter([
                ("schemaVersion".to_owned(), json!(2)),
                ("mediaType".to_owned(), json!(INDEX)),
                ("manifests".to_owned(), json!([])),
            ]),
        };
        let Some(Value::Array(entries)) = document.get_mut("manifests") else {
            return Err(InvalidAttachment::NoList);
        };
        let digest = self.manifest_digest.to_string();
        let is_ours = |entry: &Value| entry.get("digest").and_then(Value::as_str) == Some(&digest);
        if entries.iter().any(is_ours) {
            return Ok(None);
        }
        if entries.len() >= MOST_ATTACHED {
            return Err(InvalidAttachment::TooMany(MOST_ATTACHED));
        }
        entries.push(self.entry.clone());
        Ok(Some(Value::Object(document).to_string().into_bytes()))
    }
}

fn parse(list: &[u8]) -> Result<Map<String, Value>, InvalidAttachment> {
    if list.len() > MAX_ATTACHED_DOCUMENT_BYTES {
        return Err(InvalidAttachment::TooLarge);
    }
    serde_json::from_slice(list).map_err(|error| InvalidAttachment::Malformed(error.to_string()))
}

fn sha256(content: &[u8]) -> Result<Digest, InvalidBundle> {
    let value = digest(&SHA256, content);
    Digest::from_bytes(DigestAlgorithm::Sha256, value.as_ref())
        .map_err(|error| InvalidBundle::Malformed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Artifact, KeyKind, PredicateType, PrivateKey, Statement, sign};

    fn attachment(created: &str) -> WrittenAttachment {
        let key = PrivateKey::generate(KeyKind::Ed25519).unwrap();
        let digest = sha256(b"an image").unwrap();
        let artifact = Artifact::from_digest(digest.clone()).unwrap();
        let statement = Statement::new(
            vec![artifact.subject(None)],
            PredicateType::signature(),
            b"{}",
        )
        .unwrap();
        let subject = Descriptor {
            media_type: MANIFEST.to_owned(),
            digest,
            size: 8,
            artifact_type: None,
            annotations: std::collections::BTreeMap::new(),
        };
        let bundle = sign(&statement, &key).unwrap();
        WrittenAttachment::new(&bundle, &subject, created.parse().unwrap()).unwrap()
    }

    #[test]
    fn the_entries_of_others_stay_as_they_are() {
        let ours = attachment("2024-05-06T07:08:09Z");
        let list =
            br#"{"schemaVersion":2,"own":"field","manifests":[{"digest":"sha256:1","x":[1]}]}"#;
        let with = ours.added_to(Some(list)).unwrap().unwrap();
        let read: Value = serde_json::from_slice(&with).unwrap();
        assert_eq!(read["own"], "field");
        assert_eq!(
            read["manifests"][0],
            json!({"digest": "sha256:1", "x": [1]})
        );
        assert_eq!(
            read["manifests"][1]["annotations"]["org.opencontainers.image.created"],
            "2024-05-06T07:08:09Z"
        );
        // Once is enough.
        assert_eq!(ours.added_to(Some(&with)).unwrap(), None);
        // Another one is beside it.
        let other = attachment("2024-05-06T07:08:09Z")
            .added_to(Some(&with))
            .unwrap();
        let read: Value = serde_json::from_slice(&other.unwrap()).unwrap();
        assert_eq!(read["manifests"].as_array().unwrap().len(), 3);
    }

    #[test]
    fn a_list_that_is_none_is_not_written_over() {
        let ours = attachment("2024-05-06T07:08:09Z");
        for list in ["{}", "[]", "", r#"{"manifests":{}}"#] {
            assert!(ours.added_to(Some(list.as_bytes())).is_err(), "{list}");
        }
        let full = format!(
            r#"{{"manifests":[{}]}}"#,
            vec!["{}"; MOST_ATTACHED].join(",")
        );
        assert_eq!(
            ours.added_to(Some(full.as_bytes())),
            Err(InvalidAttachment::TooMany(MOST_ATTACHED))
        );
        assert!(ours.added_to(None).unwrap().is_some());
    }
}
