//! Why a layer or archive can not be read to its end.

use std::io;

/// Why a layer or archive can not be read to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LayerError {
    /// It can not be read from the disk, or its compression is broken.
    #[error("reading it failed")]
    Unreadable(#[source] io::Error),
    /// It ends in the middle.
    #[error("it is cut off: it ends in the middle of {what}")]
    Truncated {
        /// What is incomplete.
        what: String,
    },
    /// A tar header makes no sense.
    #[error("it is no valid tar archive: {reason} in the header at byte {offset}")]
    BadHeader {
        /// What is wrong.
        reason: String,
        /// Where in the unpacked stream.
        offset: u64,
    },
    /// It has more entries than any real one.
    #[error("it has more than {most} entries")]
    TooManyEntries {
        /// The cap.
        most: u64,
    },
    /// It unpacks to more than any real one.
    #[error("it unpacks to more than {most} bytes")]
    TooLarge {
        /// The cap.
        most: u64,
    },
    /// It unpacks to so many times its size that it can only be an attack.
    #[error("it is a decompression bomb: it unpacks to more than {ratio} times its size")]
    Bomb {
        /// The cap.
        ratio: u64,
    },
    /// Its bytes are not those that the manifest names.
    #[error("its digest is {found}, and the manifest says {expected}: it was changed or damaged")]
    WrongDigest {
        /// What the manifest says.
        expected: String,
        /// What its bytes give.
        found: String,
    },
    /// Its length is not what the manifest says.
    #[error(
        "it is {found} bytes long, and the manifest says {expected}: it was changed or damaged"
    )]
    WrongSize {
        /// What the manifest says.
        expected: u64,
        /// Its length.
        found: u64,
    },
    /// An algorithm that is not supported for digests of blobs.
    #[error(
        "its digest `{digest}` is of an algorithm that can not be checked; sha256 and sha512 can"
    )]
    UnsupportedDigest {
        /// The digest.
        digest: String,
    },
    /// A file goes by the name of an archive, and is none that is read.
    #[error("its first bytes are not those of an archive that is read")]
    UnknownArchive,
    /// An archive other than a tar makes no sense.
    #[error("it is no valid {form} archive: {reason}")]
    BadArchive {
        /// What sort of archive.
        form: &'static str,
        /// What is wrong.
        reason: String,
    },
}
