//! Which trusted root of Sigstore counts: the one that was named, the one that was imported, or
//! the one in the program.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use linchpin_trust::{MAX_TRUSTED_ROOT_BYTES, TrustedRoot};

use crate::exit_codes::{ExitCode, Failure};
use crate::settings::Environment;

/// A trusted root and the file that it was read from, if it was one.
#[derive(Debug)]
pub(crate) struct ChosenRoot {
    pub(crate) root: TrustedRoot,
    pub(crate) file: Option<PathBuf>,
}

/// The trusted root that counts.
pub(crate) fn choose(named: Option<&Path>, environment: &Environment) -> Result<ChosenRoot> {
    let imported = || imported_path(environment).filter(|path| path.exists());
    match named.map(Path::to_owned).or_else(imported) {
        Some(file) => Ok(ChosenRoot {
            root: read(&file)?,
            file: Some(file),
        }),
        None => Ok(ChosenRoot {
            root: TrustedRoot::production(),
            file: None,
        }),
    }
}

/// Reads a trusted root.
pub(crate) fn read(path: &Path) -> Result<TrustedRoot> {
    let failure = || {
        Failure::new(
            ExitCode::Trust,
            format!("use the trusted root `{}`", path.display()),
        )
    };
    let mut content = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| {
            file.take(MAX_TRUSTED_ROOT_BYTES as u64 + 1)
                .read_to_end(&mut content)
        })
        .with_context(failure)?;
    TrustedRoot::read(&content).with_context(failure)
}

/// Where an imported root is kept.
pub(crate) fn imported_path(environment: &Environment) -> Option<PathBuf> {
    environment
        .data_folder
        .as_ref()
        .map(|folder| folder.join("linchpin").join("trusted_root.json"))
}
