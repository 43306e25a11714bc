//! The second pass: files that only a link or hard link makes wanted, and large programs that turned
//! out to be wanted once they had passed.

use std::collections::{BTreeMap, HashMap, HashSet};

use linchpin_model::{LayerIndex, NoteKind, TargetPath};

use super::chunks::ChunkReader;
use super::first_pass::{HandedOut, Linked};
use super::layer_error::LayerError;
use super::stack::Stack;
use super::tar_stream::{MemberKind, TarStream, truncated_file};
use crate::archives::{spool, start_of};
use crate::hand_out::{Found, Program};
use crate::note_book::NoteBook;
use crate::wants::Wanted;
use crate::{FileTree, Mode, Visitor};

/// The files that links lead to and that nobody has read yet.
#[derive(Default)]
pub(super) struct SecondPass {
    /// The target, and under which names it is wanted by whom.
    pub(super) waiting: BTreeMap<TargetPath, Vec<(TargetPath, Wanted)>>,
    /// Hard links name a file of their own layer, or else of a lower one, whether or not a higher
    /// layer hides it.
    not_above: HashMap<TargetPath, LayerIndex>,
}

impl SecondPass {
    pub(super) fn new(
        linked: &[Linked],
        handed_out: &[HandedOut],
        tree: &dyn FileTree,
        notes: &NoteBook,
    ) -> Self {
        let read: HashSet<(&TargetPath, &Wanted)> = handed_out
            .iter()
            .map(|(path, _, wanted)| (path, wanted))
            .collect();
        let mut second = Self::default();
        for link in linked {
            let target = match &link.hard {
                Some((target, layer)) => {
                    second.not_above.insert(target.clone(), *layer);
                    target.clone()
                }
                None => match tree.resolve(&link.path) {
                    Some(target) => target,
                    None => {
                        let text = "is a symbolic link that leads to nothing; it was not followed";
                        notes.at(NoteKind::Unread, &link.path, None, text);
                        continue;
                    }
                },
            };
            // Two names of one file that the same readers want anyway: it has been read.
            if !read.contains(&(&target, &link.wanted)) {
                second
                    .waiting
                    .entry(target)
                    .or_default()
                    .push((link.path.clone(), link.wanted.clone()));
            }
        }
        second
    }

    pub(super) fn read(
        &mut self,
        stream: &mut TarStream<ChunkReader>,
        layer: LayerIndex,
        stack: &Stack<'_>,
        visitor: &dyn Visitor,
        notes: &NoteBook,
    ) -> Result<(), LayerError> {
        let mut content = Vec::new();
        while let Some(member) = stream.next_member()? {
            if self.waiting.is_empty() {
                break;
            }
            let path = TargetPath::from_bytes(&member.path);
            if member.kind != MemberKind::File
                || self
                    .not_above
                    .get(&path)
                    .is_some_and(|highest| layer > *highest)
            {
                continue;
            }
            let Some(names) = self.waiting.remove(&path) else {
                continue;
            };
            let limits = stack.options.limits;
            let mut length = 0;
            let mut at_places = false;
            for (_, wanted) in &names {
                let is_program = !wanted.seeking.is_empty();
                match limits.amount_to_read(member.size, is_program, wanted) {
                    Ok(amount) => {
                        length = length.max(amount.kept);
                        at_places |= amount.at_places;
                    }
                    Err(text) => {
                        notes.at(NoteKind::Unread, &path, stack.shown(layer), text);
                        length = length.max(u64::from(wanted.longest_head()));
                    }
                }
            }
            content.clear();
            let spooled = if at_places {
                let folder = stack.options.spool_folder.as_deref();
                spool(stream, limits.spooled_bytes, folder).map_err(truncated_file)?
            } else {
                None
            };
            match &spooled {
                Some(bytes) => {
                    content = start_of(bytes.as_ref(), length).map_err(LayerError::Unreadable)?;
                }
                None => stream.read_up_to(length, &mut content)?,
            }
            for (name, wanted) in names {
                if let (Some(bytes), false) = (&spooled, wanted.seeking.is_empty()) {
                    let program = Program {
                        path: &name,
                        layer: stack.shown(layer),
                        mode: Mode(member.mode),
                        bytes: bytes.as_ref(),
                    };
                    program
                        .hand_out(&wanted, visitor)
                        .map_err(LayerError::Unreadable)?;
                    continue;
                }
                let found = Found {
                    path: &name,
                    layer: stack.shown(layer),
                    mode: Mode(member.mode),
                    size: member.size,
                    content: &content,
                };
                found.hand_out(&wanted, visitor);
            }
        }
        Ok(())
    }
}
