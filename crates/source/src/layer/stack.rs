//! A stack of layers, read from the uppermost to the lowest, each once.
//!
//! Files that only a link or hard link makes wanted, and whose own name nobody asked for, are read
//! in a second pass over the layers; that is rare.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read as _;

use linchpin_model::{LayerIndex, NoteKind, TargetPath};

use super::chunks::{ChunkReader, Expected, hand_over};
use super::content::LayerContent;
use super::layer_error::LayerError;
use super::overlay::{EntryKind, Overlay, Standing};
use super::tar_stream::{Member, MemberKind, TarStream, truncated_file};
use super::whereabouts::Whereabouts;
use crate::archives::{Opener, Stretch};
use crate::hand_out::Found;
use crate::limits::Amount;
use crate::note_book::NoteBook;
use crate::pieces::Pieces;
use crate::programs::{self, PassingProgram, judge_content};
use crate::wants::{Wanted, is_executable};
use crate::{FileTree, Mode, SourceOptions, Visited, Visitor, Wants};

/// A layer: a tar, perhaps compressed, and what its bytes must be.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    pub(crate) content: LayerContent,
    pub(crate) expected: Expected,
}

/// Layers, lowest first.
#[derive(Debug)]
pub(crate) struct Stack<'a> {
    pub(crate) layers: &'a [Layer],
    /// Whether entries say which layer they come from: those of a plain archive do not.
    pub(crate) numbered: bool,
    pub(crate) options: &'a SourceOptions,
}

/// Layers that are fetched at once: the one that is read, and the next ones. Each has a few MiB of
/// memory; what is more waits with the sender.
const AT_ONCE: usize = 3;

/// A layer that can not be read.
#[derive(Debug)]
pub(crate) struct FailedLayer {
    pub(crate) index: usize,
    pub(crate) error: LayerError,
}

impl Stack<'_> {
    /// Reads all layers and hands every visible wanted file to the visitor.
    pub(crate) fn visit(
        &self,
        wants: &Wants,
        visitor: &dyn Visitor,
    ) -> Result<Visited, FailedLayer> {
        let is_fetched = |layer: &Layer| layer.content.is_fetched();
        let fetched = if self.layers.iter().any(is_fetched) {
            self.layers.len()
        } else {
            0
        };
        let mut pass = FirstPass {
            stack: self,
            wants,
            visitor,
            notes: NoteBook::new(self.options.limits.notes),
            overlay: Overlay::default(),
            handed_out: Vec::new(),
            linked: Vec::new(),
            whereabouts: Whereabouts::of(fetched),
            entries: 0,
            content: Vec::new(),
            opener: Opener::new(wants, visitor, self.options),
        };
        for (index, layer) in self.layers.iter().enumerate().rev() {
            let number = LayerIndex(index as u16);
            self.prepare((0..=index).rev());
            read_layer(layer, self.options, |stream| pass.read(stream, number))
                .map_err(|error| FailedLayer { index, error })?;
            pass.overlay.end_layer();
        }
        let FirstPass {
            overlay,
            handed_out,
            linked,
            whereabouts,
            notes,
            entries,
            opener,
            ..
        } = pass;
        opener.into_notes().for_each(|note| notes.keep(note));
        let paths: Vec<(TargetPath, LayerIndex)> = handed_out
            .iter()
            .map(|(path, layer, _)| (path.clone(), *layer))
            .collect();
        let (tree, superseded) = overlay.finish(&paths);
        let second = SecondPass::new(&linked, &handed_out, &tree, &notes);
        if !second.waiting.is_empty() {
            self.visit_linked(second, &whereabouts, visitor, &notes)?;
        }
        Ok(Visited {
            tree: Box::new(tree),
            superseded: if self.numbered {
                superseded
            } else {
                Vec::new()
            },
            notes: notes.into_notes(),
            entries,
        })
    }

    /// Reads the targets of links, from whichever layer has the visible one.
    fn visit_linked(
        &self,
        mut second: SecondPass,
        whereabouts: &Whereabouts,
        visitor: &dyn Visitor,
        notes: &NoteBook,
    ) -> Result<(), FailedLayer> {
        let all = || (0..self.layers.len()).collect();
        let mut needed: Vec<usize> = whereabouts
            .layers_with(second.waiting.keys())
            .unwrap_or_else(all);
        needed.reverse();
        for index in needed {
            if second.waiting.is_empty() {
                break;
            }
            let number = LayerIndex(index as u16);
            let layer = &self.layers[index];
            let again = Layer {
                content: layer.content.clone(),
                // What lies here was checked; what is fetched anew is checked anew.
                expected: if layer.content.is_fetched() {
                    layer.expected.clone()
                } else {
                    Expected::default()
                },
            };
            read_layer(&again, self.options, |stream| {
                second.read(stream, number, self, visitor, notes)
            })
            .map_err(|error| FailedLayer { index, error })?;
        }
        for (path, _) in second.waiting.into_values().flatten() {
            notes.at(
                NoteKind::Unread,
                &path,
                None,
                "is a link to a file that is not there",
            );
        }
        Ok(())
    }

    /// Begins to fetch the layers that are read next, where they lie elsewhere.
    fn prepare(&self, next: impl Iterator<Item = usize>) {
        for layer in next
            .take(AT_ONCE)
            .filter_map(|index| self.layers.get(index))
        {
            layer.content.begin();
        }
    }

    fn shown(&self, layer: LayerIndex) -> Option<LayerIndex> {
        self.numbered.then_some(layer)
    }
}

/// Unpacks a layer in one thread and looks at its files in this one.
fn read_layer(
    layer: &Layer,
    options: &SourceOptions,
    look: impl FnOnce(&mut TarStream<ChunkReader>) -> Result<(), LayerError>,
) -> Result<(), LayerError> {
    let (writer, reader) = hand_over(options.limits);
    std::thread::scope(|scope| {
        let unpacking = scope.spawn(move || writer.unpack(&layer.content, &layer.expected));
        let mut stream = TarStream::new(reader, options.limits);
        let looked = look(&mut stream).and_then(|()| stream.finish());
        let unpacked = unpacking.join().unwrap_or_else(|_| {
            Err(LayerError::Unreadable(std::io::Error::other(
                "the thread that unpacks it failed",
            )))
        });
        // A stream that breaks off looks like a truncated archive to the reader; why it broke off
        // is what the user must know.
        unpacked.and(looked)
    })
}

/// A wanted name that leads to content elsewhere.
#[derive(Debug)]
struct Linked {
    path: TargetPath,
    wanted: Wanted,
    /// Set for a hard link: the file in the same layer. A symbolic link is followed at the end.
    hard: Option<(TargetPath, LayerIndex)>,
}

struct FirstPass<'a> {
    stack: &'a Stack<'a>,
    wants: &'a Wants,
    visitor: &'a dyn Visitor,
    notes: NoteBook,
    overlay: Overlay,
    handed_out: Vec<(TargetPath, LayerIndex, Wanted)>,
    linked: Vec<Linked>,
    whereabouts: Whereabouts,
    entries: u64,
    content: Vec<u8>,
    opener: Opener<'a>,
}

impl FirstPass<'_> {
    fn read(
        &mut self,
        stream: &mut TarStream<ChunkReader>,
        layer: LayerIndex,
    ) -> Result<(), LayerError> {
        let limits = self.stack.options.limits;
        while let Some(member) = stream.next_member()? {
            self.entries += 1;
            if self.entries > limits.entries {
                return Err(LayerError::TooManyEntries {
                    most: limits.entries,
                });
            }
            self.stack.options.progress.seen(1);
            let path = TargetPath::from_bytes(&member.path);
            if path.is_root() {
                continue;
            }
            let link_text;
            let kind = match &member.kind {
                MemberKind::Directory => EntryKind::Directory,
                MemberKind::SymbolicLink(target) => {
                    link_text = String::from_utf8_lossy(target);
                    EntryKind::SymbolicLink(&link_text)
                }
                _ => EntryKind::File,
            };
            if member.kind == MemberKind::File {
                self.whereabouts.add(&path, layer);
            }
            let standing = self.overlay.add(&path, kind, layer);
            if standing == Standing::Visible && !self.is_excluded(&path) {
                self.look_at(stream, &member, path, layer)?;
            }
        }
        Ok(())
    }

    fn is_excluded(&self, path: &TargetPath) -> bool {
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

    fn look_at(
        &mut self,
        stream: &mut TarStream<ChunkReader>,
        member: &Member,
        path: TargetPath,
        layer: LayerIndex,
    ) -> Result<(), LayerError> {
        let mut wanted = self.wants.by_path(path.as_str());
        match &member.kind {
            MemberKind::File => {
                let mode = Mode(member.mode);
                if self.opener.opens(path.as_str()) {
                    return self.open_archive(stream, member, path, layer, wanted);
                }
                let programs = if self.wants.may_be_executable(path.as_str()) {
                    self.wants.by_mode(path.as_str(), mode)
                } else {
                    &[]
                };
                self.content.clear();
                if !programs.is_empty() {
                    stream.read_up_to(8, &mut self.content)?;
                }
                let is_program = is_executable(&self.content);
                let mut later = None;
                if is_program {
                    self.wants.add_programs(path.as_str(), &mut wanted);
                    if self.wants.asks_for_contents() {
                        later = self.judge_program(stream, member, &path, layer, &mut wanted)?;
                    }
                }
                if let Some(wanted) = later {
                    // Read by its own name, as a link to itself.
                    self.linked.push(Linked {
                        path: path.clone(),
                        wanted,
                        hard: Some((path.clone(), layer)),
                    });
                }
                if wanted.is_unread() {
                    return Ok(());
                }
                let shown = self.stack.shown(layer);
                let limits = self.stack.options.limits;
                let amount = match limits.amount_to_read(member.size, is_program, &wanted) {
                    Ok(amount) => amount,
                    Err(text) => {
                        self.notes.at(NoteKind::Unread, &path, shown, text);
                        Amount::heads_of(&wanted, member.size)
                    }
                };
                stream.read_up_to(amount.kept, &mut self.content)?;
                let found = Found {
                    path: &path,
                    layer: shown,
                    mode,
                    size: member.size,
                    content: &self.content,
                };
                if amount.in_pieces && amount.kept < member.size {
                    found
                        .hand_out_passing(&wanted, self.visitor, stream)
                        .map_err(truncated_file)?;
                } else {
                    found.hand_out(&wanted, self.visitor);
                }
                // A single large program must not keep its memory until the end.
                self.content.shrink_to(KEEP);
                self.handed_out.push((path, layer, wanted));
            }
            MemberKind::SymbolicLink(_) if !wanted.is_unread() => {
                self.linked.push(Linked {
                    path,
                    wanted,
                    hard: None,
                });
            }
            MemberKind::HardLink(target) if !wanted.is_unread() => {
                let target = TargetPath::from_bytes(target);
                self.linked.push(Linked {
                    path,
                    wanted,
                    hard: Some((target, layer)),
                });
            }
            MemberKind::Sparse if !wanted.is_unread() => {
                let text = "is stored as a sparse file, which is not read";
                self.notes
                    .at(NoteKind::Unread, &path, self.stack.shown(layer), text);
            }
            _ => {}
        }
        Ok(())
    }
}

impl FirstPass<'_> {
    /// Adds the readers that want a program because of what is in it. `content` holds its
    /// beginning. A small one is read whole for that. A large one passes by, so that it need not be
    /// kept; if somebody turns out to want it, it is read again, by whom is given back.
    fn judge_program(
        &mut self,
        stream: &mut TarStream<ChunkReader>,
        member: &Member,
        path: &TargetPath,
        layer: LayerIndex,
        wanted: &mut Wanted,
    ) -> Result<Option<Wanted>, LayerError> {
        let size = member.size;
        if size > self.stack.options.limits.executable_bytes {
            self.wants.add_undecided_programs(wanted);
            return Ok(None);
        }
        if size <= programs::SMALL || !wanted.whole.is_empty() {
            stream.read_up_to(size, &mut self.content)?;
            judge_content(self.wants, &self.content, wanted);
            return Ok(None);
        }
        let head = PassingProgram::HEAD.max(wanted.longest_head() as usize);
        stream.read_up_to(head as u64, &mut self.content)?;
        let mut program = PassingProgram::new(self.wants, size, &self.content);
        if program.has_wanted_section() == Some(true) {
            stream.read_up_to(size, &mut self.content)?;
            judge_content(self.wants, &self.content, wanted);
            return Ok(None);
        }
        let found = Found {
            path,
            layer: self.stack.shown(layer),
            mode: Mode(member.mode),
            size,
            content: &self.content,
        };
        let mut pieces = Pieces::begin(found, wanted, self.visitor);
        wanted.pieces.clear();
        pieces.take(&self.content);
        stream.pass(|bytes| {
            program.take_in(bytes);
            pieces.take(bytes);
        })?;
        pieces.finish();
        let mut later = Wanted::default();
        program.add_readers(&mut later);
        Ok((!later.is_unread()).then_some(later))
    }

    fn open_archive(
        &mut self,
        stream: &mut TarStream<ChunkReader>,
        member: &Member,
        path: TargetPath,
        layer: LayerIndex,
        wanted: Wanted,
    ) -> Result<(), LayerError> {
        let shown = self.stack.shown(layer);
        let spooled = self.opener.spool(stream).map_err(truncated_file)?;
        let Some(spooled) = spooled else {
            self.opener.too_large(path.as_str());
            return Ok(());
        };
        if !wanted.is_unread() {
            let limits = self.stack.options.limits;
            let amount = match limits.amount_to_read(member.size, false, &wanted) {
                Ok(amount) => amount,
                Err(text) => {
                    self.notes.at(NoteKind::Unread, &path, shown, text);
                    Amount::heads_of(&wanted, member.size)
                }
            };
            self.content.clear();
            Stretch::of(spooled.as_ref(), 0, amount.kept)
                .read_to_end(&mut self.content)
                .map_err(LayerError::Unreadable)?;
            let found = Found {
                path: &path,
                layer: shown,
                mode: Mode(member.mode),
                size: member.size,
                content: &self.content,
            };
            found.hand_out(&wanted, self.visitor);
            self.content.shrink_to(KEEP);
        }
        self.opener
            .open(&path, shown, spooled.as_ref(), &wanted.archive);
        self.handed_out.push((path, layer, wanted));
        Ok(())
    }
}

/// Bytes of a buffer that are kept from one file to the next.
const KEEP: usize = 4 << 20;

/// The files that links lead to and that nobody has read yet.
#[derive(Default)]
struct SecondPass {
    /// The target, and under which names it is wanted by whom.
    waiting: BTreeMap<TargetPath, Vec<(TargetPath, Wanted)>>,
    /// Hard links name a file of their own layer, or else of a lower one, whether or not a higher
    /// layer hides it.
    not_above: HashMap<TargetPath, LayerIndex>,
}

impl SecondPass {
    fn new(
        linked: &[Linked],
        handed_out: &[(TargetPath, LayerIndex, Wanted)],
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

    fn read(
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
            for (_, wanted) in &names {
                match limits.amount_to_read(member.size, false, wanted) {
                    Ok(amount) => length = length.max(amount.kept),
                    Err(text) => {
                        notes.at(NoteKind::Unread, &path, stack.shown(layer), text);
                        length = length.max(u64::from(wanted.longest_head()));
                    }
                }
            }
            content.clear();
            stream.read_up_to(length, &mut content)?;
            for (name, wanted) in names {
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
