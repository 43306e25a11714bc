//! How much of a hostile target is read before it is given up.

use crate::programs::{PROGRAM_HEAD, SMALL};
use crate::wants::Wanted;

/// Caps on what is read. The defaults let every real image through that we know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest wanted file that is read whole, in bytes. A larger one is noted and passed over.
    pub file_bytes: u64,
    /// Largest executable that is read or looked into, in bytes.
    pub executable_bytes: u64,
    /// Most entries in one target.
    pub entries: u64,
    /// Most bytes that one layer or archive may unpack to.
    pub unpacked_bytes: u64,
    /// Most times its own size that a compressed layer may unpack to, once it is past
    /// [`ratio_starts_at`](Self::ratio_starts_at) bytes.
    pub ratio: u64,
    /// Unpacked bytes below which the ratio does not count.
    pub ratio_starts_at: u64,
    /// Longest path, in bytes.
    pub path_bytes: usize,
    /// Deepest nesting of folders.
    pub depth: usize,
    /// Most layers of an image.
    pub layers: usize,
    /// Largest manifest, index or configuration document of an image, in bytes.
    pub document_bytes: u64,
    /// Deepest nesting of archives, the one that lies in the target counted as 1.
    pub archive_depth: usize,
    /// Most bytes that an archive and those in it may unpack to together.
    pub archive_bytes: u64,
    /// Most times its own size that an archive and those in it may unpack to, once it is past
    /// [`ratio_starts_at`](Self::ratio_starts_at) bytes.
    pub archive_ratio: u64,
    /// Largest stream that is kept in a temporary file because it must be read at any place: an
    /// archive or a large program in a layer or in an archive, a compressed image archive, standard
    /// input.
    pub spooled_bytes: u64,
    /// Most notes of one kind before the rest is only counted.
    pub notes: usize,
}

impl Limits {
    /// How much of a file is to be read for those who want it; where it is larger than what is
    /// read, the note on that.
    pub(crate) fn amount_to_read(
        &self,
        size: u64,
        is_program: bool,
        wanted: &Wanted,
    ) -> Result<Amount, String> {
        let seeking = !wanted.seeking.is_empty();
        let in_pieces = !wanted.pieces.is_empty();
        if (seeking || in_pieces || !wanted.whole.is_empty())
            && let Some(text) = self.too_large(size, is_program)
        {
            return Err(text);
        }
        let head = u64::from(wanted.longest_head());
        let kept = if !wanted.whole.is_empty() || (seeking && size <= SMALL) {
            size
        } else if seeking {
            size.min(head.max(PROGRAM_HEAD as u64))
        } else {
            size.min(head)
        };
        Ok(Amount {
            kept,
            in_pieces: in_pieces && kept < size,
            at_places: seeking && kept < size,
        })
    }

    /// The note on a file that is larger than what is read; nothing if it is not.
    pub(crate) fn too_large(&self, size: u64, is_program: bool) -> Option<String> {
        let most = if is_program {
            self.executable_bytes
        } else {
            self.file_bytes
        };
        (size > most).then(|| {
            format!(
                "is {} MiB large and was passed over; at most {} MiB are read",
                size >> 20,
                most >> 20
            )
        })
    }
}

/// How much of a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Amount {
    /// Bytes from its beginning that are kept in memory.
    pub(crate) kept: u64,
    /// Whether what follows is read too, in pieces.
    pub(crate) in_pieces: bool,
    /// Whether what follows is read at places that readers seek.
    pub(crate) at_places: bool,
}

impl Amount {
    /// No more than what is handed out of a file that is too large.
    pub(crate) fn heads_of(wanted: &Wanted, size: u64) -> Self {
        Self {
            kept: size.min(u64::from(wanted.longest_head())),
            in_pieces: false,
            at_places: false,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 256 << 20,
            executable_bytes: 1 << 30,
            entries: 20_000_000,
            unpacked_bytes: 256 << 30,
            ratio: 1000,
            ratio_starts_at: 256 << 20,
            path_bytes: 4096,
            depth: 256,
            layers: 1000,
            document_bytes: 16 << 20,
            archive_depth: 4,
            archive_bytes: 16 << 30,
            archive_ratio: 200,
            spooled_bytes: 64 << 30,
            notes: 50,
        }
    }
}
