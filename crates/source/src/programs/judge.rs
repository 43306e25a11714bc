//! Who wants a program because of what is in it.

use std::io;

use memchr::memmem;

use super::sections::{self, Look};
use crate::wants::{Wanted, Wants};
use crate::{Bytes, ReaderIndex};

/// Bytes of a file that are looked at in one go.
const PIECE: usize = 128 << 10;

#[derive(Debug)]
struct Text {
    reader: ReaderIndex,
    bytes: &'static [u8],
    is_found: bool,
}

impl Text {
    fn all(wanted: &[(ReaderIndex, &'static [u8])]) -> Vec<Self> {
        let text = |&(reader, bytes)| Self {
            reader,
            bytes,
            is_found: false,
        };
        wanted.iter().map(text).collect()
    }
}

/// Looks for wanted bytes in a program that comes piece by piece.
#[derive(Debug)]
pub(super) struct Search<'a> {
    wants: &'a Wants,
    /// Who wants programs with which bytes, and whether these have been found.
    seeking: Vec<Text>,
    /// The same for those that want them in pieces.
    in_pieces: Vec<Text>,
    /// The end of what came before, in which wanted bytes may begin.
    before: Vec<u8>,
}

impl<'a> Search<'a> {
    pub(super) fn new(wants: &'a Wants) -> Self {
        Self {
            in_pieces: Text::all(wants.program_contents_in_pieces()),
            ..Self::for_seeking(wants)
        }
    }

    /// Without what makes a program wanted in pieces: whoever cuts it into pieces looks for that.
    pub(super) fn for_seeking(wants: &'a Wants) -> Self {
        Self {
            wants,
            seeking: Text::all(wants.program_contents()),
            in_pieces: Vec::new(),
            before: Vec::new(),
        }
    }

    fn texts(&self) -> impl Iterator<Item = &Text> {
        self.seeking.iter().chain(&self.in_pieces)
    }

    /// Takes in the next piece.
    pub(super) fn look_at(&mut self, piece: &[u8]) {
        let longest = self.texts().map(|text| text.bytes.len()).max();
        let overlap = longest.unwrap_or(0).saturating_sub(1);
        if !self.before.is_empty() {
            let more = piece.len().min(overlap);
            self.before.extend_from_slice(&piece[..more]);
        }
        for text in self.seeking.iter_mut().chain(&mut self.in_pieces) {
            if !text.is_found {
                text.is_found = memmem::find(&self.before, text.bytes).is_some()
                    || memmem::find(piece, text.bytes).is_some();
            }
        }
        if piece.len() >= overlap {
            self.before.clear();
        }
        self.before
            .extend_from_slice(&piece[piece.len().saturating_sub(overlap)..]);
        let surplus = self.before.len().saturating_sub(overlap);
        self.before.drain(..surplus);
    }

    /// What comes next does not follow what came before.
    fn begin_anew(&mut self) {
        self.before.clear();
    }

    /// Whether there is nothing left to look for.
    fn is_done(&self) -> bool {
        self.texts().all(|text| text.is_found)
    }

    /// Adds the readers of what was found. Whether the program has a wanted section is `None` where
    /// that is not known, and then it may.
    pub(super) fn add_readers(&self, has_section: Option<bool>, wanted: &mut Wanted) {
        let found = |texts: &[Text]| -> Vec<ReaderIndex> {
            let found = texts.iter().filter(|text| text.is_found);
            found.map(|text| text.reader).collect()
        };
        let mut seeking = found(&self.seeking);
        if has_section != Some(false) {
            seeking.extend(self.wants.readers_of_sections());
        }
        wanted.add_readers(&seeking, &found(&self.in_pieces));
    }
}

/// Adds the readers that want this program because of what is in it.
pub(crate) fn judge_content(wants: &Wants, content: &[u8], wanted: &mut Wanted) {
    let mut search = Search::new(wants);
    search.look_at(content);
    let has_section = sections::has_one_of(content, wants.program_sections());
    search.add_readers(has_section, wanted);
}

/// The same for a program that can be read at any place, of which only the sections that hold data
/// are read.
pub(crate) fn judge_bytes(wants: &Wants, bytes: &dyn Bytes, wanted: &mut Wanted) -> io::Result<()> {
    let size = bytes.size();
    let Look { has_one, data } = sections::look_at_bytes(bytes, wants.program_sections());
    let mut search = Search::new(wants);
    if !search.is_done() {
        let mut buffer = vec![0; PIECE];
        let everything = || std::iter::once(0..size).collect();
        for range in data.unwrap_or_else(everything) {
            search.begin_anew();
            let mut position = range.start;
            let end = range.end.min(size);
            while position < end && !search.is_done() {
                let most = usize::try_from(end - position).map_or(PIECE, |left| left.min(PIECE));
                let count = bytes.read_at(&mut buffer[..most], position)?;
                if count == 0 {
                    break;
                }
                search.look_at(&buffer[..count]);
                position += count as u64;
            }
        }
    }
    search.add_readers(has_one, wanted);
    Ok(())
}
