//! What is attached to an artifact where it is stored, in a registry or in an OCI layout: bundles
//! that nobody has verified, or why something that should be one is none.
//!
//! Files that lie beside an artifact are not here; whoever wants them knows their names
//! (`artifacts.rs`).

mod layout;

use std::ops::ControlFlow;

use anyhow::Result;
use linchpin_model::Digest;
use linchpin_remote::{ImageRepository, RegistryError};
use linchpin_source::SourceError;
use linchpin_trust::{
    Attached, AttachedContent, AttachedKind, AttachmentStore, Bundle, Descriptor,
    InvalidAttachment, NoBundle, Tagged, visit_attached,
};

use crate::artifacts::Signable;
use crate::exit_codes::{ExitCode, Failure};
use layout::LayoutStore;

/// Why something can not be had from where it is stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error(transparent)]
    Registry(#[from] RegistryError),
    #[error(transparent)]
    Layout(#[from] SourceError),
    #[error("the index of the layout can not be used")]
    Index(#[from] InvalidAttachment),
    #[error("what the layout lists has more than 512 MiB, and more is not read")]
    TooMuch,
}

/// Why nothing can be attached to something.
#[derive(Debug, thiserror::Error)]
#[error(
    "it is stored alone, and things are attached to images in a registry or in an OCI layout\nhint: name the image as HOST/NAME:TAG, or the folder of the layout"
)]
struct StoredAlone;

/// What is told of something to which nothing can be attached.
pub(crate) fn stored_alone(text: &str) -> anyhow::Error {
    anyhow::Error::new(StoredAlone).context(Failure::new(
        ExitCode::Target,
        format!("read what is attached to `{text}`"),
    ))
}

/// Where an artifact is stored, with what is attached to it.
pub(crate) enum Store<'a> {
    Registry(&'a ImageRepository),
    Layout(LayoutStore),
}

/// A store, and the digest of the artifact in it. Nothing for what is stored alone.
pub(crate) fn store_of(signable: &Signable) -> Result<Option<(Store<'_>, &Digest)>> {
    let failure = || reading(signable);
    Ok(match signable {
        Signable::File(_) | Signable::Digest(_) => None,
        Signable::Layout(layout) => {
            let store = LayoutStore::open(&layout.path)
                .map_err(|error| anyhow::Error::new(error).context(failure()))?;
            Some((Store::Layout(store), &layout.digest))
        }
        Signable::Image(image) => Some((Store::Registry(&image.repository), &image.digest)),
    })
}

/// Looks through what is attached to an artifact, until the visitor has enough. A list that can not
/// be had is an error, and never an empty one.
pub(crate) fn visit(
    signable: &Signable,
    visitor: &mut dyn FnMut(Attached<StoreError>) -> ControlFlow<()>,
) -> Result<()> {
    let Some((store, digest)) = store_of(signable)? else {
        return Ok(());
    };
    visit_attached(&store, digest, visitor)
        .map_err(|error| anyhow::Error::new(error).context(reading(signable)))
}

/// What is attached to an artifact, or should be.
#[derive(Debug)]
pub(crate) struct AttachedBundle {
    /// Where it was found.
    pub(crate) from: String,
    /// The digest of its bytes.
    pub(crate) digest: Digest,
    /// The bundle, which nobody has verified, or why it is none.
    pub(crate) bundle: std::result::Result<Bundle, NoBundle>,
}

/// All bundles that are attached to an artifact, each with the place where it was found, or with
/// the reason why what is there is none. Something that is listed and can not be had is an error
/// for all: whoever decides by what is there must not decide without it.
pub(crate) fn attached_bundles(signable: &Signable) -> Result<Vec<AttachedBundle>> {
    let mut found = Vec::new();
    let mut unavailable = None;
    visit(signable, &mut |attached| {
        let from = place(signable, &attached);
        let bundle = match attached.content {
            AttachedContent::Bundle(bundle) => Ok(*bundle),
            AttachedContent::NoBundle(none) => Err(none),
            AttachedContent::Other => return ControlFlow::Continue(()),
            AttachedContent::Unavailable(error) => {
                unavailable = Some(error);
                return ControlFlow::Break(());
            }
        };
        found.push(AttachedBundle {
            from,
            digest: attached.digest,
            bundle,
        });
        ControlFlow::Continue(())
    })?;
    match unavailable {
        Some(error) => Err(anyhow::Error::new(error).context(reading(signable))),
        None => Ok(found),
    }
}

/// Where an attached thing was found, for people.
pub(crate) fn place(signable: &Signable, attached: &Attached<StoreError>) -> String {
    let inside = match signable {
        Signable::Image(image) => image.repository.reference().place(),
        Signable::Layout(layout) => layout.path.display().to_string(),
        Signable::File(_) | Signable::Digest(_) => String::new(),
    };
    let layer = match attached.layer {
        Some(layer) => format!(", layer {}", layer + 1),
        None => String::new(),
    };
    format!("{inside}@{}{layer}", attached.manifest)
}

/// What the forms of attached things are called.
pub(crate) fn form(kind: AttachedKind) -> &'static str {
    match kind {
        AttachedKind::Bundle => "bundle",
        AttachedKind::OldSignature => "cosign-signature",
        AttachedKind::OldStatement => "cosign-attestation",
        AttachedKind::InToto => "in-toto",
        AttachedKind::Other => "other",
    }
}

/// What goes wrong while it is looked through.
pub(crate) fn reading(signable: &Signable) -> Failure {
    let name = match signable {
        Signable::Image(image) => image.name(),
        Signable::Layout(layout) => layout.path.display().to_string(),
        Signable::File(path) => path.display().to_string(),
        Signable::Digest(digest) => digest.to_string(),
    };
    Failure::new(
        ExitCode::Target,
        format!("read what is attached to `{name}`"),
    )
}

impl AttachmentStore for Store<'_> {
    type Error = StoreError;

    fn referrers(&self, subject: &Digest) -> Result<Option<Vec<Descriptor>>, StoreError> {
        match self {
            Self::Registry(repository) => Ok(repository.referrers(subject)?),
            Self::Layout(layout) => layout.referrers(subject),
        }
    }

    fn tagged(&self, tag: &str) -> Result<Option<Tagged>, StoreError> {
        match self {
            Self::Registry(repository) => Ok(repository.tagged(tag)?),
            Self::Layout(layout) => layout.tagged(tag),
        }
    }

    fn manifest(&self, digest: &Digest) -> Result<Vec<u8>, StoreError> {
        match self {
            Self::Registry(repository) => Ok(repository.manifest(digest)?),
            Self::Layout(layout) => layout.manifest(digest),
        }
    }

    fn blob(&self, digest: &Digest, most: u64) -> Result<Vec<u8>, StoreError> {
        match self {
            Self::Registry(repository) => Ok(repository.blob(digest, most)?),
            Self::Layout(layout) => layout.blob(digest, most),
        }
    }
}
