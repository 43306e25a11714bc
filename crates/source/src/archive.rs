//! An archive of files as the target: a root file system, an export, a source archive. Its files
//! are at the root, as if it were a folder.

use std::collections::HashSet;

use linchpin_model::{Subject, SubjectKind, TargetPath};

use crate::archives::{FileBytes, Form, Opener, Seen};
use crate::layer::{Blob, Expected, FailedLayer, Layer, Stack};
use crate::{FileTree, Source, SourceError, SourceOptions, Visited, Visitor, Wants};

/// An archive of files.
#[derive(Debug)]
pub struct ArchiveSource {
    subject: Subject,
    content: Content,
    options: SourceOptions,
}

#[derive(Debug)]
enum Content {
    /// A tar, compressed or not, is read like the only layer of an image.
    Tar(Layer),
    Other(FileBytes, Form),
}

impl ArchiveSource {
    /// Opens a tar, compressed or not.
    pub(crate) fn open_tar(target: &str, blob: Blob, options: SourceOptions) -> Self {
        let layer = Layer {
            content: blob.into(),
            expected: Expected::default(),
        };
        Self::open(target, Content::Tar(layer), options)
    }

    /// Opens an archive of another form.
    pub(crate) fn open_other(
        target: &str,
        bytes: FileBytes,
        form: Form,
        options: SourceOptions,
    ) -> Self {
        Self::open(target, Content::Other(bytes, form), options)
    }

    fn open(target: &str, content: Content, options: SourceOptions) -> Self {
        let subject = Subject {
            name: target.to_owned(),
            kind: SubjectKind::Archive,
            digest: None,
            platform: None,
            layers: Vec::new(),
        };
        Self {
            subject,
            content,
            options,
        }
    }
}

impl Source for ArchiveSource {
    fn subject(&self) -> &Subject {
        &self.subject
    }

    fn visit(&self, wants: &Wants, visitor: &dyn Visitor) -> Result<Visited, SourceError> {
        let target = || self.subject.name.clone();
        let failed = |source| SourceError::Archive {
            target: target(),
            source,
        };
        let visited = match &self.content {
            Content::Tar(layer) => {
                let stack = Stack {
                    layers: std::slice::from_ref(layer),
                    numbered: false,
                    options: &self.options,
                };
                stack
                    .visit(wants, visitor)
                    .map_err(|FailedLayer { error, .. }| failed(error))?
            }
            Content::Other(bytes, form) => {
                let opener = Opener::new(wants, visitor, &self.options);
                let seen = opener.open_as_root(bytes, *form).map_err(failed)?;
                let entries = seen.len() as u64;
                self.options.progress.seen(entries);
                Visited {
                    tree: Box::new(MemberTree::new(seen)),
                    superseded: Vec::new(),
                    notes: opener.into_notes().collect(),
                    entries,
                }
            }
        };
        if holds_image(visited.tree.as_ref()) {
            return Err(SourceError::CompressedImage { target: target() });
        }
        Ok(visited)
    }
}

/// Whether these are the files of an image. An image in a tar never comes here, unless its members
/// have names that no tool gives them.
fn holds_image(tree: &dyn FileTree) -> bool {
    let has = |name: &str| tree.exists(&TargetPath::new(name));
    has("oci-layout") && has("index.json") || has("manifest.json") && has("repositories")
}

/// The files of an archive that knows no links, and the folders that they are in.
#[derive(Debug)]
struct MemberTree {
    paths: HashSet<TargetPath>,
}

impl MemberTree {
    fn new(mut paths: Seen) -> Self {
        let files: Vec<TargetPath> = paths.iter().cloned().collect();
        for file in files {
            let mut folder = file.parent();
            while !folder.is_root() && !paths.contains(&folder) {
                let above = folder.parent();
                paths.insert(folder);
                folder = above;
            }
        }
        Self { paths }
    }
}

impl FileTree for MemberTree {
    fn exists(&self, path: &TargetPath) -> bool {
        path.is_root() || self.paths.contains(path)
    }

    fn resolve(&self, path: &TargetPath) -> Option<TargetPath> {
        self.exists(path).then(|| path.clone())
    }
}
