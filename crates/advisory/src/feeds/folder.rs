//! A mirror of OSV's bucket as a folder: `ecosystems.txt`, `<ECOSYSTEM>/all.zip`, or single
//! records as `<ECOSYSTEM>/*.json`.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use super::{Bucket, FeedError, SeekableRead, is_plain_name};

/// The list of ecosystems is a few hundred bytes long.
const MAX_LIST: u64 = 1 << 20;
/// No folder of single records is longer than this.
const MAX_RECORDS: usize = 2_000_000;

/// A folder in the layout of OSV's public bucket.
#[derive(Debug, Clone)]
pub struct FolderBucket {
    root: PathBuf,
}

impl FolderBucket {
    /// Takes a folder, and refuses one that holds nothing of the sort.
    pub fn new(root: &Path) -> Result<Self, FeedError> {
        let bucket = Self {
            root: root.to_owned(),
        };
        if bucket.ecosystems()?.is_empty() {
            return Err(FeedError::NotABucket {
                path: root.to_owned(),
            });
        }
        Ok(bucket)
    }

    fn error(&self, path: &str, source: io::Error) -> FeedError {
        if source.kind() == io::ErrorKind::NotFound {
            FeedError::Missing {
                bucket: self.label(),
                path: path.to_owned(),
            }
        } else {
            FeedError::Unreadable {
                path: path.to_owned(),
                source,
            }
        }
    }

    /// The folders that hold advisories, for mirrors without a list.
    fn folders(&self) -> Result<Vec<String>, FeedError> {
        let entries = fs::read_dir(&self.root).map_err(|source| self.error("", source))?;
        let mut names: Vec<String> = entries
            .filter_map(Result::ok)
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| is_plain_name(name))
            .filter(|name| {
                self.root.join(name).join("all.zip").is_file()
                    || !self.records(name).unwrap_or_default().is_empty()
            })
            .collect();
        names.sort();
        Ok(names)
    }
}

impl Bucket for FolderBucket {
    fn label(&self) -> String {
        self.root.display().to_string()
    }

    fn ecosystems(&self) -> Result<Vec<String>, FeedError> {
        const LIST: &str = "ecosystems.txt";
        let file = match File::open(self.root.join(LIST)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return self.folders(),
            Err(error) => return Err(self.error(LIST, error)),
        };
        let mut text = String::new();
        file.take(MAX_LIST)
            .read_to_string(&mut text)
            .map_err(|source| self.error(LIST, source))?;
        let mut names: Vec<String> = text
            .lines()
            .map(str::trim)
            .filter(|name| is_plain_name(name))
            .map(str::to_owned)
            .collect();
        names.sort();
        names.dedup();
        Ok(names)
    }

    fn open(&self, path: &str) -> Result<Box<dyn SeekableRead>, FeedError> {
        let found = self.root.join(path);
        let metadata = found
            .metadata()
            .map_err(|source| self.error(path, source))?;
        // Opening a pipe would wait for whoever writes into it.
        if !metadata.is_file() {
            return Err(self.error(path, io::ErrorKind::InvalidInput.into()));
        }
        let file = File::open(found).map_err(|source| self.error(path, source))?;
        Ok(Box::new(BufReader::new(file)))
    }

    fn records(&self, ecosystem: &str) -> Result<Vec<String>, FeedError> {
        let entries = match fs::read_dir(self.root.join(ecosystem)) {
            Ok(entries) => entries,
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(Vec::new());
            }
            Err(error) => return Err(self.error(ecosystem, error)),
        };
        let mut paths: Vec<String> = entries
            .filter_map(Result::ok)
            .take(MAX_RECORDS)
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| {
                Path::new(name)
                    .extension()
                    .is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
            })
            .map(|name| format!("{ecosystem}/{name}"))
            .collect();
        paths.sort();
        Ok(paths)
    }
}
