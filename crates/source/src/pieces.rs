//! Large programs, handed to their readers piece by piece, so that no program is ever kept whole for
//! a reader that looks for texts in it.
//!
//! Pieces follow one another and overlap. A text that is no longer than the overlap lies in one
//! piece whole, and the reader that leaves whatever begins in the overlap to the next piece sees each
//! place exactly once. Which pieces a file falls into depends on its bytes alone, never on how they
//! arrived.

use std::io::{self, Read};
use std::ops::ControlFlow;

use memchr::memmem;

use crate::hand_out::Found;
use crate::wants::{Wanted, Wants};
use crate::{Entry, ReaderIndex, Visitor};

/// Bytes from the beginning of a piece to that of the next.
pub const PIECE_STEP: usize = 256 << 10;

/// Bytes at the end of a piece that are those at the beginning of the next.
pub const PIECE_OVERLAP: usize = 4 << 10;

/// A piece of a file.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    /// Its bytes. The first piece of a file is never shorter than the smaller of the file and
    /// [`PIECE_STEP`].
    pub content: &'a [u8],
    /// Whether no other piece follows. Whatever begins in the last [`PIECE_OVERLAP`] bytes of any
    /// other piece is seen again in the next one.
    pub is_last: bool,
}

impl Piece<'_> {
    /// How many bytes of it are not seen again in the next piece.
    pub fn own_length(&self) -> usize {
        if self.is_last {
            self.content.len()
        } else {
            self.content.len().saturating_sub(PIECE_OVERLAP)
        }
    }
}

/// Takes a file piece by piece.
///
/// Nothing that it learns counts before [`finish`](Self::finish): it may be dropped instead, where the
/// file turns out to be hidden by another.
pub trait PieceReader: Send {
    /// Takes the next piece, and says whether it wants more.
    fn take(&mut self, piece: Piece<'_>) -> ControlFlow<()>;

    /// All pieces have come, or as many as were wanted.
    fn finish(self: Box<Self>);
}

/// Wants a file from the first piece on that holds one of its texts.
struct Dormant<'a> {
    reader: Box<dyn PieceReader + 'a>,
    texts: Vec<&'static [u8]>,
}

/// Cuts a file that comes in any portions into pieces, for all who want it so.
pub(crate) struct Pieces<'a> {
    readers: Vec<Box<dyn PieceReader + 'a>>,
    dormant: Vec<Dormant<'a>>,
    finished: Vec<Box<dyn PieceReader + 'a>>,
    waiting: Vec<u8>,
}

impl<'a> Pieces<'a> {
    /// Begins to hand out a file.
    pub(crate) fn begin(found: Found<'_>, wanted: &Wanted, visitor: &'a dyn Visitor) -> Self {
        let entry = Entry {
            content: &[],
            ..found.entry()
        };
        let readers = wanted.pieces.iter();
        Self {
            readers: readers
                .filter_map(|reader| visitor.visit_in_pieces(&entry, *reader))
                .collect(),
            dormant: Vec::new(),
            finished: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// Adds those that want a program if it holds certain bytes.
    pub(crate) fn watch(&mut self, found: Found<'_>, wants: &Wants, visitor: &'a dyn Visitor) {
        let entry = Entry {
            content: &[],
            ..found.entry()
        };
        let of_one_reader = |one: &(ReaderIndex, _), other: &(ReaderIndex, _)| one.0 == other.0;
        for texts in wants.program_contents_in_pieces().chunk_by(of_one_reader) {
            let reader = texts
                .first()
                .and_then(|(reader, _)| visitor.visit_in_pieces(&entry, *reader));
            if let Some(reader) = reader {
                let texts = texts.iter().map(|(_, bytes)| *bytes).collect();
                self.dormant.push(Dormant { reader, texts });
            }
        }
    }

    /// Whether nobody wants any more.
    pub(crate) fn is_done(&self) -> bool {
        self.readers.is_empty() && self.dormant.is_empty()
    }

    /// Takes the next bytes of the file.
    pub(crate) fn take(&mut self, mut bytes: &[u8]) {
        const FULL: usize = PIECE_STEP + PIECE_OVERLAP;
        while !bytes.is_empty() && !self.is_done() {
            if self.waiting.len() == FULL {
                // More follows, so that this is not the last one.
                self.hand_out(false);
                self.waiting.drain(..PIECE_STEP);
            }
            let count = bytes.len().min(FULL - self.waiting.len());
            let (now, later) = bytes.split_at(count);
            self.waiting.extend_from_slice(now);
            bytes = later;
        }
    }

    /// Takes what is left of the file from a stream.
    pub(crate) fn take_all(&mut self, stream: &mut dyn Read) -> io::Result<()> {
        let mut buffer = vec![0; 64 << 10];
        while !self.is_done() {
            match stream.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => self.take(buffer.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Whether nobody wanted it in the first place.
    pub(crate) fn are_unwanted(&self) -> bool {
        self.readers.is_empty() && self.finished.is_empty()
    }

    /// The file has ended.
    pub(crate) fn end(&mut self) {
        if !self.is_done() {
            self.hand_out(true);
            self.finished.append(&mut self.readers);
            self.dormant.clear();
        }
        self.waiting = Vec::new();
    }

    /// What the readers learned counts.
    pub(crate) fn finish(mut self) {
        self.end();
        self.finished.into_iter().for_each(PieceReader::finish);
    }

    fn hand_out(&mut self, is_last: bool) {
        let piece = Piece {
            content: &self.waiting,
            is_last,
        };
        for dormant in std::mem::take(&mut self.dormant) {
            let mut texts = dormant.texts.iter();
            if texts.any(|text| memmem::find(piece.content, text).is_some()) {
                self.readers.push(dormant.reader);
            } else {
                self.dormant.push(dormant);
            }
        }
        for mut reader in std::mem::take(&mut self.readers) {
            match reader.take(piece) {
                ControlFlow::Continue(()) => self.readers.push(reader),
                ControlFlow::Break(()) => self.finished.push(reader),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Puts the pieces together again, and stops after some.
    struct Joined<'a> {
        into: &'a mut Vec<u8>,
        pieces: usize,
        enough: usize,
    }

    impl PieceReader for Joined<'_> {
        fn take(&mut self, piece: Piece<'_>) -> ControlFlow<()> {
            self.into
                .extend_from_slice(&piece.content[..piece.own_length()]);
            self.pieces += 1;
            if self.pieces == self.enough {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        }

        fn finish(self: Box<Self>) {
            self.into.push(b'!');
        }
    }

    fn joined(file: &[u8], portion: usize, enough: usize) -> (Vec<u8>, usize) {
        let mut into = Vec::new();
        let mut pieces = Pieces {
            readers: vec![Box::new(Joined {
                into: &mut into,
                pieces: 0,
                enough,
            })],
            dormant: Vec::new(),
            finished: Vec::new(),
            waiting: Vec::new(),
        };
        let mut taken = 0;
        for bytes in file.chunks(portion) {
            if pieces.is_done() {
                break;
            }
            pieces.take(bytes);
            taken += bytes.len();
        }
        pieces.finish();
        (into, taken)
    }

    #[test]
    fn pieces_add_up_to_the_file_however_it_arrives() {
        const FULL: usize = PIECE_STEP + PIECE_OVERLAP;
        for length in [0, 1, PIECE_STEP, FULL - 1, FULL, FULL + 1, 3 * FULL + 17] {
            let file: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            for portion in [4099, FULL, usize::MAX] {
                let (mut found, _) = joined(&file, portion, usize::MAX);
                assert_eq!(found.pop(), Some(b'!'));
                assert!(found == file, "{length} {portion}");
            }
        }
    }

    #[test]
    fn whoever_has_enough_gets_no_more() {
        let file = vec![7; 5 * PIECE_STEP];
        let (found, taken) = joined(&file, 1000, 1);
        assert_eq!(found.len(), PIECE_STEP + 1);
        assert!(taken < 2 * PIECE_STEP);
    }
}
