//! The tar that the files of a squashfs would make, made while it is read.

use std::collections::HashSet;
use std::io::{self, Read};

use super::super::broken;
use super::super::tar_writer::{Entry, write_header, write_padding};
use super::inode::{FileContent, InodeKind};
use super::{DirectoryEntry, SquashFs};
use crate::Limits;

/// The files of a squashfs as a tar, without the mark of its end.
#[derive(Debug)]
pub(crate) struct SquashTar {
    system: SquashFs,
    limits: Limits,
    /// Folders that are being read, each with its path and the entries that are left.
    folders: Vec<(Vec<u8>, std::vec::IntoIter<DirectoryEntry>)>,
    /// Folders that were seen: none may hold itself.
    seen: HashSet<u64>,
    entries: u64,
    file: Option<OpenFile>,
    /// The block of ends that was unpacked last.
    fragment: Option<(u32, Vec<u8>)>,
    block: Vec<u8>,
    /// What can be read, and how much of it was.
    out: Vec<u8>,
    taken: usize,
    written: u64,
    ended: bool,
}

#[derive(Debug)]
struct OpenFile {
    content: FileContent,
    left: u64,
}

impl SquashTar {
    /// All paths begin with this one, which is empty or ends with a slash.
    pub(crate) fn below(folder: &[u8], mut system: SquashFs, limits: Limits) -> io::Result<Self> {
        let reference = system.root();
        let root = system.inode(reference)?;
        let entries = system.entries(&root, limits.entries)?;
        Ok(Self {
            system,
            limits,
            folders: vec![(folder.to_vec(), entries.into_iter())],
            seen: HashSet::from([reference]),
            entries: 0,
            file: None,
            fragment: None,
            block: Vec::new(),
            out: Vec::new(),
            taken: 0,
            written: 0,
            ended: false,
        })
    }

    /// Makes the next bytes.
    fn go_on(&mut self) -> io::Result<()> {
        self.out.clear();
        self.taken = 0;
        if let Some(file) = self.file.take() {
            self.copy(file)?;
        } else {
            self.next_entry()?;
        }
        self.written = self.written.saturating_add(self.out.len() as u64);
        let stored = self.system.window.size().max(1);
        if self.written > self.limits.ratio_starts_at && self.written / stored > self.limits.ratio {
            return Err(broken(format!(
                "it unpacks to more than {} times its size",
                self.limits.ratio
            )));
        }
        Ok(())
    }

    fn next_entry(&mut self) -> io::Result<()> {
        let Some((folder, entries)) = self.folders.last_mut() else {
            self.ended = true;
            return Ok(());
        };
        let Some(entry) = entries.next() else {
            self.folders.pop();
            return Ok(());
        };
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(broken(format!(
                "it has more than {} entries",
                self.limits.entries
            )));
        }
        let mut path = folder.clone();
        path.extend_from_slice(&entry.name);
        if path.len() > self.limits.path_bytes {
            return Err(broken("a path that is too long"));
        }
        let inode = self.system.inode(entry.inode)?;
        let largest = self.limits.executable_bytes.max(self.limits.file_bytes);
        match &inode.kind {
            InodeKind::Directory { .. } => {
                path.push(b'/');
                write_header(&mut self.out, &path, inode.mode, Entry::Directory);
                if !self.seen.insert(entry.inode) || self.folders.len() >= self.limits.depth {
                    return Err(broken("its folders hold each other"));
                }
                let entries = self.system.entries(&inode, self.limits.entries)?;
                self.folders.push((path, entries.into_iter()));
            }
            InodeKind::File(content) if content.size > largest => {
                write_header(&mut self.out, &path, inode.mode, Entry::TooLarge);
            }
            InodeKind::File(content) => {
                let size = content.size;
                write_header(&mut self.out, &path, inode.mode, Entry::File { size });
                if size > 0 {
                    self.file = Some(OpenFile {
                        content: *content,
                        left: size,
                    });
                }
            }
            InodeKind::SymbolicLink(target) => {
                let entry = Entry::SymbolicLink(target);
                write_header(&mut self.out, &path, inode.mode, entry);
            }
            InodeKind::Other => write_header(&mut self.out, &path, inode.mode, Entry::Other),
        }
        Ok(())
    }

    /// Copies the next block of a file, or its end.
    fn copy(&mut self, mut file: OpenFile) -> io::Result<()> {
        let block_size = u64::from(self.system.superblock.block_size);
        let count = file.left.min(block_size) as usize;
        let content = &mut file.content;
        if content.blocks > 0 {
            content.blocks -= 1;
            let size = self.system.metadata.u32(&mut content.sizes)?;
            if size == 0 {
                self.out.resize(count, 0);
            } else {
                self.system.data(content.start, size, &mut self.block)?;
                content.start = content.start.saturating_add(u64::from(size & 0x00ff_ffff));
                let bytes = self.block.get(..count);
                self.out
                    .extend_from_slice(bytes.ok_or_else(|| broken("a block that is too short"))?);
            }
        } else {
            let (index, offset) = content
                .fragment
                .ok_or_else(|| broken("a file without its end"))?;
            let bytes = self
                .fragment(index)?
                .get(offset as usize..)
                .and_then(|bytes| bytes.get(..count))
                .ok_or_else(|| broken("a file without its end"))?
                .to_vec();
            self.out.extend_from_slice(&bytes);
        }
        file.left -= count as u64;
        if file.left > 0 {
            self.file = Some(file);
        } else {
            write_padding(&mut self.out, file.content.size);
        }
        Ok(())
    }

    fn fragment(&mut self, index: u32) -> io::Result<&[u8]> {
        if self
            .fragment
            .as_ref()
            .is_none_or(|(kept, _)| *kept != index)
        {
            let (at, size) = self.system.fragment(index)?;
            let mut content = Vec::new();
            self.system.data(at, size, &mut content)?;
            self.fragment = Some((index, content));
        }
        Ok(self
            .fragment
            .as_ref()
            .map(|(_, content)| content.as_slice())
            .unwrap_or_default())
    }
}

impl Read for SquashTar {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while self.taken == self.out.len() {
            if self.ended {
                return Ok(0);
            }
            self.go_on()?;
        }
        let count = buffer.len().min(self.out.len() - self.taken);
        buffer[..count].copy_from_slice(&self.out[self.taken..self.taken + count]);
        self.taken += count;
        Ok(count)
    }
}
