//! A copy of a program that passes by, in a file without a name, for those who look into it.
//!
//! Whether anybody wants to is known at its end, where its table of sections lies. Without a copy the
//! layer would have to be read again. Where nobody does, the next program is written over it, so that
//! what a layer takes on the disk is its largest program.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;

use crate::Bytes;
use crate::archives::{FileBytes, unnamed_file};

/// Programs up to this many bytes are copied although nobody may want them; of larger ones it must
/// be known at their beginning.
pub(super) const MOST: u64 = 64 << 20;

/// A file for the copies of one layer's programs, one after another.
#[derive(Debug, Default)]
pub(super) struct CopyFile(Option<File>);

impl CopyFile {
    /// Begins a copy. Nothing where there is no room for temporary files: then the program is read
    /// again if it is wanted.
    pub(super) fn begin(&mut self, folder: Option<&Path>) -> Option<ProgramCopy> {
        let mut file = match self.0.take() {
            Some(file) => file,
            None => unnamed_file(folder).ok()?,
        };
        file.rewind().ok()?;
        Some(ProgramCopy {
            file,
            size: 0,
            has_failed: false,
        })
    }

    /// Nobody wants this one.
    pub(super) fn reuse(&mut self, copy: Option<ProgramCopy>) {
        self.0 = copy.filter(|copy| !copy.has_failed).map(|copy| copy.file);
    }
}

/// A program of which a copy is made while it passes by.
#[derive(Debug)]
pub(super) struct ProgramCopy {
    file: File,
    size: u64,
    has_failed: bool,
}

impl ProgramCopy {
    /// Takes in the next bytes.
    pub(super) fn take_in(&mut self, bytes: &[u8]) {
        self.has_failed = self.has_failed || self.file.write_all(bytes).is_err();
        self.size += bytes.len() as u64;
    }

    /// The program, to be read at any place. Nothing where it could not be written.
    pub(super) fn finish(self) -> Option<Box<dyn Bytes>> {
        // What is behind it in the file is the rest of a longer one.
        let Self { file, size, .. } = self;
        (!self.has_failed).then(|| Box::new(FileBytes { file, size }) as Box<dyn Bytes>)
    }
}
