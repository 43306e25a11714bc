//! The files of a database, opened: each is mapped into memory when something of it is asked.
//!
//! All files are opened when the database is, so that it stays the one that it was even if
//! another takes its place meanwhile.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use linchpin_model::Ecosystem;
use memmap2::Mmap;

use super::DatabaseError;
use super::manifest::{Manifest, PartFile};
use super::shard::{Bytes, Shard};
use crate::sys;

/// How often a database is opened anew if another takes its place in just that moment.
const TRIES: usize = 5;

/// A file that is mapped and read at the first use.
pub(super) struct Lazy<T> {
    path: PathBuf,
    file: File,
    size: u64,
    opened: OnceLock<T>,
}

impl<T> fmt::Debug for Lazy<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Lazy")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl<T> Lazy<T> {
    fn open(folder: &Path, part: &PartFile) -> Result<Self, DatabaseError> {
        let path = folder.join(&part.file);
        let unreadable = |source: io::Error| DatabaseError::Unreadable {
            path: path.clone(),
            source,
        };
        let metadata = path.metadata().map_err(unreadable)?;
        if !metadata.is_file() || metadata.len() != part.size {
            return Err(DatabaseError::in_file(
                &path,
                DatabaseError::Corrupt {
                    what: "the file is not as long as the manifest says",
                },
            ));
        }
        let file = File::open(&path).map_err(unreadable)?;
        Ok(Self {
            path,
            file,
            size: part.size,
            opened: OnceLock::new(),
        })
    }

    /// What the file holds; `read` is told its bytes, the first time.
    pub(super) fn get(
        &self,
        read: impl FnOnce(Mmap, &Path) -> Result<T, DatabaseError>,
    ) -> Result<&T, DatabaseError> {
        if let Some(opened) = self.opened.get() {
            return Ok(opened);
        }
        let bytes = sys::map(&self.file).map_err(|source| DatabaseError::Unreadable {
            path: self.path.clone(),
            source,
        })?;
        // A file that became shorter since would be read beyond its end.
        if bytes.len() as u64 != self.size {
            return Err(DatabaseError::in_file(
                &self.path,
                DatabaseError::Corrupt {
                    what: "the file is not as long as the manifest says",
                },
            ));
        }
        let opened =
            read(bytes, &self.path).map_err(|error| DatabaseError::in_file(&self.path, error))?;
        Ok(self.opened.get_or_init(|| opened))
    }
}

/// The opened files of a folder.
#[derive(Debug)]
pub(super) struct FileSet {
    pub(super) manifest: Manifest,
    shards: Vec<(Ecosystem, Lazy<Shard>)>,
    /// Which file holds an ecosystem.
    pub(super) places: BTreeMap<Ecosystem, usize>,
    pub(super) exploited: Option<Lazy<crate::ExploitedCatalogue>>,
    pub(super) predictions: Option<Lazy<super::PredictionsFile>>,
}

impl FileSet {
    /// Opens what was fetched for a database that is not there yet.
    pub(super) fn open_unfinished(folder: &Path) -> Result<Self, DatabaseError> {
        Self::open_all(folder, &Manifest::of_unfinished(folder)?)
    }

    pub(super) fn open(folder: &Path) -> Result<Self, DatabaseError> {
        let mut manifest = Manifest::of(folder)?;
        for _ in 0..TRIES {
            match Self::open_all(folder, &manifest) {
                Err(DatabaseError::Unreadable { source, .. })
                    if source.kind() == io::ErrorKind::NotFound =>
                {
                    let now = Manifest::of(folder)?;
                    if now == manifest {
                        break;
                    }
                    manifest = now;
                }
                other => return other,
            }
        }
        Err(DatabaseError::Corrupt {
            what: "a file that its manifest names is not there",
        })
    }

    fn open_all(folder: &Path, manifest: &Manifest) -> Result<Self, DatabaseError> {
        let mut shards = Vec::new();
        let mut places = BTreeMap::new();
        for part in &manifest.ecosystems {
            // An ecosystem that a newer program knows, and this one does not.
            let Some((ecosystem, None)) = Ecosystem::from_osv(&part.name) else {
                continue;
            };
            places.insert(ecosystem, shards.len());
            shards.push((ecosystem, Lazy::open(folder, &part.file)?));
        }
        Ok(Self {
            manifest: manifest.clone(),
            shards,
            places,
            exploited: manifest
                .exploited
                .as_ref()
                .map(|part| Lazy::open(folder, &part.file))
                .transpose()?,
            predictions: manifest
                .predictions
                .as_ref()
                .map(|part| Lazy::open(folder, &part.file))
                .transpose()?,
        })
    }

    /// The file of an ecosystem. Its facts must be what the manifest says: a file in the place of
    /// another would answer that all is well.
    pub(super) fn shard(&self, number: usize) -> Result<&Shard, DatabaseError> {
        const NO_FILE: DatabaseError = DatabaseError::Corrupt {
            what: "it has no such file",
        };
        let (ecosystem, file) = self.shards.get(number).ok_or(NO_FILE)?;
        file.get(|bytes, path| {
            let shard = Shard::read(Bytes::Mapped(bytes), path.to_owned())?;
            let said = self.manifest.ecosystem(*ecosystem).map(|part| part.records);
            let held = shard
                .facts()
                .records
                .iter()
                .find(|(name, _)| name == ecosystem.facts().osv_name)
                .map(|(_, count)| *count);
            if said != held {
                return Err(DatabaseError::Corrupt {
                    what: "the file is not the one that the manifest names",
                });
            }
            Ok(shard)
        })
    }
}
