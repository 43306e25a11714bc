//! Why an image can not be had from a registry.

use std::io;
use std::path::PathBuf;

use linchpin_trust::InvalidAttachment;

use crate::credentials::CredentialError;

/// Why an image can not be had from a registry.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The network is not to be used.
    #[error(
        "`{registry}` is on the network, and `--offline` is set\n\
         hint: save the image to a file where there is a network, with `skopeo copy` or `docker save`"
    )]
    Offline {
        /// The registry.
        registry: String,
    },
    /// The settings forbid it.
    #[error("`{registry}` is blocked in registries.conf")]
    Blocked {
        /// The prefix in the settings.
        registry: String,
    },
    /// A file of settings can not be read.
    #[error("`{}` can not be read", .path.display())]
    UnreadableSettings {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// A file of settings is not in its format.
    #[error("`{}` is no valid registries.conf", .path.display())]
    BadSettings {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// The settings lead to a place that can not be.
    #[error("`{place}` in registries.conf is no place of images")]
    BadPlace {
        /// The place.
        place: String,
    },
    /// A certificate can not be used.
    #[error("`{}` holds no usable certificates or key", .path.display())]
    BadCertificates {
        /// The file.
        path: PathBuf,
    },
    /// Nobody answers, or the connection breaks.
    #[error("`{registry}` can not be reached: {reason}")]
    Unreachable {
        /// The registry.
        registry: String,
        /// Why, as the client says it.
        reason: String,
    },
    /// There is no such image.
    #[error("`{registry}` has no {what}")]
    NotFound {
        /// The registry.
        registry: String,
        /// What was asked for.
        what: String,
    },
    /// It wants to know who we are, and we do not know.
    #[error(
        "`{registry}` asks for credentials, or has no such image\n\
         hint: log in with `docker login {registry}`, `podman login` or `skopeo login`"
    )]
    NoCredentials {
        /// The registry.
        registry: String,
    },
    /// It does not accept the credentials.
    #[error("`{registry}` refuses the credentials of `{}`", .from.display())]
    Refused {
        /// The registry.
        registry: String,
        /// Where the credentials come from.
        from: PathBuf,
    },
    /// Credentials can not be had.
    #[error("credentials for `{registry}` can not be had")]
    Credentials {
        /// The registry.
        registry: String,
        /// Why not.
        #[source]
        source: CredentialError,
    },
    /// It would have to be told a secret without encryption.
    #[error("`{registry}` asks for credentials over a connection that is not encrypted")]
    NotEncrypted {
        /// The registry.
        registry: String,
    },
    /// It asks for credentials in a way that is not known.
    #[error("`{registry}` asks for credentials in a way that is not known")]
    BadChallenge {
        /// The registry.
        registry: String,
    },
    /// The server of tokens gives none.
    #[error("`{server}`, which `{registry}` sends us to for a token, {reason}")]
    NoToken {
        /// The registry.
        registry: String,
        /// The server of tokens.
        server: String,
        /// What went wrong.
        reason: String,
    },
    /// It answers with an error.
    #[error("`{registry}` answers with status {status} when asked for {what}")]
    Status {
        /// The registry.
        registry: String,
        /// The status.
        status: u16,
        /// What was asked for.
        what: String,
    },
    /// It sends us on and on, or to where we do not go.
    #[error("`{registry}` sends us {whither}")]
    Redirected {
        /// The registry.
        registry: String,
        /// Where to.
        whither: &'static str,
    },
    /// A document is larger than any real one.
    #[error(
        "the answer of `{registry}` is larger than {most} bytes, and at most that many are read"
    )]
    TooLarge {
        /// The registry.
        registry: String,
        /// The cap.
        most: u64,
    },
    /// The bytes are not those that the name's digest names.
    #[error("`{registry}` sends another manifest than the one asked for: its digest is {found}")]
    WrongDigest {
        /// The registry.
        registry: String,
        /// The digest of what was sent.
        found: String,
    },
    /// The bytes are not those of the blob.
    #[error("`{registry}` sends another blob than the one asked for: its digest is {found}")]
    WrongBlob {
        /// The registry.
        registry: String,
        /// The digest of what was sent.
        found: String,
    },
    /// What it gives is no manifest.
    #[error("what `{registry}` gives for {what} is no manifest and no index of images")]
    NoManifest {
        /// The registry.
        registry: String,
        /// What was asked for.
        what: String,
    },
    /// The list of what is attached to an image can not be used.
    #[error("the list of what is attached to the image in `{registry}` can not be used")]
    Attached {
        /// The registry.
        registry: String,
        /// What is wrong with it.
        #[source]
        source: InvalidAttachment,
    },
    /// Others write the list of what is attached all the time.
    #[error(
        "the list at the tag `{tag}` in `{registry}` is written by others again and again\n\
         hint: what was made is stored there and not listed; try again when they are done"
    )]
    Contended {
        /// The registry.
        registry: String,
        /// The tag.
        tag: String,
    },
    /// The digest in the name can not be checked.
    #[error(
        "the digest `{digest}` is of an algorithm that can not be checked; sha256 and sha512 can"
    )]
    UnsupportedDigest {
        /// The digest.
        digest: String,
    },
}

impl RegistryError {
    /// Whether another place that has the same image may do better.
    pub(super) fn may_be_elsewhere(&self) -> bool {
        !matches!(self, Self::Offline { .. })
    }
}
