//! Why an image can not be opened.

use std::io;

/// Why an image can not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// A file that a manifest names is not there.
    #[error("it names `{name}`, which is not in it")]
    MissingBlob {
        /// The path or digest.
        name: String,
    },
    /// A file that a manifest names can not be read.
    #[error("`{name}` in it can not be read")]
    UnreadableBlob {
        /// The path or digest.
        name: String,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// A manifest, index or configuration is not what it should be.
    #[error("`{name}` in it is no valid {what}")]
    BadDocument {
        /// The path or digest.
        name: String,
        /// What it should be.
        what: &'static str,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
    /// A digest in a manifest makes no sense.
    #[error("a manifest in it is wrong")]
    BadDigest(#[source] linchpin_model::InvalidDigest),
    /// A document's bytes are not those that were named.
    #[error("`{name}` in it is not what it should be")]
    WrongDocument {
        /// The path or digest.
        name: String,
        /// What is wrong.
        #[source]
        source: crate::LayerError,
    },
    /// It is described in the first form that Docker had, which has no digests of its layers.
    #[error(
        "its manifest is of Docker's schema 1, which is no longer in use and not read\nhint: push it again with a client of today"
    )]
    SchemaOne,
    /// Its manifest can not be had.
    #[error("its manifest can not be fetched")]
    Unreachable(#[source] io::Error),
    /// It holds no image.
    #[error("it holds no image")]
    Empty,
    /// It holds several images, and none was chosen.
    #[error("it holds several images: {}\nhint: choose one by adding its name, `TARGET:NAME`", .names.join(", "))]
    Ambiguous {
        /// Their names.
        names: Vec<String>,
    },
    /// It holds no image of the name that was asked for.
    #[error("it holds no image `{name}`; there are: {}", .names.join(", "))]
    UnknownReference {
        /// What was asked for.
        name: String,
        /// What there is.
        names: Vec<String>,
    },
    /// It holds no image for the platform.
    #[error("it holds no image for {wanted}; there are: {}\nhint: choose one with `--platform`", .platforms.join(", "))]
    NoSuchPlatform {
        /// What was asked for, or the host's.
        wanted: String,
        /// What there is.
        platforms: Vec<String>,
    },
    /// Indexes name each other without end, or there are more layers than any real image has.
    #[error("it has more than {most} {what}")]
    TooMany {
        /// The cap.
        most: usize,
        /// Of what.
        what: &'static str,
    },
}
