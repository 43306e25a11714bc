//! A stretch of bytes in a file: a whole file, or a member of an uncompressed tar.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file that is opened when it is needed, or one that has no name any more.
#[derive(Debug, Clone)]
pub(crate) enum BlobFile {
    Named(PathBuf),
    Unnamed(Arc<File>),
}

impl BlobFile {
    pub(crate) fn open(&self) -> io::Result<File> {
        match self {
            Self::Named(path) => File::open(path),
            // The place of reading is shared, but reading here always says where.
            Self::Unnamed(file) => file.try_clone(),
        }
    }
}

/// Where the bytes of a layer or document lie.
#[derive(Debug, Clone)]
pub(crate) struct Blob {
    pub(crate) file: BlobFile,
    pub(crate) offset: u64,
    pub(crate) size: u64,
}

impl Blob {
    /// A whole file.
    pub(crate) fn whole(file: &Path) -> io::Result<Self> {
        let metadata = std::fs::metadata(file)?;
        if !metadata.is_file() {
            return Err(io::Error::other("it is not a regular file"));
        }
        Ok(Self {
            file: BlobFile::Named(file.to_path_buf()),
            offset: 0,
            size: metadata.len(),
        })
    }

    /// Opens it for reading from its start to its end.
    pub(crate) fn open(&self) -> io::Result<BlobReader> {
        Ok(BlobReader {
            file: self.file.open()?,
            position: self.offset,
            left: self.size,
        })
    }

    /// All its bytes, if they are no more than `most`.
    pub(crate) fn read(&self, most: u64) -> io::Result<Vec<u8>> {
        if self.size > most {
            return Err(io::Error::other(format!(
                "it is {} bytes large, and at most {most} are read",
                self.size
            )));
        }
        let mut content = Vec::new();
        self.open()?.read_to_end(&mut content)?;
        if (content.len() as u64) < self.size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(content)
    }
}

/// Reads a blob from its start to its end.
#[derive(Debug)]
pub(crate) struct BlobReader {
    file: File,
    position: u64,
    left: u64,
}

impl Read for BlobReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let count = self.file.read_at(&mut buffer[..wanted], self.position)?;
        self.position += count as u64;
        self.left -= count as u64;
        Ok(count)
    }
}
