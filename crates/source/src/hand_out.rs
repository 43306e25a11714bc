//! Handing a file to everybody who wants it: whole, in pieces, or its first bytes.

use std::io::{self, Read};

use linchpin_model::{LayerIndex, TargetPath};

use crate::archives::{Stretch, start_of};
use crate::pieces::Pieces;
use crate::programs::PROGRAM_HEAD;
use crate::wants::Wanted;
use crate::{Bytes, Entry, Mode, ReaderIndex, Visitor};

/// A file about to be handed out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) path: &'a TargetPath,
    pub(crate) layer: Option<LayerIndex>,
    pub(crate) mode: Mode,
    /// Its length, of which `content` may be only the beginning.
    pub(crate) size: u64,
    pub(crate) content: &'a [u8],
}

impl<'a> Found<'a> {
    pub(crate) fn entry(&self) -> Entry<'a> {
        Entry {
            path: self.path,
            layer: self.layer,
            mode: self.mode,
            size: self.size,
            content: self.content,
            bytes: None,
            archive: None,
        }
    }

    /// Gives it to its readers. Those who want all of it are left out where only its beginning is
    /// at hand: whoever reads no more has said why.
    pub(crate) fn hand_out(&self, wanted: &Wanted, visitor: &dyn Visitor) {
        if self.content.len() as u64 == self.size {
            for readers in [&wanted.whole, &wanted.seeking] {
                if !readers.is_empty() {
                    visitor.visit(&self.entry(), readers);
                }
            }
            if !wanted.pieces.is_empty() {
                let mut pieces = Pieces::begin(*self, wanted, visitor);
                pieces.take(self.content);
                pieces.finish();
            }
        }
        self.hand_out_heads(wanted, visitor);
    }

    /// Gives a file, of which `content` is the beginning, to all who do not want it whole.
    pub(crate) fn hand_out_places(
        &self,
        bytes: &dyn Bytes,
        wanted: &Wanted,
        visitor: &dyn Visitor,
    ) -> io::Result<()> {
        if !wanted.seeking.is_empty() {
            let content = self.content.get(..PROGRAM_HEAD).unwrap_or(self.content);
            let entry = Entry {
                content,
                bytes: Some(bytes),
                ..self.entry()
            };
            visitor.visit(&entry, &wanted.seeking);
        }
        let start = self.content.len() as u64;
        let mut rest = Stretch::of(bytes, start, self.size.saturating_sub(start));
        self.hand_out_passing(wanted, visitor, &mut rest)
    }

    /// Gives a file, of which `content` is the beginning, to those who want its beginning, and in
    /// pieces to those who want the rest as well.
    pub(crate) fn hand_out_passing(
        &self,
        wanted: &Wanted,
        visitor: &dyn Visitor,
        rest: &mut dyn Read,
    ) -> io::Result<()> {
        self.hand_out_heads(wanted, visitor);
        let mut pieces = Pieces::begin(*self, wanted, visitor);
        pieces.take(self.content);
        pieces.take_all(rest)?;
        pieces.finish();
        Ok(())
    }

    /// Gives its beginning to those who want no more.
    pub(crate) fn hand_out_heads(&self, wanted: &Wanted, visitor: &dyn Visitor) {
        let entry = |content| Entry {
            content,
            ..self.entry()
        };
        // Sorted by reader; those who want equally much come together.
        let mut lengths: Vec<u32> = wanted.heads.iter().map(|(_, length)| *length).collect();
        lengths.sort_unstable();
        lengths.dedup();
        for length in lengths {
            let readers: Vec<ReaderIndex> = wanted
                .heads
                .iter()
                .filter(|(_, wanted)| *wanted == length)
                .map(|(reader, _)| *reader)
                .collect();
            let end = self.content.len().min(length as usize);
            visitor.visit(&entry(&self.content[..end]), &readers);
        }
    }
}

/// A large program, kept where it can be read at any place.
pub(crate) struct Program<'a> {
    pub(crate) path: &'a TargetPath,
    pub(crate) layer: Option<LayerIndex>,
    pub(crate) mode: Mode,
    pub(crate) bytes: &'a dyn Bytes,
}

impl Program<'_> {
    /// Gives it to all who do not want it whole.
    pub(crate) fn hand_out(&self, wanted: &Wanted, visitor: &dyn Visitor) -> io::Result<()> {
        let head = u64::from(wanted.longest_head()).max(PROGRAM_HEAD as u64);
        let found = Found {
            path: self.path,
            layer: self.layer,
            mode: self.mode,
            size: self.bytes.size(),
            content: &start_of(self.bytes, head)?,
        };
        found.hand_out_places(self.bytes, wanted, visitor)
    }
}
