//! A tar of files, compressed or not: a root file system, a package, an export.

use std::path::Path;

use linchpin_model::{Subject, SubjectKind, TargetPath};

use crate::layer::{Blob, Expected, FailedLayer, Layer, Stack};
use crate::{FileTree, Source, SourceError, SourceOptions, Visited, Visitor, Wants};

/// A tar of files.
#[derive(Debug)]
pub struct ArchiveSource {
    subject: Subject,
    layer: Layer,
    options: SourceOptions,
}

impl ArchiveSource {
    /// Opens a tar, plain or compressed with gzip or zstd.
    pub(crate) fn open(path: &Path, blob: Blob, options: SourceOptions) -> Self {
        let subject = Subject {
            name: path.display().to_string(),
            kind: SubjectKind::Archive,
            digest: None,
            platform: None,
            layers: Vec::new(),
        };
        Self {
            subject,
            layer: Layer {
                content: blob.into(),
                expected: Expected::default(),
            },
            options,
        }
    }
}

impl Source for ArchiveSource {
    fn subject(&self) -> &Subject {
        &self.subject
    }

    fn visit(&self, wants: &Wants, visitor: &dyn Visitor) -> Result<Visited, SourceError> {
        let layers = std::slice::from_ref(&self.layer);
        let stack = Stack {
            layers,
            numbered: false,
            options: &self.options,
        };
        let target = || self.subject.name.clone();
        let visited = stack
            .visit(wants, visitor)
            .map_err(|FailedLayer { error, .. }| SourceError::Archive {
                target: target(),
                source: error,
            })?;
        if holds_image(visited.tree.as_ref()) {
            return Err(SourceError::CompressedImage { target: target() });
        }
        Ok(visited)
    }
}

/// Whether these are the files of an image. An image in an uncompressed archive never comes here.
fn holds_image(tree: &dyn FileTree) -> bool {
    let has = |name: &str| tree.exists(&TargetPath::new(name));
    has("oci-layout") && has("index.json") || has("manifest.json") && has("repositories")
}
