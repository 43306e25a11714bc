//! Where a bundle goes when it was made: into a file, or to the image in its registry.

use std::path::PathBuf;

use anyhow::{Context, Result};
use linchpin_remote::ListedBy;
use linchpin_trust::{Bundle, WrittenAttachment};

use crate::artifacts::StoredImage;
use crate::exit_codes::{ExitCode, Failure};
use crate::key_files::{self, Readers, Replacing};
use crate::outputs;
use crate::settings::Environment;

/// Where a bundle goes.
#[derive(Debug)]
pub(crate) enum Destination {
    /// Into a file of its own.
    File(PathBuf, Replacing),
    /// Into a file that takes the place of an earlier result.
    Result(PathBuf),
    /// To the image, in its registry.
    Registry(StoredImage),
}

impl Destination {
    /// Refuses to go on if it can not go there.
    pub(crate) fn check(&self) -> Result<()> {
        match self {
            Self::File(path, replacing) => key_files::check_free(path, *replacing),
            Self::Result(_) | Self::Registry(_) => Ok(()),
        }
    }

    /// Brings a bundle there, and says what was done: `wrote FILE`.
    pub(crate) fn deliver(&self, bundle: &Bundle, environment: &Environment) -> Result<String> {
        let written = || -> Result<Vec<u8>> {
            let mut written = bundle
                .to_json()
                .context(Failure::new(ExitCode::Internal, "write the bundle"))?;
            written.push(b'\n');
            Ok(written)
        };
        match self {
            Self::File(path, replacing) => {
                key_files::write(path, &written()?, Readers::Everybody, *replacing)?;
                Ok(format!("wrote {}", path.display()))
            }
            Self::Result(path) => {
                outputs::deliver(Some(path), &written()?)?;
                Ok(format!("wrote {}", path.display()))
            }
            Self::Registry(image) => {
                let failure = || {
                    let doing = format!("attach the bundle to `{}`", image.name());
                    Failure::new(ExitCode::Target, doing)
                };
                let subject = image.descriptor().with_context(failure)?;
                let attachment = WrittenAttachment::new(bundle, &subject, environment.now())
                    .with_context(failure)?;
                let listed = image
                    .repository
                    .attach(&subject.digest, &attachment)
                    .with_context(failure)?;
                let listed = match listed {
                    ListedBy::Registry => String::new(),
                    ListedBy::Tag(tag) => format!(" (listed at the tag {tag})"),
                };
                Ok(format!("attached to {}{listed}", image.name()))
            }
        }
    }
}
