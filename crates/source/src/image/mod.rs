//! Container images: in an OCI layout (folder or tar), a docker archive, or somewhere else.

mod blob_store;
mod docker_archive;
mod documents;
mod image_error;
mod layout_blobs;
mod layout_check;
mod oci_layout;
mod remote_image;

pub use image_error::ImageError;
pub use layout_blobs::LayoutBlobs;
pub use layout_check::{CheckedLayout, check_layout};
pub use remote_image::{RemoteBlob, RemoteImage};

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use linchpin_model::{Subject, TargetPath};

use crate::layer::{BlobFile, FailedLayer, Layer, Stack};
use crate::{Entry, Mode, Source, SourceError, SourceOptions, Visited, Visitor, Wants};

pub(crate) use blob_store::BlobStore;

/// A container image that was opened: its manifest is read and checked, its layers are not yet.
#[derive(Debug)]
pub struct ImageSource {
    target: String,
    subject: Subject,
    layers: Vec<Layer>,
    configuration: Vec<u8>,
    options: SourceOptions,
}

/// The path under which the configuration of an image is handed out: its environment, its command,
/// and the commands that made it.
pub const IMAGE_CONFIGURATION: &str = "(image configuration)";

/// What the documents of an image say.
#[derive(Debug)]
struct OpenedImage {
    subject: Subject,
    layers: Vec<Layer>,
    /// The configuration as it is written.
    configuration: Vec<u8>,
}

/// The forms in which an image lies on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImageForm {
    OciLayout,
    DockerArchive,
}

impl ImageForm {
    /// The form of the image in this store, if there is one.
    pub(crate) fn of(store: &BlobStore) -> Option<Self> {
        // `docker save` of today writes both; the layout has digests for everything.
        if store.has("index.json") && store.has("oci-layout") {
            Some(Self::OciLayout)
        } else if store.starts_with("manifest.json", b"[") {
            Some(Self::DockerArchive)
        } else {
            None
        }
    }
}

impl ImageSource {
    /// Opens the image in an archive that is open already and may have no name any more.
    ///
    /// # Errors
    /// If it is no archive of an image.
    pub fn open_archive(
        name: &str,
        file: File,
        options: SourceOptions,
    ) -> Result<Self, SourceError> {
        let target = || name.to_owned();
        let file = BlobFile::Unnamed(Arc::new(file));
        let store =
            BlobStore::of_tar(&file, options.limits).map_err(|source| SourceError::Archive {
                target: target(),
                source,
            })?;
        let form = ImageForm::of(&store).ok_or_else(|| SourceError::Image {
            target: target(),
            source: ImageError::Empty,
        })?;
        let mut source = Self::open(&store, form, Path::new(name), None, options)?;
        // Archives of engines name their images in ways of their own.
        name.clone_into(&mut source.subject.name);
        Ok(source)
    }

    /// Opens an image that lies elsewhere: its manifest and configuration are fetched now, its
    /// layers when they are read.
    ///
    /// # Errors
    /// If they can not be fetched, or make no sense.
    pub fn open_remote(
        image: Arc<dyn RemoteImage>,
        options: SourceOptions,
    ) -> Result<Self, SourceError> {
        let target = image.name().to_owned();
        let opened =
            oci_layout::open_remote(image, &options).map_err(|source| SourceError::Image {
                target: target.clone(),
                source,
            })?;
        Ok(Self {
            target,
            subject: opened.subject,
            layers: opened.layers,
            configuration: opened.configuration,
            options,
        })
    }

    /// Opens the image in a store.
    pub(crate) fn open(
        store: &BlobStore,
        form: ImageForm,
        target: &Path,
        reference: Option<&str>,
        options: SourceOptions,
    ) -> Result<Self, SourceError> {
        let target = target.display().to_string();
        let opened = match form {
            ImageForm::OciLayout => oci_layout::open(store, &target, reference, &options),
            ImageForm::DockerArchive => docker_archive::open(store, &target, reference, &options),
        };
        let OpenedImage {
            subject,
            layers,
            configuration,
        } = opened.map_err(|source| SourceError::Image {
            target: target.clone(),
            source,
        })?;
        Ok(Self {
            target,
            subject,
            layers,
            configuration,
            options,
        })
    }

    /// Hands out what the image is started with.
    fn show_configuration(&self, wants: &Wants, visitor: &dyn Visitor) {
        let readers = wants.readers_of_texts();
        if !readers.is_empty() {
            let path = TargetPath::new(IMAGE_CONFIGURATION);
            let entry = Entry::whole(&path, None, Mode::default(), &self.configuration);
            visitor.visit(&entry, readers);
        }
    }
}

impl Source for ImageSource {
    fn subject(&self) -> &Subject {
        &self.subject
    }

    fn visit(&self, wants: &Wants, visitor: &dyn Visitor) -> Result<Visited, SourceError> {
        self.show_configuration(wants, visitor);
        let stack = Stack {
            layers: &self.layers,
            numbered: true,
            options: &self.options,
        };
        stack
            .visit(wants, visitor)
            .map_err(|FailedLayer { index, error }| SourceError::Layer {
                target: self.target.clone(),
                index,
                digest: self
                    .subject
                    .layers
                    .get(index)
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                source: error,
            })
    }
}
