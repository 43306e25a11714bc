//! Opening a target and reading it once.
//!
//! Readers declare the files that they want as [`Pattern`]s; all declarations compile into one
//! [`Wants`] table; a [`Source`] walks the target once and hands each wanted file to a
//! [`Visitor`]. This is the only room that touches untrusted files, so every size, depth, count
//! and compression ratio is capped here (see [`Limits`]).

mod archive;
mod archives;
mod directory;
mod directory_tree;
mod entry;
mod file;
mod file_systems;
mod hand_out;
mod image;
mod layer;
mod limits;
mod note_book;
mod open;
mod options;
mod pieces;
mod programs;
mod tar_source;
mod together;
mod tree;
mod walk;
mod wants;

pub use archive::ArchiveSource;
pub use archives::{ArchiveFamily, Bytes, archive_family};
pub use directory::DirectorySource;
pub use entry::{ArchiveFacts, ArchiveMember, Entry, Mode};
pub use file::FileSource;
pub use image::{
    CheckedLayout, IMAGE_CONFIGURATION, ImageError, ImageSource, LayoutBlobs, RemoteBlob,
    RemoteImage, check_layout,
};
pub use layer::LayerError;
pub use limits::Limits;
pub use open::{open, open_stream};
pub use options::{Archives, InvalidPlatform, Platform, Progress, SourceOptions, exclude_globs};
pub use pieces::{PIECE_OVERLAP, PIECE_STEP, Piece, PieceReader};
pub use programs::PROGRAM_HEAD;
pub use tar_source::TarSource;
pub use together::{MOST_ROUNDS, Reader, read_together};
pub use tree::FileTree;
pub use wants::{LeftOut, Pattern, ReaderIndex, Wanted, Wants};

use linchpin_model::{LayerIndex, Note, Subject, TargetPath};

/// A target that was opened and can be read once from end to end.
pub trait Source: Send + Sync + std::fmt::Debug {
    /// What it is.
    fn subject(&self) -> &Subject;

    /// Reads the target and hands every wanted file to the visitor, possibly from several
    /// threads at once and in any order.
    fn visit(&self, wants: &Wants, visitor: &dyn Visitor) -> Result<Visited, SourceError>;

    /// Reads some files once more by their paths, where that costs no more than reading these files.
    /// Others give nothing: what an archive or a layer holds passes by once. What is not there, is
    /// no file, lies outside of the target or is larger than `most` bytes is passed over.
    fn read_files(&self, paths: &[TargetPath], most: u64, each: &dyn Fn(&Entry<'_>)) {
        let _ = (paths, most, each);
    }
}

/// Takes the wanted files.
pub trait Visitor: Sync {
    /// Called once for each wanted file, with the readers that want it.
    fn visit(&self, entry: &Entry<'_>, readers: &[ReaderIndex]);

    /// Called for a reader that wants a file in pieces, before the first of them; the entry has no
    /// content. Nothing is given back where the reader does not want it after all.
    fn visit_in_pieces<'a>(
        &'a self,
        entry: &Entry<'_>,
        reader: ReaderIndex,
    ) -> Option<Box<dyn PieceReader + 'a>> {
        let _ = (entry, reader);
        None
    }
}

/// What remains when a target has been read.
#[derive(Debug)]
pub struct Visited {
    /// Which files exist, and where symbolic links lead.
    pub tree: Box<dyn FileTree>,
    /// Files that were handed out and turned out to be hidden by a file of a higher layer (through
    /// a symbolic link that only a lower layer knows): whatever was read from them is void.
    pub superseded: Vec<(TargetPath, Option<LayerIndex>)>,
    /// What could not be read.
    pub notes: Vec<Note>,
    /// How many files and folders were seen.
    pub entries: u64,
}

/// Why a target can not be read at all. Troubles with single files are notes instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// There is nothing at the path.
    #[error("there is no file or folder `{target}`")]
    NotFound {
        /// The target as given.
        target: String,
    },
    /// A file or folder can not be opened or read.
    #[error("`{path}` can not be read")]
    Unreadable {
        /// What was read.
        path: String,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The file has no content.
    #[error("`{target}` is empty")]
    Empty {
        /// The target as given.
        target: String,
    },
    /// The file is none that any reader knows.
    #[error(
        "`{target}` is no image, no archive, and no file that packages are read from\n\
         hint: name a folder, a docker archive, an OCI layout, a lockfile or a program"
    )]
    Unrecognised {
        /// The target as given.
        target: String,
    },
    /// The archive holds an image and is compressed as a whole, and its members go by names that no
    /// tool gives them.
    #[error(
        "`{target}` is an image archive of an unknown form that was compressed as a whole\n\
         hint: decompress it first, with `gunzip` or `zstd -d`"
    )]
    CompressedImage {
        /// The target as given.
        target: String,
    },
    /// An image's documents can not be used.
    #[error("the image `{target}` can not be used")]
    Image {
        /// The target as given.
        target: String,
        /// Why not.
        #[source]
        source: ImageError,
    },
    /// A layer of an image can not be read.
    #[error("layer {index} ({digest}) of the image `{target}` can not be read")]
    Layer {
        /// The target as given.
        target: String,
        /// The layer, counted from the lowest, which is 0.
        index: usize,
        /// Its digest.
        digest: String,
        /// Why not.
        #[source]
        source: LayerError,
    },
    /// An archive can not be read.
    #[error("the archive `{target}` can not be read")]
    Archive {
        /// The target as given.
        target: String,
        /// Why not.
        #[source]
        source: LayerError,
    },
}
