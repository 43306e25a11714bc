//! What a user may say about how a target is read.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::Limits;

/// How a target is read.
#[derive(Debug, Clone, Default)]
pub struct SourceOptions {
    /// Caps on hostile input.
    pub limits: Limits,
    /// Paths that are passed over, and everything below them.
    pub exclude: GlobSet,
    /// The platform to choose from an image for several; the host's if none is named.
    pub platform: Option<Platform>,
    /// Which archives in the target are opened.
    pub archives: Archives,
    /// The folder for temporary files; the system's own if none is named. They have no names.
    pub spool_folder: Option<PathBuf>,
    /// Counts what was read, for whoever shows progress.
    pub progress: Progress,
}

/// Which archives in a target are opened. The target itself always is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Archives {
    /// None.
    None,
    /// Those that are packages of some ecosystem: jar, wheel, crate, gem, deb, …
    #[default]
    Packages,
    /// All that are known, zip and tar as well.
    All,
}

/// How far the reading is.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    /// The number of files and folders seen so far.
    pub fn entries(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn seen(&self, entries: u64) {
        self.0.fetch_add(entries, Ordering::Relaxed);
    }
}

/// Compiles globs of paths to pass over. `*` stays within a folder, `**` does not; a glob without
/// a slash holds in every folder.
///
/// # Errors
/// If one of them is no glob.
pub fn exclude_globs<'a>(
    globs: impl IntoIterator<Item = &'a str>,
) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let glob = glob
            .trim_start_matches("./")
            .trim_start_matches('/')
            .trim_end_matches('/');
        let anywhere;
        let glob = if glob.contains('/') {
            glob
        } else {
            anywhere = format!("**/{glob}");
            &anywhere
        };
        set.add(GlobBuilder::new(glob).literal_separator(true).build()?);
    }
    set.build()
}

/// The operating system and processor that an image is for, as in OCI: `linux/amd64`, `linux/arm/v7`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platform {
    /// `linux`, `windows`.
    pub os: String,
    /// `amd64`, `arm64`.
    pub architecture: String,
    /// `v7`.
    pub variant: Option<String>,
}

/// A text is no platform.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no platform; write os/architecture, such as `linux/arm64`")]
pub struct InvalidPlatform(String);

impl std::str::FromStr for Platform {
    type Err = InvalidPlatform;

    fn from_str(text: &str) -> Result<Self, InvalidPlatform> {
        let parts: Vec<&str> = text.split('/').collect();
        match parts.as_slice() {
            [os, architecture] if !os.is_empty() && !architecture.is_empty() => Ok(Self {
                os: (*os).into(),
                architecture: (*architecture).into(),
                variant: None,
            }),
            [os, architecture, variant]
                if ![os, architecture, variant]
                    .iter()
                    .any(|part| part.is_empty()) =>
            {
                Ok(Self {
                    os: (*os).into(),
                    architecture: (*architecture).into(),
                    variant: Some((*variant).into()),
                })
            }
            _ => Err(InvalidPlatform(text.chars().take(100).collect())),
        }
    }
}

impl std::fmt::Display for Platform {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.os, self.architecture)?;
        match &self.variant {
            Some(variant) => write!(formatter, "/{variant}"),
            None => Ok(()),
        }
    }
}
