//! Where the bytes of a layer come from: a file on this machine, or somewhere else.

use std::io::{self, Read};
use std::sync::Arc;

use super::blob::{Blob, BlobReader};
use super::fetched::{FetchedBlob, FetchedReader};
use crate::Limits;

/// Where the bytes of a layer come from.
#[derive(Debug, Clone)]
pub(crate) enum LayerContent {
    /// A stretch of a file.
    Stored(Blob),
    /// It is fetched while it is read.
    Fetched(Arc<FetchedBlob>),
}

impl LayerContent {
    /// Its length where that is a fact, and not only what a manifest says.
    pub(crate) fn size(&self) -> Option<u64> {
        match self {
            Self::Stored(blob) => Some(blob.size),
            Self::Fetched(_) => None,
        }
    }

    /// Whether it comes from another place each time that it is read.
    pub(crate) fn is_fetched(&self) -> bool {
        matches!(self, Self::Fetched(_))
    }

    /// Begins to fetch it, if it has to be fetched and that has not begun.
    pub(crate) fn begin(&self) {
        if let Self::Fetched(blob) = self {
            blob.begin();
        }
    }

    /// Opens it for reading from its start to its end.
    pub(crate) fn open(&self, limits: Limits) -> io::Result<ContentReader> {
        match self {
            Self::Stored(blob) => blob.open().map(ContentReader::Stored),
            Self::Fetched(blob) => Ok(ContentReader::Fetched(blob.open(limits))),
        }
    }
}

impl From<Blob> for LayerContent {
    fn from(blob: Blob) -> Self {
        Self::Stored(blob)
    }
}

/// Reads a layer's bytes from the first to the last.
#[derive(Debug)]
pub(crate) enum ContentReader {
    Stored(BlobReader),
    Fetched(FetchedReader),
}

impl Read for ContentReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stored(reader) => reader.read(buffer),
            Self::Fetched(reader) => reader.read(buffer),
        }
    }
}
