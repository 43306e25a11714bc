//! A single file: a lockfile, a package database, a program.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use linchpin_model::{Digest, DigestAlgorithm, Subject, SubjectKind, TargetPath};
use sha2::{Digest as _, Sha256};

use crate::hand_out::Found;
use crate::layer::Blob;
use crate::wants::is_executable;
use crate::{FileTree, Mode, Source, SourceError, SourceOptions, Visited, Visitor, Wants};

/// A single file.
#[derive(Debug)]
pub struct FileSource {
    path: PathBuf,
    subject: Subject,
    content: Vec<u8>,
    mode: Mode,
    options: SourceOptions,
}

impl FileSource {
    /// Reads the file.
    pub(crate) fn open(
        path: &Path,
        blob: &Blob,
        options: SourceOptions,
    ) -> Result<Self, SourceError> {
        let unreadable = |source| SourceError::Unreadable {
            path: path.display().to_string(),
            source,
        };
        let mode = Mode(
            std::fs::metadata(path)
                .map_err(unreadable)?
                .permissions()
                .mode(),
        );
        let content = blob
            .read(options.limits.executable_bytes)
            .map_err(unreadable)?;
        let subject = Subject {
            name: path.display().to_string(),
            kind: SubjectKind::File,
            digest: Digest::from_bytes(DigestAlgorithm::Sha256, &Sha256::digest(&content)).ok(),
            platform: None,
            layers: Vec::new(),
        };
        Ok(Self {
            path: path.to_path_buf(),
            subject,
            content,
            mode,
            options,
        })
    }
}

impl Source for FileSource {
    fn subject(&self) -> &Subject {
        &self.subject
    }

    fn visit(&self, wants: &Wants, visitor: &dyn Visitor) -> Result<Visited, SourceError> {
        use std::os::unix::ffi::OsStrExt;
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        let path = TargetPath::from_bytes(name.as_bytes());
        let mut wanted = wants.by_path(path.as_str());
        if is_executable(&self.content) {
            // Whoever names a program as the target wants it looked at, whatever its mode says.
            wants.add_programs(path.as_str(), true, &mut wanted);
        }
        if wanted.is_unread() {
            return Err(SourceError::Unrecognised {
                target: self.subject.name.clone(),
            });
        }
        self.options.progress.seen(1);
        let found = Found {
            path: &path,
            layer: None,
            mode: self.mode,
            size: self.content.len() as u64,
            content: &self.content,
        };
        found.hand_out(&wanted, visitor);
        Ok(Visited {
            tree: Box::new(OneFile(path)),
            superseded: Vec::new(),
            notes: Vec::new(),
            entries: 1,
        })
    }
}

/// The tree of a single file.
#[derive(Debug)]
struct OneFile(TargetPath);

impl FileTree for OneFile {
    fn exists(&self, path: &TargetPath) -> bool {
        *path == self.0
    }

    fn resolve(&self, path: &TargetPath) -> Option<TargetPath> {
        self.exists(path).then(|| path.clone())
    }
}
