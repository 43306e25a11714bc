//! The documents of container images, as far as they are needed here.
//!
//! Formats: <https://github.com/opencontainers/image-spec> (index, manifest, configuration) and
//! <https://github.com/moby/docker-image-spec> (`manifest.json` of `docker save`).

use std::collections::BTreeMap;

use linchpin_model::Digest;
use serde::Deserialize;

/// Names a blob.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    #[serde(default)]
    pub(super) media_type: String,
    pub(super) digest: String,
    #[serde(default)]
    pub(super) size: Option<u64>,
    #[serde(default)]
    pub(super) platform: Option<DescriptorPlatform>,
    #[serde(default)]
    pub(super) annotations: BTreeMap<String, String>,
    /// What it is for, if it is no image.
    #[serde(default)]
    pub(super) artifact_type: Option<String>,
    /// Where else the blob can be had.
    #[serde(default)]
    pub(super) urls: Vec<String>,
}

impl Descriptor {
    /// What names a document of which only the digest is known.
    pub(super) fn of_digest(digest: &Digest) -> Self {
        Self {
            media_type: String::new(),
            digest: digest.to_string(),
            size: None,
            platform: None,
            annotations: BTreeMap::new(),
            artifact_type: None,
            urls: Vec::new(),
        }
    }

    /// The name under which the layout lists it: a tag or a whole reference.
    pub(super) fn reference(&self) -> Option<&str> {
        [
            "io.containerd.image.name",
            "org.opencontainers.image.ref.name",
        ]
        .into_iter()
        .find_map(|key| self.annotations.get(key))
        .map(String::as_str)
    }

    /// Whether it is something that is attached to an image: it says what it is for, or has the
    /// name that cosign gives to what belongs to the manifest of this digest.
    pub(super) fn is_attached(&self) -> bool {
        let is_digest = |name: &str| {
            let tag = name.rsplit(':').next().unwrap_or_default();
            let hex = tag.strip_prefix("sha256-").or(tag.strip_prefix("sha512-"));
            hex.is_some_and(|hex| {
                let hex = hex.split('.').next().unwrap_or_default();
                hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
            })
        };
        self.artifact_type
            .as_ref()
            .is_some_and(|artifact_type| !artifact_type.is_empty())
            || self.reference().is_some_and(is_digest)
    }

    /// Whether it is no image but a statement about one, as BuildKit adds them to an index.
    pub(super) fn is_attestation(&self) -> bool {
        self.annotations.contains_key("vnd.docker.reference.type")
            || self
                .platform
                .as_ref()
                .is_some_and(|platform| platform.os == "unknown")
    }
}

/// The platform in a descriptor.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct DescriptorPlatform {
    pub(super) os: String,
    pub(super) architecture: String,
    #[serde(default)]
    pub(super) variant: Option<String>,
}

/// An image index, or a manifest: told apart by what they hold.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct IndexOrManifest {
    #[serde(default, rename = "schemaVersion")]
    pub(super) schema_version: Option<u64>,
    /// What it is attached to, if it is no image of its own.
    #[serde(default)]
    pub(super) subject: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    pub(super) manifests: Option<Vec<Descriptor>>,
    #[serde(default)]
    pub(super) config: Option<Descriptor>,
    #[serde(default)]
    pub(super) layers: Option<Vec<Descriptor>>,
}

/// The configuration of an image.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Configuration {
    #[serde(default)]
    pub(super) os: Option<String>,
    #[serde(default)]
    pub(super) architecture: Option<String>,
    #[serde(default)]
    pub(super) variant: Option<String>,
    #[serde(default)]
    pub(super) rootfs: RootFileSystem,
}

/// The layers of an image by the digests of their unpacked tars.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct RootFileSystem {
    #[serde(default)]
    pub(super) diff_ids: Vec<String>,
}

/// An image in `manifest.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DockerImage {
    pub(super) config: String,
    #[serde(default)]
    pub(super) repo_tags: Option<Vec<String>>,
    #[serde(default)]
    pub(super) layers: Vec<String>,
}
