//! Images as `docker save` writes them: `manifest.json` names a configuration and layers.
//! Layers are checked against the digests in the configuration.

use linchpin_model::{Digest, DigestAlgorithm, Subject, SubjectKind};
use sha2::{Digest as _, Sha256};

use super::OpenedImage;
use super::blob_store::{BlobStore, DocumentName};
use super::documents::{Configuration, DockerImage};
use super::image_error::ImageError;
use super::oci_layout::{matches, parse_digest, platform_of};
use crate::SourceOptions;
use crate::layer::{Expected, Layer};

/// Opens the image that the reference chooses.
pub(super) fn open(
    store: &BlobStore,
    name: &str,
    reference: Option<&str>,
    options: &SourceOptions,
) -> Result<OpenedImage, ImageError> {
    let (images, _): (Vec<DockerImage>, _) = store.document(
        DocumentName::File("manifest.json"),
        "list of images",
        options.limits,
    )?;
    let image = choose(images, reference)?;
    let (configuration, content): (Configuration, _) = store.document(
        DocumentName::File(&image.config),
        "image configuration",
        options.limits,
    )?;
    let stated = platform_of(&configuration);
    if let (Some(asked), Some(stated)) = (&options.platform, &stated)
        && !matches(asked, stated)
    {
        return Err(ImageError::NoSuchPlatform {
            wanted: asked.to_string(),
            platforms: vec![stated.to_string()],
        });
    }
    if image.layers.len() > options.limits.layers {
        return Err(ImageError::TooMany {
            most: options.limits.layers,
            what: "layers",
        });
    }
    let mut layers = Vec::new();
    let mut digests = Vec::new();
    for (place, layer) in image.layers.iter().enumerate() {
        let digest = configuration
            .rootfs
            .diff_ids
            .get(place)
            .map(|digest| parse_digest(digest))
            .transpose()?;
        digests.extend(digest.clone());
        layers.push(Layer {
            content: store.find(layer)?.into(),
            expected: Expected {
                stored: None,
                unpacked: digest,
            },
        });
    }
    let tag = image.repo_tags.iter().flatten().next().cloned();
    let subject = Subject {
        name: tag.unwrap_or_else(|| name.to_owned()),
        kind: SubjectKind::Image,
        // The digest of the configuration is what Docker calls the image's id.
        digest: Digest::from_bytes(DigestAlgorithm::Sha256, &Sha256::digest(&content)).ok(),
        platform: stated.map(|platform| platform.to_string()),
        layers: digests,
    };
    Ok(OpenedImage {
        subject,
        layers,
        configuration: content,
    })
}

fn choose(images: Vec<DockerImage>, reference: Option<&str>) -> Result<DockerImage, ImageError> {
    let names: Vec<String> = images
        .iter()
        .flat_map(|image| image.repo_tags.iter().flatten().cloned())
        .collect();
    let mut images = images.into_iter();
    match reference {
        Some(wanted) => images
            .find(|image| {
                image.repo_tags.iter().flatten().any(|tag| {
                    tag == wanted
                        || tag
                            .rsplit_once(':')
                            .is_some_and(|(_, version)| version == wanted)
                })
            })
            .ok_or_else(|| ImageError::UnknownReference {
                name: wanted.to_owned(),
                names,
            }),
        None => {
            let first = images.next().ok_or(ImageError::Empty)?;
            if images.next().is_some() {
                Err(ImageError::Ambiguous { names })
            } else {
                Ok(first)
            }
        }
    }
}
