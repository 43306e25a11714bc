//! Targets: what their text means, and what they are made of. How a target is opened is the
//! affair of the rooms `source` and `remote`; here is who is asked.

mod naming;
mod package;

use std::sync::Arc;

use anyhow::{Context, Result};
use linchpin_model::Inventory;
use linchpin_remote::{ImageReference, RegistryImage, open_engine_image, open_repository};
use linchpin_source::{ImageSource, Source, SourceError, SourceOptions};

use crate::exit_codes::{ExitCode, Failure};
use crate::settings::Network;
pub(crate) use naming::{Target, understand};

/// A target that can be read.
pub(crate) enum Opened {
    /// It has files.
    Source(Box<dyn Source>),
    /// It has none: what it is made of is all there is to know.
    Inventory(Box<Inventory>),
}

/// Opens a target.
pub(crate) fn open(text: &str, options: SourceOptions, network: &Network) -> Result<Opened> {
    open_unnamed(text, options, network).with_context(|| failure(text))
}

/// What goes wrong with a target.
pub(crate) fn failure(text: &str) -> Failure {
    Failure::new(ExitCode::Target, format!("read `{text}`"))
}

fn open_unnamed(text: &str, options: SourceOptions, network: &Network) -> Result<Opened> {
    Ok(Opened::Source(match understand(text)? {
        Target::Local(text) => linchpin_source::open(&text, options)?,
        Target::Registry { reference, guessed } => {
            let opened = open_registry(&reference, options, network);
            let opened = if guessed {
                opened.with_context(|| {
                    format!("there is no file or folder `{text}`; taken as an image in a registry")
                })
            } else {
                opened
            };
            Box::new(opened?)
        }
        Target::Engine { engine, image } => Box::new(open_engine_image(
            engine,
            &image,
            &network.engines,
            options,
        )?),
        Target::Git(target) => Box::new(open_repository(&target, network.offline, options)?),
        Target::Package(purl) => return Ok(Opened::Inventory(Box::new(package::inventory(purl)))),
    }))
}

fn open_registry(
    reference: &ImageReference,
    options: SourceOptions,
    network: &Network,
) -> Result<ImageSource> {
    let image = RegistryImage::new(reference, &network.registries()?)?;
    let opened: Result<ImageSource, SourceError> =
        ImageSource::open_remote(Arc::new(image), options);
    Ok(opened?)
}
