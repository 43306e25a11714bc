//! Images in an OCI layout: `index.json` names manifests or further indexes, a manifest names a
//! configuration and layers. Format:
//! <https://github.com/opencontainers/image-spec/blob/main/image-layout.md>.

use std::sync::Arc;

use linchpin_model::{Digest, DigestAlgorithm, Subject, SubjectKind};
use sha2::{Digest as _, Sha256};

use super::OpenedImage;
use super::blob_store::{BlobStore, DocumentName, expected_blob};
use super::documents::{Configuration, Descriptor, IndexOrManifest};
use super::image_error::ImageError;
use super::remote_image::{RemoteImage, RemoteStore};
use crate::layer::Layer;
use crate::{Limits, Platform, SourceOptions};

/// Deepest nesting of indexes; real ones have one or two.
pub(super) const DEEPEST: usize = 8;
/// Most manifests that one index names.
pub(super) const MOST_MANIFESTS: usize = 10_000;

/// Opens the image that the reference and platform choose.
pub(super) fn open(
    store: &BlobStore,
    name: &str,
    reference: Option<&str>,
    options: &SourceOptions,
) -> Result<OpenedImage, ImageError> {
    let chosen = chosen_descriptors(store, reference, options.limits)?;
    let reference = chosen
        .first()
        .and_then(|descriptor| descriptor.reference())
        .map(str::to_owned);
    let name = match reference.as_deref() {
        Some(full) if full.contains(['/', ':']) => full.to_owned(),
        Some(tag) => format!("{name}:{tag}"),
        None => name.to_owned(),
    };
    descend(store, name, chosen, options)
}

/// What `index.json` says of the image that goes by this name, or of the only one.
pub(super) fn chosen_descriptors(
    store: &BlobStore,
    reference: Option<&str>,
    limits: Limits,
) -> Result<Vec<Descriptor>, ImageError> {
    let index = DocumentName::File("index.json");
    let (index, _): (IndexOrManifest, _) = store.document(index, "image index", limits)?;
    let manifests = index.manifests.ok_or(ImageError::Empty)?;
    if manifests.len() > MOST_MANIFESTS {
        return Err(ImageError::TooMany {
            most: MOST_MANIFESTS,
            what: "manifests in one index",
        });
    }
    match reference {
        None if manifests.len() > 1 => {
            choose_reference(images_alone(store, manifests, limits), reference)
        }
        _ => choose_reference(manifests, reference),
    }
}

/// What is listed without what is attached to it: signatures and statements that were copied with
/// an image are no reason to ask which image is meant.
fn images_alone(store: &BlobStore, manifests: Vec<Descriptor>, limits: Limits) -> Vec<Descriptor> {
    let has_subject = |descriptor: &Descriptor| {
        parse_digest(&descriptor.digest).is_ok_and(|digest| {
            let name = DocumentName::Manifest(&digest);
            store
                .document::<IndexOrManifest>(name, "image manifest or index", limits)
                .is_ok_and(|(document, _)| document.subject.is_some())
        })
    };
    let is_image = |descriptor: &&Descriptor| !descriptor.is_attached() && !has_subject(descriptor);
    let images: Vec<Descriptor> = manifests.iter().filter(is_image).cloned().collect();
    if images.is_empty() { manifests } else { images }
}

/// Opens an image that lies elsewhere.
pub(super) fn open_remote(
    image: Arc<dyn RemoteImage>,
    options: &SourceOptions,
) -> Result<OpenedImage, ImageError> {
    let name = image.name().to_owned();
    let root = image
        .root(options.limits.document_bytes)
        .map_err(ImageError::Unreachable)?;
    let digest = Digest::from_bytes(DigestAlgorithm::Sha256, &Sha256::digest(&root))
        .map_err(ImageError::BadDigest)?;
    let descriptor = Descriptor::of_digest(&digest);
    let store = RemoteStore::new(image);
    store.keep(digest, root);
    descend(&BlobStore::Remote(store), name, vec![descriptor], options)
}

/// Goes from index to index until there is a manifest.
fn descend(
    store: &BlobStore,
    name: String,
    mut chosen: Vec<Descriptor>,
    options: &SourceOptions,
) -> Result<OpenedImage, ImageError> {
    for _ in 0..DEEPEST {
        let descriptor = choose_platform(chosen, store, options)?;
        let digest = parse_digest(&descriptor.digest)?;
        let (document, _): (IndexOrManifest, _) = store.document(
            DocumentName::Manifest(&digest),
            "image manifest or index",
            options.limits,
        )?;
        if document.schema_version == Some(1) {
            return Err(ImageError::SchemaOne);
        }
        if let Some(nested) = document.manifests {
            chosen = nested;
            continue;
        }
        let (Some(config), Some(layers)) = (document.config, document.layers) else {
            return Err(ImageError::Empty);
        };
        return assemble(store, name, digest, &config, layers, options);
    }
    Err(ImageError::TooMany {
        most: DEEPEST,
        what: "indexes in one another",
    })
}

fn assemble(
    store: &BlobStore,
    name: String,
    digest: Digest,
    config: &Descriptor,
    descriptors: Vec<Descriptor>,
    options: &SourceOptions,
) -> Result<OpenedImage, ImageError> {
    let config_digest = parse_digest(&config.digest)?;
    let (configuration, content): (Configuration, _) = store.document(
        DocumentName::Configuration(&config_digest),
        "image configuration",
        options.limits,
    )?;
    if descriptors.len() > options.limits.layers {
        return Err(ImageError::TooMany {
            most: options.limits.layers,
            what: "layers",
        });
    }
    let mut layers = Vec::new();
    let mut digests = Vec::new();
    for descriptor in descriptors {
        let digest = parse_digest(&descriptor.digest)?;
        layers.push(Layer {
            content: store.layer(&descriptor)?,
            expected: expected_blob(digest.clone(), descriptor.size),
        });
        digests.push(digest);
    }
    let subject = Subject {
        name,
        kind: SubjectKind::Image,
        digest: Some(digest),
        platform: platform_of(&configuration).map(|platform| platform.to_string()),
        layers: digests,
    };
    Ok(OpenedImage {
        subject,
        layers,
        configuration: content,
    })
}

/// The manifests that go by the name asked for; without one, all of them if they go by one name.
fn choose_reference(
    manifests: Vec<Descriptor>,
    reference: Option<&str>,
) -> Result<Vec<Descriptor>, ImageError> {
    let mut names: Vec<String> = manifests
        .iter()
        .filter_map(Descriptor::reference)
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    match reference {
        Some(wanted) => {
            let named = |descriptor: &Descriptor| {
                descriptor.digest == wanted
                    || descriptor.reference().is_some_and(|name| {
                        name == wanted
                            || name.rsplit_once(':').is_some_and(|(_, tag)| tag == wanted)
                    })
            };
            let chosen: Vec<Descriptor> = manifests.into_iter().filter(named).collect();
            if chosen.is_empty() {
                return Err(ImageError::UnknownReference {
                    name: wanted.to_owned(),
                    names,
                });
            }
            Ok(chosen)
        }
        None if names.len() > 1 => {
            let same = manifests
                .iter()
                .all(|descriptor| descriptor.digest == manifests[0].digest);
            if same {
                Ok(manifests)
            } else {
                Err(ImageError::Ambiguous { names })
            }
        }
        None => Ok(manifests),
    }
}

/// Of the manifests of an index the one for the platform: the one asked for, else the host's,
/// else the only one.
fn choose_platform(
    manifests: Vec<Descriptor>,
    store: &BlobStore,
    options: &SourceOptions,
) -> Result<Descriptor, ImageError> {
    let mut images: Vec<Descriptor> = manifests
        .into_iter()
        .filter(|descriptor| !descriptor.is_attestation())
        .collect();
    if images.len() > 1
        && images
            .iter()
            .all(|descriptor| descriptor.digest == images[0].digest)
    {
        images.truncate(1);
    }
    let wanted = options.platform.clone().unwrap_or_else(host_platform);
    if images.len() == 1 {
        let Some(only) = images.pop() else {
            return Err(ImageError::Empty);
        };
        let stated = stated_platform(&only, store, options);
        return match (&options.platform, stated) {
            (Some(asked), Some(stated)) if !matches(asked, &stated) => {
                Err(ImageError::NoSuchPlatform {
                    wanted: asked.to_string(),
                    platforms: vec![stated.to_string()],
                })
            }
            _ => Ok(only),
        };
    }
    if images.is_empty() {
        return Err(ImageError::Empty);
    }
    let stated: Vec<Option<Platform>> = images
        .iter()
        .map(|descriptor| stated_platform(descriptor, store, options))
        .collect();
    let place = stated.iter().position(|stated| {
        stated
            .as_ref()
            .is_some_and(|stated| matches(&wanted, stated))
    });
    match place {
        Some(place) => Ok(images.swap_remove(place)),
        None => {
            let mut platforms: Vec<String> = stated
                .iter()
                .map(|stated| {
                    stated
                        .as_ref()
                        .map_or_else(|| "unknown".to_owned(), ToString::to_string)
                })
                .collect();
            platforms.sort();
            platforms.dedup();
            Err(ImageError::NoSuchPlatform {
                wanted: wanted.to_string(),
                platforms,
            })
        }
    }
}

/// The platform of a manifest: as its descriptor says, else as its configuration does.
fn stated_platform(
    descriptor: &Descriptor,
    store: &BlobStore,
    options: &SourceOptions,
) -> Option<Platform> {
    if let Some(platform) = &descriptor.platform {
        return Some(Platform {
            os: platform.os.clone(),
            architecture: platform.architecture.clone(),
            variant: platform
                .variant
                .clone()
                .filter(|variant| !variant.is_empty()),
        });
    }
    if descriptor.media_type.contains("index") || descriptor.media_type.contains("manifest.list") {
        return None;
    }
    let digest = descriptor.digest.parse().ok()?;
    let (manifest, _): (IndexOrManifest, _) = store
        .document(
            DocumentName::Manifest(&digest),
            "image manifest",
            options.limits,
        )
        .ok()?;
    let config: Digest = manifest.config?.digest.parse().ok()?;
    let (configuration, _): (Configuration, _) = store
        .document(
            DocumentName::Configuration(&config),
            "image configuration",
            options.limits,
        )
        .ok()?;
    platform_of(&configuration)
}

pub(super) fn platform_of(configuration: &Configuration) -> Option<Platform> {
    Some(Platform {
        os: configuration.os.clone().filter(|os| !os.is_empty())?,
        architecture: configuration
            .architecture
            .clone()
            .filter(|architecture| !architecture.is_empty())?,
        variant: configuration
            .variant
            .clone()
            .filter(|variant| !variant.is_empty()),
    })
}

/// Whether an image is for the platform asked for; a variant that was not asked for is fine.
pub(super) fn matches(asked: &Platform, stated: &Platform) -> bool {
    asked.os == stated.os
        && asked.architecture == stated.architecture
        && (asked.variant.is_none() || asked.variant == stated.variant)
}

/// The platform of this machine, with Linux for systems that run containers in a Linux machine.
fn host_platform() -> Platform {
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        "powerpc64" => "ppc64le",
        other => other,
    };
    Platform {
        os: "linux".to_owned(),
        architecture: architecture.to_owned(),
        variant: None,
    }
}

pub(super) fn parse_digest(text: &str) -> Result<Digest, ImageError> {
    text.parse().map_err(ImageError::BadDigest)
}
