//! The first pass over the layers of an image, from the uppermost to the lowest: which entries count,
//! and what of them is handed out.
//!
//! Whatever happens here happens in the same order each time, whichever layers are being unpacked
//! meanwhile: `ahead.rs` keeps what was read before its turn, and `turns.rs` says whose turn it is.

use std::io::Read as _;

use linchpin_model::{LayerIndex, NoteKind, TargetPath};

use super::layer_error::LayerError;
use super::overlay::{EntryKind, Overlay, Standing};
use super::stack::Stack;
use super::whereabouts::Whereabouts;
use crate::archives::{Bytes, Opener, Stretch};
use crate::hand_out::{Found, Program};
use crate::limits::Amount;
use crate::note_book::NoteBook;
use crate::pieces::Pieces;
use crate::wants::Wanted;
use crate::{Mode, Visitor, Wants};

/// What all layers share and nobody changes.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) stack: &'a Stack<'a>,
    pub(super) wants: &'a Wants,
    pub(super) visitor: &'a dyn Visitor,
    pub(super) notes: &'a NoteBook,
    pub(super) opener: &'a Opener<'a>,
}

impl Context<'_> {
    pub(super) fn is_excluded(&self, path: &TargetPath) -> bool {
        let exclude = &self.stack.options.exclude;
        if exclude.is_empty() {
            return false;
        }
        let path = path.as_str();
        exclude.is_match(path)
            || path
                .match_indices('/')
                .any(|(end, _)| exclude.is_match(&path[..end]))
    }
}

/// A wanted name that leads to content elsewhere.
#[derive(Debug)]
pub(super) struct Linked {
    pub(super) path: TargetPath,
    pub(super) wanted: Wanted,
    /// Set for a hard link: the file in the same layer. A symbolic link is followed at the end.
    pub(super) hard: Option<(TargetPath, LayerIndex)>,
}

/// A file that was handed out, from which layer, and who wanted it.
pub(super) type HandedOut = (TargetPath, LayerIndex, Wanted);

/// What is known of the layers that were taken in so far.
pub(super) struct FirstPass {
    pub(super) overlay: Overlay,
    pub(super) handed_out: Vec<HandedOut>,
    pub(super) linked: Vec<Linked>,
    pub(super) whereabouts: Whereabouts,
    pub(super) entries: u64,
}

/// Something that an entry leads to, if it is visible.
pub(super) enum Effect<'a> {
    /// All of a file, or its beginning, for those who want it.
    HandOut {
        mode: Mode,
        size: u64,
        content: Vec<u8>,
        wanted: Wanted,
    },
    /// A file that has passed in pieces; its readers wait for its end.
    HasPassed(Pieces<'a>),
    /// A large program to be looked into.
    Program {
        mode: Mode,
        bytes: Box<dyn Bytes>,
        wanted: Wanted,
    },
    /// An archive to be opened.
    Open {
        mode: Mode,
        bytes: Box<dyn Bytes>,
        wanted: Wanted,
    },
    /// A name that leads to content elsewhere.
    Link {
        wanted: Wanted,
        hard: Option<(TargetPath, LayerIndex)>,
    },
    /// An archive that is too large to be opened.
    TooLarge,
    /// Something to be said of it.
    Note(String),
}

impl FirstPass {
    /// Takes in the next entry of a layer.
    pub(super) fn take_in(
        &mut self,
        context: Context<'_>,
        path: &TargetPath,
        kind: EntryKind<'_>,
        layer: LayerIndex,
    ) -> Result<Standing, LayerError> {
        let most = context.stack.options.limits.entries;
        self.entries += 1;
        if self.entries > most {
            return Err(LayerError::TooManyEntries { most });
        }
        if path.is_root() {
            return Ok(Standing::Hidden);
        }
        if kind == EntryKind::File {
            self.whereabouts.add(path, layer);
        }
        Ok(self.overlay.add(path, kind, layer))
    }

    /// Does what a visible entry leads to.
    pub(super) fn apply(
        &mut self,
        context: Context<'_>,
        path: TargetPath,
        layer: LayerIndex,
        effect: Effect<'_>,
    ) -> Result<(), LayerError> {
        match effect {
            Effect::HandOut {
                mode,
                size,
                content,
                wanted,
            } => self.hand_out(context, path, layer, (mode, size, &content), wanted),
            Effect::HasPassed(pieces) => pieces.finish(),
            Effect::Program {
                mode,
                bytes,
                wanted,
            } => {
                let program = Program {
                    path: &path,
                    layer: context.stack.shown(layer),
                    mode,
                    bytes: bytes.as_ref(),
                };
                program
                    .hand_out(&wanted, context.visitor)
                    .map_err(LayerError::Unreadable)?;
                self.handed_out.push((path, layer, wanted));
            }
            Effect::Open {
                mode,
                bytes,
                wanted,
            } => self.open(context, path, layer, (mode, bytes), wanted)?,
            Effect::Link { wanted, hard } => self.linked.push(Linked { path, wanted, hard }),
            Effect::TooLarge => context.opener.too_large(path.as_str()),
            Effect::Note(text) => {
                let shown = context.stack.shown(layer);
                context.notes.at(NoteKind::Unread, &path, shown, text);
            }
        }
        Ok(())
    }

    /// Hands out a file, or its beginning.
    pub(super) fn hand_out(
        &mut self,
        context: Context<'_>,
        path: TargetPath,
        layer: LayerIndex,
        (mode, size, content): (Mode, u64, &[u8]),
        wanted: Wanted,
    ) {
        let found = Found {
            path: &path,
            layer: context.stack.shown(layer),
            mode,
            size,
            content,
        };
        found.hand_out(&wanted, context.visitor);
        self.handed_out.push((path, layer, wanted));
    }

    /// Opens an archive, and hands it out as a file to those who want it so.
    fn open(
        &mut self,
        context: Context<'_>,
        path: TargetPath,
        layer: LayerIndex,
        (mode, bytes): (Mode, Box<dyn Bytes>),
        wanted: Wanted,
    ) -> Result<(), LayerError> {
        let shown = context.stack.shown(layer);
        if !wanted.is_unread() {
            let limits = context.stack.options.limits;
            let size = bytes.size();
            let amount = match limits.amount_to_read(size, false, &wanted) {
                Ok(amount) => amount,
                Err(text) => {
                    context.notes.at(NoteKind::Unread, &path, shown, text);
                    Amount::heads_of(&wanted, size)
                }
            };
            let mut content = Vec::new();
            Stretch::of(bytes.as_ref(), 0, amount.kept)
                .read_to_end(&mut content)
                .map_err(LayerError::Unreadable)?;
            let found = Found {
                path: &path,
                layer: shown,
                mode,
                size,
                content: &content,
            };
            found.hand_out(&wanted, context.visitor);
        }
        context
            .opener
            .open(&path, shown, bytes.as_ref(), &wanted.archive);
        self.handed_out.push((path, layer, wanted));
        Ok(())
    }
}
