//! Handing a file to everybody who wants it: whole, or its first bytes.

use linchpin_model::{LayerIndex, TargetPath};

use crate::wants::Wanted;
use crate::{Entry, Mode, ReaderIndex, Visitor};

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

impl Found<'_> {
    /// Gives it to its readers. Those who want all of it are left out where only its beginning is
    /// at hand: whoever reads no more has said why.
    pub(crate) fn hand_out(&self, wanted: &Wanted, visitor: &dyn Visitor) {
        let entry = |content| Entry {
            path: self.path,
            layer: self.layer,
            mode: self.mode,
            size: self.size,
            content,
            archive: None,
        };
        if !wanted.whole.is_empty() && self.content.len() as u64 == self.size {
            visitor.visit(&entry(self.content), &wanted.whole);
        }
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
