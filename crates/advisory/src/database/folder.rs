//! Changing the files of a database so that there is always a whole one.
//!
//! A new file is written beside the others under a name of its own, seen onto the disk, and only
//! then named in a new manifest, which takes the place of the old one by a rename. Whoever has the
//! old files open keeps them. One process at a time may do so: it holds a lock, which the
//! operating system takes from it when it ends, however it ends.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tempfile::{NamedTempFile, TempDir};

use super::compile::CompileError;
use super::manifest::{MANIFEST, Manifest, PartFile, UNFINISHED, is_part_name, part_name};
use crate::sys;

const LOCK: &str = ".lock";
const PARTIAL: &str = ".linchpin-";
const VERIFY: &str = ".verify";

/// The right to change a database. It ends when this is dropped.
pub struct WriteLock {
    folder: PathBuf,
    _file: File,
}

impl fmt::Debug for WriteLock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WriteLock")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl WriteLock {
    /// Takes the right, if nobody has it. The folder is made if it is not there.
    pub fn try_take(folder: &Path) -> io::Result<Option<Self>> {
        let file = Self::open(folder)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self {
                folder: folder.to_owned(),
                _file: file,
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Takes the right, and waits while another process has it.
    pub fn take(folder: &Path) -> io::Result<Self> {
        let file = Self::open(folder)?;
        file.lock()?;
        Ok(Self {
            folder: folder.to_owned(),
            _file: file,
        })
    }

    fn open(folder: &Path) -> io::Result<File> {
        fs::create_dir_all(folder)?;
        File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join(LOCK))
    }

    /// The database's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a file, and gives it the name that its content makes for it. Nobody reads it before
    /// a manifest names it.
    pub(crate) fn stage<T>(
        &self,
        word: &str,
        write: impl FnOnce(&mut BufWriter<&File>) -> Result<T, CompileError>,
    ) -> Result<(PartFile, T), CompileError> {
        let partial = self.partial()?;
        let mut out = BufWriter::with_capacity(1 << 18, partial.as_file());
        let made = write(&mut out)?;
        out.flush()?;
        drop(out);
        let (size, sha256) = digest_of(partial.as_file())?;
        let file = part_name(word, &sha256);
        self.put(partial, &file)?;
        Ok((PartFile { file, size, sha256 }, made))
    }

    /// Makes the manifest's database the one that is there, and removes files that it does not
    /// name.
    pub(crate) fn commit(&self, manifest: &Manifest) -> io::Result<()> {
        // The names of new files are on the disk before the manifest that needs them.
        self.sync();
        let partial = self.partial()?;
        partial.as_file().write_all(&manifest.write())?;
        self.put(partial, MANIFEST)?;
        // What it was made of is part of it now, or is of no use any more.
        let _ = fs::remove_file(self.folder.join(UNFINISHED));
        self.sync();
        self.remove_leftovers(manifest);
        Ok(())
    }

    /// Remembers what was fetched for a database that is not there yet, for an update that goes on
    /// after this one was interrupted. Nobody else looks at it.
    pub(crate) fn remember(&self, manifest: &Manifest) -> io::Result<()> {
        self.sync();
        let partial = self.partial()?;
        partial.as_file().write_all(&manifest.write())?;
        self.put(partial, UNFINISHED)
    }

    /// A file without a final name. It vanishes if nothing becomes of it, and is removed with the
    /// next change if this process is killed.
    pub(crate) fn partial(&self) -> io::Result<NamedTempFile> {
        tempfile::Builder::new()
            .prefix(PARTIAL)
            .suffix(".partial")
            .tempfile_in(&self.folder)
    }

    /// A folder that vanishes, for files that are looked at before they become part of the
    /// database.
    pub(crate) fn verifying(&self) -> io::Result<TempDir> {
        tempfile::Builder::new()
            .prefix(PARTIAL)
            .suffix(VERIFY)
            .tempdir_in(&self.folder)
    }

    /// Sees a file onto the disk and gives it its name.
    pub(crate) fn put(&self, partial: NamedTempFile, name: &str) -> io::Result<()> {
        readable_by_all(partial.as_file())?;
        partial.as_file().sync_all()?;
        partial
            .persist(self.folder.join(name))
            .map(drop)
            .map_err(|error| error.error)
    }

    /// A rename is on the disk only when the folder is. Not every system lets a folder be opened;
    /// there the files are whole all the same.
    fn sync(&self) {
        if let Ok(folder) = File::open(&self.folder) {
            let _ = folder.sync_all();
        }
    }

    fn remove_leftovers(&self, manifest: &Manifest) {
        let wanted: BTreeSet<&str> = manifest.files().map(|part| part.file.as_str()).collect();
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        for entry in entries.filter_map(Result::ok) {
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            let leftover = (is_part_name(name) && !wanted.contains(name))
                || (name.starts_with(PARTIAL) && name.ends_with(".partial"));
            if leftover {
                let _ = fs::remove_file(entry.path());
            } else if name.starts_with(PARTIAL) && name.ends_with(VERIFY) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}

/// The size and the SHA-256 digest of a file.
fn digest_of(file: &File) -> io::Result<(u64, String)> {
    let size = file.metadata()?.len();
    if size == 0 {
        return Ok((0, hex(&Sha256::digest([]))));
    }
    Ok((size, hex(&Sha256::digest(&*sys::map(file)?))))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Temporary files are the owner's alone; a database of public facts is for all who scan.
#[cfg(unix)]
fn readable_by_all(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_: &File) -> io::Result<()> {
    Ok(())
}
