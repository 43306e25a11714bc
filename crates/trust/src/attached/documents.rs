//! The documents by which a store of images says what is attached to an image: a list of
//! descriptors, and the manifest of one attached thing.
//!
//! Formats: <https://github.com/opencontainers/image-spec/blob/main/manifest.md> (`subject`,
//! `artifactType`) and the API of referrers in
//! <https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers>.

use std::collections::BTreeMap;

use linchpin_model::Digest;
use serde::Deserialize;

use super::MOST_ATTACHED;

/// The largest manifest or list that is read.
pub const MAX_ATTACHED_DOCUMENT_BYTES: usize = 4 << 20;

/// Names a manifest or a blob: what it is, its digest and its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Descriptor {
    /// What it is.
    pub media_type: String,
    /// Its digest.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// What the thing is for, if the list says so.
    pub artifact_type: Option<String>,
    /// What is noted about it.
    pub annotations: BTreeMap<String, String>,
}

/// The manifest of an attached thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedManifest {
    /// What the thing is for. Manifests of old say it by the type of their configuration.
    pub artifact_type: String,
    /// What it says that it is attached to.
    pub subject: Option<Digest>,
    /// What it consists of.
    pub layers: Vec<Descriptor>,
}

/// Why bytes are no list of what is attached, and no manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAttachment {
    /// They are larger than any.
    #[error("it has more than 4 MiB")]
    TooLarge,
    /// They are no JSON of that shape.
    #[error("it can not be read: {0}")]
    Malformed(String),
    /// A digest in it is none.
    #[error("`{0}` in it is no digest")]
    Digest(String),
    /// It lists more than is looked at.
    #[error("it lists more than {0} things")]
    TooMany(usize),
    /// It holds no list of manifests.
    #[error("it is no list of manifests")]
    NoList,
    /// It has no layers.
    #[error("it is no manifest with layers")]
    NoLayers,
}

impl Descriptor {
    /// Reads a list of what is attached: an image index.
    pub fn read_list(bytes: &[u8]) -> Result<Vec<Self>, InvalidAttachment> {
        Self::read_index(bytes, MOST_ATTACHED)
    }

    /// Reads an index of at most so many manifests.
    pub fn read_index(bytes: &[u8], most: usize) -> Result<Vec<Self>, InvalidAttachment> {
        let wire: WireDocument = parse(bytes)?;
        described(wire.manifests.ok_or(InvalidAttachment::NoList)?, most)
    }
}

impl AttachedManifest {
    /// Reads the manifest of an attached thing.
    pub fn read(bytes: &[u8]) -> Result<Self, InvalidAttachment> {
        let wire: WireDocument = parse(bytes)?;
        let subject = wire
            .subject
            .map(|subject| digest_of(&subject.digest))
            .transpose()?;
        let config = wire.config.map(|config| config.media_type);
        Ok(Self {
            artifact_type: wire
                .artifact_type
                .filter(|artifact_type| !artifact_type.is_empty())
                .or(config)
                .unwrap_or_default(),
            subject,
            layers: described(
                wire.layers.ok_or(InvalidAttachment::NoLayers)?,
                MOST_ATTACHED,
            )?,
        })
    }
}

fn parse(bytes: &[u8]) -> Result<WireDocument, InvalidAttachment> {
    if bytes.len() > MAX_ATTACHED_DOCUMENT_BYTES {
        return Err(InvalidAttachment::TooLarge);
    }
    serde_json::from_slice(bytes).map_err(|error| InvalidAttachment::Malformed(error.to_string()))
}

fn described(list: Vec<WireDescriptor>, most: usize) -> Result<Vec<Descriptor>, InvalidAttachment> {
    if list.len() > most {
        return Err(InvalidAttachment::TooMany(most));
    }
    let described = list.into_iter().map(|wire| {
        Ok(Descriptor {
            digest: digest_of(&wire.digest)?,
            media_type: wire.media_type,
            size: wire.size,
            artifact_type: wire
                .artifact_type
                .filter(|artifact_type| !artifact_type.is_empty()),
            annotations: wire.annotations.unwrap_or_default(),
        })
    });
    described.collect()
}

fn digest_of(text: &str) -> Result<Digest, InvalidAttachment> {
    text.parse()
        .map_err(|_| InvalidAttachment::Digest(text.chars().take(200).collect()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireDocument {
    artifact_type: Option<String>,
    manifests: Option<Vec<WireDescriptor>>,
    subject: Option<WireDescriptor>,
    config: Option<WireDescriptor>,
    layers: Option<Vec<WireDescriptor>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireDescriptor {
    #[serde(default)]
    media_type: String,
    digest: String,
    size: u64,
    artifact_type: Option<String>,
    annotations: Option<BTreeMap<String, String>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_list_and_no_manifest_is_refused() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        let entry = format!(r#"{{"mediaType":"x","digest":"{digest}","size":3}}"#);
        let list = |entries: &str| format!(r#"{{"manifests":[{entries}]}}"#);
        let read = |text: &str| Descriptor::read_list(text.as_bytes());
        assert_eq!(read(&list(&entry)).unwrap().len(), 1);
        assert_eq!(read("{}"), Err(InvalidAttachment::NoList));
        let many = vec![entry.as_str(); MOST_ATTACHED + 1].join(",");
        assert_eq!(
            read(&list(&many)),
            Err(InvalidAttachment::TooMany(MOST_ATTACHED))
        );
        assert!(matches!(
            read(&list(r#"{"digest":"sha256:12","size":3}"#)),
            Err(InvalidAttachment::Digest(_))
        ));
        for malformed in ["", "[]", r#"{"manifests":{}}"#, r#"{"manifests":[{}]}"#] {
            assert!(matches!(
                read(malformed),
                Err(InvalidAttachment::Malformed(_))
            ));
        }
        let manifest = |text: &str| AttachedManifest::read(text.as_bytes());
        assert_eq!(manifest("{}"), Err(InvalidAttachment::NoLayers));
        let old = format!(
            r#"{{"config":{{"mediaType":"old","digest":"{digest}","size":2}},"layers":[{entry}]}}"#
        );
        assert_eq!(manifest(&old).unwrap().artifact_type, "old");
    }
}
