//! ext2, ext3 and ext4, read by the crate `ext4-view`, as the tar that their files would make.
//!
//! The crate trusts some sizes of the superblock; they are checked here first. How much may be read
//! is limited, so that blocks that a hostile file system names again and again come to an end.

use std::collections::BTreeSet;
use std::io;

use ext4_view::{Ext4, Ext4Error, Ext4Read, FileType, PathBuf};

use super::broken;
use super::tar_sink::TarSink;
use super::tar_writer::Entry;
use super::window::Window;
use crate::Limits;

const SUPERBLOCK_AT: u64 = 1024;
/// Blocks of more than 64 KiB exist nowhere.
const MOST_BLOCK_BITS: u32 = 6;
/// Most groups of blocks: as many as a disk of 128 TiB has.
const MOST_GROUPS: u64 = 1 << 20;
/// How many times the whole may be read, and how much at least.
const MOST_TIMES: u64 = 4;
const ALWAYS: u64 = 1 << 30;
/// Longest target of a link.
const LONGEST_LINK: u64 = 4096;
/// Largest `/etc/fstab` that is read.
const LARGEST_TABLE: u64 = 64 << 10;
/// Bytes of a file that are handed on in one go.
const PIECE: usize = 256 << 10;

/// Whether such a file system begins here.
pub(super) fn is_ext4(window: &Window) -> bool {
    window
        .array::<2>(SUPERBLOCK_AT + 0x38)
        .is_ok_and(|magic| magic == [0x53, 0xef])
}

/// A file system that was opened. It can not leave its thread.
pub(super) struct ExtFileSystem {
    system: Ext4,
}

struct Reader {
    window: Window,
    /// How many bytes may still be read.
    left: u64,
}

impl Ext4Read for Reader {
    fn read(
        &mut self,
        start: u64,
        into: &mut [u8],
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        self.left = self
            .left
            .checked_sub(into.len() as u64)
            .ok_or_else(|| broken("its blocks are used again and again"))?;
        // The crate reads ahead, also behind the end.
        let inside = self.window.size().saturating_sub(start);
        let count = into
            .len()
            .min(usize::try_from(inside).unwrap_or(usize::MAX));
        let (known, behind) = into.split_at_mut(count);
        if known.is_empty() && !behind.is_empty() {
            return Err(broken("it refers to a place behind its end").into());
        }
        self.window.read(start, known)?;
        behind.fill(0);
        Ok(())
    }
}

impl ExtFileSystem {
    pub(super) fn open(window: &Window) -> io::Result<Self> {
        check(window)?;
        let left = window.size().saturating_mul(MOST_TIMES).max(ALWAYS);
        let reader = Reader {
            window: window.clone(),
            left,
        };
        let system = Ext4::load(Box::new(reader)).map_err(failed)?;
        Ok(Self { system })
    }

    /// The id by which `/etc/fstab` knows it.
    pub(super) fn id(&self) -> String {
        self.system.uuid().to_string()
    }

    pub(super) fn label(&self) -> String {
        self.system.label().to_str().unwrap_or_default().to_owned()
    }

    /// Whether it has one of these files.
    pub(super) fn has_any(&self, paths: &[&str]) -> bool {
        paths
            .iter()
            .any(|path| self.system.symlink_metadata(*path).is_ok())
    }

    /// What a small file says.
    pub(super) fn small_file(&self, path: &str) -> Option<String> {
        let metadata = self.system.metadata(path).ok()?;
        if !metadata.file_type().is_regular_file() || metadata.len() > LARGEST_TABLE {
            return None;
        }
        let content = self.system.read(path).ok()?;
        Some(String::from_utf8_lossy(&content).into_owned())
    }

    /// Hands all files to the tar. What can not be read of one file is a remark.
    pub(super) fn write(
        &self,
        sink: &mut TarSink,
        limits: &Limits,
        remarks: &mut BTreeSet<String>,
    ) -> io::Result<()> {
        let root = self.entries("/").map_err(failed)?;
        let mut folders = vec![root.into_iter()];
        let mut unread = 0_u64;
        while let Some(entries) = folders.last_mut() {
            let Some(path) = entries.next() else {
                folders.pop();
                continue;
            };
            let Ok(metadata) = self.system.symlink_metadata(&path) else {
                unread += 1;
                continue;
            };
            let mode = metadata.mode();
            let name = path.as_ref().strip_prefix(b"/").unwrap_or_default();
            match metadata.file_type() {
                FileType::Directory => {
                    let mut name = name.to_vec();
                    name.push(b'/');
                    sink.entry(&name, mode, Entry::Directory)?;
                    if folders.len() >= limits.depth {
                        return Err(broken("its folders are nested too deep"));
                    }
                    match self.entries(&path) {
                        Ok(entries) => folders.push(entries.into_iter()),
                        Err(_) => unread += 1,
                    }
                }
                FileType::Regular if metadata.len() > largest(limits) => {
                    sink.entry(name, mode, Entry::TooLarge)?;
                }
                FileType::Regular => {
                    if !self.write_file(sink, &path, name, mode)? {
                        unread += 1;
                    }
                }
                FileType::Symlink => match self.link(&path, metadata.len()) {
                    Some(target) => {
                        sink.entry(name, mode, Entry::SymbolicLink(target.as_ref()))?;
                    }
                    None => unread += 1,
                },
                _ => sink.entry(name, mode, Entry::Other)?,
            }
        }
        if unread > 0 {
            remarks.insert(format!(
                "{unread} of its files or folders can not be read: they are damaged or encrypted"
            ));
        }
        Ok(())
    }

    /// Writes a file; gives whether all of it could be read.
    fn write_file(
        &self,
        sink: &mut TarSink,
        path: &PathBuf,
        name: &[u8],
        mode: u16,
    ) -> io::Result<bool> {
        let Ok(mut file) = self.system.open(path) else {
            return Ok(false);
        };
        let size = file.metadata().len();
        sink.entry(name, mode, Entry::File { size })?;
        let mut left = size;
        let mut is_whole = true;
        let mut piece = vec![0; PIECE.min(usize::try_from(size).unwrap_or(PIECE))];
        while left > 0 {
            let most = usize::try_from(left).map_or(piece.len(), |left| left.min(piece.len()));
            let wanted = &mut piece[..most];
            let count = match file.read_bytes(wanted) {
                Ok(count) if count > 0 && is_whole => count,
                // Its length was promised already.
                _ => {
                    is_whole = false;
                    wanted.fill(0);
                    most
                }
            };
            sink.content(&piece[..count])?;
            left -= count as u64;
        }
        sink.end_of_file(size)?;
        Ok(is_whole)
    }

    fn link(&self, path: &PathBuf, length: u64) -> Option<PathBuf> {
        if length > LONGEST_LINK {
            return None;
        }
        self.system.read_link(path).ok()
    }

    /// The paths of what is in a folder.
    fn entries<'p>(
        &self,
        path: impl TryInto<ext4_view::Path<'p>>,
    ) -> Result<Vec<PathBuf>, Ext4Error> {
        let mut entries = Vec::new();
        let path = path.try_into().map_err(|_| Ext4Error::MalformedPath)?;
        for entry in self.system.read_dir(path)? {
            let entry = entry?;
            let name = entry.file_name();
            if !matches!(name.as_ref(), b"." | b"..") {
                entries.push(entry.path());
            }
        }
        Ok(entries)
    }
}

fn largest(limits: &Limits) -> u64 {
    limits.executable_bytes.max(limits.file_bytes)
}

fn failed(error: Ext4Error) -> io::Error {
    broken(format!("its ext4 file system: {error}"))
}

/// Refuses sizes that can not be, before memory is asked for.
fn check(window: &Window) -> io::Result<()> {
    let block: [u8; 1024] = window.array(SUPERBLOCK_AT)?;
    let number = |at: usize| -> u64 {
        let bytes = block.get(at..).and_then(|rest| rest.first_chunk());
        bytes.map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)))
    };
    let bits = number(0x18);
    let is_64_bit = number(0x60) & 0x80 != 0;
    let high = if is_64_bit { number(0x150) } else { 0 };
    let blocks = number(0x04) | (high << 32);
    let per_group = number(0x20).max(1);
    if bits > u64::from(MOST_BLOCK_BITS)
        || blocks
            .checked_mul(1024 << bits)
            .is_none_or(|size| size > window.size())
        || blocks / per_group > MOST_GROUPS
        || blocks / per_group > window.size() / 32
    {
        return Err(broken("it is cut off, or its sizes can not be"));
    }
    Ok(())
}
