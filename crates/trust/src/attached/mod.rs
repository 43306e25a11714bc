//! What is attached to an image where it is stored: Sigstore bundles as cosign 3 attaches them,
//! cosign's older forms, and other statements.
//!
//! `visit` looks through everything that a store has for an image, always in the same order, and
//! hands out each thing as a bundle that nobody has verified yet, or as the reason why it is none.
//! What is asked for after the image's digest is asked for by digest. How a store is reached is
//! not here: a registry implements [`AttachmentStore`] in `remote`, a layout in the command line.

mod documents;
mod old_cosign;
mod simple_signing;
mod visit;
mod written;

use linchpin_model::Digest;

use crate::{Bundle, InvalidBundle};
pub use documents::{AttachedManifest, Descriptor, InvalidAttachment, MAX_ATTACHED_DOCUMENT_BYTES};
pub use simple_signing::SimpleSigning;
pub use visit::visit_attached;
pub use written::{EMPTY_CONFIGURATION, INDEX, MANIFEST, NotAttachable, WrittenAttachment};

/// The most things attached to an image that are looked at.
pub const MOST_ATTACHED: usize = 1000;

/// Where images and what is attached to them are stored.
pub trait AttachmentStore {
    /// Why something can not be had, although it should be there.
    type Error;

    /// What refers to this manifest. Nothing if the store does not know such lists.
    fn referrers(&self, subject: &Digest) -> Result<Option<Vec<Descriptor>>, Self::Error>;

    /// The manifest or index that a tag leads to, and its digest. Nothing if there is no such tag.
    fn tagged(&self, tag: &str) -> Result<Option<Tagged>, Self::Error>;

    /// The manifest with this digest, which was compared with it.
    fn manifest(&self, digest: &Digest) -> Result<Vec<u8>, Self::Error>;

    /// The blob with this digest, which was compared with it, of at most this many bytes.
    fn blob(&self, digest: &Digest, most: u64) -> Result<Vec<u8>, Self::Error>;
}

/// What a tag leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tagged {
    /// Its digest.
    pub digest: Digest,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// Something that is attached to an image.
#[derive(Debug)]
pub struct Attached<E> {
    /// What it is.
    pub kind: AttachedKind,
    /// The type that the store gives for it.
    pub artifact_type: String,
    /// The digest of the manifest that it hangs at.
    pub manifest: Digest,
    /// Which layer of the manifest it is, if the manifest can have several.
    pub layer: Option<usize>,
    /// The digest of what it says: of a layer, or of its manifest where none is looked at.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// What it says.
    pub content: AttachedContent<E>,
}

/// The forms of attached things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachedKind {
    /// A Sigstore bundle.
    Bundle,
    /// A signature in cosign's old form.
    OldSignature,
    /// A statement in cosign's old form.
    OldStatement,
    /// An in-toto statement of another program.
    InToto,
    /// Something else: an SBOM, a chart, whatever others attach.
    Other,
}

/// What an attached thing says.
#[derive(Debug)]
pub enum AttachedContent<E> {
    /// A bundle, which nobody has verified.
    Bundle(Box<Bundle>),
    /// It should hold one, and does not.
    NoBundle(NoBundle),
    /// It is not looked into.
    Other,
    /// It is listed, and the store does not give it.
    Unavailable(E),
}

/// Why an attached thing holds no bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoBundle {
    /// What it holds is none.
    #[error(transparent)]
    Invalid(#[from] InvalidBundle),
    /// Its manifest is none.
    #[error("its manifest is damaged: {0}")]
    Manifest(#[from] InvalidAttachment),
    /// It says that it belongs to something else.
    #[error("it says that it belongs to {0}")]
    AnotherSubject(Digest),
    /// A bundle has exactly one layer.
    #[error("it has {0} layers, and a bundle has one")]
    Layers(usize),
    /// It is larger or smaller than the manifest says.
    #[error("it has another size than its manifest says")]
    Size,
    /// It is larger than anything of its sort.
    #[error("its size of {0} bytes is more than is read")]
    TooLarge(u64),
    /// It is in cosign's old form, and not all of it can be read.
    #[error("it is in cosign's old form, and {0}")]
    OldForm(String),
    /// It is a statement that nobody signed.
    #[error("it is a statement without a signature")]
    Unsigned,
}

/// Why it can not be told what is attached.
#[derive(Debug, thiserror::Error)]
pub enum NotListed<E> {
    /// The store does not answer.
    #[error(transparent)]
    Store(E),
    /// A list is damaged.
    #[error("the list of what is attached ({place}) is damaged: {source}")]
    Damaged {
        /// Where the list is.
        place: String,
        /// What is wrong.
        source: InvalidAttachment,
    },
    /// There is more than is looked at.
    #[error(
        "more than {MOST_ATTACHED} things are attached to it, and more are not looked at\nhint: name the bundle with `--bundle`, or have what is not needed deleted in the registry"
    )]
    TooMany,
    /// They are larger together than is read.
    #[error(
        "what is attached to it has more than 512 MiB, and more is not read\nhint: name the bundle with `--bundle`"
    )]
    TooMuch,
}

/// The tag at which a store without lists of referrers keeps what is attached to a manifest.
pub fn fallback_tag(subject: &Digest) -> String {
    let hex: String = subject.hex().chars().take(64).collect();
    format!("{}-{hex}", subject.algorithm().name())
}
