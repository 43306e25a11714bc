//! Opens archives that lie in a target, and archives in those, and hands what is wanted in them to
//! the visitor.

use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use linchpin_model::{Digest, DigestAlgorithm, LayerIndex, Note, TargetPath};
use sha1::Digest as _;

use super::bytes::{Bytes, Stretch};
use super::form::form_of;
use super::names::{ArchiveFamily, archive_family};
use super::remarks::{Remark, Remarks};
use super::spool::spool;
use super::zip_content::ENCRYPTED;
use super::{Form, contents};
use crate::entry::{ArchiveFacts, ArchiveMember};
use crate::hand_out::{Found, Program};
use crate::layer::LayerError;
use crate::limits::Amount;
use crate::programs::{self, judge_bytes};
use crate::wants::is_executable;
use crate::{Archives, Entry, Mode, ReaderIndex, SourceOptions, Visitor, Wants};

/// Members over this size are read one at a time, whatever the number of threads.
const LARGE: u64 = 8 << 20;
/// Most members that are listed for those who ask what an archive holds.
const MOST_LISTED: usize = 1_000_000;

/// Opens archives of one target.
pub(crate) struct Opener<'a> {
    wants: &'a Wants,
    visitor: &'a dyn Visitor,
    options: &'a SourceOptions,
    remarks: Remarks,
    large_member: Mutex<()>,
}

/// Where the members of an archive belong.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// What the members' paths begin with.
    pub(super) prefix: String,
    /// The path of the archive itself, for remarks.
    pub(super) archive: String,
    pub(super) depth: usize,
    /// What the package format says about archives among its members.
    pub(super) parts: Parts,
}

/// Archives among the members of a package that are parts of the package's own format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parts {
    None,
    /// `control.tar.*` and `data.tar.*`.
    Debian,
    /// `metadata.gz` and `data.tar.gz`.
    Gem,
    /// `info-*.tar.zst` and `pkg-*.tar.zst`.
    Conda,
}

impl Parts {
    pub(super) fn of(name: &str) -> Self {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let is = |wanted: &str| ending.eq_ignore_ascii_case(wanted);
        if is("deb") || is("udeb") || is("ipk") {
            Self::Debian
        } else if is("gem") {
            Self::Gem
        } else if is("conda") {
            Self::Conda
        } else {
            Self::None
        }
    }
}

impl<'a> Opener<'a> {
    pub(crate) fn new(
        wants: &'a Wants,
        visitor: &'a dyn Visitor,
        options: &'a SourceOptions,
    ) -> Self {
        Self {
            wants,
            visitor,
            options,
            remarks: Remarks::default(),
            large_member: Mutex::new(()),
        }
    }

    /// Whether a file of this name is opened as an archive. One that would be, had the user asked
    /// for it, is remarked on.
    pub(crate) fn opens(&self, path: &str) -> bool {
        let Some(family) = archive_family(name_of(path)) else {
            return false;
        };
        let is_opened = self.chooses(family);
        if !is_opened && let Some(remark) = remark_on_closed(family) {
            self.remarks.add(remark, path, None);
        }
        is_opened
    }

    /// The same, and nothing is remarked on.
    pub(crate) fn would_open(&self, path: &str) -> bool {
        archive_family(name_of(path)).is_some_and(|family| self.chooses(family))
    }

    fn chooses(&self, family: ArchiveFamily) -> bool {
        match self.options.archives {
            Archives::None => false,
            Archives::Packages => family == ArchiveFamily::Package,
            Archives::All => family != ArchiveFamily::Disk,
        }
    }

    /// Reads a stream to its end, to be opened as an archive.
    pub(crate) fn spool(&self, reader: &mut dyn Read) -> io::Result<Option<Box<dyn Bytes>>> {
        let limits = self.options.limits;
        spool(
            reader,
            limits.spooled_bytes,
            self.options.spool_folder.as_deref(),
        )
    }

    /// Says that an archive was too large to be opened.
    pub(crate) fn too_large(&self, path: &str) {
        self.remarks.add(Remark::OverLimits, path, None);
    }

    /// Opens an archive that lies in the target. Whatever is wrong with it is remarked on.
    pub(crate) fn open(
        &self,
        path: &TargetPath,
        layer: Option<LayerIndex>,
        bytes: &dyn Bytes,
        readers: &[ReaderIndex],
    ) {
        let mut session = Session::new(self, layer, bytes.size());
        match session.open(path, bytes, readers, 1) {
            Ok(()) => {}
            Err(error) => self.remark_on(path.as_str(), &error),
        }
    }

    /// Opens the target itself, a package.
    pub(crate) fn open_target(
        &self,
        path: &TargetPath,
        bytes: &dyn Bytes,
        readers: &[ReaderIndex],
    ) -> Result<(), LayerError> {
        Session::new(self, None, bytes.size()).open(path, bytes, readers, 1)
    }

    /// Opens the target itself, whose members are at the root.
    pub(crate) fn open_as_root(&self, bytes: &dyn Bytes, form: Form) -> Result<Seen, LayerError> {
        let mut session = Session::new(self, None, bytes.size());
        session.seen = Some(Seen::default());
        let place = Place {
            prefix: String::new(),
            archive: String::new(),
            depth: 1,
            parts: Parts::None,
        };
        contents::walk(&mut session, &place, bytes, form)?;
        Ok(session.seen.unwrap_or_default())
    }

    fn remark_on(&self, path: &str, error: &LayerError) {
        let remark = match error {
            LayerError::TooLarge { .. }
            | LayerError::Bomb { .. }
            | LayerError::TooManyEntries { .. } => Remark::OverLimits,
            _ => Remark::Damaged,
        };
        self.remarks.add(remark, path, Some(&told(error)));
    }

    /// What was not read, for the report.
    pub(crate) fn into_notes(self) -> impl Iterator<Item = Note> {
        self.remarks.into_notes()
    }
}

/// What is said of an archive that stays closed.
fn remark_on_closed(family: ArchiveFamily) -> Option<Remark> {
    match family {
        ArchiveFamily::Payload => None,
        ArchiveFamily::Disk => Some(Remark::Disk),
        ArchiveFamily::Package | ArchiveFamily::Plain => Some(Remark::Closed),
    }
}

/// The paths at the root of a target that is an archive.
pub(crate) type Seen = std::collections::HashSet<TargetPath>;

/// The reading of one archive and those in it. What all of them unpack to together is limited.
pub(super) struct Session<'a> {
    opener: &'a Opener<'a>,
    layer: Option<LayerIndex>,
    /// Bytes that may still be unpacked.
    left: u64,
    /// Members that may still be looked at.
    members_left: u64,
    listed: Option<(Vec<ArchiveMember>, bool)>,
    seen: Option<Seen>,
    path: String,
}

impl<'a> Session<'a> {
    fn new(opener: &'a Opener<'a>, layer: Option<LayerIndex>, size: u64) -> Self {
        let limits = opener.options.limits;
        Self {
            opener,
            layer,
            left: limits.archive_bytes.min(
                limits
                    .ratio_starts_at
                    .max(size.saturating_mul(limits.archive_ratio)),
            ),
            members_left: limits.entries,
            listed: None,
            seen: None,
            path: String::new(),
        }
    }

    pub(super) fn options(&self) -> &'a SourceOptions {
        self.opener.options
    }

    /// Bytes that may still be unpacked.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// Counts bytes that were unpacked.
    pub(super) fn spend(&mut self, bytes: u64) -> Result<(), LayerError> {
        self.left = self.left.checked_sub(bytes).ok_or(LayerError::TooLarge {
            most: self.opener.options.limits.archive_bytes,
        })?;
        Ok(())
    }

    fn remark(&self, remark: Remark, reason: Option<&str>) {
        self.opener.remarks.add(remark, &self.path, reason);
    }

    fn remark_on_member(&self, error: &io::Error) {
        if error.kind() == ENCRYPTED {
            self.remark(Remark::Encrypted, None);
        } else {
            self.remark(Remark::UnreadableMember, Some(&reason_of(error)));
        }
    }

    /// Remarks on an archive that can not be read to its end.
    pub(super) fn remark_on(&self, path: &str, error: &LayerError) {
        self.opener.remark_on(path, error);
    }

    fn open(
        &mut self,
        path: &TargetPath,
        bytes: &dyn Bytes,
        readers: &[ReaderIndex],
        depth: usize,
    ) -> Result<(), LayerError> {
        let form = form_of(bytes, path.name()).map_err(LayerError::Unreadable)?;
        let Some(form) = form else {
            return Err(LayerError::UnknownArchive);
        };
        let outer = std::mem::replace(
            &mut self.listed,
            (!readers.is_empty()).then(|| (Vec::new(), true)),
        );
        let place = Place {
            prefix: format!("{path}!/"),
            archive: path.to_string(),
            depth,
            parts: Parts::of(path.name()),
        };
        let outcome = contents::walk(self, &place, bytes, form);
        if let Some((members, is_complete)) = std::mem::replace(&mut self.listed, outer) {
            let facts = ArchiveFacts {
                digests: digests_of(bytes).unwrap_or_default(),
                members,
                is_complete: is_complete && outcome.is_ok(),
            };
            let entry = Entry {
                path,
                layer: self.layer,
                mode: Mode::default(),
                size: bytes.size(),
                content: &[],
                bytes: None,
                archive: Some(&facts),
            };
            self.opener.visitor.visit(&entry, readers);
        }
        outcome
    }

    /// Looks at a member: hands it out if it is wanted, opens it if it is an archive. What is
    /// wrong with its content is remarked on; an error ends the archive.
    pub(super) fn member(
        &mut self,
        place: &Place,
        name: &[u8],
        mode: Mode,
        size: u64,
        content: &mut dyn Read,
    ) -> Result<(), LayerError> {
        let most = self.opener.options.limits.entries;
        self.members_left = self
            .members_left
            .checked_sub(1)
            .ok_or(LayerError::TooManyEntries { most })?;
        self.set_path(place, name);
        let opener = self.opener;
        if let Some((listed, is_complete)) = &mut self.listed {
            if listed.len() < MOST_LISTED {
                listed.push(ArchiveMember {
                    name: self.path[place.prefix.len().min(self.path.len())..].into(),
                    size,
                });
            } else {
                *is_complete = false;
            }
        }
        if let Some(seen) = &mut self.seen {
            seen.insert(TargetPath::new(&self.path));
        }
        if self.is_excluded() {
            return Ok(());
        }

        let mut wanted = opener.wants.by_path(&self.path);
        let family = archive_family(name_of(&self.path));
        let is_opened = family.is_some_and(|family| opener.chooses(family));
        let asks_mode = opener.wants.may_be_executable(&self.path);
        let programs = if asks_mode {
            opener.wants.by_mode(&self.path, mode)
        } else {
            &[]
        };
        if wanted.is_unread() && programs.is_empty() && !is_opened {
            if let Some(remark) = family.and_then(remark_on_closed) {
                self.remark(remark, None);
            }
            return Ok(());
        }

        let mut start = Vec::new();
        if !programs.is_empty() {
            if let Err(error) = content.take(8).read_to_end(&mut start) {
                self.remark_on_member(&error);
                return Ok(());
            }
            if is_executable(&start) {
                opener.wants.add_programs(&self.path, &mut wanted);
                if self.is_large_program(size, &wanted) && !is_opened {
                    let mut content = start.as_slice().chain(content);
                    return self.look_into(mode, wanted, &mut content);
                }
                opener.wants.add_undecided_programs(&mut wanted);
            }
        }
        let path = TargetPath::new(&self.path);
        if is_opened {
            self.open_member(
                &path,
                place,
                &wanted,
                mode,
                &mut start.as_slice().chain(content),
            )
        } else if wanted.is_unread() {
            Ok(())
        } else {
            self.hand_out(&path, &wanted, mode, size, start, content)
        }
    }

    fn set_path(&mut self, place: &Place, name: &[u8]) {
        self.path.clear();
        self.path.push_str(&place.prefix);
        match std::str::from_utf8(name) {
            Ok(name) if is_normal(name) => self.path.push_str(name),
            _ => self.path.push_str(TargetPath::from_bytes(name).as_str()),
        }
    }

    fn is_excluded(&self) -> bool {
        let exclude = &self.opener.options.exclude;
        !exclude.is_empty()
            && (exclude.is_match(&self.path)
                || self
                    .path
                    .match_indices('/')
                    .any(|(end, _)| exclude.is_match(&self.path[..end])))
    }

    fn hand_out(
        &mut self,
        path: &TargetPath,
        wanted: &crate::Wanted,
        mode: Mode,
        size: u64,
        start: Vec<u8>,
        content: &mut dyn Read,
    ) -> Result<(), LayerError> {
        let limits = self.opener.options.limits;
        let amount = match limits.amount_to_read(size, is_executable(&start), wanted) {
            Ok(amount) => amount,
            Err(text) => {
                self.remark(Remark::UnreadableMember, Some(&text));
                Amount::heads_of(wanted, size)
            }
        };
        let length = amount.kept;
        self.spend(if amount.in_pieces { size } else { length })?;
        let _one_at_a_time = (length > LARGE).then(|| {
            self.opener
                .large_member
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        });
        let mut bytes = start;
        let is_whole = length == size;
        // One byte more is asked for, so that the end is seen and what is stated there is checked.
        let more = length
            .saturating_sub(bytes.len() as u64)
            .saturating_add(u64::from(is_whole));
        if let Err(error) = (&mut *content).take(more).read_to_end(&mut bytes) {
            self.remark_on_member(&error);
            return Ok(());
        }
        let found = Found {
            path,
            layer: self.layer,
            mode,
            size,
            content: &bytes,
        };
        if amount.in_pieces {
            // What is stated there is checked here too.
            let more = size.saturating_sub(bytes.len() as u64);
            let mut rest = content.take(more.saturating_add(1));
            if let Err(error) = found.hand_out_passing(wanted, self.opener.visitor, &mut rest) {
                self.remark_on_member(&error);
            }
        } else {
            found.hand_out(wanted, self.opener.visitor);
        }
        Ok(())
    }

    /// Whether a program is too large to be kept in memory for those who look into it.
    fn is_large_program(&self, size: u64, wanted: &crate::Wanted) -> bool {
        let most = self.opener.options.limits.executable_bytes;
        size > programs::SMALL
            && size <= most
            && wanted.whole.is_empty()
            && self.opener.wants.asks_for_contents()
    }

    /// Looks into a large program.
    fn look_into(
        &mut self,
        mode: Mode,
        mut wanted: crate::Wanted,
        content: &mut dyn Read,
    ) -> Result<(), LayerError> {
        let Some(spooled) = self.spool(content)? else {
            return Ok(());
        };
        let path = TargetPath::new(&self.path);
        let program = Program {
            path: &path,
            layer: self.layer,
            mode,
            bytes: spooled.as_ref(),
        };
        let outcome = judge_bytes(self.opener.wants, program.bytes, &mut wanted)
            .and_then(|()| program.hand_out(&wanted, self.opener.visitor));
        if let Err(error) = outcome {
            self.remark_on_member(&error);
        }
        Ok(())
    }

    /// Keeps a member, to be read at any place. Where that can not be done it is remarked on.
    fn spool(&mut self, content: &mut dyn Read) -> Result<Option<Box<dyn Bytes>>, LayerError> {
        let options = self.opener.options;
        let most = self.left.min(options.limits.spooled_bytes);
        match spool(content, most, options.spool_folder.as_deref()) {
            Ok(Some(spooled)) => {
                self.spend(spooled.size())?;
                Ok(Some(spooled))
            }
            Ok(None) => {
                self.remark(Remark::OverLimits, None);
                self.spend(most)?;
                Ok(None)
            }
            Err(error) => {
                self.remark_on_member(&error);
                Ok(None)
            }
        }
    }

    /// Opens an archive in an archive.
    fn open_member(
        &mut self,
        path: &TargetPath,
        place: &Place,
        wanted: &crate::Wanted,
        mode: Mode,
        content: &mut dyn Read,
    ) -> Result<(), LayerError> {
        let limits = self.opener.options.limits;
        if place.depth >= limits.archive_depth {
            self.remark(Remark::TooDeep, None);
            return Ok(());
        }
        let Some(spooled) = self.spool(content)? else {
            return Ok(());
        };
        if !wanted.is_unread() {
            let size = spooled.size();
            let whole = &mut Stretch::whole(spooled.as_ref());
            self.hand_out(path, wanted, mode, size, Vec::new(), whole)?;
        }
        let outcome = self.open(path, spooled.as_ref(), &wanted.archive, place.depth + 1);
        match outcome {
            Ok(()) => Ok(()),
            // What is left for all of them together is used up.
            Err(error) if self.left == 0 || self.members_left == 0 => Err(error),
            Err(error) => {
                self.opener.remark_on(path.as_str(), &error);
                Ok(())
            }
        }
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Whether a name is a normal path already, so that it need not be taken apart.
fn is_normal(name: &str) -> bool {
    !name.is_empty()
        && !name.contains("//")
        && !name.starts_with('/')
        && !name.ends_with('/')
        && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// SHA-1 and SHA-256.
fn digests_of(bytes: &dyn Bytes) -> io::Result<Vec<Digest>> {
    let mut reader = Stretch::whole(bytes);
    let (mut sha1, mut sha256) = (sha1::Sha1::new(), sha2::Sha256::new());
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = reader.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        sha1.update(&buffer[..count]);
        sha256.update(&buffer[..count]);
    }
    Ok([
        Digest::from_bytes(DigestAlgorithm::Sha1, &sha1.finalize()),
        Digest::from_bytes(DigestAlgorithm::Sha256, &sha256.finalize()),
    ]
    .into_iter()
    .flatten()
    .collect())
}

/// What an error and its causes say, in a few words.
fn told(error: &LayerError) -> String {
    match error {
        LayerError::Unreadable(cause) => reason_of(cause),
        other => other.to_string(),
    }
}

fn reason_of(error: &io::Error) -> String {
    error.to_string().chars().take(200).collect()
}
