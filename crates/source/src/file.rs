//! A single file: a lockfile, a package database, a program, a package.

use std::io::{self, Read};

use linchpin_model::{Digest, DigestAlgorithm, Subject, SubjectKind, TargetPath};
use sha2::{Digest as _, Sha256};

use crate::archives::{Bytes as _, FileBytes, Form, Opener, Stretch, start_of};
use crate::hand_out::Found;
use crate::note_book::NoteBook;
use crate::wants::is_executable;
use crate::{FileTree, Mode, Source, SourceError, SourceOptions, Visited, Visitor, Wants};

/// A single file. If it is the archive of a package, what is in it is read too.
#[derive(Debug)]
pub struct FileSource {
    path: TargetPath,
    subject: Subject,
    bytes: FileBytes,
    mode: Mode,
    form: Option<Form>,
    options: SourceOptions,
}

impl FileSource {
    /// Opens the file, which goes by this path in the inventory.
    pub(crate) fn open(
        target: &str,
        path: TargetPath,
        (bytes, mode): (FileBytes, Mode),
        form: Option<Form>,
        options: SourceOptions,
    ) -> Result<Self, SourceError> {
        let digest = digest_of(&bytes).map_err(|source| SourceError::Unreadable {
            path: target.to_owned(),
            source,
        })?;
        let subject = Subject {
            name: target.to_owned(),
            kind: if form.is_some() {
                SubjectKind::Archive
            } else {
                SubjectKind::File
            },
            digest: Some(digest),
            platform: None,
            layers: Vec::new(),
        };
        Ok(Self {
            path,
            subject,
            bytes,
            mode,
            form,
            options,
        })
    }

    fn unreadable(&self, source: io::Error) -> SourceError {
        SourceError::Unreadable {
            path: self.subject.name.clone(),
            source,
        }
    }
}

impl Source for FileSource {
    fn subject(&self) -> &Subject {
        &self.subject
    }

    fn visit(&self, wants: &Wants, visitor: &dyn Visitor) -> Result<Visited, SourceError> {
        let path = &self.path;
        let limits = self.options.limits;
        let mut wanted = wants.by_path(path.as_str());
        let start = start_of(&self.bytes, 8).map_err(|error| self.unreadable(error))?;
        let is_program = is_executable(&start);
        if is_program {
            // Whoever names a program as the target wants it looked at, whatever its mode says.
            wants.add_programs(path.as_str(), &mut wanted);
            wants.add_undecided_programs(&mut wanted);
        }
        if wanted.is_unread() && self.form.is_none() {
            return Err(SourceError::Unrecognised {
                target: self.subject.name.clone(),
            });
        }
        self.options.progress.seen(1);
        let notes = NoteBook::new(limits.notes);
        if !wanted.is_unread() {
            let size = self.bytes.size();
            let amount = match limits.amount_to_read(size, is_program, &wanted) {
                Ok(amount) => amount,
                Err(text) => return Err(self.unreadable(io::Error::other(format!("it {text}")))),
            };
            let mut content = Vec::new();
            Stretch::of(&self.bytes, 0, amount.kept)
                .read_to_end(&mut content)
                .map_err(|error| self.unreadable(error))?;
            let found = Found {
                path,
                layer: None,
                mode: self.mode,
                size,
                content: &content,
            };
            if amount.in_pieces || amount.at_places {
                found
                    .hand_out_places(&self.bytes, &wanted, visitor)
                    .map_err(|error| self.unreadable(error))?;
            } else {
                found.hand_out(&wanted, visitor);
            }
        }
        if self.form.is_some() {
            let opener = Opener::new(wants, visitor, &self.options);
            opener
                .open_target(path, &self.bytes, &wanted.archive)
                .map_err(|source| SourceError::Archive {
                    target: self.subject.name.clone(),
                    source,
                })?;
            opener.into_notes().for_each(|note| notes.keep(note));
        }
        Ok(Visited {
            tree: Box::new(OneFile(path.clone())),
            superseded: Vec::new(),
            notes: notes.into_notes(),
            entries: 1,
        })
    }
}

pub(crate) fn digest_of(bytes: &FileBytes) -> io::Result<Digest> {
    let mut hasher = Sha256::new();
    let mut reader = Stretch::whole(bytes);
    let mut buffer = vec![0; 256 << 10];
    loop {
        let count = reader.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hasher.update(&buffer[..count]);
    }
    Digest::from_bytes(DigestAlgorithm::Sha256, &hasher.finalize()).map_err(io::Error::other)
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
