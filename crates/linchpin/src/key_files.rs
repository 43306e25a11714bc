//! Files with keys: read with a cap, and written in such a way that no other user can read a
//! private key, and none is replaced unless that was asked for.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use linchpin_trust::{MAX_KEY_BYTES, PublicKey};

use crate::exit_codes::{ExitCode, Failure};

/// Whether a file may be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replacing {
    /// What is there stays.
    Never,
    /// What is there may go.
    Allowed,
}

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Everybody, as the system has it.
    Everybody,
    /// Its owner.
    Owner,
}

/// Why a file is not written.
#[derive(Debug, thiserror::Error)]
#[error("there is a file of that name already\nhint: `--force` replaces it")]
struct Exists;

/// Reads a file with a key, and a byte more than any key has if it is larger.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    let mut content = Vec::new();
    File::open(path)
        .and_then(|file| {
            file.take(MAX_KEY_BYTES as u64 + 1)
                .read_to_end(&mut content)
        })
        .with_context(|| Failure::new(ExitCode::Trust, format!("read `{}`", path.display())))?;
    Ok(content)
}

/// Reads a public key.
pub(crate) fn read_public(path: &Path) -> Result<PublicKey> {
    PublicKey::read(&read(path)?)
        .with_context(|| Failure::new(ExitCode::Trust, format!("use the key `{}`", path.display())))
}

/// Refuses to go on if a file is there and must not be replaced.
pub(crate) fn check_free(path: &Path, replacing: Replacing) -> Result<()> {
    if replacing == Replacing::Never && path.symlink_metadata().is_ok() {
        return Err(anyhow::Error::new(Exists).context(writing(path)));
    }
    Ok(())
}

/// Writes a file, which is complete or not there at all.
pub(crate) fn write(
    path: &Path,
    content: &[u8],
    readers: Readers,
    replacing: Replacing,
) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let into = match replacing {
        Replacing::Never => path.to_owned(),
        Replacing::Allowed => beside(path),
    };
    let mut file = options.open(&into).map_err(|error| {
        let error = if error.kind() == ErrorKind::AlreadyExists {
            anyhow::Error::new(Exists)
        } else {
            anyhow::Error::new(error)
        };
        error.context(writing(path))
    })?;
    let written = file
        .write_all(content)
        .and_then(|()| file.sync_all())
        .and_then(|()| match replacing {
            Replacing::Never => Ok(()),
            Replacing::Allowed => std::fs::rename(&into, path),
        });
    if written.is_err() {
        let _ = std::fs::remove_file(&into);
    }
    written.with_context(|| writing(path))
}

fn writing(path: &Path) -> Failure {
    Failure::new(ExitCode::Internal, format!("write `{}`", path.display()))
}

/// A name for a file that is to take this one's place.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    PathBuf::from(name)
}
