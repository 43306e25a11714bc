//! Looking at the files of one layer: what is wanted of them is handed out, or kept until the
//! layer's turn comes.

use std::io;

use linchpin_model::{LayerIndex, TargetPath};

use super::ahead::{Ahead, Outcome};
use super::chunks::ChunkReader;
use super::copy::{self, CopyFile, ProgramCopy};
use super::first_pass::{Context, Effect, FirstPass};
use super::layer_error::LayerError;
use super::overlay::{EntryKind, WHITEOUT};
use super::stack::FailedLayer;
use super::tar_stream::{Member, MemberKind, TarStream, truncated_file};
use super::turns::{Parked, Stopped, Turns};
use crate::hand_out::Found;
use crate::limits::Amount;
use crate::pieces::Pieces;
use crate::programs::{self, PassingProgram, judge_content};
use crate::wants::{Wanted, is_executable};
use crate::{Entry, Mode};

/// How much of a file tells whether it is a text.
const TEXT_HEAD: u64 = 8 << 10;
/// Bytes of a buffer that are kept from one file to the next.
const KEEP: usize = 1 << 20;
/// What is taken of the room for reading ahead at a time.
const ROOM_STEP: u64 = 64 << 10;
/// About how much memory an effect takes beside its content.
const EFFECT: u64 = 512;
/// About how much memory those take who have read a file in pieces.
const PIECE_READERS: u64 = 4 << 10;

/// The reading of one layer.
pub(super) struct LayerReading<'a, 't> {
    context: Context<'a>,
    turns: &'t Turns<'a>,
    /// Counted from the uppermost.
    place: usize,
    layer: LayerIndex,
    standing: Standing<'a>,
    content: Vec<u8>,
    copies: CopyFile,
}

enum Standing<'a> {
    Ahead {
        ahead: Ahead<'a>,
        /// What was taken of the common room, and what is left of it.
        room: u64,
        left: u64,
    },
    Turn(Box<FirstPass>),
    /// The work has ended early.
    Stopped,
}

/// What became of a program that was looked into.
enum LookedInto {
    /// `content` holds it, or its beginning and the rest is still to be read.
    IsHere,
    /// All of it has passed; `content` holds its beginning.
    HasPassed,
    /// It turned out to be hidden.
    IsHidden,
}

impl<'a, 't> LayerReading<'a, 't> {
    pub(super) fn new(
        context: Context<'a>,
        turns: &'t Turns<'a>,
        place: usize,
        layer: LayerIndex,
    ) -> Self {
        Self {
            context,
            turns,
            place,
            layer,
            standing: Standing::Ahead {
                ahead: Ahead::default(),
                room: 0,
                left: 0,
            },
            content: Vec::new(),
            copies: CopyFile::default(),
        }
    }

    /// Reads the layer to its end.
    pub(super) fn read(&mut self, stream: &mut TarStream<ChunkReader>) -> Result<(), LayerError> {
        while let Some(member) = stream.next_member()? {
            if self.turns.is_stopped() {
                self.standing = Standing::Stopped;
                return Err(LayerError::Unreadable(io::ErrorKind::Interrupted.into()));
            }
            self.context.stack.options.progress.seen(1);
            let path = TargetPath::from_bytes(&member.path);
            let link_text;
            let kind = match &member.kind {
                MemberKind::Directory => EntryKind::Directory,
                MemberKind::SymbolicLink(target) => {
                    link_text = String::from_utf8_lossy(target);
                    EntryKind::SymbolicLink(&link_text)
                }
                MemberKind::File => EntryKind::File,
                _ => EntryKind::Other,
            };
            let is_file = kind == EntryKind::File;
            if self.enter(&path, kind)? == Outcome::Counts {
                self.look_at(stream, &member, path)?;
            } else if is_file && !self.context.is_excluded(&path) {
                let mut wanted = self.context.wants.by_path(path.as_str());
                self.content.clear();
                self.show_text(stream, &member, &path, &mut wanted)?;
            }
        }
        Ok(())
    }

    /// The layer was read to its end, or to its failure: it is taken in, or parked until its turn
    /// comes. Layers below it that are parked and come next are taken in as well.
    pub(super) fn end(self, outcome: Result<(), LayerError>) {
        let Self {
            context,
            turns,
            mut place,
            mut layer,
            standing,
            ..
        } = self;
        let (mut pass, mut parked) = match standing {
            Standing::Stopped => return,
            Standing::Turn(pass) => (
                pass,
                Parked {
                    ahead: Ahead::default(),
                    room: 0,
                    outcome,
                },
            ),
            Standing::Ahead { ahead, room, .. } => {
                let parked = Parked {
                    ahead,
                    room,
                    outcome,
                };
                match turns.park(place, parked) {
                    Some(turn) => turn,
                    None => return,
                }
            }
        };
        loop {
            let settled = parked.ahead.settle(&mut pass, context, layer);
            turns.give_back(parked.room);
            if let Err(error) = settled.and(parked.outcome) {
                let index = usize::from(layer.0);
                return turns.fail(FailedLayer { index, error });
            }
            pass.overlay.end_layer();
            match turns.pass_on(pass) {
                Some(next) => (pass, parked) = next,
                None => return,
            }
            place += 1;
            layer = context.stack.layer_at(place);
        }
    }

    /// Takes in an entry, or remembers it.
    fn enter(&mut self, path: &TargetPath, kind: EntryKind<'_>) -> Result<Outcome, LayerError> {
        let is_excluded = self.context.is_excluded(path);
        if matches!(self.standing, Standing::Ahead { .. }) {
            if let Some(pass) = self.turns.take(self.place) {
                self.take_turn(pass)?;
            } else if !self.has_room(Ahead::cost_of(path, kind)) {
                self.wait()?;
            }
        }
        match &mut self.standing {
            Standing::Ahead { ahead, .. } => {
                ahead.push(path, kind, is_excluded);
                Ok(if is_excluded || path.is_root() {
                    Outcome::Passed
                } else {
                    Outcome::Counts
                })
            }
            Standing::Turn(pass) => {
                let standing = pass.take_in(self.context, path, kind, self.layer)?;
                Ok(Outcome::of(standing, is_excluded))
            }
            Standing::Stopped => Ok(Outcome::Passed),
        }
    }

    /// The turn has come: what was read ahead is taken in. Tells how the last entry came out.
    fn take_turn(&mut self, mut pass: Box<FirstPass>) -> Result<Outcome, LayerError> {
        let standing = std::mem::replace(&mut self.standing, Standing::Stopped);
        let outcome = match standing {
            Standing::Ahead { ahead, room, .. } => {
                let settled = ahead.settle(&mut pass, self.context, self.layer);
                self.turns.give_back(room);
                settled
            }
            Standing::Turn(_) | Standing::Stopped => Ok(Outcome::Passed),
        };
        self.standing = Standing::Turn(pass);
        outcome
    }

    /// Waits for the turn.
    fn wait(&mut self) -> Result<Outcome, LayerError> {
        match self.turns.wait(self.place) {
            Ok(pass) => self.take_turn(pass),
            Err(Stopped) => {
                self.standing = Standing::Stopped;
                Ok(Outcome::Passed)
            }
        }
    }

    /// Whether there is room for so much more of what is read ahead.
    fn has_room(&mut self, bytes: u64) -> bool {
        let Standing::Ahead { room, left, .. } = &mut self.standing else {
            return true;
        };
        if *left < bytes {
            let more = ROOM_STEP.max(bytes - *left);
            if !self.turns.take_room(more) {
                return false;
            }
            *room += more;
            *left += more;
        }
        *left -= bytes;
        true
    }

    /// Makes room for what the current entry leads to, or waits for the turn. Tells whether the
    /// entry counts, as far as that is known.
    fn make_room(&mut self, bytes: u64) -> Result<Outcome, LayerError> {
        if !self.has_room(bytes.saturating_add(EFFECT)) {
            return self.wait();
        }
        Ok(match self.standing {
            Standing::Ahead { .. } | Standing::Turn(_) => Outcome::Counts,
            Standing::Stopped => Outcome::Passed,
        })
    }

    /// Does what the current entry leads to, or remembers it. Tells whether the entry counts.
    fn lead_to(
        &mut self,
        path: &TargetPath,
        bytes: u64,
        effect: Effect<'a>,
    ) -> Result<Outcome, LayerError> {
        let outcome = self.make_room(bytes)?;
        if outcome == Outcome::Counts {
            match &mut self.standing {
                Standing::Ahead { ahead, .. } => ahead.add(effect),
                Standing::Turn(pass) => {
                    pass.apply(self.context, path.clone(), self.layer, effect)?;
                }
                Standing::Stopped => {}
            }
        }
        Ok(outcome)
    }

    fn look_at(
        &mut self,
        stream: &mut TarStream<ChunkReader>,
        member: &Member,
        path: TargetPath,
    ) -> Result<(), LayerError> {
        let mut wanted = self.context.wants.by_path(path.as_str());
        if !matches!(member.kind, MemberKind::File) {
            // What it leads to is shown where it is.
            self.context.wants.take_readers_of_texts(&mut wanted);
            self.context.wants.without_links(&mut wanted);
        }
        let hard = match &member.kind {
            MemberKind::File => return self.look_at_file(stream, member, path, wanted),
            MemberKind::SymbolicLink(_) => None,
            MemberKind::HardLink(target) => Some((TargetPath::from_bytes(target), self.layer)),
            MemberKind::Sparse if !wanted.is_unread() => {
                let text = "is stored as a sparse file, which is not read";
                self.lead_to(&path, 0, Effect::Note(text.to_owned()))?;
                return Ok(());
            }
            _ => return Ok(()),
        };
        if !wanted.is_unread() {
            let length = path.as_str().len() as u64;
            self.lead_to(&path, length, Effect::Link { wanted, hard })?;
        }
        Ok(())
    }

    fn look_at_file(
        &mut self,
        stream: &mut TarStream<ChunkReader>,
        member: &Member,
        path: TargetPath,
        mut wanted: Wanted,
    ) -> Result<(), LayerError> {
        let Context { wants, opener, .. } = self.context;
        let is_opened = match &self.standing {
            // Whatever is to be remarked on is remarked on when it is taken in.
            Standing::Ahead { .. } => opener.would_open(path.as_str()),
            _ => opener.opens(path.as_str()),
        };
        if is_opened {
            return self.spool(stream, member, &path, wanted);
        }
        let (mode, size) = (Mode(member.mode), member.size);
        self.content.clear();
        self.show_text(stream, member, &path, &mut wanted)?;
        let may_be_program = wants.may_be_executable(path.as_str())
            && !wants.by_mode(path.as_str(), mode).is_empty();
        if may_be_program {
            stream.read_up_to(8, &mut self.content)?;
        }
        let is_program = may_be_program && is_executable(&self.content);
        let mut has_passed = false;
        if is_program {
            wants.add_programs(path.as_str(), &mut wanted);
            if wants.asks_for_contents() {
                match self.look_into(stream, member, &path, &mut wanted)? {
                    LookedInto::IsHidden => return Ok(()),
                    LookedInto::HasPassed => has_passed = true,
                    LookedInto::IsHere => {}
                }
            }
        }
        if wanted.is_unread() {
            return Ok(());
        }
        let limits = self.context.stack.options.limits;
        let amount = if has_passed {
            Amount::heads_of(&wanted, size)
        } else {
            match limits.amount_to_read(size, is_program, &wanted) {
                Ok(amount) => amount,
                Err(text) => {
                    if self.lead_to(&path, 0, Effect::Note(text))? == Outcome::Passed {
                        return Ok(());
                    }
                    Amount::heads_of(&wanted, size)
                }
            }
        };
        if self.make_room(amount.kept)? == Outcome::Passed {
            return Ok(());
        }
        stream.read_up_to(amount.kept, &mut self.content)?;
        if amount.in_pieces {
            let mut pieces = self.pieces_of(&path, member, &wanted);
            pieces.take(&self.content);
            pieces.take_all(stream).map_err(truncated_file)?;
            if self.has_passed(&path, pieces)? == Outcome::Passed {
                return Ok(());
            }
        }
        let kept = usize::try_from(amount.kept).unwrap_or(usize::MAX);
        let kept = &self.content[..self.content.len().min(kept)];
        match &mut self.standing {
            Standing::Ahead { ahead, .. } => ahead.add(Effect::HandOut {
                mode,
                size,
                content: kept.to_vec(),
                wanted,
            }),
            Standing::Turn(pass) => {
                let file = (mode, size, kept);
                pass.hand_out(self.context, path, self.layer, file, wanted);
            }
            Standing::Stopped => {}
        }
        // A single large file must not keep its memory until the end.
        self.content.shrink_to(KEEP);
        Ok(())
    }

    /// Hands a text to those who want it whether it is hidden or not. `content` holds its beginning
    /// afterwards.
    fn show_text(
        &mut self,
        stream: &mut TarStream<ChunkReader>,
        member: &Member,
        path: &TargetPath,
        wanted: &mut Wanted,
    ) -> Result<(), LayerError> {
        let (readers, length) = self.context.wants.take_readers_of_texts(wanted);
        if readers.is_empty()
            || path.name().starts_with(WHITEOUT)
            || self.context.opener.would_open(path.as_str())
        {
            return Ok(());
        }
        stream.read_up_to(TEXT_HEAD, &mut self.content)?;
        if memchr::memchr(0, &self.content).is_some() {
            return Ok(());
        }
        stream.read_up_to(u64::from(length), &mut self.content)?;
        let shown = self.content.len().min(length as usize);
        let entry = Entry {
            path,
            layer: self.context.stack.shown(self.layer),
            mode: Mode(member.mode),
            size: member.size,
            content: &self.content[..shown],
            bytes: None,
            archive: None,
        };
        self.context.visitor.visit(&entry, &readers);
        Ok(())
    }

    /// Adds the readers that want a program because of what is in it. `content` holds its
    /// beginning. A small one is read whole for that. A large one passes by, and those who look into
    /// it get a copy of it. Where there is none, it is read again.
    fn look_into(
        &mut self,
        stream: &mut TarStream<ChunkReader>,
        member: &Member,
        path: &TargetPath,
        wanted: &mut Wanted,
    ) -> Result<LookedInto, LayerError> {
        let wants = self.context.wants;
        let size = member.size;
        if size > self.context.stack.options.limits.executable_bytes {
            wants.add_undecided_programs(wanted);
            return Ok(LookedInto::IsHere);
        }
        if size > programs::SMALL && wanted.whole.is_empty() {
            let head = PassingProgram::HEAD.max(wanted.longest_head() as usize);
            stream.read_up_to(head as u64, &mut self.content)?;
            let mut program = PassingProgram::new(wants, size, &self.content);
            let mut copy = None;
            if size <= copy::MOST || program.has_wanted_section() == Some(true) {
                let folder = self.context.stack.options.spool_folder.as_deref();
                copy = self.copies.begin(folder);
            }
            let mut pieces = self.pieces_of(path, member, wanted);
            pieces.watch(self.found(path, member), wants, self.context.visitor);
            let mut take_in = |bytes: &[u8]| {
                pieces.take(bytes);
                if let Some(copy) = &mut copy {
                    copy.take_in(bytes);
                }
            };
            take_in(&self.content);
            stream.pass(|bytes| {
                program.take_in(bytes);
                take_in(bytes);
            })?;
            let mut seeking = Wanted::default();
            program.add_readers(&mut seeking);
            drop(program);
            if self.has_passed(path, pieces)? == Outcome::Passed
                || self.hand_out_copy(path, member, seeking, copy)? == Outcome::Passed
            {
                return Ok(LookedInto::IsHidden);
            }
            return Ok(LookedInto::HasPassed);
        }
        if size > programs::SMALL && self.make_room(size)? == Outcome::Passed {
            return Ok(LookedInto::IsHidden);
        }
        stream.read_up_to(size, &mut self.content)?;
        judge_content(wants, &self.content, wanted);
        Ok(LookedInto::IsHere)
    }

    fn pieces_of(&self, path: &TargetPath, member: &Member, wanted: &Wanted) -> Pieces<'a> {
        Pieces::begin(self.found(path, member), wanted, self.context.visitor)
    }

    /// A file of which nothing was read yet.
    fn found<'f>(&self, path: &'f TargetPath, member: &Member) -> Found<'f> {
        Found {
            path,
            layer: self.context.stack.shown(self.layer),
            mode: Mode(member.mode),
            size: member.size,
            content: &[],
        }
    }

    /// A file has passed in pieces.
    fn has_passed(
        &mut self,
        path: &TargetPath,
        mut pieces: Pieces<'a>,
    ) -> Result<Outcome, LayerError> {
        pieces.end();
        if pieces.are_unwanted() {
            return Ok(Outcome::Counts);
        }
        self.lead_to(path, PIECE_READERS, Effect::HasPassed(pieces))
    }

    /// Gives the copy of a program to those who look into it. Where there is none, it is read once
    /// more, by its own name, as a link to itself.
    fn hand_out_copy(
        &mut self,
        path: &TargetPath,
        member: &Member,
        wanted: Wanted,
        copy: Option<ProgramCopy>,
    ) -> Result<Outcome, LayerError> {
        if wanted.is_unread() {
            self.copies.reuse(copy);
            return Ok(Outcome::Counts);
        }
        if let Some(bytes) = copy.and_then(ProgramCopy::finish) {
            let mode = Mode(member.mode);
            let effect = Effect::Program {
                mode,
                bytes,
                wanted,
            };
            return self.lead_to(path, member.size, effect);
        }
        let hard = Some((path.clone(), self.layer));
        let length = path.as_str().len() as u64;
        self.lead_to(path, length, Effect::Link { wanted, hard })
    }

    /// Keeps an archive, to be opened.
    fn spool(
        &mut self,
        stream: &mut TarStream<ChunkReader>,
        member: &Member,
        path: &TargetPath,
        wanted: Wanted,
    ) -> Result<(), LayerError> {
        if self.make_room(member.size)? == Outcome::Passed {
            return Ok(());
        }
        let opener = self.context.opener;
        let effect = match opener.spool(stream).map_err(truncated_file)? {
            Some(bytes) => Effect::Open {
                mode: Mode(member.mode),
                bytes,
                wanted,
            },
            None => Effect::TooLarge,
        };
        self.lead_to(path, 0, effect)?;
        Ok(())
    }
}
